import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass check`.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a pipeline file and the tables that it names, without reading rows.",
    discussion: """
      EXAMPLES
        canvass check Pipelines/papi-demo.yaml
        canvass check my.yaml --explain                   what would run, and because of which line
        canvass check my.yaml --data --drop wave-2.zip     reads the rows too; writes nothing
      """)

  @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String

  @Flag(help: "Read the data as well: everything a run does, except that nothing is written.")
  var data = false

  @Flag(help: "Say which stages a run would do, and because of which line or file.")
  var explain = false

  @Option(help: "The folder that holds the runs, for --explain.", completion: .directory)
  var output = "Runs"

  @Option(
    help: "With --data: write what the cleaning rules found to this file, for its owner alone.",
    completion: .file(extensions: ["csv"]))
  var findings: String?

  @Option(help: "Read this archive instead of the file's drops.", completion: .file())
  var drop: [String] = []

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if findings != nil, !data { throw ValidationError("--findings needs --data") }
  }

  func run() throws {
    let progress = ProgressLine(quiet: common.json)
    let summary = try PipelineRun.check(
      pipeline, data: data, findings: findings, explains: explain,
      options: RunOptions(drops: drop, output: output, workers: common.workers),
      progress: progress.show)
    if common.json {
      try StandardOutput.write(summary.json.document)
    } else {
      try StandardOutput.write(summary.lines.joined(separator: "\n") + "\n")
    }
  }
}
