import RealModule

/// The function f of a mean f⁻¹(Σ w f(x) / Σ w): ln of a geometric, 1/x of a harmonic, xᵖ of a power mean, and x
/// itself of an arithmetic one.
///
/// All but x itself are defined for x > 0 alone.
package struct MeanFunction: Sendable {
  private let combine: Combination
  private let power: Double

  /// The function of a combination; nil for a median and Copeland's rule, which are no such means.
  package init?(_ combine: Combination, exponent: Double?) {
    switch combine {
    case .median, .copeland: return nil
    case .mean, .weighted, .sum: power = 1
    case .geometric: power = 0
    case .harmonic: power = -1
    case .power: power = exponent ?? 1
    }
    self.combine = combine
  }

  private var isLine: Bool { combine == .mean || combine == .weighted || combine == .sum }

  func forward(_ x: Double) -> Double {
    if isLine { return x }
    return combine == .geometric ? .log(x) : combine == .harmonic ? 1 / x : .pow(x, power)
  }

  func slope(_ x: Double) -> Double {
    if isLine { return 1 }
    return combine == .geometric ? 1 / x : power * .pow(x, power - 1)
  }

  func backward(_ mean: Double) -> Double {
    if isLine { return mean }
    return combine == .geometric
      ? .exp(mean) : combine == .harmonic ? 1 / mean : .pow(mean, 1 / power)
  }

  /// What the part with the value `part` would have to be for the mean to go from `mean` to `target`, the other
  /// parts staying as they are: f⁻¹(f(part) + (f(target) − f(mean)) / share).
  ///
  /// - Parameter share: the part's weight as a share of the divisor; of a sum the weight itself.
  /// - Returns: nil where no value does, however large, and where the mean is not defined.
  package func part(_ part: Double, share: Double, from mean: Double, to target: Double) -> Double?
  {
    guard share != 0, isLine || min(part, mean, target) > 0 else { return nil }
    let needed = forward(part) + (forward(target) - forward(mean)) / share
    // A logarithm takes any value; 1/x and xᵖ only those above 0.
    guard isLine || combine == .geometric || needed > 0 else { return nil }
    let value = backward(needed)
    return value.isFinite ? value : nil
  }
}
