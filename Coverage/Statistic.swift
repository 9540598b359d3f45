import CanvassEstimation
import CanvassScoring

/// One number of the index whose intervals are followed through all samples.
struct Statistic: Sendable {
  /// What the tables tell apart.
  enum Kind: String, Sendable, CaseIterable {
    case share = "share"
    case mean = "mean"
    case respondentsFirst = "sub-dimension, respondents first"
    case unitsFirst = "sub-dimension, units first"
    case dimension = "dimension"
    case index = "index"
  }

  let kind: Kind
  /// The node in the tree.
  let node: Int
  /// The measure of a leaf, which is followed on its own scale; nil for a composite.
  let measure: Int?

  /// Every node of the plan but constants.
  static func all(_ plan: ScoringPlan) -> [Statistic] {
    plan.tree.nodes.indices.compactMap { index in
      let node = plan.tree.nodes[index]
      if let leaf = node.leaf {
        guard leaf.constant == nil, let measure = plan.measureOfNode[index] else { return nil }
        return Statistic(
          kind: leaf.statistic == .share ? .share : .mean, node: index, measure: measure)
      }
      let kind: Kind =
        switch node.level {
        case "index": .index
        case "dimension": .dimension
        default: node.averageFirst == .respondents ? .respondentsFirst : .unitsFirst
        }
      return Statistic(kind: kind, node: index, measure: nil)
    }
  }

  /// The statistic in a domain, from the results and scores of one partition.
  func estimate(_ results: [MeasureResult], _ scores: Scores, domain: Int) -> Estimate? {
    measure.map { results[$0].domains[domain].estimate } ?? scores.estimate(node, domain)
  }

  /// Who answered.
  func support(_ results: [MeasureResult], _ scores: Scores, domain: Int) -> Support? {
    measure.map { results[$0].domains[domain].support } ?? scores.support(node, domain)
  }
}
