import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// What it would take for a unit to stand in the next group up at a node.
struct NextGroupStep: Sendable {
  /// What one thing alone would have to become, the others staying as they are.
  struct Move: Sendable {
    /// The node.
    let node: String
    let title: String
    let from: Double
    /// Nil where no value does, or nobody can tell.
    let to: Double?
    /// Whether `to` lies beyond the scale, or no value does.
    let isOutOfReach: Bool
    /// Why, or what else would move; empty for nothing to say.
    let note: String
  }

  let group: String
  /// The score to reach.
  let score: Double
  let gap: Double
  /// Whether the interval of the score reaches it already.
  let isWithinInterval: Bool
  /// Whether the node is a leaf, with an estimate and no parts.
  let isLeaf: Bool
  /// The scores of the parts; none for a leaf.
  let parts: [Move]
  /// The estimate of a leaf.
  let estimate: Move?
  /// Why neither is there, or what holds for all of them; empty for nothing to say.
  let note: String

  /// Nil in the highest group, and where the node has no groups.
  init?(_ run: ReleasedRun, _ unit: String, _ node: String) {
    let own = run.unitsAlone.map(\.code)
    let scores = own.map { run.number($0, node) }
    let names = run.grouping.names
    guard let position = own.firstIndex(of: unit), let score = scores[position],
      let group = run.scores[unit]?[node]?["group"], let place = names.firstIndex(of: group),
      place + 1 < names.count,
      let needed = run.grouping.scoreForNextGroup(of: position, among: scores)
    else { return nil }
    self.group = names[place + 1]
    self.score = needed
    gap = needed - score
    isWithinInterval = (run.number(unit, node, "ci_high") ?? -.infinity) >= needed
    isLeaf = run.definitions.nodes[node]?.properties["statistic"] != nil
    let moves = NodeMoves(run, unit, node, from: score, to: needed)
    parts = moves.parts
    estimate = moves.estimate
    note = moves.note
  }
}

/// The single moves that bring a node of one unit from a score to another.
private struct NodeMoves {
  private(set) var parts: [NextGroupStep.Move] = []
  private(set) var estimate: NextGroupStep.Move?
  private(set) var note = ""
  private let run: ReleasedRun
  private let unit: String
  private let reach: NodeReach

  init(_ run: ReleasedRun, _ unit: String, _ node: String, from score: Double, to needed: Double) {
    self.run = run
    self.unit = unit
    reach = NodeReach(run.definitions.nodes)
    guard let definition = run.definitions.nodes[node] else { return }
    if definition.properties["constant"] != nil {
      note = "it is a constant"
      return
    }
    guard let before = value(of: node, definition, score: score),
      let after = definition.beforeScale(needed)
    else {
      note =
        ScaleOfUnits(definition, score: score, unit: unit).caution
        ?? "what it was before it was brought to its scale cannot be told from the release"
      return
    }
    if definition.properties["statistic"] != nil {
      estimate = leafMove(node, from: before, to: after, needed: needed)
    } else {
      combinedMoves(node, definition, from: before, to: after)
    }
  }

  /// What the score was before it was brought to its scale: of a leaf its estimate; nil where nobody can tell, as
  /// for one that was clamped.
  private func value(of node: String, _ definition: NodeDefinition, score: Double) -> Double? {
    if let estimate = run.indicators[unit]?[node]?["estimate"].flatMap(StrictNumber.parse) {
      return estimate
    }
    if definition.properties["clamp"] == "yes", let scale = definition.scale,
      score <= scale.lowerBound || score >= scale.upperBound
    {
      return nil
    }
    return definition.beforeScale(score)
  }

  private func leafMove(
    _ node: String, from before: Double, to after: Double, needed: Double
  ) -> NextGroupStep.Move {
    let ends = reach[node]
    let isOut = ends.map { needed > $0.upperBound } ?? false
    return NextGroupStep.Move(
      node: node, title: run.labels[node]?["title_en"] ?? node, from: before, to: after,
      isOutOfReach: isOut, note: isOut ? "beyond its scale" : "")
  }

  private mutating func combinedMoves(
    _ node: String, _ definition: NodeDefinition, from before: Double, to after: Double
  ) {
    let properties = definition.properties
    guard properties["average_first"] != AverageFirst.respondents.rawValue else {
      note = "each respondent is averaged first, so that its parts do not add up to it"
      return
    }
    guard let combine = properties["combine"].flatMap(Combination.init(rawValue:)),
      let function = MeanFunction(combine, exponent: definition.number("exponent"))
    else {
      note =
        properties["combine"] == Combination.median.rawValue
        ? "a median moves with the part in the middle" : "its parts are compared unit by unit"
      return
    }
    let known = Set(definition.parts)
    var present: [(part: String, score: Double, weight: Double)] = []
    var divisor = 0.0
    for part in run.nodes where known.contains(part) {
      let weight = run.weights[node]?[part] ?? definition.weight(of: part)
      let score = run.number(unit, part)
      if let score { present.append((part, score, weight)) }
      if score != nil || properties["missing"] == MissingPart.keep.rawValue { divisor += weight }
    }
    divisor = combine == .sum ? 1 : definition.number("divisor") ?? divisor
    guard divisor != 0 else { return }
    if properties["weights"] != nil, properties[NodeDefinition.yardstick] != nil {
      note = "the weights stay as they are, which the units make"
    }
    let multiplier = definition.number("multiplier") ?? 1
    guard multiplier != 0 else { return }
    for (part, score, weight) in present where weight != 0 {
      // A constant moves for nobody.
      if run.definitions.nodes[part]?.properties["constant"] != nil { continue }
      let value = function.part(
        score, share: weight / divisor, from: before / multiplier, to: after / multiplier)
      parts.append(move(part, from: score, to: value))
    }
  }

  /// The move of a part, with what stands against it.
  private func move(_ part: String, from score: Double, to value: Double?) -> NextGroupStep.Move {
    let title = run.labels[part]?["title_en"] ?? part
    func move(_ to: Double?, isOut: Bool = false, _ notes: String?...) -> NextGroupStep.Move {
      NextGroupStep.Move(
        node: part, title: title, from: score, to: to, isOutOfReach: isOut,
        note: notes.compactMap(\.self).joined(separator: "; "))
    }
    guard let value else { return move(nil, isOut: true, "out of reach: no value would do") }
    let imputed =
      run.scores[unit]?[part]?["status"] == "imputed" ? "imputed, no value of its own" : nil
    let units = run.definitions.nodes[part].map { ScaleOfUnits($0, score: score, unit: unit) }
    if let ends = reach[part], !(ends.lowerBound...ends.upperBound).contains(value) {
      let end = Column.render(value > ends.upperBound ? ends.upperBound : ends.lowerBound)
      return move(value, isOut: true, "out of reach: its scale ends at \(end)", imputed)
    }
    if case .setsEnd = units { return move(nil, units?.caution, imputed) }
    return move(value, units?.caution, imputed)
  }
}

extension NodeDefinition {
  /// What a score was before it was brought to its scale; nil where that depends on the units or bends.
  fileprivate func beforeScale(_ score: Double) -> Double? {
    guard let method = properties["normalize"] else { return score }
    for bend in ["floor", "ceiling", "transform"] where properties[bend] != nil { return nil }
    if method == Normalization.Method.none.rawValue { return score }
    guard method == Normalization.Method.minMax.rawValue, let low = number("low"),
      let high = number("high"), let scale
    else { return nil }
    let share = (score - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
    return properties["direction"] == "down"
      ? high - share * (high - low) : low + share * (high - low)
  }
}
