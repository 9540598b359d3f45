/// Estimates of the same number from several completed copies of the data, combined by Rubin's rules.
///
/// θ̄ is their mean, W the mean of their variances, B the variance between them with divisor m − 1, and
/// T = W + (1 + 1/m) B. Source: Rubin 1987, Multiple Imputation for Nonresponse in Surveys, ch. 3.
public struct MultipleImputation: Sendable, Hashable {
  /// The combined estimate θ̄.
  public let estimate: Double
  /// Its variance T.
  public let variance: Double
  /// Degrees of freedom of its interval; infinite where the copies agree.
  public let degreesOfFreedom: Double

  /// Combines at least two copies; nil for fewer.
  ///
  /// Without `completeDegrees` ν = (m − 1)(1 + 1/r)², r = (1 + 1/m) B/W. With the degrees of freedom that
  /// complete data would have, 1/ν + 1/ν_obs with ν_obs = (ν_c + 1)/(ν_c + 3) · ν_c · W/(W + B) as R mitools
  /// has it (Barnard & Rubin 1999, Biometrika 86, 948–955, write W/T).
  public init?(
    _ copies: [(estimate: Double, variance: Double)], completeDegrees: Double? = nil
  ) {
    guard copies.count > 1 else { return nil }
    let m = Double(copies.count)
    let mean = copies.reduce(0) { $0 + $1.estimate } / m
    let within = copies.reduce(0) { $0 + $1.variance } / m
    var between = 0.0
    for copy in copies { between += (copy.estimate - mean) * (copy.estimate - mean) }
    between /= m - 1
    let ratio = (1 + 1 / m) * between / within
    let large = (m - 1) * (1 + 1 / ratio) * (1 + 1 / ratio)
    estimate = mean
    variance = within + (1 + 1 / m) * between
    if let completeDegrees {
      let observed =
        (completeDegrees + 1) / (completeDegrees + 3) * completeDegrees * within
        / (within + between)
      degreesOfFreedom = 1 / (1 / large + 1 / observed)
    } else {
      degreesOfFreedom = large
    }
  }
}
