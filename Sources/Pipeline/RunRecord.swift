import CanvassPublishing
import CanvassSurvey
import Foundation
import Glibc

/// What `record/run.json` says of how to make a run again.
struct RunRecord {
  static let name = "run.json"

  /// A file that the run read.
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
    let place = run + "/record/" + RunRecord.name
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
    comparable = try RunRecord.comparable(bytes)
  }

  static func comparable(_ bytes: [UInt8]) throws -> Data {
    var root = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
    root["machine"] = nil
    return try JSONSerialization.data(withJSONObject: root, options: [.sortedKeys])
  }

  /// The plan of the run, after its inputs were found as they were.
  ///
  /// Relative paths start from the folder that the run recorded, or from `folder` where one is given: that
  /// becomes the working folder.
  func plan(from folder: String?) throws -> PipelinePlan {
    let folder = folder ?? workingFolder
    guard chdir(folder) == 0 else {
      throw Diagnostic(
        .missingInput, "the folder that the run was started from cannot be entered", at: folder,
        why: InputFile.reason(folder), remedy: "name the folder it moved to with --from DIR")
    }
    for input in inputs { try input.check() }
    return try PlanReader.read(pipeline, drops: drops)
  }
}
