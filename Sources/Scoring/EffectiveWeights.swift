extension IndexTree {
  /// The share that each node has in a root, by the weights `frame` found.
  ///
  /// The product of the weights on the way down; under a mean of any kind a weight is its share of the sum of
  /// weights (or of the divisor), under a sum itself; multipliers count. Only for sums and means is the
  /// score that weighted sum; elsewhere the share is nominal. Nil for a node that is no part of the root.
  public func effectiveWeights(of root: Int, frame: ScoringFrame) -> [Double?] {
    var result = [Double?](repeating: nil, count: nodes.count)
    result[root] = 1
    for node in bottomUp.reversed() {
      guard let above = result[node] else { continue }
      let weights = frame.weights[node]
      let divisor =
        nodes[node].combine == .sum ? 1 : nodes[node].divisor ?? weights.reduce(0, +)
      for (part, weight) in zip(parts[node], weights) where divisor != 0 {
        result[part.node] =
          (result[part.node] ?? 0) + above * nodes[node].multiplier * weight / divisor
      }
    }
    return result
  }
}
