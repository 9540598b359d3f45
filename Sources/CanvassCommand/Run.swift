import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass run`.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a pipeline: from archives to scores, report and record.",
    discussion: """
      EXAMPLES
        canvass run Pipelines/papi-demo.yaml
        canvass run my.yaml --drop wave-2.zip --output /data/runs
        canvass run my.yaml --json | jq .run
      """)

  @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String

  @Option(
    help: "Read this archive instead of the file's drops; may be repeated, later ones win by key.",
    completion: .file())
  var drop: [String] = []

  @Option(help: "The folder that holds the runs.", completion: .directory)
  var output = "Runs"

  @Flag(
    help: "Write internal/check.R and check.do, which recompute the scores from the cleaned data.")
  var checkScripts = false

  @Flag(help: "Make everything again, whatever is remembered of earlier runs.")
  var fresh = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let progress = ProgressLine(quiet: common.json && !Terminal.redraws)
    let outcome = try PipelineRun.run(
      pipeline,
      options: RunOptions(
        drops: drop, output: output, workers: common.workers, fresh: fresh,
        checkScripts: checkScripts),
      progress: progress.show)
    if common.json {
      try StandardOutput.write(outcome.summary.document)
    } else {
      try StandardOutput.write(
        outcome.table(width: StandardOutput.width ?? 100, colour: Terminal.colours))
      for note in outcome.notes { Terminal.say("note: \(note)") }
      Terminal.say("report: \(outcome.reportPath)")
      Terminal.say("ledger head: \(outcome.published.ledgerHead)")
    }
  }
}
