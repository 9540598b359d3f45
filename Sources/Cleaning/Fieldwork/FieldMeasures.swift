import CanvassSurvey
import RealModule

/// Whipple's index of digit preference: ages from 23 to 62 that end in 0 or 5, times five, in percent of all
/// ages from 23 to 62. 100 is no preference, 500 is nothing but those ages (Shryock & Siegel 1976).
public enum WhippleIndex {
  /// The index and the number of ages that it rests on; nil where no age lies in the range.
  public static func value(_ ages: some Sequence<Double>) -> (index: Double, count: Int)? {
    var all = 0
    var round = 0
    for age in ages where age >= 23 && age < 63 {
      all += 1
      if Int(age) % 5 == 0 { round += 1 }
    }
    return all == 0 ? nil : (500 * Double(round) / Double(all), all)
  }
}

/// A share with its Wilson interval (Wilson 1927), which stays within 0 and 1 and has a width at 0 and 1.
public struct ShareInterval: Sendable, Hashable {
  /// The share.
  public let share: Double
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double

  /// The share of `count` in `total` with its interval at 95 %; nil for nothing of nothing.
  public init?(_ count: Int, of total: Int) {
    guard total > 0 else { return nil }
    let z = 1.959_963_984_540_054
    let n = Double(total)
    let p = Double(count) / n
    let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    share = p
    low = count == 0 ? 0 : middle - half
    high = count == total ? 1 : middle + half
  }
}

/// What the middle of some numbers is and which of them lie far out (Tukey 1977: beyond the quartiles by more
/// than one and a half times their distance; of durations, on the scale of their logarithms).
struct Spread {
  /// The median.
  let median: Double
  /// The numbers that do not lie far out.
  let inside: ClosedRange<Double>

  /// The spread of positive numbers; nil where there are fewer than four.
  init?(ofPositive values: [Double]) {
    let sorted = values.filter { $0 > 0 }.sorted()
    guard sorted.count >= 4 else { return nil }
    let logs = sorted.map { Double.log($0) }
    median = Double.exp(Spread.quantile(0.5, of: logs))
    let (first, third) = (Spread.quantile(0.25, of: logs), Spread.quantile(0.75, of: logs))
    inside =
      Double.exp(first - 1.5 * (third - first))...Double.exp(third + 1.5 * (third - first))
  }

  /// Linear interpolation between order statistics (Hyndman & Fan's type 7).
  static func quantile(_ p: Double, of sorted: [Double]) -> Double {
    let place = p * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}

/// A point on the globe.
struct GlobePoint {
  let latitude: Double
  let longitude: Double

  /// Kilometres to another point on a sphere of 6,371 km (haversine).
  func kilometres(to other: GlobePoint) -> Double {
    let radian = Double.pi / 180
    let up = Double.sin((other.latitude - latitude) * radian / 2)
    let across = Double.sin((other.longitude - longitude) * radian / 2)
    let h =
      up * up + Double.cos(latitude * radian) * Double.cos(other.latitude * radian) * across
      * across
    return 2 * 6_371 * Double.asin(min(1, h.squareRoot()))
  }
}
