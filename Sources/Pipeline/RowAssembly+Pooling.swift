import CanvassEstimation
import CanvassSurvey

extension RowAssembly {
  /// The pooled uncertainty of every number in the domains of units, at `row · domains + domain`.
  ///
  /// Domains of one label are pooled: whole units with whole units, women with women. Numbers over all
  /// respondents stay direct, and so does a unit without a degree of freedom of its own, which the gate
  /// then leaves without an interval.
  func pooledUncertainties(
    _ domains: [LabelledPartition.Domain], rows: Int,
    numbers: (_ row: Int, _ domain: Int) -> (direct: Estimate?, unclustered: Estimate?, Support)?
  ) throws(Diagnostic) -> [Uncertainty?] {
    var result = [Uncertainty?](repeating: nil, count: rows * domains.count)
    guard let estimator, let alone = unclustered else { return result }
    var ofLabel: [String: [Int]] = [:]
    for (domain, labelled) in domains.enumerated() where labelled.unit != nil {
      ofLabel[labelled.label, default: []].append(domain)
    }
    for row in 0..<rows {
      for label in ofLabel.keys.sorted() {
        var members: [(domain: Int, unclustered: Double)] = []
        var contributions: [PooledDesignEffect.Contribution] = []
        for domain in ofLabel[label] ?? [] {
          guard let (direct, single, support) = numbers(row, domain), let direct, let single,
            support.degreesOfFreedom > 0, !direct.influence.values.isEmpty,
            let variance = alone.variance(
              of: single.influence, respondents: support.respondents)
          else { continue }
          members.append((domain, variance))
          contributions.append(
            PooledDesignEffect.Contribution(
              direct: try estimator.uncertainty(
                of: direct.influence, designDegrees: support.degreesOfFreedom,
                rule: uncertainty.degreesOfFreedom),
              designDegrees: support.degreesOfFreedom, unclustered: variance))
        }
        guard let pool = PooledDesignEffect(contributions) else { continue }
        for (domain, unclustered) in members {
          result[row * domains.count + domain] = pool.uncertainty(unclustered: unclustered)
        }
      }
    }
    return result
  }
}
