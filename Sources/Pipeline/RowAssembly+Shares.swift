import CanvassEstimation
import CanvassPublishing
import CanvassSurvey

extension RowAssembly {
  /// Gives a share the interval of the pipeline file's rule.
  ///
  /// A share of exactly 0 or 1 shows no variation of its own: its standard error goes, and its interval is
  /// Clopper and Pearson's with n over the design effect that other units of the same label show.
  mutating func bound(
    _ cell: inout Cell, _ status: inout CellStatus, shareOf result: MeasureResult, _ domain: Int,
    among domains: [LabelledPartition.Domain]
  ) throws(Diagnostic) {
    guard let share = cell.value, let error = cell.standardError,
      let degrees = cell.degreesOfFreedom
    else { return }
    let interval = ShareInterval(
      share: share, variance: error * error, degreesOfFreedom: degrees,
      respondents: result.domains[domain].support.respondents)
    if share > 0, share < 1 {
      cell.interval = interval.bounds(
        uncertainty.shareInterval, confidence: confidence, critical: criticalValue(degrees)
      ).map { $0.low...$0.high }
      return
    }
    guard share == 0 || share == 1 else { return }
    status = .noVariation
    cell.standardError = nil
    cell.interval = try designEffect(of: result, domains, like: domain)
      .flatMap { interval.exact(designEffect: $0, confidence: confidence) }
      .map { $0.low...$0.high }
  }

  /// The design effect with replacement, pooled over the units with the label of `domain`.
  private func designEffect(
    of result: MeasureResult, _ domains: [LabelledPartition.Domain], like domain: Int
  ) throws(Diagnostic) -> Double? {
    guard let estimator else { return nil }
    var contributions: [PooledDesignEffect.Contribution] = []
    for (other, labelled) in domains.enumerated()
    where labelled.unit != nil && labelled.label == domains[domain].label {
      let number = result.domains[other]
      guard let estimate = number.estimate, let simple = number.simpleRandomVariance,
        number.support.degreesOfFreedom > 0
      else { continue }
      contributions.append(
        PooledDesignEffect.Contribution(
          direct: try estimator.uncertainty(
            of: estimate.influence, designDegrees: number.support.degreesOfFreedom,
            rule: uncertainty.degreesOfFreedom),
          designDegrees: number.support.degreesOfFreedom, unclustered: simple))
    }
    return PooledDesignEffect(contributions)?.value
  }
}
