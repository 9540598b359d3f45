import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is in an archive: members, columns, codes, labels.",
    discussion: """
      EXAMPLES
        canvass inspect Datasets/papi-demo/drop.zip
        canvass inspect wave-2.tar.gz --json
      """)

  @Argument(help: "The archive.", completion: .file())
  var drop: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    let summary = try DropInspection.inspect(drop, workers: common.workers)
    if common.json {
      try StandardOutput.write(summary.json.document)
    } else {
      try StandardOutput.write(summary.lines.joined(separator: "\n") + "\n")
    }
  }
}
