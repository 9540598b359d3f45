import ArgumentParser
import CanvassCompute
import CanvassEstimation
import CanvassPipeline
import CanvassScoring
import CanvassSimulation
import Foundation

/// The coverage study, run by hand: `make coverage`. It asserts nothing; it reports what it finds.
@main
struct Coverage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "canvass-coverage",
    abstract: "Redraw samples from one simulated population and count how often intervals cover.")

  @Option(help: "Samples of each design.") var samples = 400
  @Option(help: "How many of them have their ranks assessed, and pairs of rounds: these cost more.")
  var costlySamples = 200
  @Option(help: "The seed of the first sample; the others follow it.") var firstSeed: UInt64 = 401
  @Option(help: "Villages a province under the control design.") var draws = 24
  @Option(help: "The simulation.") var simulation = "Datasets/papi-demo/simulation.yaml"
  @Option(help: "The page whose tables are rewritten.") var page = "docs/coverage.md"
  @Option(help: "Threads; they change no number.") var threads = ProcessInfo.processInfo
    .activeProcessorCount

  func validate() throws {
    if samples < 2 || costlySamples < 2 {
      throw ValidationError("a Monte Carlo error needs at least 2 samples")
    }
    #if DEBUG
      throw ValidationError("the study needs a release build: swift build -c release")
    #endif
  }

  func run() throws {
    let workers = Workers(threads)
    let study = try SimulatedStudy(simulation)
    let statistics = Statistic.all(study.plan)
    say("counting the truth")
    let truths = try PopulationTruth.count(
      study.spec, plan: study.plan, domainsOfProvinces: Sampler.domainsOfProvinces(study),
      workers: workers)
    var truth: [Double] = []
    for statistic in statistics {
      for part in truths {
        for domain in 0..<part.scores.domainCount {
          truth.append(
            statistic.estimate(part.results, part.scores, domain: domain)?.value ?? .nan)
        }
      }
    }
    let provinces = try workers.map(study.spec.provinces.count) { index in
      try SimulatedProvince(index, spec: study.spec)
    }
    var tallies: [Tally] = []
    var changes: [ChangeOutcome] = []
    for design in [Design.papi, .control(draws: draws)] {
      let sampler = Sampler(
        study: study, statistics: statistics, provinces: provinces, design: design, truth: truth)
      var outcomes: [SampleOutcome] = []
      for start in stride(from: 0, to: samples, by: 20) {
        outcomes += try workers.map(min(20, samples - start)) { index in
          try sampler.outcome(
            seed: firstSeed + UInt64(start + index), withRanks: start + index < costlySamples)
        }
        say("\(design): \(outcomes.count) of \(samples) samples")
      }
      if case .control = design {
        for start in stride(from: 0, to: costlySamples, by: 20) {
          changes += try workers.map(min(20, costlySamples - start)) { index in
            try sampler.changes(seed: firstSeed + UInt64(start + index))
          }
          say("\(design): \(changes.count) of \(costlySamples) pairs of rounds")
        }
      }
      tallies.append(Tally(sampler: sampler, truth: truth, outcomes: outcomes))
    }
    let tables = CoverageTables(
      papi: tallies[0], control: tallies[1], changes: changes, samples: samples, draws: draws)
    let text = tables.text
    print(text)
    try CoveragePage.rewrite(page, tables: text)
  }

  private func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
