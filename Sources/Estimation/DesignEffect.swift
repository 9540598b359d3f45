import CanvassWeighting

/// How many times larger a variance is than that of a simple random sample of as many respondents.
public enum DesignEffect {
  /// V / V_srs with replacement (R survey's `deff = "replace"`); nil where V_srs is 0 or undefined.
  public static func withReplacement(
    variance: Double, simpleRandomVariance: Double?
  ) -> Double? {
    guard let simpleRandomVariance, simpleRandomVariance > 0 else { return nil }
    return variance / simpleRandomVariance
  }

  /// V / (V_srs (1 − n / Σ w)), without replacement from a population of Σ w (R survey's `deff = TRUE`).
  ///
  /// Nil where the weights do not exceed the number of respondents, or V_srs is 0 or undefined.
  public static func withoutReplacement(
    variance: Double, simpleRandomVariance: Double?, respondents: Int, weightTotal: Double
  ) -> Double? {
    let fraction = Double(respondents) / weightTotal
    guard let simpleRandomVariance, simpleRandomVariance > 0, fraction < 1 else { return nil }
    return variance / (simpleRandomVariance * (1 - fraction))
  }

  /// Kish's 1 + CV² of the positive weights; NaN where there is none.
  public static func kish(_ weights: [Double]) -> Double { KishDesignEffect.value(of: weights) }

  /// V_srs of a ratio: [n/(n − 1) Σ w (y − R x)² / Σ w] / n · (Σ w / Σ w x)²; nil for n < 2.
  ///
  /// For a mean x is 1 and the last factor with it.
  static func simpleRandomVariance(
    weightedSquares: Double, weightTotal: Double, denominator: Double, respondents: Int
  ) -> Double? {
    guard respondents > 1 else { return nil }
    let scale = weightTotal / denominator
    return weightedSquares / weightTotal / Double(respondents - 1) * scale * scale
  }
}
