public import CanvassScoring

/// `effective-weights.csv`: what each node weighs in its parent and in the whole index.
public enum EffectiveWeightsFile {
  /// Its columns.
  public static let header = "index,node,parent,weight,effective_weight"

  /// The file's bytes: for each index the nodes below it, once for every parent they have there.
  public static func bytes(_ tree: IndexTree, _ frame: ScoringFrame) -> [UInt8] {
    var file = CommaSeparated(header: header)
    for root in tree.nodes.indices where tree.isRoot(root) {
      let effective = tree.effectiveWeights(of: root, frame: frame)
      for (node, entry) in tree.nodes.enumerated() {
        for (parent, parts) in tree.parts.enumerated() where effective[parent] != nil {
          guard let position = parts.firstIndex(where: { $0.node == node }) else { continue }
          file.add(tree.nodes[root].id)
          file.add(entry.id)
          file.add(tree.nodes[parent].id)
          file.add(frame.weights[parent][position])
          file.add(effective[node])
          file.endLine()
        }
      }
    }
    return file.bytes
  }
}
