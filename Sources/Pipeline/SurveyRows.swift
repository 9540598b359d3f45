import CanvassCompute
import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// The rows of a survey in front of the gate, and what the gate says of them.
struct SurveyRows {
  let plan: PipelinePlan
  let scoringPlan: ScoringPlan
  let partitions: [LabelledPartition]
  /// The estimates of the plan's measures, by measure, then partition.
  let results: [MeasureResult]
  let units: UnitAssignment
  let indexUnits: IndexUnits
  /// The table that some leaves have their values from.
  let published: PublishedTable.Content?
  let workers: Workers

  /// The gate with all rows, the rows of whole units, and the linearizations of those and of the country.
  func gated(_ assembly: RowAssembly) throws -> (
    gate: Gate, ofUnits: PartitionRows, linearizations: [RowAssembly.Linearization]
  ) {
    // The units come first: they may set ends, moments and weights for everything else.
    let ofUnits = try plan.locating("scoring") {
      try PartitionRows(
        partitions[0], at: 0, results: results(0), plan: scoringPlan, units: indexUnits,
        assembly: assembly)
    }
    let rows =
      [ofUnits]
      + (try workers.map(partitions.count - 1) { position in
        try PartitionRows(
          partitions[position + 1], at: position + 1, results: results(position + 1),
          plan: scoringPlan, units: indexUnits, assembly: assembly, frames: ofUnits.frames)
      })
    var scores = rows.flatMap(\.scores)
    var indicators = rows.flatMap(\.indicators)
    if let published {
      var assembly = assembly
      indicators += try assembly.indicatorRows(published: published)
    }
    markNotSurveyed(&scores, &indicators)
    let (allScores, allIndicators) = (scores, indicators)
    let gate = try plan.locating("publishing") {
      try Gate(
        scores: allScores, indicators: allIndicators, rules: plan.gate, grouping: plan.grouping,
        former: plan.supersedes?.cells ?? .none)
    }
    return (gate, ofUnits, rows.flatMap(\.linearizations))
  }

  /// Standard errors from replicates.
  ///
  /// - Parameter published: the codes of the units whose number at a node is published; nil before the gate
  ///   has said so.
  func replicateErrors(
    _ asked: ReplicatePlan, _ assembly: RowAssembly, published: ((_ node: String) -> Set<String>)?
  ) throws -> ReplicateErrors? {
    guard let estimator = assembly.estimator else { return nil }
    return try plan.locating("replicates") {
      try ReplicateErrors.find(
        asked, scoringPlan, by: estimator, over: partitions.map(\.partition), estimates: results,
        units: indexUnits, assembly: assembly, rules: plan.gate, published: published,
        workers: workers)
    }
  }

  /// The estimates over one partition, by measure.
  func results(_ position: Int) -> [MeasureResult] {
    scoringPlan.measures.indices.map { results[$0 * partitions.count + position] }
  }

  /// A unit of the places file without a single row was not in the sample.
  private func markNotSurveyed(_ scores: inout [ScoreRow], _ indicators: inout [IndicatorRow]) {
    var surveyed = [Bool](repeating: false, count: units.units.count)
    for unit in units.unitOfRow { surveyed[Int(unit)] = true }
    let absent = Set(units.units.indices.filter { !surveyed[$0] }.map { units.units[$0].code })
    if absent.isEmpty { return }
    for index in scores.indices
    where scores[index].isUnit && scores[index].respondents != nil
      && absent.contains(scores[index].unit)
    {
      scores[index].status = .notSurveyed
    }
    for index in indicators.indices
    where indicators[index].respondents != nil && absent.contains(indicators[index].unit) {
      indicators[index].status = .notSurveyed
    }
  }
}
