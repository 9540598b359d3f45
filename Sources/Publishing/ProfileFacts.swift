import CanvassScoring
import CanvassSurvey

/// The released rows as profiles look them up; nothing is estimated here.
struct ProfileFacts {
  /// The units at the headline node, in the order of the rows.
  let units: [ScoreRow]
  /// The chart of the parts of the index, all on one axis.
  let chart: DotAndWhisker?
  /// What a unit is held against: all respondents where the survey knows them, else the median unit.
  let comparisonHead: LocalizedText
  let comparisonTitle: LocalizedText

  private let scores: [String: [String: ScoreRow]]
  private let indicators: [String: [String: IndicatorRow]]
  private let comparisons: [String: ScoreRow]
  private let rows: ReleasedRows
  private let alike: [String: Int]
  private let others: Int?
  private let unitGroups: [String: UnitGroups]
  private let partMarks: [String: [(value: Double, style: String)]]
  private let items: [OutlineNode]

  /// A node of one unit as people read it.
  struct Line {
    var value = LocalizedText(en: "–")
    var interval = LocalizedText(en: "")
    var respondents: Int?
    /// The number of the whole country, with a sign where the unit lies clearly above or below it.
    var comparison = LocalizedText(en: "")
  }

  init(_ content: ReportContent) {
    rows = content.rows
    units = rows.units(node: content.headline.id)
    var scores: [String: [String: ScoreRow]] = [:]
    for row in rows.scores where row.domain.isEmpty {
      scores[row.unit, default: [:]][row.node] = row
    }
    self.scores = scores
    var indicators: [String: [String: IndicatorRow]] = [:]
    for row in rows.indicators where row.domain.isEmpty {
      indicators[row.unit, default: [:]][row.indicator] = row
    }
    self.indicators = indicators
    let national = scores[NationalNumber.survey.rawValue]
    let median = scores[NationalNumber.medianOfUnits.rawValue] ?? [:]
    comparisons = national ?? median
    comparisonTitle = (national == nil ? NationalNumber.medianOfUnits : .survey).title
    comparisonHead =
      national == nil
      ? LocalizedText(en: "Median", vi: "Trung vị") : LocalizedText(en: "Country", vi: "Cả nước")
    items = content.outline.filter(\.isLeaf)
    if let assessment = rows.ranks?[content.headline.id] {
      var alike: [String: Int] = [:]
      for unit in assessment.field.units { alike[unit] = 0 }
      for pair in assessment.intervals.indistinguishable {
        alike[assessment.field.units[pair.first], default: 0] += 1
        alike[assessment.field.units[pair.second], default: 0] += 1
      }
      self.alike = alike
      others = assessment.field.units.count - 1
    } else {
      alike = [:]
      others = nil
    }
    var groups: [String: UnitGroups] = [:]
    var marks: [String: [(value: Double, style: String)]] = [:]
    var drawn: [ScoreRow] = []
    for node in content.outline where node.depth == 1 {
      let units = rows.units(node: node.id)
      drawn += units
      groups[node.id] = UnitGroups(rows, node: node.id, titles: content.groupTitles)
      marks[node.id] =
        [(median[node.id]?.score, "w"), (units.compactMap(\.score).max(), "best")]
        .compactMap { value, style in value.map { ($0, style) } }
    }
    unitGroups = groups
    partMarks = marks
    chart = DotAndWhisker(drawn)
  }

  /// How many of how many other units a unit cannot be told apart from.
  func company(of unit: String) -> (alike: Int, others: Int)? {
    guard let count = alike[unit], let others else { return nil }
    return (count, others)
  }

  func score(_ node: String, of unit: String) -> ScoreRow? { scores[unit]?[node] }

  func groups(_ node: String) -> UnitGroups {
    unitGroups[node] ?? UnitGroups(rows, node: node, titles: [:])
  }

  /// Where the median and the best unit lie.
  func marks(_ node: String) -> [(value: Double, style: String)] { partMarks[node] ?? [] }

  /// A node of a unit: shares in whole percent, other items on their own scale where the whole country
  /// has a number on it, all else as scores.
  func line(_ node: OutlineNode, of unit: String) -> Line {
    var line = Line()
    let row = scores[unit]?[node.id]
    let sign = row.map { clearance($0) }.map { $0 > 0 ? " ▲" : $0 < 0 ? " ▼" : "" } ?? ""
    let national = indicators[NationalNumber.survey.rawValue]?[node.id]?.estimate
    if let item = indicators[unit]?[node.id], let national {
      let isShare = item.statistic == "share"
      func text(_ value: Double) -> LocalizedText {
        isShare
          ? LocalizedText(en: FixedNumber.text(value * 100, decimals: 0) + "%")
          : FixedNumber.localized(value, decimals: 2)
      }
      line.respondents = item.respondents
      line.comparison = text(national).followed(by: sign)
      line.show(item.estimate, item.interval, item.status, text)
    } else if let row {
      func text(_ value: Double) -> LocalizedText { FixedNumber.localized(value, decimals: 2) }
      line.respondents = row.respondents
      line.comparison =
        comparisons[node.id]?.score.map { text($0).followed(by: sign) } ?? LocalizedText(en: "")
      line.show(row.score, row.interval, row.status, text)
    }
    return line
  }

  /// The items that lie most clearly above and below the comparison, three at most of each; nil where no
  /// item of the unit has an interval.
  func clearItems(of unit: String) -> (strengths: [OutlineNode], weaknesses: [OutlineNode])? {
    let measured = items.filter { scores[unit]?[$0.id]?.interval != nil }
    guard !measured.isEmpty else { return nil }
    let clear = measured.enumerated().map { place, item in
      (place: place, item: item, by: scores[unit]?[item.id].map { clearance($0) } ?? 0)
    }
    let best = clear.filter { $0.by > 0 }.sorted { ($1.by, $0.place) < ($0.by, $1.place) }
    let worst = clear.filter { $0.by < 0 }.sorted { ($0.by, $0.place) < ($1.by, $1.place) }
    return (best.prefix(3).map(\.item), worst.prefix(3).map(\.item))
  }

  /// How far the near end of an interval lies above (positive) or below the comparison, on the scale of
  /// scores; 0 where the interval holds it.
  private func clearance(_ row: ScoreRow) -> Double {
    guard let bounds = row.interval, let other = comparisons[row.node]?.score else { return 0 }
    if bounds.lowerBound > other { return bounds.lowerBound - other }
    return bounds.upperBound < other ? bounds.upperBound - other : 0
  }
}

extension LocalizedText {
  fileprivate func followed(by sign: String) -> LocalizedText {
    LocalizedText(en: en + sign, vi: vi + sign)
  }

  fileprivate func joined(_ sign: String, _ other: LocalizedText) -> LocalizedText {
    LocalizedText(en: en + sign + other.en, vi: vi + sign + other.vi)
  }
}

extension ProfileFacts.Line {
  /// The number with its interval, or in words why there is none.
  fileprivate mutating func show(
    _ number: Double?, _ bounds: ClosedRange<Double>?, _ status: CellStatus,
    _ text: (Double) -> LocalizedText
  ) {
    guard let number else {
      interval = Phrase.status(status)
      return
    }
    value = text(number)
    if let bounds { interval = text(bounds.lowerBound).joined("–", text(bounds.upperBound)) }
  }
}
