import RealModule

/// The standard normal distribution.
public enum NormalDistribution {
  /// P(X ≤ x) = erfc(−x/√2) / 2, relatively accurate in both tails.
  public static func cumulative(_ x: Double) -> Double {
    0.5 * Double.erfc(-x * 0.5.squareRoot())
  }

  /// The x with P(X ≤ x) = `probability`; −∞ at 0, ∞ at 1, NaN outside 0…1.
  ///
  /// Newton's steps on the logarithm of the tail from a rational start (Abramowitz & Stegun 26.2.23).
  public static func quantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    let upper = probability > 0.5
    let tail = upper ? 1 - probability : probability
    if tail == 0 { return upper ? .infinity : -.infinity }
    if tail == 0.5 { return 0 }
    let t = (-2 * Double.log(tail)).squareRoot()
    var x =
      t - (2.515517 + t * (0.802853 + t * 0.010328))
      / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    let normalizer = 1 / (2 * Double.pi).squareRoot()
    for _ in 0..<50 {
      let density = normalizer * Double.exp(-0.5 * x * x)
      let step: Double
      if tail > 0.25 {
        // Near the centre the tail's logarithm is flat; the area from 0 to x is exact there.
        let area = 0.5 * Double.erf(x * 0.5.squareRoot())
        step = (area - (0.5 - tail)) / density
      } else {
        let current = cumulative(-x)
        step = -Double.log(current / tail) * current / density
      }
      x -= step
      if abs(step) <= 1e-15 * abs(x) { break }
    }
    return upper ? x : -x
  }
}
