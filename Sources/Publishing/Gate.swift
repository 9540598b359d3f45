public import CanvassScoring

/// The one gate through which every published number passes.
///
/// Two reasons blank a cell here (`docs/method`, "Before publishing"): it is unreliable (too few
/// respondents), or its standard error would not be honest (one sampling unit, no variation). Ranks and
/// groups are given afterwards, from what is still there.
public enum Gate {
  /// The rows as they may be seen, ranked, grouped and in the order of the release.
  ///
  /// - Fewer respondents than the minimum: estimate, standard error, interval and design effect go, n
  ///   stays, status `suppressed`. A node whose own n suffices stands, whatever became of its parts.
  /// - Fewer than two sampling units, or fewer than 1 degree of freedom: standard error, degrees of
  ///   freedom and interval go, the estimate stays, status `one sampling unit`.
  /// - No variation (a standard error of 0, or of rounding noise below 1e-12 of the estimate):
  ///   standard error and interval go, status `no variation`. An interval of width 0 claims too much.
  /// - Numbers that are not finite are taken out like missing ones.
  ///
  /// Ranks and groups compare scores of units at the same node and domain, unrounded unless the rules say
  /// otherwise; national rows have no rank, and a group only by fixed cuts. Rows come out as whole units, then units by domain, then national numbers; within
  /// each, units, domains and nodes keep the order in which they were first given.
  public static func pass(
    scores: [ScoreRow], indicators: [IndicatorRow], rules: GateRules, grouping: Grouping
  ) -> ReleasedRows {
    var scores = scores.map { released($0, rules) }
    var indicators = indicators.map { released($0, rules) }
    rank(&scores, rules, grouping)
    let scoreKeys = RowOrder.keys(
      scores.map { ($0.isUnit, $0.unit, $0.domain, $0.node) })
    scores = RowOrder.sorted(scores, by: scoreKeys)
    let indicatorKeys = RowOrder.keys(
      indicators.map { (!$0.isNational, $0.unit, $0.domain, $0.indicator) })
    indicators = RowOrder.sorted(indicators, by: indicatorKeys)
    return ReleasedRows(
      scores: scores, indicators: indicators, rules: rules,
      tally: GateTally(scores: scores, indicators: indicators))
  }

  private static func released(_ row: ScoreRow, _ rules: GateRules) -> ScoreRow {
    var row = row
    row.rank = nil
    row.rankInterval = nil
    row.simultaneousRankInterval = nil
    row.group = nil
    var cell = Cell(
      estimate: row.score, standardError: row.standardError, degrees: row.degreesOfFreedom,
      interval: row.interval, status: row.status)
    cell.pass(rules, respondents: row.respondents, samplingUnits: nil)
    row.score = cell.estimate
    row.standardError = cell.standardError
    row.degreesOfFreedom = cell.degrees
    row.interval = cell.interval
    row.status = cell.status
    // Why a number has no standard error stays beside it.
    if cell.standardError == nil, cell.estimate == nil || row.standardErrorObstacle == nil {
      row.standardErrorMethod = ""
    }
    return row
  }

  private static func released(_ row: IndicatorRow, _ rules: GateRules) -> IndicatorRow {
    var row = row
    var cell = Cell(
      estimate: row.estimate, standardError: row.standardError, degrees: row.degreesOfFreedom,
      interval: row.interval, status: row.status)
    cell.pass(rules, respondents: row.respondents, samplingUnits: row.samplingUnits)
    row.estimate = cell.estimate
    row.standardError = cell.standardError
    row.degreesOfFreedom = cell.degrees
    row.interval = cell.interval
    row.status = cell.status
    if cell.standardError == nil {
      row.standardErrorMethod = ""
      row.designEffect = nil
    }
    if row.designEffect?.isFinite == false { row.designEffect = nil }
    return row
  }

  private static func rank(
    _ rows: inout [ScoreRow], _ rules: GateRules, _ grouping: Grouping
  ) {
    var fields: [[String]: [Int]] = [:]
    for (index, row) in rows.enumerated() where row.isUnit {
      fields[[row.node, row.domain], default: []].append(index)
    }
    // Each field is ranked on its own, so the order in which the dictionary gives them is no matter.
    for members in fields.values {
      let scores = members.map { rules.compared(rows[$0].score) }
      let ranks = Ranking.ranks(of: scores)
      let groups = grouping.groups(of: scores)
      for (position, index) in members.enumerated() {
        rows[index].rank = ranks[position]
        rows[index].group = groups[position]
      }
    }
    // Fixed cuts say something of a national number too; quartiles are of the units alone.
    guard case .cuts = grouping else { return }
    for index in rows.indices where !rows[index].isUnit {
      rows[index].group = grouping.groups(of: [rules.compared(rows[index].score)])[0]
    }
  }
}

/// The numbers of a row that the gate may take away.
private struct Cell {
  var estimate: Double?
  var standardError: Double?
  var degrees: Double?
  var interval: ClosedRange<Double>?
  var status: CellStatus

  mutating func pass(_ rules: GateRules, respondents: Int?, samplingUnits: Int?) {
    if estimate?.isFinite == false { estimate = nil }
    if !status.allowsNumber { estimate = nil }
    if estimate == nil, status.allowsNumber {
      status = (respondents ?? 0) == 0 ? .noRespondents : .partMissing
    }
    if estimate != nil, !rules.publishes(respondents: respondents) {
      estimate = nil
      status = .suppressed
    }
    guard let value = estimate else {
      standardError = nil
      degrees = nil
      interval = nil
      return
    }
    if standardError?.isFinite == false { standardError = nil }
    if let bounds = interval, !bounds.lowerBound.isFinite || !bounds.upperBound.isFinite {
      interval = nil
    }
    let tooFewUnits = (samplingUnits ?? 2) < 2 || (degrees ?? 1) < 1
    if status == .oneSamplingUnit || tooFewUnits {
      degrees = nil
      standardError = nil
      status = .oneSamplingUnit
    } else if let error = standardError, error <= abs(value) * 1e-12 {
      standardError = nil
      interval = nil
      status = .noVariation
    }
    // A share of exactly 0 or 1 has an exact interval without a standard error.
    if standardError == nil, status != .noVariation { interval = nil }
  }
}

extension CellStatus {
  /// Whether an estimate may stand beside the status.
  var allowsNumber: Bool {
    switch self {
    case .ok, .oneSamplingUnit, .noVariation, .imputed, .formerUnits: true
    case .suppressed, .notSurveyed, .noRespondents, .partMissing, .notPublished, .noPopulation,
      .undefined:
      false
    }
  }
}
