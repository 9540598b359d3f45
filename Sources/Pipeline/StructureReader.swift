import CanvassScoring
import CanvassSurvey

/// Makes nodes of the lines of an index structure, with located errors.
struct StructureReader {
  /// Rules by level.
  let levels: [String: LevelRules]

  /// The nodes of `rows`; a node listed again under another parent is shared.
  func nodes(_ rows: [StructureRow]) throws(Diagnostic) -> (
    nodes: [IndexNode], places: [String: String]
  ) {
    var nodes: [IndexNode] = []
    var positions: [String: Int] = [:]
    var places: [String: String] = [:]
    for row in rows {
      guard let id = row.cells["node"] else {
        throw error(row, "a line of the structure has no node")
      }
      let membership = try membership(row)
      if let position = positions[id] {
        let extra = row.cells.keys.filter { !["node", "parent", "weight"].contains($0) }.sorted()
        guard let membership, extra.isEmpty else {
          throw error(
            row, "the node '\(id)' is described twice",
            remedy: "to share it with another parent, fill node, parent and weight alone")
        }
        nodes[position].memberships.append(membership)
        continue
      }
      positions[id] = nodes.count
      places[id] = row.place
      nodes.append(try node(id, row, memberships: membership.map { [$0] } ?? []))
    }
    let levelsInUse = Set(nodes.map(\.level))
    for level in levels.keys.sorted() where !levelsInUse.contains(level) {
      throw Diagnostic(
        .badPipeline, "'aggregate' names a level '\(level)' that no node has",
        remedy: Suggestion.phrase(for: level, among: levelsInUse.sorted()))
    }
    return (nodes, places)
  }

  private func membership(_ row: StructureRow) throws(Diagnostic) -> IndexNode.Membership? {
    let weight = try number(row, "weight")
    guard let parent = row.cells["parent"] else {
      if weight != nil { throw error(row, "a node without a parent has no weight") }
      return nil
    }
    return IndexNode.Membership(parent: parent, weight: weight)
  }

  private func node(
    _ id: String, _ row: StructureRow, memberships: [IndexNode.Membership]
  ) throws(Diagnostic) -> IndexNode {
    let leaf = try leaf(row)
    let level = row.cells["level"] ?? (leaf == nil ? "index" : "indicator")
    let rules = levels[level]
    let averageFirst: AverageFirst? = try word(row, "average_first")
    let combine: Combination? = try word(row, "combine")
    let missing: MissingPart? = try word(row, "missing")
    if leaf != nil {
      for name in ["average_first", "combine", "missing", "multiplier"] where row.cells[name] != nil
      {
        throw error(row, "'\(name)' belongs to a node with parts, and '\(id)' has a variable")
      }
    }
    let scored = try choice(row, "scored", among: ["yes", "no"]) != "no"
    return IndexNode(
      id: id, memberships: memberships, level: level,
      title: LocalizedText(
        en: row.cells["title_en"] ?? id, vi: row.cells["title_vi"] ?? row.cells["title_en"] ?? id),
      leaf: leaf, combine: combine ?? rules?.combine ?? .mean,
      averageFirst: averageFirst ?? rules?.averageFirst ?? .units,
      missing: missing ?? rules?.missing ?? .blank,
      multiplier: try number(row, "multiplier") ?? 1, scored: scored)
  }

  private func leaf(_ row: StructureRow) throws(Diagnostic) -> IndexLeaf? {
    guard let variable = row.cells["variable"] else {
      let leafOnly = [
        "statistic", "denominator", "good", "low", "high", "direction", "dont_know", "refused",
        "skipped", "not_selected", "blank", "constant",
      ]
      if let name = leafOnly.first(where: { row.cells[$0] != nil }) {
        throw error(row, "'\(name)' needs a variable", remedy: "fill the column 'variable'")
      }
      return nil
    }
    let statistic: IndexLeaf.Statistic = try word(row, "statistic") ?? .mean
    let good = row.cells["good"].map { $0.split(separator: "|").map(String.init) }
    if (statistic == .share) != (good != nil), row.cells["good"] != nil || statistic == .share {
      throw error(
        row, statistic == .share ? "a share needs the good answers" : "'good' belongs to a share",
        remedy:
          "fill 'good' with the codes that count as 1, separated by |, and 'statistic' with share")
    }
    if (statistic == .ratio) != (row.cells["denominator"] != nil) {
      throw error(row, "a ratio has a denominator, and nothing else has")
    }
    var missing: [MissingReason: Double] = [:]
    for reason in PipelineShape.codedReasons {
      guard let value = try number(row, reason.name) else { continue }
      if statistic == .share, !(0...1).contains(value) {
        throw error(
          row, "'\(reason.name)' of a share must lie between 0 and 1",
          remedy: "it says what such an answer counts as, beside 1 for a good one and 0 for others")
      }
      missing[reason] = value
    }
    let low = try number(row, "low")
    let high = try number(row, "high")
    let direction = try choice(row, "direction", among: ["up", "down"])
    var ends: ScaleEnds?
    switch (low, high) {
    case (let low?, let high?):
      guard low < high else {
        throw error(
          row, "low must be below high", remedy: "say 'direction: down' where low is good")
      }
      ends = ScaleEnds(low: low, high: high, reversed: direction == "down")
    case (nil, nil):
      if direction != nil { throw error(row, "a direction needs both ends of the scale") }
    default: throw error(row, "a scale needs both ends, low and high")
    }
    return IndexLeaf(
      variable: variable, statistic: statistic, denominator: row.cells["denominator"], good: good,
      missing: missing, ends: ends, constant: try number(row, "constant"))
  }

  private func number(_ row: StructureRow, _ column: String) throws(Diagnostic) -> Double? {
    guard let text = row.cells[column] else { return nil }
    guard let number = StrictNumber.parse(text) else {
      throw error(row, "'\(column)' must be a number")
    }
    return number
  }

  private func choice(
    _ row: StructureRow, _ column: String, among words: [String]
  ) throws(Diagnostic) -> String? {
    guard let text = row.cells[column] else { return nil }
    guard words.contains(text) else {
      throw error(
        row, "'\(column)' must be one of: \(words.joined(separator: ", "))",
        remedy: Suggestion.phrase(for: text, among: words))
    }
    return text
  }

  private func word<Word: RawRepresentable & CaseIterable>(
    _ row: StructureRow, _ column: String
  ) throws(Diagnostic) -> Word? where Word.RawValue == String {
    try choice(row, column, among: Word.allCases.map(\.rawValue)).flatMap(Word.init(rawValue:))
  }

  private func error(_ row: StructureRow, _ what: String, remedy: String? = nil) -> Diagnostic {
    Diagnostic(.badPipeline, what, at: row.place, remedy: remedy)
  }
}
