public import CanvassEstimation

/// The numbers called national that are made of the units' scores; the survey estimate over all
/// respondents is the fourth, a domain of its own.
public struct NationalNumbers: Sendable {
  /// Σ N · score / Σ N over the units that have one; nil without populations.
  public let populationWeightedMean: Estimate?
  /// The plain mean of the units that have a score.
  public let meanOfUnits: Estimate?
  /// The median of the units that have a score (type 7); it is not smooth and has no linearization.
  public let medianOfUnits: Double?

  /// The national numbers of one node from its scores by unit, nil where a unit is not published.
  public init(scores: [Estimate?], populations: [Double]?) {
    let present = scores.indices.filter { scores[$0] != nil }
    var mean = Estimate.constant(0)
    var weighted = Estimate.constant(0)
    var total = 0.0
    for unit in present {
      guard let score = scores[unit] else { continue }
      mean = mean + score
      if let population = populations?[unit] {
        weighted = weighted + score.scaled(slope: population)
        total += population
      }
    }
    meanOfUnits = present.isEmpty ? nil : mean.scaled(slope: 1 / Double(present.count))
    populationWeightedMean = total > 0 ? weighted.scaled(slope: 1 / total) : nil
    let sorted = scores.compactMap { $0?.value }.sorted()
    medianOfUnits = sorted.isEmpty ? nil : Quantile.type7(0.5, of: sorted)
  }
}
