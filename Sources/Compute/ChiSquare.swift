import RealModule

/// The chi-square distribution with any positive, also fractional, degrees of freedom.
public struct ChiSquare: Sendable, Hashable {
  /// Degrees of freedom, above 0.
  public let degreesOfFreedom: Double

  /// The distribution, or nil where `degreesOfFreedom` is not a finite number above 0.
  public init?(degreesOfFreedom: Double) {
    guard degreesOfFreedom > 0, degreesOfFreedom.isFinite else { return nil }
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(X > x); 1 for x ≤ 0.
  ///
  /// Q(ν/2, x/2) by the series of DLMF 8.7.1 below the mean and the continued fraction 8.9.2 above it.
  public func tail(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    if x <= 0 { return 1 }
    if x == .infinity { return 0 }
    let a = degreesOfFreedom / 2
    let z = x / 2
    return z < a + 1 ? 1 - lowerSeries(a, z) : upperFraction(a, z)
  }

  /// The x with P(X ≤ x) = `probability`, by bisection; NaN outside 0…1.
  public func quantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    if probability == 0 { return 0 }
    if probability == 1 { return .infinity }
    var low = 0.0
    var high = max(1, degreesOfFreedom)
    while tail(high) > 1 - probability { high *= 2 }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return high }
      if tail(middle) > 1 - probability { low = middle } else { high = middle }
    }
  }

  private func lowerSeries(_ a: Double, _ z: Double) -> Double {
    var term = 1 / a
    var sum = term
    var n = a
    for _ in 0..<100_000 {
      n += 1
      term *= z / n
      sum += term
      if term < sum * 1e-17 { break }
    }
    return sum * front(a, z)
  }

  private func upperFraction(_ a: Double, _ z: Double) -> Double {
    let tiny = 1e-300
    var b = z + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var value = d
    for i in 1..<100_000 {
      let an = -Double(i) * (Double(i) - a)
      b += 2
      d = an * d + b
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = b + an / c
      if abs(c) < tiny { c = tiny }
      value *= d * c
      if abs(d * c - 1) <= 1e-16 { break }
    }
    return value * front(a, z)
  }

  /// z^a e^(−z) / Γ(a).
  private func front(_ a: Double, _ z: Double) -> Double {
    Double.exp(a * Double.log(z) - z - Double.logGamma(a))
  }
}
