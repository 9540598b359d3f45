public import CanvassCompute
import CanvassPublishing
import CanvassSurvey
import Foundation
import Glibc

/// `canvass reproduce`: a run made again from what it recorded, and compared file by file.
public struct Reproduction: Sendable {
  /// Files that were compared.
  public let filesCompared: Int
  /// Where the repetition differs from the run; empty where every byte is the same.
  public let differences: [String]
  /// Whether another build of Canvass made the run.
  public let isOtherProgram: Bool

  /// Runs what the run at `path` recorded again, writing nothing.
  ///
  /// Relative paths start from the folder that the run recorded, or from `folder` where one is given.
  ///
  /// - Throws: `missingInput` or `badData` where a recorded input is gone or was changed, and whatever a
  ///   run throws.
  public static func reproduce(
    _ path: String, from folder: String?, workers: Workers,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Reproduction {
    defer { progress(.done) }
    let record = try Record(run: path)
    // The run may lie at a relative path, which must not move with the working folder.
    guard let run = realpath(path, nil) else {
      throw Diagnostic(.missingInput, "there is no run at '\(path)'")
    }
    defer { free(run) }
    let place = String(cString: run)
    try enter(folder ?? record.workingFolder)
    for input in record.inputs { try input.check() }
    let plan = try PlanReader.read(record.pipeline, drops: record.drops)
    let computation = try Computation.compute(plan, workers: workers, progress: progress)
    progress(.stage("comparing"))
    var command = RunCommand(
      pipeline: record.pipeline, drops: record.drops, checkScripts: record.checkScripts)
    command.workingFolder = record.workingFolder
    let files = try ReleaseFiles.make(computation, command: command, workers: workers.count)
    var differences = try ByteComparison.differences(run: place, from: files)
    let again = try files.record.first { $0.name == Record.name }.map {
      try Record.comparable($0.bytes)
    }
    if again != record.comparable {
      differences.append("record/\(Record.name): differs in more than what the machine did")
    }
    return Reproduction(
      filesCompared: files.release.count + files.internal.count + 3, differences: differences,
      isOtherProgram: record.executable != (try MachineUse.executable.get()))
  }

  private static func enter(_ folder: String) throws(Diagnostic) {
    guard chdir(folder) == 0 else {
      throw Diagnostic(
        .missingInput, "the folder that the run was started from cannot be entered", at: folder,
        why: InputFile.reason(folder), remedy: "name the folder it moved to with --from DIR")
    }
  }
}

/// What `record/run.json` says of how to make a run again.
private struct Record {
  static let name = "run.json"

  struct Input {
    let path: String
    let digest: String

    /// Compares the file as it is now with the one that was read.
    func check() throws(Diagnostic) {
      guard InputFile.isFile(path) else {
        throw Diagnostic(
          .missingInput, "an input of the run is not there", at: path,
          why: InputFile.reason(path),
          remedy: "put it back, or name the folder it moved to with --from DIR")
      }
      let found = try SHA256.hex(ofFile: path)
      guard found == digest else {
        throw Diagnostic(
          .badData, "an input was changed since the run", at: path,
          why: "its SHA-256 was \(digest) and is \(found)", remedy: "put the recorded file back")
      }
    }
  }

  let pipeline: String
  let drops: [String]
  let workingFolder: String
  let checkScripts: Bool
  let inputs: [Input]
  let executable: String
  /// Everything but what depends on the machine, in one canonical form.
  let comparable: Data

  init(run: String) throws {
    let place = run + "/record/" + Record.name
    let bytes = try CheckedFile.bytes(of: place)
    let damaged = Diagnostic(
      .badData, "the record of the run is not one that can be repeated", at: place,
      remedy: "see what 'canvass verify' says of the run")
    guard let root = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
      let command = root["command"] as? [String: Any],
      let pipeline = command["pipeline"] as? String, let drops = command["drops"] as? [String],
      let folder = command["working_folder"] as? String,
      let checkScripts = command["check_scripts"] as? Bool,
      let inputs = root["inputs"] as? [[String: Any]],
      let executable = (root["machine"] as? [String: Any])?["executable_sha256"] as? String
    else { throw damaged }
    self.pipeline = pipeline
    self.drops = drops
    self.checkScripts = checkScripts
    workingFolder = folder
    self.executable = executable
    let read = (root["drops"] as? [[String: Any]]) ?? []
    self.inputs = try (inputs + read).map { entry in
      guard let path = entry["path"] as? String, let digest = entry["sha256"] as? String else {
        throw damaged
      }
      return Input(path: path, digest: digest)
    }
    comparable = try Record.comparable(bytes)
  }

  static func comparable(_ bytes: [UInt8]) throws -> Data {
    var root = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
    root["machine"] = nil
    return try JSONSerialization.data(withJSONObject: root, options: [.sortedKeys])
  }
}
