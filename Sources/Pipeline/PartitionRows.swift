import CanvassCompute
import CanvassEstimation
import CanvassPublishing
import CanvassScoring

/// The rows of one partition: its domains scored, with standard errors and intervals.
struct PartitionRows: Sendable {
  /// Scores of every node in every domain, and the national numbers where they are asked for.
  let scores: [ScoreRow]
  /// Every leaf on its own scale in every domain.
  let indicators: [IndicatorRow]

  /// The rows of `labelled` from the estimates of the plan's measures there, in order.
  init(
    _ labelled: LabelledPartition, results: [MeasureResult], plan: ScoringPlan,
    assembly: RowAssembly, withNational: Bool
  ) throws {
    guard let estimator = assembly.estimator else {
      preconditionFailure("partitions are those of respondents")
    }
    var assembly = assembly
    let scored = plan.score(results, in: labelled.partition, by: estimator)
    // One number a row and node: made and let go partition by partition, for units alone.
    var unclustered: (results: [MeasureResult], scores: Scores)?
    if let alone = assembly.unclustered, labelled.domains.contains(where: { $0.unit != nil }) {
      let results = try alone.estimator.estimate(
        plan.measures, over: [labelled.partition], workers: Workers(1))
      unclustered = (results, plan.score(results, in: labelled.partition, by: alone.estimator))
    }
    let own = try assembly.scoreRows(
      scored, domains: labelled.domains, unclustered: unclustered?.scores)
    scores = withNational ? own + (try assembly.nationalRows(scored)) : own
    indicators = try assembly.indicatorRows(
      results, plan: plan, domains: labelled.domains, unclustered: unclustered?.results)
  }
}
