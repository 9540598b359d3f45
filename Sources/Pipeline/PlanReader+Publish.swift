import CanvassPublishing
import CanvassScoring
import CanvassSurvey

extension PlanReader {
  /// What the gate is asked: the rules of `publish:`, with what it must know of the index.
  func gateRules(_ tree: IndexTree, rankDecimals: Int?) throws(Diagnostic) -> GateRules {
    let publish = root["publish"]
    let names = tree.nodes.map(\.id)
    let known = Set(names)
    var sensitive: Set<String> = []
    for item in publish?["sensitive"]?.items ?? [] {
      guard let index = tree.index(of: item.text) else {
        throw item.error(
          "'sensitive' names a node '\(item.text)' that is not in the index",
          remedy: Suggestion.phrase(for: item.text, among: names))
      }
      sensitive.formUnion(tree.below(index).map { tree.nodes[$0].id })
    }
    // Another leaf over the same answers would give them back.
    let answers = Set(
      tree.nodes.filter { sensitive.contains($0.id) }.compactMap { $0.leaf?.respondentsVariable })
    for node in tree.nodes where node.leaf?.respondentsVariable.map(answers.contains) == true {
      sensitive.insert(node.id)
    }
    var decisions: [GateRules.Decision] = []
    for item in publish?["withhold"]?.items ?? [] {
      guard let unit = item["unit"], let reason = item["reason"], let approved = item["approved_by"]
      else { throw item.error("a decision to withhold lacks unit, reason or approved_by") }
      if let places = units.places, places.units.allSatisfy({ $0.code != unit.text }) {
        throw unit.error(
          "'\(unit.text)' is no unit of the places file",
          remedy: Suggestion.phrase(for: unit.text, among: places.units.map(\.code))
            ?? "name the unit by its code")
      }
      for node in item["nodes"]?.items ?? [] where !known.contains(node.text) {
        throw node.error(
          "there is no node '\(node.text)' in the index",
          remedy: Suggestion.phrase(for: node.text, among: names))
      }
      decisions.append(
        GateRules.Decision(
          unit: unit.text, nodes: item["nodes"]?.texts ?? names, reason: reason.text,
          approvedBy: approved.text))
    }
    if let widest = publish?["widest_interval"], !(widest.number > 0 && widest.number <= 1) {
      throw widest.error("'widest_interval' is a share of the scale, above 0 and at most 1")
    }
    let lengths = tree.scaleLengths
    var nodes: [String: GateRules.Node] = [:]
    for (index, node) in tree.nodes.enumerated() {
      var ends: GateRules.ShareEnds?
      if let leaf = node.leaf, leaf.statistic == .share, leaf.constant == nil,
        node.normalization == nil || node.normalization?.fixedEnds != nil
      {
        let (slope, intercept) = tree.rescaling(of: node)
        ends = GateRules.ShareEnds(zero: intercept, one: intercept + slope)
      }
      nodes[node.id] = GateRules.Node(
        parts: tree.parts[index].map { tree.nodes[$0.node].id }, shareEnds: ends,
        scaleLength: lengths[index], isSensitive: sensitive.contains(node.id),
        bearsOnOthers: tree.bearsOnOtherUnits(index))
    }
    return GateRules(
      minimumRespondents: publish?["minimum_respondents"].map { Int($0.number) } ?? 10,
      minimumSamplingUnits: publish?["minimum_sampling_units"].map { Int($0.number) } ?? 2,
      widestInterval: publish?["widest_interval"]?.number,
      roundCounts: publish?["round_counts"].flatMap { Int($0.text) },
      rankDecimals: rankDecimals, publishesRanks: publish?["ranks"]?.text != "none",
      decisions: decisions,
      nodes: nodes)
  }
}

extension IndexLeaf {
  /// The variable of respondents that the leaf is over.
  fileprivate var respondentsVariable: String? { source == .respondents ? variable : nil }
}

extension IndexTree {
  /// A node and everything below it, whether scored or not.
  fileprivate func below(_ node: Int) -> Set<Int> {
    var found: Set<Int> = [node]
    var open = [nodes[node].id]
    while let parent = open.popLast() {
      for (index, candidate) in nodes.enumerated()
      where candidate.memberships.contains(where: { $0.parent == parent })
        && found.insert(index).inserted
      {
        open.append(candidate.id)
      }
    }
    return found
  }

  /// How far the scores of each node can reach, nil where an end of a part is open.
  ///
  /// What lies between two fixed ends has the length of the index scale, a share on its own scale 1; a mean
  /// has the weighted mean of its parts' lengths, a sum their weighted sum, both times the multiplier.
  fileprivate var scaleLengths: [Double?] {
    var lengths = [Double?](repeating: nil, count: nodes.count)
    for index in bottomUp {
      let node = nodes[index]
      if let normalization = node.normalization {
        lengths[index] =
          normalization.fixedEnds == nil ? nil : scale.upperBound - scale.lowerBound
      } else if let leaf = node.leaf {
        lengths[index] = leaf.statistic == .share ? 1 : nil
      } else if [.mean, .weighted, .sum].contains(node.combine) {
        var sum: Double? = 0
        var weights = 0.0
        for part in parts[index] {
          sum = sum.flatMap { sum in lengths[part.node].map { sum + abs(part.weight) * $0 } }
          weights += part.weight
        }
        if node.combine != .sum { sum = weights > 0 ? sum.map { $0 / weights } : nil }
        lengths[index] = sum.map { $0 * abs(node.multiplier) }.flatMap { $0 > 0 ? $0 : nil }
      }
    }
    return lengths
  }
}
