import ArgumentParser
import CanvassCompute
import CanvassPipeline

/// Times the cleaning rules of a pipeline on its own data, one core, and the same data several times over.
struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The cleaning rules of a pipeline: nanoseconds a row on one core.")

  @Argument(help: "The pipeline file.")
  var pipeline = "Pipelines/papi-demo.yaml"

  func run() throws {
    for copies in [1, 4, 16] {
      let bench = try RulesBenchmark(pipeline, copies: copies)
      let whole = try Timing.measure(9) { try bench.clean(withRules: true) }
      let bare = try Timing.measure(9) { try bench.clean(withRules: false) }
      let nanoseconds = (whole.median - bare.median) / Double(bench.rows) * 1e9
      print(
        "\(bench.rows) rows: rules \(Int(nanoseconds.rounded())) ns a row; all of cleaning "
          + "\(whole.summary), without rules \(bare.summary)")
    }
  }
}
