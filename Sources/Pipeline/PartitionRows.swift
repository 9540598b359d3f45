import CanvassCompute
import CanvassEstimation
import CanvassPublishing
import CanvassScoring

/// The rows of one partition: its domains scored, with standard errors and intervals.
struct PartitionRows: Sendable {
  /// Scores of every node in every domain.
  let scores: [ScoreRow]
  /// Every leaf on its own scale in every domain.
  let indicators: [IndicatorRow]
  /// The scores themselves, where ranks and national numbers are made of them: those of whole units.
  let whole: Scores?

  /// The linearizations of the scores of whole units and of all respondents, and of national numbers.
  let linearizations: [RowAssembly.Linearization]

  /// What the units found out, for the partitions after theirs.
  let frames: Frames

  /// The frame of the scores, and that of the scores without clusters where variances are pooled.
  struct Frames: Sendable {
    let direct: ScoringFrame
    let unclustered: ScoringFrame?
  }

  /// The rows of `labelled`, the partition at `position`, from the estimates of the plan's measures there, in
  /// order; without `frames` it holds the units themselves.
  init(
    _ labelled: LabelledPartition, at position: Int, results: [MeasureResult], plan: ScoringPlan,
    units: IndexUnits,
    assembly: RowAssembly, frames: Frames? = nil
  ) throws {
    guard let estimator = assembly.estimator else {
      preconditionFailure("partitions are those of respondents")
    }
    var assembly = assembly
    let scored = try plan.score(
      results, in: labelled.partition, by: estimator, units: units, frame: frames?.direct)
    // One number a row and node: made and let go partition by partition, for units alone.
    var unclustered: (results: [MeasureResult], scores: Scores)?
    if let alone = assembly.unclustered, labelled.domains.contains(where: { $0.unit != nil }) {
      let results = try alone.estimator.estimate(
        plan.measures, over: [labelled.partition], workers: Workers(1))
      unclustered = (
        results,
        try plan.score(
          results, in: labelled.partition, by: alone.estimator, units: units,
          frame: frames?.unclustered)
      )
    }
    scores = try assembly.scoreRows(
      scored, domains: labelled.domains, at: position, unclustered: unclustered?.scores)
    whole = frames == nil ? scored : nil
    indicators = try assembly.indicatorRows(
      results, plan: plan, domains: labelled.domains, at: position,
      unclustered: unclustered?.results)
    linearizations = assembly.linearizations
    self.frames =
      frames ?? Frames(direct: scored.frame, unclustered: unclustered?.scores.frame)
  }
}
