/// The common axis of a table and the drawing of an interval on it, as inline SVG.
struct Whisker {
  /// The ends of the axis.
  let range: ClosedRange<Double>
  /// Its ticks, in rising order.
  let ticks: [Double]
  private let decimals: Int

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

  /// The scale for a table's head.
  func axis(_ markup: Markup) -> String {
    let marks = ticks.map { tick in
      "<i style=\"left:\(place(tick))\">\(markup.number(tick, decimals))</i>"
    }
    return "<span class=\"axis\" aria-hidden=\"true\">\(marks.joined())</span>"
  }

  /// A row's interval and score; the numbers stand beside it, so readers by ear are spared it.
  func drawing(score: Double, interval: ClosedRange<Double>?, shape: Int) -> String {
    var parts = ticks.map {
      "<line class=\"g\" x1=\"\(place($0))\" x2=\"\(place($0))\" y1=\"0\" y2=\"24\"/>"
    }
    if let interval {
      let low = place(interval.lowerBound)
      let high = place(interval.upperBound)
      parts.append("<line class=\"w\" x1=\"\(low)\" x2=\"\(high)\" y1=\"12\" y2=\"12\"/>")
      parts.append("<line class=\"w\" x1=\"\(low)\" x2=\"\(low)\" y1=\"8\" y2=\"16\"/>")
      parts.append("<line class=\"w\" x1=\"\(high)\" x2=\"\(high)\" y1=\"8\" y2=\"16\"/>")
    }
    parts.append("<circle class=\"p s\(shape)\" cx=\"\(place(score))\" cy=\"12\" r=\"4.5\"/>")
    return "<svg class=\"whisker\" aria-hidden=\"true\" focusable=\"false\">"
      + parts.joined() + "</svg>"
  }

  private func place(_ value: Double) -> String {
    let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return FixedNumber.text(max(0, 3 + 94 * share), decimals: 2) + "%"
  }
}
