import CanvassScoring
import CanvassSurvey

/// Two plans whose indices are cut down to the leaves that mean the same in both, put together as the
/// current one does it.
struct SharedLeaves {
  let former: PipelinePlan
  let current: PipelinePlan

  /// - Parameter definitions: those of the former run and of the current one.
  init(
    former: PipelinePlan, current: PipelinePlan, definitions: [RoundDefinitions]
  ) throws {
    let comparability = Comparability(of: definitions[1], with: definitions[0])
    let tree = current.tree
    var leafOfNode: [String: IndexLeaf] = [:]
    for node in tree.nodes {
      guard node.leaf != nil, let found = comparability.nodes[node.id], found.obstacle == nil,
        let old = former.tree.index(of: found.former), let leaf = former.tree.nodes[old].leaf
      else { continue }
      leafOfNode[node.id] = leaf
    }
    // A node stays if a shared leaf is below it.
    let kept = tree.nodes.indices.filter { index in
      leafOfNode[tree.nodes[index].id] != nil
        || tree.leaves(of: index).contains { leafOfNode[tree.nodes[$0].id] != nil }
    }
    guard !kept.isEmpty else {
      throw Diagnostic(
        .badPipeline, "the two runs share no leaf that means the same in both",
        remedy: "see what 'canvass compare' without --common says of the definitions")
    }
    let nodes = kept.map { index in
      var node = tree.nodes[index]
      node.history = NodeHistory()
      return node
    }
    self.current = current.scored(by: try IndexTree(nodes, scale: tree.scale))
    self.former = former.scored(
      by: try IndexTree(
        nodes.map { node in
          var node = node
          if let leaf = leafOfNode[node.id] { node.leaf = leaf }
          return node
        }, scale: tree.scale))
  }
}

extension PipelinePlan {
  /// The same plan with another index, for its scores alone.
  fileprivate func scored(by tree: IndexTree) -> PipelinePlan {
    var plan = self
    plan.tree = tree
    plan.tableUses = tree.variableUses(of: .table, places: [:])
    plan.ranks = nil
    plan.assumptions = nil
    plan.rounds = []
    return plan
  }
}
