import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass compare`.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What has changed between two runs, with standard errors; or their bytes.",
    discussion: """
      EXAMPLES
        canvass compare Runs/papi-2024/latest Runs/papi-2025/latest
        canvass compare Runs/papi-2024/latest Runs/papi-2025/latest --node D4 --json
        canvass compare Runs/papi-2024/latest Runs/papi-2025/latest --csv > changes.csv
        canvass compare papi-2019-scores.csv Runs/papi-2025/latest
        canvass compare --common Runs/papi-2024/latest Runs/papi-2025/latest
        canvass compare --bytes Runs/papi-demo/0003-ab12cd34ef56 Runs/papi-demo/latest

      The older run comes first; it may be a table of published scores (unit, node, score, maybe se and df). A node that is defined otherwise in the two is not compared; --common
      scores both again, from their recorded inputs, on the leaves that mean the same in both.
      """)

  @Argument(
    help: "The folder of the older run, or a table of published scores.", completion: .file())
  var first: String

  @Argument(help: "The folder of the newer run.", completion: .directory)
  var second: String

  @Flag(help: "Compare bytes, and name the first difference of each file.")
  var bytes = false

  @Flag(help: "Score both runs again on the leaves that they share.")
  var common = false

  @Option(help: "The node to show; the first index if absent.")
  var node: String?

  @Option(help: "Confidence of the intervals.")
  var confidence = 0.95

  @Flag(help: "Print every change as CSV, the columns of changes.csv.")
  var csv = false

  @Option(
    help: "The folder that recorded paths start from, for --common.", completion: .directory)
  var from: String?

  @OptionGroup var options: CommonOptions

  func validate() throws {
    guard confidence > 0, confidence < 1 else {
      throw ValidationError("--confidence must lie between 0 and 1")
    }
    if bytes, common || csv || node != nil {
      throw ValidationError("--bytes stands alone: it looks at files, not at scores")
    }
    if from != nil, !common { throw ValidationError("--from belongs to --common") }
    if csv, options.json { throw ValidationError("choose one of --csv and --json") }
    if csv, node != nil { throw ValidationError("--csv prints every node") }
  }

  func run() throws {
    if bytes { return try compareBytes() }
    let comparison: RunComparison
    if common {
      let progress = ProgressLine(quiet: options.json && !Terminal.redraws)
      comparison = try RunComparison.compareCommon(
        first, second, from: from, confidence: confidence, workers: options.workers,
        progress: progress.show)
    } else {
      comparison = try RunComparison.compare(first, second, confidence: confidence)
    }
    let shown = try comparison.node(node)
    if csv {
      try StandardOutput.write(comparison.csv)
    } else if options.json {
      try StandardOutput.write(comparison.json(node: shown).document)
    } else {
      try StandardOutput.write(comparison.text(node: shown, width: StandardOutput.width ?? 100))
    }
    for note in comparison.notes { Terminal.say("note: " + note) }
  }

  private func compareBytes() throws {
    let differences = try ByteComparison.differences(first, second)
    if options.json {
      try StandardOutput.write(
        JSONValue.object([
          "same": .boolean(differences.isEmpty),
          "differences": .list(differences.map { .text($0) }),
        ]).document)
    } else {
      for difference in differences { try StandardOutput.write(difference + "\n") }
      if differences.isEmpty {
        try StandardOutput.write("the two runs are the same byte for byte\n")
      }
    }
    if !differences.isEmpty { throw ExitCode(10) }
  }
}
