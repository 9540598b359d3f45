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
  /// Indices of nodes such that parts come before what is made of them.
  public let bottomUp: [Int]
  /// The scale that leaves with ends are brought to.
  public let scale: ClosedRange<Double>
  private let indexOfID: [String: Int]

  /// A tree of `nodes`, leaves brought to `scale`.
  ///
  /// - Throws: `badPipeline` whose place is `node ID`, for a repeated or unknown identifier, a cycle, a
  ///   leaf with parts or a composite without, a weight under a plain mean, ends that do not differ, or
  ///   respondents averaged first over anything but leaves that are means or shares.
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
          if nodes[parent].combine == .mean {
            throw Self.error(
              node, "'\(node.id)' has a weight, but '\(membership.parent)' takes the plain mean",
              remedy: "use 'combine: weighted' or 'sum' there, or remove the weight")
          }
          if !weight.isFinite || (nodes[parent].combine == .weighted && weight < 0) {
            throw Self.error(
              node, "the weight of '\(node.id)' must be a number that is not negative")
          }
        }
        listed[parent] += 1
        if node.scored {
          parts[parent].append(Part(node: position, weight: membership.weight ?? 1))
        }
      }
      if let ends = node.leaf?.ends, ends.low == ends.high {
        throw Self.error(
          node, "low and high of '\(node.id)' are the same", why: "the scale would have no length")
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
        for part in parts[position] {
          let child = nodes[part.node]
          guard let leaf = child.leaf, leaf.statistic != .ratio, leaf.constant == nil else {
            throw Self.error(
              node,
              "'\(node.id)' averages respondents first, but its part '\(child.id)' is not a mean"
                + " or share of one variable",
              remedy: "use 'average_first: units' for this node")
          }
        }
        if node.combine != .mean {
          throw Self.error(
            node, "'\(node.id)' averages respondents first, which is a mean, not a \(node.combine)",
            remedy: "use 'combine: mean', with a multiplier if the node needs one")
        }
      }
    }
    self.parts = parts
    bottomUp = try Self.ordered(nodes: nodes, parts: parts)
  }

  /// The index of the node `id`, or nil.
  public func index(of id: String) -> Int? { indexOfID[id] }

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

  private static func ordered(
    nodes: [IndexNode], parts: [[Part]]
  ) throws(Diagnostic) -> [Int] {
    var order: [Int] = []
    // 0 not seen, 1 on the path from the start, 2 done.
    var state = [UInt8](repeating: 0, count: nodes.count)
    for start in nodes.indices where state[start] == 0 {
      var path: [(node: Int, next: Int)] = [(start, 0)]
      state[start] = 1
      while let (node, next) = path.last {
        if next == parts[node].count {
          state[node] = 2
          order.append(node)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let child = parts[node][next].node
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
