/// Quantiles of weights or of factors over rows with a positive weight.
public struct WeightQuantiles: Sendable, Hashable {
  /// The probabilities of `values`.
  public static let probabilities = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
  /// The quantiles (Hyndman & Fan's type 7, each row counts once), one for each of `probabilities`.
  public let values: [Double]

  /// Quantiles of numbers in any order; all 0 for none.
  public init(of numbers: [Double]) {
    let sorted = numbers.sorted()
    values = WeightQuantiles.probabilities.map { WeightQuantiles.quantile($0, of: sorted) }
  }

  /// The quantile of type 7 of numbers in rising order; 0 for none.
  static func quantile(_ probability: Double, of sorted: [Double]) -> Double {
    guard let last = sorted.last else { return 0 }
    let position = probability * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
