/// An axis from values to places along a drawing.
struct LinearScale {
  /// The ends of the axis.
  let range: ClosedRange<Double>
  /// Its ticks, in rising order.
  let ticks: [Double]
  /// Decimals that tell one tick from the next.
  let decimals: Int

  /// An axis that holds all values, with 3 to 7 ticks at 1, 2 or 5 times a power of ten; nil without
  /// values.
  init?(_ values: [Double]) {
    guard let low = values.min(), let high = values.max() else { return nil }
    let span = max(high - low, max(abs(high), 1) * 1e-6)
    var power = 1.0
    while power > span { power /= 10 }
    while power * 10 <= span { power *= 10 }
    let steps = [power / 5, power / 2, power, power * 2]
    let step = steps.first { span / $0 <= 5 } ?? power * 2
    let first = (low / step).rounded(.down)
    let last = max((high / step).rounded(.up), first + 1)
    range = first * step...last * step
    ticks = (0...Int(last - first)).map { (first + Double($0)) * step }
    var decimals = 0
    var unit = step
    while unit < 0.999, decimals < 6 {
      unit *= 10
      decimals += 1
    }
    self.decimals = decimals
  }

  /// Where a value lies: 0 the low end, 1 the high end.
  func share(_ value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }
}
