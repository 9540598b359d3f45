public import CanvassScoring
public import CanvassSurvey

/// The one gate through which every published number passes.
///
/// Two different reasons empty a cell (`docs/method/publication.md`). It is *unreliable*: too few
/// respondents or sampling units, too wide an interval; then its n stays. Or it is *confidential*: a
/// sensitive node rests on too few, a sensitive share lies at an end, a decision withholds it, or another
/// confidential number would follow from it; then n, degrees of freedom and design effect go too. Ranks
/// and groups are given afterwards, from what is still there, and counts are rounded last.
public struct Gate {
  private var scores: [ScoreRow]
  private var indicators: [IndicatorRow]
  private let rules: GateRules
  private let grouping: Grouping
  private let plan: DisclosurePlan
  private let published: [String: Set<String>]

  /// Decides about the rows of units and of all respondents.
  ///
  /// - Fewer respondents or sampling units than the minimum, fewer than 1 degree of freedom, an interval
  ///   wider than the widest: number, standard error, interval and design effect go, n stays.
  /// - No variation (a standard error of 0, or of rounding noise below 1e-12 of the estimate):
  ///   standard error and interval go, status `no variation`. An interval of width 0 claims too much.
  /// - Numbers that are not finite are taken out like missing ones.
  ///
  /// - Parameter former: what the release that this one replaces has shown.
  /// - Throws: `disclosure` where a confidential number cannot be kept from following from the others.
  public init(
    scores: [ScoreRow], indicators: [IndicatorRow], rules: GateRules,
    grouping: Grouping, former: FormerCells = .none
  ) throws(Diagnostic) {
    self.rules = rules
    self.grouping = grouping
    var scores = scores
    var indicators = indicators
    // A leaf stands in both files: what one of its rows is, the other is too.
    var statuses: [ReleaseCell: CellStatus] = [:]
    let withheld = Set(
      rules.decisions.flatMap { decision in decision.nodes.map { [decision.unit, $0] } })
    for index in indicators.indices {
      let cell = indicators[index].cell
      indicators[index].pass(rules, isSensitive: rules.nodes[cell.node]?.isSensitive == true)
      let row = indicators[index]
      // Published figures have no score row to decide with.
      if row.status.isConfidential || row.status == .suppressed { statuses[cell] = row.status }
    }
    for index in scores.indices {
      let cell = scores[index].cell
      if withheld.contains([cell.unit, cell.node]) { scores[index].status = .withheld }
      scores[index].pass(rules, indicator: statuses[cell])
      if rules.nodes[cell.node]?.isSensitive == true, scores[index].status.allowsNumber,
        former.difference(
          cell, value: scores[index].score, respondents: scores[index].respondents,
          below: rules.minimumRespondents)
      {
        scores[index].status = .confidential
      }
      statuses[cell] = scores[index].status
    }
    plan = try DisclosurePlan(scores: scores, statuses: statuses, rules: rules, former: former)
    for index in scores.indices { scores[index].close(plan, statuses[scores[index].cell]) }
    for index in indicators.indices {
      indicators[index].close(plan, statuses[indicators[index].cell])
    }
    self.scores = scores
    self.indicators = indicators
    var published: [String: Set<String>] = [:]
    for row in scores where row.isUnit && row.domain.isEmpty && row.score != nil {
      published[row.node, default: []].insert(row.unit)
    }
    self.published = published
  }

  /// The whole units whose number at a node is published: means, medians and ranks use these alone.
  public func publishedUnits(_ node: String) -> Set<String> {
    published[node] ?? []
  }

  /// The rows as they may be seen, ranked, grouped and in the order of the release.
  ///
  /// Ranks and groups compare scores of units at the same node and domain, unrounded unless the rules say
  /// otherwise; national rows have no rank, and a group only by fixed cuts. Rows come out as whole units, then units by domain, then national numbers; within
  /// each, units, domains and nodes keep the order in which they were first given.
  ///
  /// - Parameter national: numbers made of published units' scores.
  public func release(adding national: [ScoreRow] = []) -> ReleasedRows {
    var scores =
      national.map { row in
        var row = row
        row.pass(rules, indicator: nil)
        row.close(plan, row.status)
        return row
      } + scores
    Self.rank(&scores, rules, grouping)
    var indicators = indicators
    if let base = rules.roundCounts {
      for index in scores.indices { scores[index].round(to: base) }
      for index in indicators.indices { indicators[index].round(to: base) }
    }
    let scoreKeys = RowOrder.keys(scores.map { ($0.isUnit, $0.unit, $0.domain, $0.node) })
    scores = RowOrder.sorted(scores, by: scoreKeys)
    let indicatorKeys = RowOrder.keys(
      indicators.map { (!$0.isNational, $0.unit, $0.domain, $0.indicator) })
    indicators = RowOrder.sorted(indicators, by: indicatorKeys)
    return ReleasedRows(
      scores: scores, indicators: indicators, rules: rules,
      tally: GateTally(scores: scores, indicators: indicators, plan: plan))
  }

  /// Decides and releases at once, where no number is made of published ones.
  public static func pass(
    scores: [ScoreRow], indicators: [IndicatorRow], rules: GateRules,
    grouping: Grouping, former: FormerCells = .none
  ) throws(Diagnostic) -> ReleasedRows {
    try Gate(
      scores: scores, indicators: indicators, rules: rules, grouping: grouping, former: former
    ).release()
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
        if rules.publishesRanks { rows[index].rank = ranks[position] }
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
