import CanvassPublishing
import CanvassSurvey
import Glibc

/// What was asked of a run, so that it can be asked again.
struct RunCommand: Sendable, Hashable {
  /// The pipeline file as it was named.
  let pipeline: String
  /// The archives given instead of the file's drops.
  let drops: [String]
  /// Whether scripts that recompute the scores elsewhere were asked for.
  let checkScripts: Bool
  /// The folder that relative paths start from.
  var workingFolder: String

  /// A command given in the current folder.
  init(pipeline: String, drops: [String], checkScripts: Bool) {
    self.pipeline = pipeline
    self.drops = drops
    self.checkScripts = checkScripts
    if let folder = getcwd(nil, 0) {
      workingFolder = String(cString: folder)
      free(folder)
    } else {
      workingFolder = "."
    }
  }

  /// The command for `record/run.json`.
  var json: JSONValue {
    [
      "pipeline": .text(pipeline), "drops": .list(drops.map { .text($0) }),
      "working_folder": .text(workingFolder), "check_scripts": .boolean(checkScripts),
    ]
  }
}
