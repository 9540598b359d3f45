import RealModule

/// Student's t distribution with any positive, also fractional, degrees of freedom.
///
/// Tails come from the incomplete beta function P(T > t) = I_{ν/(ν+t²)}(ν/2, 1/2) / 2 by its continued
/// fraction (DLMF 8.17.22, Lentz's method), above 10⁴ degrees of freedom from the normal deviate that Hill
/// (1970, Algorithm 395) gives for t, which is exact to rounding there; quantiles from bracketed Newton
/// steps. Relative error below 1e-12. Infinite degrees of freedom give the normal distribution.
public struct StudentT: Sendable, Hashable {
  /// Degrees of freedom, above 0.
  public let degreesOfFreedom: Double

  /// The distribution, or nil where `degreesOfFreedom` is not above 0.
  public init?(degreesOfFreedom: Double) {
    guard degreesOfFreedom > 0 else { return nil }
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(T ≤ t).
  public func cumulative(_ t: Double) -> Double {
    if t.isNaN { return .nan }
    return t <= 0 ? tail(-t) : 1 - tail(t)
  }

  /// The t with P(T ≤ t) = `probability`; −∞ at 0, ∞ at 1, NaN outside 0…1.
  public func quantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    if probability == 0.5 { return 0 }
    return probability > 0.5 ? upper(1 - probability) : -upper(probability)
  }

  /// The t that |T| exceeds with probability 1 − `confidence`; NaN unless 0 ≤ confidence ≤ 1.
  public func criticalValue(confidence: Double) -> Double {
    guard confidence >= 0, confidence <= 1 else { return .nan }
    return confidence == 0 ? 0 : upper((1 - confidence) / 2)
  }

  /// P(T > t) for t ≥ 0.
  func tail(_ t: Double) -> Double {
    if isNearlyNormal { return NormalDistribution.cumulative(-normalDeviate(t)) }
    return isFar(t) ? 0.5 * farBeta(t) : 0.5 - 0.5 * nearBeta(t)
  }

  /// P(0 < T ≤ t) for t ≥ 0, relatively accurate near 0.
  private func area(_ t: Double) -> Double {
    if isNearlyNormal { return 0.5 * Double.erf(normalDeviate(t) * 0.5.squareRoot()) }
    return isFar(t) ? 0.5 - 0.5 * farBeta(t) : 0.5 * nearBeta(t)
  }

  private var isNearlyNormal: Bool { degreesOfFreedom > 1e4 }

  /// The normal deviate with the tail probability of t, for many degrees of freedom.
  private func normalDeviate(_ t: Double) -> Double {
    let nu = degreesOfFreedom
    if nu == .infinity { return t }
    let a = nu - 0.5
    let b = 48 * a * a
    let y = a * Double.log(onePlus: t * (t / nu))
    let second = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b)
    return ((second + y + 3) / b + 1) * y.squareRoot()
  }

  /// Whether the continued fraction converges fast in ν/(ν+t²) rather than in t²/(ν+t²).
  private func isFar(_ t: Double) -> Bool {
    let nu = degreesOfFreedom
    return 1 / (1 + t * (t / nu)) < (nu / 2 + 1) / (nu / 2 + 2.5)
  }

  /// I_{ν/(ν+t²)}(ν/2, 1/2).
  private func farBeta(_ t: Double) -> Double {
    let nu = degreesOfFreedom
    return prefactor(t) * (2 / nu)
      * IncompleteBeta.fraction(nu / 2, 0.5, 1 / (1 + t * (t / nu)))
  }

  /// I_{t²/(ν+t²)}(1/2, ν/2).
  private func nearBeta(_ t: Double) -> Double {
    let scaled = t * (t / degreesOfFreedom)
    return prefactor(t) * 2
      * IncompleteBeta.fraction(0.5, degreesOfFreedom / 2, scaled / (1 + scaled))
  }

  /// x^a (1 − x)^b / B(a, b) with a = ν/2, b = 1/2, x = ν/(ν+t²).
  private func prefactor(_ t: Double) -> Double {
    let nu = degreesOfFreedom
    let scaled = t * (t / nu)
    let logPower: Double
    let root: Double
    if scaled == .infinity {
      logPower = 2 * Double.log(t / nu.squareRoot())
      root = 1
    } else {
      logPower = Double.log(onePlus: scaled)
      root = t / nu.squareRoot() / (1 + scaled).squareRoot()
    }
    return Double.exp(-0.5 * nu * logPower) * root * StudentT.gammaRatio(nu / 2)
      / Double.pi.squareRoot()
  }

  private func density(_ t: Double) -> Double {
    let nu = degreesOfFreedom
    return StudentT.gammaRatio(nu / 2) / (Double.pi * nu).squareRoot()
      * Double.exp(-0.5 * (nu + 1) * Double.log(onePlus: t * (t / nu)))
  }

  /// The t ≥ 0 with P(T > t) = `probability` ≤ 1/2.
  private func upper(_ probability: Double) -> Double {
    if probability <= 0 { return .infinity }
    if degreesOfFreedom == .infinity { return -NormalDistribution.quantile(probability) }
    let central = probability > 0.25
    // Above 0 where t is too large.
    func excess(_ t: Double) -> Double {
      central
        ? area(t) / (0.5 - probability) - 1 : -Double.log(tail(t) / probability)
    }
    var low = 0.0
    var high = max(1, -NormalDistribution.quantile(probability))
    while high < .greatestFiniteMagnitude / 4, excess(high) < 0 {
      low = high
      high *= 2
    }
    var t = low > 0 ? (low + high) / 2 : high / 2
    for _ in 0..<2000 {
      let value = excess(t)
      if value == 0 { return t }
      if value > 0 { high = t } else { low = t }
      let slope = central ? density(t) / (0.5 - probability) : density(t) / tail(t)
      var next = t - value / slope
      if !(next > low && next < high) { next = low + (high - low) / 2 }
      if abs(next - t) <= 2e-16 * abs(next) || next == low && next == high { return next }
      t = next
    }
    return t
  }

  /// Γ(a + 1/2) / Γ(a): its expansion at a ≥ 50 (DLMF 5.11.13), brought down by the recurrence.
  static func gammaRatio(_ start: Double) -> Double {
    var a = start
    var factor = 1.0
    while a < 50 {
      factor *= a / (a + 0.5)
      a += 1
    }
    let r = 1 / a
    let series =
      1 + r
      * (-1.0 / 8 + r
        * (1.0 / 128 + r
          * (5.0 / 1024 + r * (-21.0 / 32768 + r * (-399.0 / 262144 + r * 869.0 / 4_194_304)))))
    return factor * a.squareRoot() * series
  }
}
