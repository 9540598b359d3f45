/// The F distribution with any positive, also fractional, degrees of freedom.
public struct FisherF: Sendable, Hashable {
  /// Degrees of freedom of the numerator, above 0.
  public let numeratorDegrees: Double
  /// Degrees of freedom of the denominator, above 0; infinite gives χ² / degrees.
  public let denominatorDegrees: Double

  /// The distribution, or nil where a number of degrees is not above 0.
  public init?(numeratorDegrees: Double, denominatorDegrees: Double) {
    guard numeratorDegrees > 0, numeratorDegrees.isFinite, denominatorDegrees > 0 else {
      return nil
    }
    self.numeratorDegrees = numeratorDegrees
    self.denominatorDegrees = denominatorDegrees
  }

  /// P(F > f) = I_{d₂/(d₂ + d₁ f)}(d₂/2, d₁/2); 1 for f ≤ 0.
  public func tail(_ f: Double) -> Double {
    if f.isNaN { return .nan }
    if f <= 0 { return 1 }
    if denominatorDegrees == .infinity {
      return ChiSquare(degreesOfFreedom: numeratorDegrees)?.tail(f * numeratorDegrees) ?? .nan
    }
    if f == .infinity { return 0 }
    let ratio = numeratorDegrees * f / denominatorDegrees
    // Of x and 1 − x the smaller one carries the digits.
    return ratio > 1
      ? IncompleteBeta.regularized(
        1 / (1 + ratio), denominatorDegrees / 2, numeratorDegrees / 2)
      : IncompleteBeta.complement(
        ratio / (1 + ratio), numeratorDegrees / 2, denominatorDegrees / 2)
  }
}
