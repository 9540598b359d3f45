import RealModule

/// The beta distribution, whose quantiles give the exact limits of shares (Clopper & Pearson 1934).
public struct BetaDistribution: Sendable, Hashable {
  /// The shape parameters, above 0.
  public let first: Double
  /// See `first`.
  public let second: Double

  /// The distribution, or nil where a parameter is not a finite number above 0.
  public init?(_ first: Double, _ second: Double) {
    guard first > 0, second > 0, first.isFinite, second.isFinite else { return nil }
    self.first = first
    self.second = second
  }

  /// P(X ≤ x).
  public func cumulative(_ x: Double) -> Double {
    IncompleteBeta.regularized(min(max(x, 0), 1), first, second)
  }

  /// The x with P(X ≤ x) = `probability`, by bisection of bits; NaN outside 0…1.
  public func quantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    if probability == 0 || probability == 1 { return probability }
    // The tail that is the smaller one is known without cancellation.
    let isUpper = probability > 0.5
    let tail = isUpper ? 1 - probability : probability
    var low = 0.0
    var high = 1.0
    while true {
      // Small quantiles need halving in the exponent, others in the value.
      let middle = low == 0 && high < 1e-3 ? high * 0x1p-20 : low + (high - low) / 2
      if middle <= low || middle >= high { return high }
      let isBelow =
        isUpper
        ? IncompleteBeta.complement(middle, first, second) > tail
        : IncompleteBeta.regularized(middle, first, second) < tail
      if isBelow { low = middle } else { high = middle }
      if high < 1e-300 { return 0 }
    }
  }
}
