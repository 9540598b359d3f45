public import CanvassCompute

/// How sure it is which unit sets an observed end of a scale.
///
/// A standard error lets the influence of the end go through the unit that sets it. Where sampling error could
/// as well have made another unit the highest, that linearization says too little.
public enum ObservedEnds {
  /// The share of draws θ̂ + e, e from N(0, V), in which another unit than in the estimates is the highest
  /// (or lowest); 0 for fewer than two units.
  public static func shareSetByAnother(
    _ values: [Double], covariance: CovarianceMatrix, highest: Bool, draws: Int = 1000,
    seed: UInt64 = 1
  ) -> Double {
    let sign = highest ? 1.0 : -1.0
    guard values.count > 1,
      let own = values.indices.max(by: { sign * values[$0] < sign * values[$1] })
    else { return 0 }
    let errors = NormalDraws(covariance, count: draws, seed: seed, purpose: 8)
    var others = 0
    for draw in 0..<draws {
      let end = sign * (values[own] + errors[own, draw])
      if values.indices.contains(where: {
        $0 != own && sign * (values[$0] + errors[$0, draw]) > end
      }) {
        others += 1
      }
    }
    return Double(others) / Double(draws)
  }
}
