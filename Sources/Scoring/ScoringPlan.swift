public import CanvassEstimation
import CanvassSurvey

/// What an index asks of the respondents before it can be scored.
public struct ScoringPlan: Sendable {
  /// The index.
  public let tree: IndexTree
  /// What is to be estimated: every leaf on its own scale, then every node that averages respondents
  /// first.
  public let measures: [Measure]
  /// The measure of each node, nil for a node that is combined from its parts or is a constant.
  public let measureOfNode: [Int?]

  /// The plan of a tree. Leaves keep their statistic's scale; a node that averages respondents first
  /// asks for each respondent's mean over the rescaled items that he or she answered.
  ///
  /// - Parameter confidence: of the intervals of quantiles.
  public init(_ tree: IndexTree, confidence: Double = 0.95) {
    self.tree = tree
    var measures: [Measure] = []
    var measureOfNode = [Int?](repeating: nil, count: tree.nodes.count)
    for (index, node) in tree.nodes.enumerated() {
      guard let leaf = node.leaf, leaf.source == .respondents else { continue }
      measureOfNode[index] = measures.count
      var quantile = leaf.quantile
      quantile.confidence = confidence
      let kind: MeasureKind =
        switch leaf.statistic {
        case .ratio: .ratio(leaf.rule, ItemRule(variable: leaf.denominator ?? leaf.variable))
        case .count, .total: .total(leaf.rule)
        case .median, .quantile: .quantile(leaf.rule, quantile)
        case .mean, .share: .mean(leaf.rule)
        }
      measures.append(Measure(id: node.id, kind: kind))
    }
    for (index, node) in tree.nodes.enumerated()
    where node.leaf == nil && node.averageFirst == .respondents {
      measureOfNode[index] = measures.count
      let rules = tree.parts[index].compactMap { part -> ItemRule? in
        guard let leaf = tree.nodes[part.node].leaf else { return nil }
        var rule = leaf.rule
        (rule.slope, rule.intercept) = tree.rescaling(of: tree.nodes[part.node])
        return rule
      }
      measures.append(Measure(id: node.id, kind: .respondentMean(rules)))
    }
    self.measures = measures
    self.measureOfNode = measureOfNode
  }
}

extension IndexTree {
  /// The slope and intercept that bring a leaf between two fixed ends to the index scale, (1, 0) where it
  /// stays as it is.
  public func rescaling(of node: IndexNode) -> (slope: Double, intercept: Double) {
    guard let normalization = node.normalization, let ends = normalization.fixedEnds else {
      return (1, 0)
    }
    let line = Line(
      from: ends.lowerBound, to: ends.upperBound, isReversed: normalization.isReversed, scale: scale
    )
    return (line.slope, line.intercept)
  }
}
