import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass simulate`.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a survey with a known truth: a drop, its margins, and the true scores.",
    discussion: """
      EXAMPLES
        canvass simulate Datasets/papi-demo/simulation.yaml --output Datasets/papi-demo
        canvass simulate simulation.yaml --seed 7 --output sample-7
      """)

  @Argument(help: "The simulation file.", completion: .file(extensions: ["yaml", "yml"]))
  var spec: String

  @Option(help: "The folder for drop.zip, population.csv and truth.csv.", completion: .directory)
  var output: String

  @Option(help: "The seed of the sample, instead of the file's; the population stays.")
  var seed: UInt64?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let progress = ProgressLine(quiet: common.json)
    let files = try SimulationRun.run(
      spec, output: output, sampleSeed: seed, workers: common.workers, progress: progress.show)
    if common.json {
      try StandardOutput.write(
        JSONValue.object(["files": .list(files.map { .text($0) })]).document)
    } else {
      try StandardOutput.write(files.joined(separator: "\n") + "\n")
    }
  }
}
