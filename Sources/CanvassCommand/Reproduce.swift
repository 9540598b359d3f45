import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass reproduce`.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run again from the recorded inputs, and compare every file; writes nothing.",
    discussion: """
      EXAMPLES
        canvass reproduce Runs/papi-demo/latest
        canvass reproduce /archive/Runs/papi-demo/0012-ab12cd34ef56 --from /archive/project
      """)

  @Argument(
    help: ArgumentHelp("The folder of a run.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(
    help: "The folder that recorded paths start from, where it has moved.", completion: .directory)
  var from: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let progress = ProgressLine(quiet: common.json && !Terminal.redraws)
    let reproduction = try Reproduction.reproduce(
      folder, from: from, workers: common.workers, progress: progress.show)
    if reproduction.isOtherProgram {
      Terminal.say("note: the run was made by another build of canvass")
    }
    let differences = reproduction.differences
    if common.json {
      try StandardOutput.write(
        JSONValue.object([
          "same": .boolean(differences.isEmpty),
          "files_compared": .integer(reproduction.filesCompared),
          "differences": .list(differences.map { .text($0) }),
        ]).document)
    } else {
      for difference in differences { try StandardOutput.write(difference + "\n") }
      try StandardOutput.write(
        differences.isEmpty
          ? "reproduced: \(reproduction.filesCompared) files are the same byte for byte\n"
          : "not reproduced: \(differences.count) of \(reproduction.filesCompared) files differ\n")
    }
    if !differences.isEmpty { throw ExitCode(10) }
  }
}
