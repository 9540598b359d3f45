/// What the variances of many statistics need of their replicates, so that the replicates themselves need not
/// be kept.
///
/// For each statistic: the number of replicates with a value, and Σ c, Σ c d, Σ c d² and the sum and number of
/// d where c > 0, with d the deviation from the whole sample's value.
public struct ReplicateMoments: Sendable, Hashable {
  private struct Sums: Sendable, Hashable {
    var known = 0
    var used = 0.0
    var deviations = 0.0
    var coefficients = 0.0
    var products = 0.0
    var squares = 0.0
  }

  /// The statistics in the whole sample, NaN where one has no value.
  public let estimates: [Double]
  private var sums: [Sums]

  /// No replicates yet.
  public init(_ estimates: [Double]) {
    self.estimates = estimates
    sums = [Sums](repeating: Sums(), count: estimates.count)
  }

  /// Adds one replicate; NaN is a statistic without value.
  public mutating func add(_ values: [Double], coefficient: Double) {
    for index in values.indices {
      let deviation = values[index] - estimates[index]
      guard deviation.isFinite else { continue }
      sums[index].known += 1
      if coefficient > 0 {
        sums[index].used += 1
        sums[index].deviations += deviation
      }
      sums[index].coefficients += coefficient
      sums[index].products += coefficient * deviation
      sums[index].squares += coefficient * deviation * deviation
    }
  }

  /// Adds what others added.
  public mutating func formUnion(_ other: ReplicateMoments) {
    for index in sums.indices {
      sums[index].known += other.sums[index].known
      sums[index].used += other.sums[index].used
      sums[index].deviations += other.sums[index].deviations
      sums[index].coefficients += other.sums[index].coefficients
      sums[index].products += other.sums[index].products
      sums[index].squares += other.sums[index].squares
    }
  }

  /// The variance of a statistic, by the rules of ``Replicates/variance(of:estimate:)``.
  public func variance(_ index: Int, _ replicates: Replicates) -> Double? {
    let sums = sums[index]
    guard sums.known > 1,
      Double(replicates.count - sums.known) <= 0.05 * Double(replicates.count)
    else { return nil }
    let center =
      replicates.center == .mean && sums.used > 0 ? sums.deviations / sums.used : 0
    let sum = sums.squares - 2 * center * sums.products + center * center * sums.coefficients
    // Rounding may leave a variance of 0 a little below it.
    return replicates.scale * max(0, sum)
  }
}
