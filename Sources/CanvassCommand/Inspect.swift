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
        canvass inspect survey.sav --codebook > codebook.csv
      """)

  @Argument(help: "The archive.", completion: .file())
  var drop: String

  @Flag(help: "Print the variables as the codebook (CSV) that a pipeline file takes.")
  var codebook = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let summary = try DropInspection.inspect(drop, workers: common.workers)
    if codebook {
      try StandardOutput.write(String(decoding: summary.codebook, as: UTF8.self))
    } else if common.json {
      try StandardOutput.write(summary.json.document)
    } else {
      try StandardOutput.write(summary.lines.joined(separator: "\n") + "\n")
    }
  }
}
