import CanvassScoring
import CanvassSurvey

/// Between which numbers the scores of nodes lie, as far as their definitions bound them.
///
/// A node on a bounded scale lies on it, a constant is itself, a share lies between 0 and 1, and what is made of
/// bounded parts is bounded by them: a mean by its lowest and highest, a sum by theirs; a part that may be missing
/// may count nothing. Values beyond given ends that nobody clamps are not thought of.
struct NodeReach {
  private var known: [String: ClosedRange<Double>?] = [:]

  /// The reach of every node.
  init(_ definitions: [String: NodeDefinition]) {
    for node in definitions.keys { settle(node, definitions) }
  }

  /// The reach of `node`, or nil where nothing bounds it.
  subscript(_ node: String) -> ClosedRange<Double>? { known[node] ?? nil }

  private mutating func settle(_ node: String, _ definitions: [String: NodeDefinition]) {
    guard known[node] == nil, let definition = definitions[node] else { return }
    // Nothing until it is known: a file in which a node is a part of itself ends here.
    known[node] = .some(nil)
    for part in definition.parts { settle(part, definitions) }
    known[node] = reach(definition)
  }

  private func reach(_ definition: NodeDefinition) -> ClosedRange<Double>? {
    if let constant = definition.number("constant") { return constant...constant }
    let method = definition.properties["normalize"] ?? Normalization.Method.none.rawValue
    if let method = Normalization.Method(rawValue: method), method.isOnScale {
      return definition.scale
    }
    guard method == Normalization.Method.none.rawValue, definition.properties["transform"] == nil,
      definition.number("floor") == nil,
      definition.number("ceiling") == nil
    else { return nil }
    guard definition.properties["combine"] != nil else {
      return definition.properties["statistic"] == "share" ? 0...1 : nil
    }
    return combined(definition)
  }

  private func combined(_ definition: NodeDefinition) -> ClosedRange<Double>? {
    let parts = definition.parts
    let reaches = parts.compactMap { self[$0] }
    guard !parts.isEmpty, reaches.count == parts.count,
      let combine = Combination(rawValue: definition.properties["combine"] ?? ""),
      combine != .copeland
    else { return nil }
    // Weights that the units determine are not in a definition; a mean lies among its parts whatever they are.
    let isFitted =
      definition.properties[NodeDefinition.yardstick] != nil
      && definition.properties["weights"] != nil
    if isFitted, combine == .sum || definition.number("divisor") != nil { return nil }
    let mayLack = definition.properties["missing"] != MissingPart.blank.rawValue
    var low = reaches.map(\.lowerBound).min() ?? 0
    var high = reaches.map(\.upperBound).max() ?? 0
    let divisor = definition.number("divisor")
    if combine == .sum || divisor != nil {
      (low, high) = (0, 0)
      for (part, reach) in zip(parts, reaches) {
        let weight = definition.weight(of: part)
        let ends = [reach.lowerBound * weight, reach.upperBound * weight] + (mayLack ? [0] : [])
        low += ends.min() ?? 0
        high += ends.max() ?? 0
      }
      (low, high) = (low / (divisor ?? 1), high / (divisor ?? 1))
    } else if definition.properties["missing"] == MissingPart.keep.rawValue {
      (low, high) = (min(low, 0), max(high, 0))
    }
    let multiplier = definition.number("multiplier") ?? 1
    return min(low * multiplier, high * multiplier)...max(low * multiplier, high * multiplier)
  }
}

extension Normalization.Method {
  /// Whether it brings a value to the index scale.
  var isOnScale: Bool {
    switch self {
    case .minMax, .percentileRank, .distanceToMaximum, .distanceToReference, .distanceToTarget,
      .fractionOfMaximum:
      true
    case .zScore, .populationZScore, .rank, .borda, .none: false
    }
  }
}

extension NodeDefinition {
  /// The number that a property is, where it is one.
  func number(_ property: String) -> Double? { properties[property].flatMap(StrictNumber.parse) }

  /// The weight of a part as the structure gives it.
  func weight(of part: String) -> Double { number(Self.partPrefix + part) ?? 1 }

  /// The index scale that the node is brought to.
  var scale: ClosedRange<Double>? {
    let ends = (properties["scale"] ?? "").split(separator: " ").compactMap {
      StrictNumber.parse(String($0))
    }
    return ends.count == 2 && ends[0] < ends[1] ? ends[0]...ends[1] : nil
  }
}

extension PlanReader {
  /// Checks that constants lie on the scale of what they are a part of with others.
  ///
  /// A constant of 0 keeps its share of the divisor and counts nothing (PAPI 2019 has one), as a missing part
  /// under `missing: keep`. Where a part beside a constant is bounded by nothing, nobody can say.
  func checkConstants(_ tree: IndexTree, places: [String: String]) throws(Diagnostic) {
    let reach = NodeReach(tree.definitions())
    for (parent, parts) in tree.parts.enumerated() {
      let others = parts.map { tree.nodes[$0.node] }.filter { $0.leaf?.constant == nil }
      let reaches = others.compactMap { reach[$0.id] }
      guard reaches.count == others.count else { continue }
      let low = reaches.reduce(tree.scale.lowerBound) { min($0, $1.lowerBound) }
      let high = reaches.reduce(tree.scale.upperBound) { max($0, $1.upperBound) }
      for part in parts {
        guard let constant = tree.nodes[part.node].leaf?.constant, constant != 0,
          !(low...high).contains(constant)
        else { continue }
        let id = tree.nodes[part.node].id
        throw Diagnostic(
          .badPipeline,
          "the constant of '\(id)' lies beyond the scale of '\(tree.nodes[parent].id)'",
          at: places[id],
          why: "a constant counts on the index scale, which runs from \(Column.render(low)) to "
            + Column.render(high),
          remedy: "give a number on that scale, or 0 for a part that counts nothing")
      }
    }
  }

  /// Checks that cuts of groups lie on the scale of the indices, where one is bounded.
  func checkCuts(_ value: Located?, tree: IndexTree) throws(Diagnostic) {
    guard let cuts = value?["cuts"] else { return }
    let reach = NodeReach(tree.definitions())
    let roots = tree.nodes.indices.filter { tree.isRoot($0) }.map { tree.nodes[$0].id }
    let reaches = roots.compactMap { reach[$0] }
    guard reaches.count == roots.count, let low = reaches.map(\.lowerBound).min(),
      let high = reaches.map(\.upperBound).max()
    else { return }
    for cut in cuts.items where !(low...high).contains(cut.number) {
      throw cut.error(
        "the cut lies beyond the scale of the index",
        why: "scores run from \(Column.render(low)) to \(Column.render(high))",
        remedy: "give cuts on that scale, or another 'scale'")
    }
  }
}
