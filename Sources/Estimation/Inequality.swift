extension WeightedValues {
  /// Gini's coefficient in percent: 100 (Σ w (2C − w) x / (Σ w Σ w x) − 1), C the sum of weights up to x.
  ///
  /// 0 where all values are equal; nil without values and where they sum to 0. Source: Eurostat's definition,
  /// as R laeken's `gini` computes it.
  public func giniCoefficient() -> Double? {
    var cumulative = 0.0
    var total = 0.0
    var area = 0.0
    for (value, weight) in zip(values, weights) {
      cumulative += weight
      total += weight * value
      area += weight * value * (2 * cumulative - weight)
    }
    guard cumulative > 0, total != 0 else { return nil }
    return 100 * (area / (cumulative * total) - 1)
  }

  /// What the values above the 80 % quantile sum to, over the sum of those up to the 20 % quantile (S80/S20).
  ///
  /// Quantiles by the rule `school`. Nil without values and where the lower sum is 0. Source: Eurostat's
  /// definition, as R laeken's `qsr` computes it.
  public func quintileShareRatio() -> Double? {
    guard let low = quantile(0.2, .school), let high = quantile(0.8, .school) else { return nil }
    var rich = 0.0
    var poor = 0.0
    for (value, weight) in zip(values, weights) {
      if value > high { rich += weight * value }
      if value <= low { poor += weight * value }
    }
    return poor == 0 ? nil : rich / poor
  }

  /// The share in percent of people below a threshold; nil without values.
  public func percentage(below threshold: Double) -> Double? {
    var below = 0.0
    var all = 0.0
    for (value, weight) in zip(values, weights) {
      if value < threshold { below += weight }
      all += weight
    }
    return all > 0 ? 100 * below / all : nil
  }

  /// The at-risk-of-poverty threshold: `part` of the median by the rule `school`; nil without values.
  ///
  /// The rate of a region is ``percentage(below:)`` of its own values and the threshold of the whole country.
  public func povertyThreshold(part: Double = 0.6) -> Double? {
    quantile(0.5, .school).map { part * $0 }
  }
}
