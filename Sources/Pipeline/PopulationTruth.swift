package import CanvassCompute
package import CanvassEstimation
package import CanvassScoring
package import CanvassSimulation
import CanvassSurvey
import CanvassWeighting

/// The nodes of an index over all simulated adults, each with weight 1, by the index's own rules.
package struct PopulationTruth: Sendable {
  /// The measures, leaves on their own scale.
  package let results: [MeasureResult]
  /// The nodes.
  package let scores: Scores

  /// The truth in the domains that provinces make up: `domainsOfProvinces[partition][province]`;
  /// the first partition is the provinces themselves.
  package static func count(
    _ spec: SimulationSpec, plan: ScoringPlan, domainsOfProvinces: [[Int]], workers: Workers
  ) throws -> [PopulationTruth] {
    let tables = try workers.map(spec.provinces.count) { index in
      try Simulation.population(of: index, spec: spec)
    }
    let table = Table.concatenating(tables)
    // Provinces serve as sampling units: nothing is sampled, so only the values are used.
    var starts = [0]
    for part in tables { starts.append(starts[starts.count - 1] + part.rowCount) }
    let partitions = domainsOfProvinces.enumerated().map { position, domains in
      Partition(
        id: String(position),
        domainOfRow: tables.indices.flatMap { province in
          [Int32](repeating: Int32(domains[province]), count: tables[province].rowCount)
        }, domainCount: (domains.max() ?? -1) + 1)
    }
    let design = SampleDesign(
      rowStarts: starts, psuStarts: [0, tables.count], stratumNames: ["the country"],
      psuNames: spec.provinces.map(\.code), lonely: .fail)
    let estimator = Estimator(
      WeightedSample(
        table: table, design: design, weights: [Double](repeating: 1, count: table.rowCount)))
    let results = try estimator.estimate(plan.measures, over: partitions, workers: workers)
    var truths: [PopulationTruth] = []
    for (position, partition) in partitions.enumerated() {
      let here = plan.measures.indices.map { results[$0 * partitions.count + position] }
      truths.append(
        PopulationTruth(
          results: here,
          scores: try plan.score(
            here, in: partition, by: estimator,
            units: IndexUnits(codes: spec.provinces.map(\.code)),
            frame: truths.first?.scores.frame)))
    }
    return truths
  }
}
