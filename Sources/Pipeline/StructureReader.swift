import CanvassEstimation
import CanvassScoring
import CanvassSurvey

/// Makes nodes of the lines of an index structure, with located errors.
struct StructureReader {
  /// Rules by level.
  let levels: [String: LevelRules]
  /// Where leaves have their values if they do not say.
  let source: IndexLeaf.Source
  /// Whether there is a table of published values besides respondents.
  let hasTable: Bool

  /// The nodes of `rows`; a node listed again under another parent is shared.
  func nodes(_ rows: [StructureRow]) throws(Diagnostic) -> (
    nodes: [IndexNode], places: [String: String]
  ) {
    var nodes: [IndexNode] = []
    var positions: [String: Int] = [:]
    var places: [String: String] = [:]
    for row in rows {
      guard let id = row.cells["node"] else {
        throw row.error("a line of the structure has no node")
      }
      let membership = try membership(row)
      if let position = positions[id] {
        let extra = row.cells.keys.filter { !["node", "parent", "weight"].contains($0) }.sorted()
        guard let membership, extra.isEmpty else {
          throw row.error(
            "the node '\(id)' is described twice",
            remedy: "to share it with another parent, fill node, parent and weight alone")
        }
        if nodes[position].memberships.contains(where: { $0.parent == membership.parent }) {
          throw row.error(
            "'\(id)' is listed twice under '\(membership.parent)'", in: "parent",
            remedy: "keep one of the two lines")
        }
        nodes[position].memberships.append(membership)
        continue
      }
      positions[id] = nodes.count
      places[id] = row.place
      nodes.append(try node(id, row, memberships: membership.map { [$0] } ?? []))
    }
    try checkClaims(nodes, rows)
    let levelsInUse = Set(nodes.map(\.level))
    for level in levels.keys.sorted() where !levelsInUse.contains(level) {
      throw Diagnostic(
        .badPipeline, "'aggregate' names a level '\(level)' that no node has",
        remedy: Suggestion.phrase(for: level, among: levelsInUse.sorted()))
    }
    return (nodes, places)
  }

  /// Checks that no two nodes are declared to be one node of former rounds.
  private func checkClaims(_ nodes: [IndexNode], _ rows: [StructureRow]) throws(Diagnostic) {
    var claimants: [String: String] = [:]
    for node in nodes {
      guard let former = node.history.sameAs else { continue }
      if let other = claimants.updateValue(node.id, forKey: former) {
        let row = rows.last { $0.cells["node"] == node.id && $0.cells["same_as"] != nil }
        let what = "'\(node.id)' and '\(other)' are both declared to be the former node '\(former)'"
        throw row?.error(what, in: "same_as", remedy: "say it of one of them")
          ?? Diagnostic(.badPipeline, what)
      }
    }
  }

  private func membership(_ row: StructureRow) throws(Diagnostic) -> IndexNode.Membership? {
    let weight = try row.number("weight")
    guard let parent = row.cells["parent"] else {
      if weight != nil { throw row.error("a node without a parent has no weight", in: "weight") }
      return nil
    }
    return IndexNode.Membership(parent: parent, weight: weight)
  }

  private func node(
    _ id: String, _ line: StructureRow, memberships: [IndexNode.Membership]
  ) throws(Diagnostic) -> IndexNode {
    let isLeaf = line.cells["variable"] != nil
    let partsOnly = [
      "average_first", "combine", "missing", "multiplier", "divisor", "exponent", "weights",
      "outcome",
    ]
    let leafOnly = [
      "source", "statistic", "denominator", "probability", "quantile_rule", "quantile_interval",
      "definition", "definition_vi", "good", "dont_know", "refused", "skipped", "not_selected",
      "blank", "constant", "impute",
    ]
    if isLeaf {
      if let name = partsOnly.first(where: { line.cells[$0] != nil }) {
        throw line.error(
          "'\(name)' belongs to a node with parts, and '\(id)' has a variable", in: name)
      }
    } else if let name = leafOnly.first(where: { line.cells[$0] != nil }) {
      throw line.error(
        "'\(name)' needs a variable", in: name, remedy: "fill the column 'variable'")
    }
    let level = line.cells["level"] ?? (isLeaf ? "indicator" : "index")
    // A level's rules fill the cells that the line leaves empty, as far as they apply to it.
    var row = line
    for (column, value) in levels[level]?.cells ?? [:] where row.cells[column] == nil {
      if !(isLeaf ? partsOnly : leafOnly).contains(column) { row.cells[column] = value }
    }
    if row.cells["average_first"] == AverageFirst.respondents.rawValue,
      let missing = row.cells["missing"], missing != MissingPart.drop.rawValue
    {
      throw row.error(
        "'\(id)' averages respondents first, over the answers that there are", in: "missing",
        remedy: "leave 'missing' empty or say 'drop'")
    }
    let scored = try row.choice("scored", among: ["yes", "no"]) != "no"
    let normalization = try row.normalization()
    let leaf = isLeaf ? try leaf(row) : nil
    if let leaf, let normalization { try checkMissing(of: leaf, within: normalization, row) }
    return IndexNode(
      id: id, memberships: memberships, level: level,
      title: LocalizedText(
        en: row.cells["title_en"] ?? id, vi: row.cells["title_vi"] ?? row.cells["title_en"] ?? id),
      leaf: leaf,
      combine: try row.word("combine") ?? .mean, exponent: try row.number("exponent"),
      weights: try row.word("weights") ?? .given, outcome: row.cells["outcome"],
      divisor: try row.number("divisor"), averageFirst: try row.word("average_first") ?? .units,
      missing: try row.word("missing") ?? .blank,
      multiplier: try row.number("multiplier") ?? 1, normalization: normalization,
      scored: scored, history: try history(row))
  }

  private func history(_ row: StructureRow) throws(Diagnostic) -> NodeHistory {
    let since = try row.number("break_since")
    if let since, since != since.rounded() || !(1900...2200).contains(since) {
      throw row.error("'break_since' must be a year", in: "break_since")
    }
    if row.cells["break_reason"] != nil, since == nil {
      throw row.error(
        "a reason needs the year of the break", in: "break_reason", remedy: "fill 'break_since'")
    }
    return NodeHistory(
      sameAs: row.cells["same_as"], breakSince: since.map { Int($0) },
      breakReason: row.cells["break_reason"])
  }

  private func leaf(_ row: StructureRow) throws(Diagnostic) -> IndexLeaf {
    let statistic: IndexLeaf.Statistic = try row.word("statistic") ?? .mean
    let source: IndexLeaf.Source = try row.word("source") ?? self.source
    if source == .table, self.source == .respondents, !hasTable {
      throw row.error(
        "there is no table of published values", in: "source",
        remedy: "name one with 'published:' beside 'ingest:'")
    }
    if source == .respondents, self.source == .table {
      throw row.error("there are no respondents, only a published table", in: "source")
    }
    let good = row.cells["good"].map { $0.split(separator: "|").map(String.init) }
    if statistic == .share || statistic == .count, good == nil, source == .respondents {
      throw row.error(
        "a \(statistic.rawValue) needs the good answers", in: "statistic",
        remedy: "fill 'good' with the codes that count as 1, separated by |")
    }
    if statistic != .share, statistic != .count, good != nil {
      throw row.error(
        "'good' belongs to a share or a count", in: "good",
        remedy: "fill 'statistic' with share or count")
    }
    if (statistic == .ratio) != (row.cells["denominator"] != nil) {
      throw row.error("a ratio has a denominator, and nothing else has", in: "denominator")
    }
    if statistic == .ratio, source == .table, row.cells["definition"] == nil {
      throw row.error(
        "a rate of published counts lacks the definition of its numerator", in: "statistic",
        remedy: "say in 'definition' what exactly is counted: files begun online and files handled "
          + "online to the end are different numerators")
    }
    var missing: [MissingReason: Double] = [:]
    for reason in PipelineShape.codedReasons {
      guard let value = try row.number(reason.name) else { continue }
      if statistic == .share || statistic == .count, !(0...1).contains(value) {
        throw row.error(
          "'\(reason.name)' of a \(statistic.rawValue) must lie between 0 and 1", in: reason.name,
          remedy: "it says what such an answer counts as, beside 1 for a good one and 0 for others")
      }
      missing[reason] = value
    }
    return IndexLeaf(
      variable: row.cells["variable"] ?? "", statistic: statistic,
      denominator: row.cells["denominator"],
      quantile: try quantile(row, statistic, source), source: source,
      definition: row.cells["definition"].map {
        LocalizedText(en: $0, vi: row.cells["definition_vi"])
      },
      good: good, missing: missing, imputation: try row.word("impute"),
      constant: try row.number("constant"))
  }
}

extension StructureReader {
  /// Checks that what an answer without a value counts as lies between the fixed ends of the item's scale.
  ///
  /// Only an item whose scale is that of its answers has such ends: a ratio or a total has its own.
  private func checkMissing(
    of leaf: IndexLeaf, within normalization: Normalization, _ row: StructureRow
  ) throws(Diagnostic) {
    guard leaf.statistic == .mean || leaf.isQuantile else { return }
    for reason in PipelineShape.codedReasons {
      guard let value = leaf.missing[reason] else { continue }
      if case .fixed(let low) = normalization.low, value < low {
        throw row.error(
          "'\(reason.name)' counts as less than the low end of the scale", in: reason.name,
          remedy: "give a number between the ends, not the code; empty leaves such answers out")
      }
      if case .fixed(let high) = normalization.high, value > high {
        throw row.error(
          "'\(reason.name)' counts as more than the high end of the scale", in: reason.name,
          remedy: "give a number between the ends, not the code; empty leaves such answers out")
      }
    }
  }

  /// Which quantile of respondents' answers a leaf is, and how it and its interval are read.
  private func quantile(
    _ row: StructureRow, _ statistic: IndexLeaf.Statistic, _ source: IndexLeaf.Source
  ) throws(Diagnostic) -> QuantileDefinition {
    let isQuantile = statistic == .quantile || statistic == .median
    for column in ["quantile_rule", "quantile_interval"] where row.cells[column] != nil {
      guard isQuantile, source == .respondents else {
        throw row.error(
          "'\(column)' belongs to a quantile of respondents' answers", in: column,
          remedy: isQuantile ? "leave it empty" : "fill 'statistic' with quantile")
      }
    }
    var definition = QuantileDefinition()
    let probability = try row.number("probability")
    guard (probability != nil) == (statistic == .quantile) else {
      throw row.error(
        probability == nil
          ? "a quantile needs its probability" : "'probability' belongs to a quantile",
        in: probability == nil ? "statistic" : "probability",
        remedy: probability == nil
          ? "fill 'probability', such as 0.25" : "fill 'statistic' with quantile")
    }
    if let probability {
      guard probability > 0, probability < 1 else {
        throw row.error("'probability' must lie between 0 and 1", in: "probability")
      }
      definition.probability = probability
    }
    definition.rule = try row.word("quantile_rule") ?? definition.rule
    definition.interval = try row.word("quantile_interval") ?? definition.interval
    return definition
  }
}

extension StructureRow {
  /// How the node's value is brought to a scale, or nil where the line says nothing of it.
  func normalization() throws(Diagnostic) -> Normalization? {
    let method: Normalization.Method? = try word("normalize")
    let columns = [
      "low", "high", "direction", "clamp", "floor", "ceiling", "transform", "reference", "target",
    ]
    guard method != nil || columns.contains(where: { cells[$0] != nil }) else { return nil }
    var (low, high) = (try end("low"), try end("high"))
    if (low == nil) != (high == nil) {
      throw error(
        "a scale needs both ends, low and high", in: low == nil ? "high" : "low",
        remedy: "an end may be a number or 'observed'")
    }
    if case .fixed(let below) = low, case .fixed(let above) = high, below >= above {
      throw error(
        "low must be below high", in: "low", remedy: "say 'direction: down' where low is good")
    }
    if method == .minMax, low == nil { (low, high) = (.observed, .observed) }
    let direction = try choice("direction", among: ["up", "down"])
    if direction != nil, method == nil, low == nil {
      throw error("a direction needs both ends of the scale, or 'normalize'", in: "direction")
    }
    return Normalization(
      method ?? (low == nil ? .none : .minMax), low: low, high: high,
      isReversed: direction == "down",
      isClamped: try choice("clamp", among: ["yes", "no"]) == "yes",
      floor: try number("floor"), ceiling: try number("ceiling"),
      transform: try word("transform"), reference: cells["reference"],
      target: try number("target"))
  }

  private func end(_ column: String) throws(Diagnostic) -> ScaleEnd? {
    guard let text = cells[column] else { return nil }
    if text == "observed" { return .observed }
    guard let number = StrictNumber.parse(text) else {
      throw error("'\(column)' must be a number or 'observed'", in: column)
    }
    return .fixed(number)
  }
}
