import RealModule

/// How far calibrated weights may be from those that enter: the distance that calibration minimizes.
public enum CalibrationDistance: String, Sendable, CaseIterable, Hashable {
  /// g = 1 + u: the generalized regression estimator; weights can become negative.
  case linear
  /// g = exp u: raking ratio; weights stay positive.
  case raking
  /// g between bounds L < 1 < U by a logistic curve; it needs both bounds.
  case logit
}

/// Bounds on g = w/d, the factor that calibration applies.
public struct CalibrationBounds: Sendable, Hashable {
  /// The least factor, below 1.
  public var lower: Double
  /// The greatest factor, above 1.
  public var upper: Double

  /// Bounds on g.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

extension CalibrationDistance {
  /// g = F(u) and its derivative, between the bounds: linear and raking are cut off there, as in R survey.
  ///
  /// Logit: g = (L (U − 1) + U (1 − L) e^{Au}) / (U − 1 + (1 − L) e^{Au}), A = (U − L) / ((1 − L)(U − 1)).
  ///
  /// Source: Deville & Särndal 1992, table 1 (cases 1, 2 and 6); their case 7 for the cut linear one.
  @inline(__always)
  func factor(_ u: Double, _ lower: Double, _ upper: Double) -> (g: Double, slope: Double) {
    switch self {
    case .linear:
      let g = 1 + u
      if g <= lower { return (lower, 0) }
      if g >= upper { return (upper, 0) }
      return (g, 1)
    case .raking:
      let g = Double.exp(u)
      if g <= lower { return (lower, 0) }
      if g >= upper { return (upper, 0) }
      return (g, g)
    case .logit:
      let a = (upper - lower) / ((1 - lower) * (upper - 1))
      // Written with the exponential that does not overflow.
      let below = upper - 1
      let above = 1 - lower
      if u <= 0 {
        let e = Double.exp(a * u)
        let divisor = below + above * e
        let g = (lower * below + upper * above * e) / divisor
        let slope = a * (upper - lower) * below * above * e / (divisor * divisor)
        return (g, slope)
      }
      let e = Double.exp(-a * u)
      let divisor = below * e + above
      let g = (lower * below * e + upper * above) / divisor
      let slope = a * (upper - lower) * below * above * e / (divisor * divisor)
      return (g, slope)
    }
  }
}
