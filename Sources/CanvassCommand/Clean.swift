import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass clean`.
struct Clean: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove what runs remember of respondents (Runs/.cache); results stay.",
    discussion: """
      EXAMPLE
        canvass clean --output /data/runs
      """)

  @Option(help: "The folder that holds the runs.", completion: .directory)
  var output = "Runs"

  @Flag(help: "Print one JSON object instead of a line.")
  var json = false

  func run() throws {
    let (files, bytes) = try PipelineRun.clean(output)
    if json {
      try StandardOutput.write(
        JSONValue.object(["files": .integer(files), "bytes": .integer(bytes)]).document)
    } else {
      try StandardOutput.write("removed \(files) remembered results, \(bytes) bytes\n")
    }
  }
}
