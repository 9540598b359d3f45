import CanvassSurvey

/// A score as a dot on the line of its interval: row by row in tables, and all units in one figure.
struct DotAndWhisker {
  let scale: LinearScale

  /// The axis that holds the rows' scores and intervals; nil where none has a score.
  init?(_ rows: [ScoreRow], and others: [Double] = []) {
    let values = rows.flatMap { row in
      [row.score, row.interval?.lowerBound, row.interval?.upperBound].compactMap(\.self)
    }
    guard let scale = LinearScale(values + others) else { return nil }
    self.scale = scale
  }

  /// The scale for a table's head.
  func axis(_ markup: Markup) -> String {
    let marks = scale.ticks.map { tick in
      "<i style=\"left:\(place(tick))\">\(markup.number(tick, scale.decimals))</i>"
    }
    return "<span class=\"axis\" aria-hidden=\"true\">\(marks.joined())</span>"
  }

  /// The lines at the ticks, behind the drawings of a table: an attribute for the table.
  var grid: String {
    let step = FixedNumber.text(100 / Double(scale.ticks.count - 1), decimals: 4)
    return " style=\"--step:\(step)%\""
  }

  /// A row's interval and score, and ticks where others lie; the numbers stand beside it, so readers by
  /// ear are spared it.
  func drawing(_ row: ScoreRow, step: Int, others: [(value: Double, style: String)] = []) -> String
  {
    guard let score = row.score else { return "" }
    var parts = ""
    for other in others {
      parts += "<line class=\"\(other.style)\" x1=\"\(place(other.value))\" "
      parts += "x2=\"\(place(other.value))\" y1=\"4\" y2=\"20\"/>"
    }
    if let interval = row.interval {
      parts += "<line class=\"w\" x1=\"\(place(interval.lowerBound))\" "
      parts += "x2=\"\(place(interval.upperBound))\" y1=\"12\" y2=\"12\"/>"
    }
    parts += "<circle class=\"p q\(step)\" cx=\"\(place(score))\" cy=\"12\" r=\"4.5\"/>"
    return "<svg class=\"whisker\" aria-hidden=\"true\">\(parts)</svg>"
  }

  private func place(_ value: Double) -> String {
    FixedNumber.text(max(0, 3 + 94 * scale.share(value)), decimals: 1) + "%"
  }

  /// All units of a node under their groups.
  static func figure(_ rows: ReleasedRows, node: ReportNode, groups: UnitGroups) -> Figure? {
    let units = rows.inReadingOrder(node: node.id)
    guard let chart = DotAndWhisker(units) else { return nil }
    let (left, right, line) = (170.0, 620.0, 16.0)
    func place(_ value: Double) -> Double { left + (right - left) * chart.scale.share(value) }
    var marks: [Figure.Mark] = [
      .text(node.title, x: 8, y: 14, width: 90, style: "start strong large")
    ]
    var y = 46.0
    var group: String??
    var drawn: [Figure.Mark] = []
    for row in units {
      if group != .some(row.group), !groups.names.isEmpty {
        group = .some(row.group)
        y += 6
        drawn.append(
          .text(
            row.group.map { groups.title($0) } ?? Phrase.noGroup, x: 8, y: y, width: 60,
            style: "start strong"))
        y += line
      }
      drawn.append(.text(row.unitName, x: left - 12, y: y, width: 28, style: "end"))
      if let score = row.score {
        if let interval = row.interval {
          drawn.append(
            .line(
              x1: place(interval.lowerBound), y1: y, x2: place(interval.upperBound), y2: y,
              style: "w"))
        }
        drawn.append(
          .dot(x: place(score), y: y, radius: 4, style: "p q\(groups.step(of: row) ?? 3)"))
        drawn.append(
          .text(
            FixedNumber.localized(score, decimals: 2), x: right + 50, y: y, width: 12,
            style: "end"))
      } else {
        drawn.append(
          .text(Phrase.status(row.status), x: left, y: y, width: 60, style: "start pale"))
      }
      y += line
    }
    for tick in chart.scale.ticks {
      marks.append(
        .text(
          FixedNumber.localized(tick, decimals: chart.scale.decimals), x: place(tick), y: 34,
          width: 12, style: "pale"))
      marks.append(.line(x1: place(tick), y1: 42, x2: place(tick), y2: y - 6, style: "g"))
    }
    return Figure(title: node.title, width: right + 60, height: y + 4, marks: marks + drawn)
  }
}
