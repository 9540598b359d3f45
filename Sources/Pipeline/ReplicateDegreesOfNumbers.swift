import CanvassEstimation
import CanvassScoring

extension ReplicateErrors.Study {
  /// Degrees of freedom of every number, by its place: the rank of the replicate weights of those who answered
  /// what it is made of, less 1.
  func degrees(_ replicates: Replicates, _ layout: ReplicateErrors.Layout) -> [Int] {
    var ranks = ReplicateDegrees(replicates)
    var result = [Int](repeating: 0, count: layout.count)
    for (position, partition) in partitions.enumerated() {
      let answering = plan.measures.indices.map { measure in
        ranks.classes(
          of: estimates[measure * partitions.count + position].answered, in: partition)
      }
      for measure in plan.measures.indices {
        for domain in 0..<partition.domainCount {
          result[layout.indicator(position, measure, domain)] = ranks.degreesOfFreedom(
            of: answering[measure][domain])
        }
      }
      for node in plan.tree.nodes.indices {
        let below = plan.measures(below: node)
        var ofAll = ReplicateDegrees.Classes()
        for domain in 0..<partition.domainCount {
          var classes = ReplicateDegrees.Classes()
          for measure in below { classes.formUnion(answering[measure][domain]) }
          result[layout.score(position, node, domain)] = ranks.degreesOfFreedom(of: classes)
          if position == 0, published[node].contains(codes[domain]) { ofAll.formUnion(classes) }
        }
        guard position == 0 else { continue }
        let degrees = ranks.degreesOfFreedom(of: ofAll)
        for number in ReplicateErrors.nationals {
          if let place = layout.national(node, number) { result[place] = degrees }
        }
      }
    }
    return result
  }
}

extension ScoringPlan {
  /// The measures that a node is made of.
  func measures(below node: Int) -> [Int] {
    Array(Set(([node] + tree.leaves(of: node)).compactMap { measureOfNode[$0] })).sorted()
  }

  /// Whether a node is made of any of the measures that `isSuch` marks.
  func restsOn(_ isSuch: [Bool], node: Int) -> Bool {
    measures(below: node).contains { isSuch[$0] }
  }
}

extension MeasureKind {
  /// Whether the measure is a quantile of answers.
  var isQuantile: Bool {
    if case .quantile = self { true } else { false }
  }
}
