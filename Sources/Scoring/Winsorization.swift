/// Skewness and kurtosis of plain numbers, unbiased under normality.
public enum Moments {
  /// G₁ = n √(n − 1) / (n − 2) · Σ d³ / (Σ d²)^(3/2), d = x − mean; NaN for n < 3 or no variation.
  ///
  /// Joanes & Gill 1998, type 2.
  public static func skewness(_ values: [Double]) -> Double {
    let n = Double(values.count)
    let (second, third, _) = sums(values)
    guard n > 2, second > 0 else { return .nan }
    return n * (n - 1).squareRoot() / (n - 2) * third / (second * second.squareRoot())
  }

  /// G₂ = n (n + 1) (n − 1) / ((n − 2)(n − 3)) · Σ d⁴ / (Σ d²)² − 3 (n − 1)² / ((n − 2)(n − 3)); NaN for
  /// n < 4 or no variation.
  ///
  /// Joanes & Gill 1998, type 2.
  public static func excessKurtosis(_ values: [Double]) -> Double {
    let n = Double(values.count)
    let (second, _, fourth) = sums(values)
    guard n > 3, second > 0 else { return .nan }
    let below = (n - 2) * (n - 3)
    return n * (n + 1) * (n - 1) / below * fourth / (second * second)
      - 3 * (n - 1) * (n - 1) / below
  }

  private static func sums(_ values: [Double]) -> (Double, Double, Double) {
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    var (second, third, fourth) = (0.0, 0.0, 0.0)
    for value in values {
      let square = (value - mean) * (value - mean)
      second += square
      third += square * (value - mean)
      fourth += square * square
    }
    return (second, third, fourth)
  }
}

/// The bounds beyond which values are outliers by the rule of skewness and kurtosis.
///
/// As long as |skewness| > 2 and excess kurtosis > 3.5, one more of the values at the long end, up to five,
/// takes the value of the next one inwards (Becker, Saisana, Paruolo & Vandecasteele 2017; COINr's
/// `winsorise`, thresholds 2, 3.5 and 5).
public struct Winsorization: Sendable, Hashable {
  /// Most values that are moved.
  public static let most = 5

  /// Values below count as this.
  public let lower: Double?
  /// Values above count as this.
  public let upper: Double?
  /// Whether the moved values satisfy the rule.
  public let isSatisfied: Bool

  /// The bounds for `values`, in any order.
  public init(_ values: [Double]) {
    let sorted = values.sorted()
    var moved = sorted
    var (lower, upper): (Double?, Double?) = (nil, nil)
    var count = 0
    func isOutlying() -> Bool {
      abs(Moments.skewness(moved)) > 2 && Moments.excessKurtosis(moved) > 3.5
    }
    while isOutlying(), count < min(Self.most, sorted.count - 1) {
      count += 1
      // The end is chosen anew each time, and always starts from the values as they came.
      let isLongAbove = Moments.skewness(moved) > 0
      moved = sorted
      if isLongAbove {
        let bound = sorted[sorted.count - 1 - count]
        (lower, upper) = (nil, bound)
        for index in (sorted.count - count)..<sorted.count { moved[index] = bound }
      } else {
        let bound = sorted[count]
        (lower, upper) = (bound, nil)
        for index in 0..<count { moved[index] = bound }
      }
    }
    self.lower = lower
    self.upper = upper
    isSatisfied = !isOutlying()
  }
}
