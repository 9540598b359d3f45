public import CanvassSurvey

/// The nodes of one or several indices, checked: every parent exists, nothing is its own ancestor.
public struct IndexTree: Sendable {
  /// A part of a node with its weight there.
  public struct Part: Sendable, Hashable {
    /// Index of the part in `nodes`.
    public let node: Int
    /// Its weight in the node above.
    public let weight: Double
  }

  /// The nodes in the order they were listed.
  public let nodes: [IndexNode]
  /// The scored parts of each node.
  public let parts: [[Part]]
  /// Whether a node, or one below it, is measured against the other units (observed ends, z-scores …), so
  /// that their sampling error bears on it.
  public let restsOnUnits: [Bool]
  /// Indices of nodes such that parts come before what is made of them.
  public let bottomUp: [Int]
  /// The scale that leaves with ends are brought to.
  public let scale: ClosedRange<Double>
  private let indexOfID: [String: Int]

  /// A tree of `nodes`, leaves brought to `scale`.
  ///
  /// - Throws: `badPipeline` whose place is `node ID`, for a repeated or unknown identifier, a cycle, a
  ///   leaf with parts or a composite without, a part listed twice, a weight where none is taken, weights
  ///   that are all 0, rules that contradict each
  ///   other, or respondents averaged first over anything but leaves that are means or shares.
  public init(_ nodes: [IndexNode], scale: ClosedRange<Double>) throws(Diagnostic) {
    self.nodes = nodes
    self.scale = scale
    var index: [String: Int] = [:]
    for (position, node) in nodes.enumerated() {
      if index.updateValue(position, forKey: node.id) != nil {
        throw Self.error(node, "the node '\(node.id)' is described twice")
      }
    }
    indexOfID = index
    var parts = [[Part]](repeating: [], count: nodes.count)
    var listed = [Int](repeating: 0, count: nodes.count)
    for (position, node) in nodes.enumerated() {
      for membership in node.memberships {
        guard let parent = index[membership.parent] else {
          throw Self.error(
            node, "'\(node.id)' names a parent '\(membership.parent)' that is not in the structure",
            remedy: Suggestion.phrase(for: membership.parent, among: nodes.map(\.id)))
        }
        if nodes[parent].leaf != nil {
          throw Self.error(
            node, "'\(node.id)' lies below '\(membership.parent)', which is a leaf with a variable")
        }
        if let weight = membership.weight {
          guard nodes[parent].combine.takesWeights else {
            throw Self.error(
              node,
              "'\(node.id)' has a weight, but '\(membership.parent)' takes the plain "
                + nodes[parent].combine.rawValue,
              remedy: "use 'combine: weighted' or 'sum' there, or remove the weight")
          }
          guard nodes[parent].weights == .given else {
            throw Self.error(
              node,
              "'\(node.id)' has a weight, but '\(membership.parent)' has weights of its own "
                + "making (\(nodes[parent].weights.rawValue))", remedy: "remove the weight")
          }
          if !weight.isFinite || (nodes[parent].combine != .sum && weight < 0) {
            throw Self.error(
              node, "the weight of '\(node.id)' must be a number that is not negative")
          }
        }
        if node.memberships.count(where: { $0.parent == membership.parent }) > 1 {
          throw Self.error(node, "'\(node.id)' is listed twice under '\(membership.parent)'")
        }
        listed[parent] += 1
        if node.scored {
          parts[parent].append(Part(node: position, weight: membership.weight ?? 1))
        }
      }
      if let contradiction = node.normalization?.contradiction {
        throw Self.error(node, "'\(node.id)' \(contradiction)")
      }
    }
    for (position, node) in nodes.enumerated() where node.leaf == nil {
      if parts[position].isEmpty {
        throw Self.error(
          node,
          listed[position] == 0
            ? "'\(node.id)' has neither a variable nor parts" : "no part of '\(node.id)' is scored",
          remedy: "give it a variable, or list the nodes that have it as parent")
      }
      if node.averageFirst == .respondents {
        try Self.checkRespondentsFirst(node, parts: parts[position].map { nodes[$0.node] })
      }
      try Self.checkRules(node, index: index)
      if node.combine.takesWeights, node.weights == .given,
        parts[position].allSatisfy({ $0.weight == 0 })
      {
        throw Self.error(
          node, "every part of '\(node.id)' has weight 0",
          why: "nothing would be left to make it of",
          remedy: "give a part a weight, or leave it out with 'scored: no'")
      }
    }
    self.parts = parts
    let order = try Self.ordered(
      nodes: nodes,
      needs: nodes.enumerated().map { position, node in
        parts[position].map(\.node) + [node.outcome.flatMap { index[$0] }].compactMap(\.self)
      })
    bottomUp = order
    restsOnUnits = order.reduce(into: [Bool](repeating: false, count: nodes.count)) { rests, node in
      rests[node] =
        nodes[node].normalization?.needsUnits ?? false
        || parts[node].contains { part in rests[part.node] }
    }
  }

  /// The index of the node `id`, or nil.
  public func index(of id: String) -> Int? { indexOfID[id] }

  /// Whether a unit's value at a node bears on the scores of other units: they are normalized, imputed,
  /// weighted or compared by what the units have there.
  public func bearsOnOtherUnits(_ node: Int) -> Bool {
    if nodes[node].normalization?.needsUnits == true { return true }
    if let imputation = nodes[node].leaf?.imputation, imputation != .lastRound { return true }
    return nodes.indices.contains { parent in
      let isFitted = [.principalComponent, .regression].contains(nodes[parent].weights)
      return (isFitted && nodes[parent].outcome == nodes[node].id)
        || ((isFitted || nodes[parent].combine == .copeland)
          && parts[parent].contains { $0.node == node })
    }
  }

  /// Whether a node is no part of any other.
  public func isRoot(_ node: Int) -> Bool { nodes[node].memberships.isEmpty }

  /// The leaves below a node, each once, in listing order; a leaf's only leaf is itself.
  public func leaves(of node: Int) -> [Int] {
    var found = Set<Int>()
    var open = [node]
    while let next = open.popLast() {
      if nodes[next].leaf != nil { found.insert(next) }
      open += parts[next].map(\.node)
    }
    return found.sorted()
  }

  private static func checkRespondentsFirst(
    _ node: IndexNode, parts: [IndexNode]
  ) throws(Diagnostic) {
    for part in parts {
      guard let leaf = part.leaf, leaf.statistic == .mean || leaf.statistic == .share,
        leaf.constant == nil, leaf.source == .respondents
      else {
        throw error(
          node,
          "'\(node.id)' averages respondents first, but its part '\(part.id)' is not a mean"
            + " or share of one variable",
          remedy: "use 'average_first: units' for this node")
      }
      guard part.normalization == nil || part.normalization?.fixedEnds != nil else {
        throw error(
          node,
          "'\(node.id)' averages respondents first, but its part '\(part.id)' is not scaled "
            + "between two fixed ends", why: "each answer is scaled before it is averaged",
          remedy: "give '\(part.id)' two numbers for low and high, or use 'average_first: units'")
      }
      if leaf.imputation != nil {
        throw error(
          node,
          "'\(node.id)' averages respondents first, and a unit's value of '\(part.id)' "
            + "cannot be imputed below it", remedy: "use 'average_first: units' for this node")
      }
    }
    if node.combine != .mean || node.divisor != nil {
      throw error(
        node,
        "'\(node.id)' averages respondents first, which is a mean, not a \(node.combine.rawValue)"
          + (node.divisor == nil ? "" : " with a divisor of its own"),
        remedy: "use 'combine: mean', with a multiplier if the node needs one")
    }
  }

  /// Rules that only some combinations have.
  private static func checkRules(
    _ node: IndexNode, index: [String: Int]
  ) throws(Diagnostic) {
    let combine = node.combine
    if (node.exponent != nil) != (combine == .power) || node.exponent == 0 {
      throw error(
        node,
        combine == .power
          ? "the power mean of '\(node.id)' needs an exponent that is not 0"
          : "'\(node.id)' has an exponent, which only 'combine: power' takes",
        remedy: "'combine: geometric' is the limit at 0")
    }
    if node.missing == .keep, !combine.allowsZeroForMissing {
      throw error(
        node, "'\(node.id)' would count a missing part as 0 in a \(combine.rawValue)",
        remedy: "use 'missing: drop' or 'blank'")
    }
    if node.missing != .blank, combine == .copeland {
      throw error(
        node, "'\(node.id)' cannot compare units whose parts are missing",
        remedy: "use 'missing: blank'")
    }
    if let divisor = node.divisor, divisor <= 0 || (combine != .mean && combine != .weighted) {
      throw error(
        node, "'\(node.id)' has a divisor, which must be above 0 and belongs to a mean",
        remedy: "use 'combine: mean' or 'weighted', or a multiplier")
    }
    if node.weights != .given, !combine.takesWeights || node.averageFirst == .respondents {
      throw error(
        node, "'\(node.id)' has weights (\(node.weights.rawValue)), but takes the plain mean",
        remedy: "use 'combine: weighted' or 'sum', and 'average_first: units'")
    }
    if (node.outcome != nil) != (node.weights == .regression) {
      throw error(
        node, "'\(node.id)' must name an outcome for 'weights: regression', and only there")
    }
    if let outcome = node.outcome, index[outcome] == nil {
      throw error(
        node, "'\(node.id)' names an outcome '\(outcome)' that is not in the structure",
        remedy: Suggestion.phrase(for: outcome, among: index.keys.sorted()))
    }
  }

  private static func ordered(
    nodes: [IndexNode], needs: [[Int]]
  ) throws(Diagnostic) -> [Int] {
    var order: [Int] = []
    // 0 not seen, 1 on the path from the start, 2 done.
    var state = [UInt8](repeating: 0, count: nodes.count)
    for start in nodes.indices where state[start] == 0 {
      var path: [(node: Int, next: Int)] = [(start, 0)]
      state[start] = 1
      while let (node, next) = path.last {
        if next == needs[node].count {
          state[node] = 2
          order.append(node)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let child = needs[node][next]
        if state[child] == 1 {
          throw error(nodes[child], "'\(nodes[child].id)' is a part of itself")
        }
        if state[child] == 0 {
          state[child] = 1
          path.append((child, 0))
        }
      }
    }
    return order
  }

  private static func error(
    _ node: IndexNode, _ what: String, why: String? = nil, remedy: String? = nil
  ) -> Diagnostic {
    Diagnostic(.badPipeline, what, at: "node \(node.id)", why: why, remedy: remedy)
  }
}
