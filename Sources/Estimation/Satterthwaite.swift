public import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// df = (Σ V_h)² / Σ (V_h² / (m_h − 1)) over the strata that contribute to the variance, at any stage.
  ///
  /// V_h is the stratum's term in the variance. At least the smallest m_h − 1, at most their sum; equal to the
  /// sum where V_h is proportional to m_h − 1. Nil for a variance of 0. Under `adjust` and `average` a lone
  /// unit's contribution counts with one degree of freedom. Satterthwaite 1946, Biometrics Bulletin 2, 110–114.
  ///
  /// - Throws: as `variance(of:)`.
  public func satterthwaiteDegreesOfFreedom(
    of influence: Influence
  ) throws(Diagnostic) -> Double? {
    var sum = 0.0
    var squares = 0.0
    try forEachStratum(of: influence, and: influence) { degrees, contribution in
      sum += contribution
      squares += contribution * contribution / Double(degrees)
    }
    return sum > 0 ? sum * sum / squares : nil
  }

  /// The direct variance of an estimate that rests on `support`, with its degrees of freedom.
  ///
  /// Satterthwaite's degrees never exceed the design's: units without a respondent in the domain count
  /// in m_h, and tell nothing about the spread of those that have one.
  ///
  /// - Throws: as `variance(of:)`.
  public func uncertainty(
    of influence: Influence, designDegrees: Int, rule: DegreesOfFreedomRule
  ) throws(Diagnostic) -> Uncertainty {
    let variance = try variance(of: influence)
    var degrees = Double(designDegrees)
    if rule == .satterthwaite, degrees > 0,
      let effective = try satterthwaiteDegreesOfFreedom(of: influence)
    {
      degrees = min(degrees, effective)
    }
    return Uncertainty(variance: variance, degreesOfFreedom: degrees)
  }
}
