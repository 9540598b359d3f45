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
    let record = try RunRecord(run: path)
    // The run may lie at a relative path, which must not move with the working folder.
    guard let run = realpath(path, nil) else {
      throw Diagnostic(.missingInput, "there is no run at '\(path)'")
    }
    defer { free(run) }
    let place = String(cString: run)
    let plan = try record.plan(from: folder)
    let computation = try Computation.compute(plan, workers: workers, progress: progress)
    progress(.stage("comparing"))
    var command = RunCommand(
      pipeline: record.pipeline, drops: record.drops, checkScripts: record.checkScripts)
    command.workingFolder = record.workingFolder
    let files = try ReleaseFiles.make(computation, command: command, workers: workers.count)
    var differences = try ByteComparison.differences(run: place, from: files)
    let again = try files.record.first { $0.name == RunRecord.name }.map {
      try RunRecord.comparable($0.bytes)
    }
    if again != record.comparable {
      differences.append("record/\(RunRecord.name): differs in more than what the machine did")
    }
    return Reproduction(
      filesCompared: files.release.count + files.internal.count + 3, differences: differences,
      isOtherProgram: record.executable != (try MachineUse.executable.get()))
  }
}
