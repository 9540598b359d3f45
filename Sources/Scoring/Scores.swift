public import CanvassEstimation
public import CanvassSurvey

/// The nodes of an index in every domain of one partition.
public struct Scores: Sendable {
  /// The index.
  public let tree: IndexTree
  /// Number of domains.
  public let domainCount: Int
  /// The score of node n in domain d at `n · domainCount + d`; nil where it has none.
  public let estimates: [Estimate?]
  /// Who answered anything below the node, likewise; nil behind the door of published tables.
  public let supports: [Support]?

  /// The score of a node in a domain, nil where it has none.
  public func estimate(_ node: Int, _ domain: Int) -> Estimate? {
    estimates[node * domainCount + domain]
  }

  /// Who answered anything below the node in a domain; nil behind the door of published tables.
  public func support(_ node: Int, _ domain: Int) -> Support? {
    supports?[node * domainCount + domain]
  }

  /// Scores every node from `measured(node, domain)`, the value of a leaf on its own scale or of a node
  /// that averages respondents first on the index scale.
  init(
    tree: IndexTree, domainCount: Int, supports: [Support]?,
    measured: (_ node: Int, _ domain: Int) -> Estimate?
  ) {
    self.tree = tree
    self.domainCount = domainCount
    self.supports = supports
    var estimates = [Estimate?](repeating: nil, count: tree.nodes.count * domainCount)
    for index in tree.bottomUp {
      let node = tree.nodes[index]
      for domain in 0..<domainCount {
        let score: Estimate?
        if let leaf = node.leaf {
          if let constant = leaf.constant {
            score = .constant(constant)
          } else {
            let (slope, intercept) = tree.rescaling(of: leaf)
            score = measured(index, domain)?.scaled(slope: slope, intercept: intercept)
          }
        } else if node.averageFirst == .respondents, supports != nil {
          score = measured(index, domain)?.scaled(slope: node.multiplier)
        } else {
          score = Scores.combined(
            node,
            parts: tree.parts[index].map { part in
              (estimates[part.node * domainCount + domain], part.weight)
            })
        }
        estimates[index * domainCount + domain] = score
      }
    }
    self.estimates = estimates
  }

  /// The parts' combination under the node's rule for parts without a value.
  private static func combined(
    _ node: IndexNode, parts: [(score: Estimate?, weight: Double)]
  ) -> Estimate? {
    var sum = Estimate.constant(0)
    var divisor = 0.0
    var present = 0
    for (score, weight) in parts {
      if let score {
        sum = sum + score.scaled(slope: weight)
        present += 1
      } else if node.missing == .blank {
        return nil
      } else if node.missing == .drop {
        continue
      }
      divisor += weight
    }
    guard present > 0 else { return nil }
    switch node.combine {
    case .sum: return sum.scaled(slope: node.multiplier)
    case .mean, .weighted:
      guard divisor > 0 else { return nil }
      return sum.scaled(slope: node.multiplier / divisor)
    }
  }
}

extension ScoringPlan {
  /// The scores in every domain of one partition, from the estimates of `measures` there, in order.
  ///
  /// A node's support is the union of the rows that answered any of its leaves.
  public func score(
    _ results: [MeasureResult], in partition: Partition, by estimator: Estimator
  ) -> Scores {
    var supports: [Support] = []
    for node in tree.nodes.indices {
      var rows = RowSet(rowCount: partition.domainOfRow.count)
      for leaf in tree.leaves(of: node) {
        if let measure = measureOfNode[leaf] { rows.formUnion(results[measure].answered) }
      }
      supports += estimator.supports(of: rows, in: partition)
    }
    return Scores(tree: tree, domainCount: partition.domainCount, supports: supports) {
      node, domain in
      measureOfNode[node].flatMap { results[$0].domains[domain].estimate }
    }
  }

  /// The scores from values that somebody else published: `values[variable]?[unit]`, without sampling
  /// error.
  ///
  /// - Throws: `badPipeline` for a leaf whose variable the table lacks, and for a node that averages
  ///   respondents first, since a published table has none.
  public func score(
    published values: [String: [Double?]], unitCount: Int
  ) throws(Diagnostic) -> Scores {
    for node in tree.nodes {
      if let leaf = node.leaf {
        guard leaf.constant != nil || values[leaf.variable] != nil else {
          throw Diagnostic(
            .badPipeline, "the published table has no variable '\(leaf.variable)'",
            at: "node \(node.id)",
            remedy: Suggestion.phrase(for: leaf.variable, among: values.keys.sorted()))
        }
        if leaf.statistic == .ratio || leaf.good != nil || !leaf.missing.isEmpty {
          throw Diagnostic(
            .badPipeline, "'\(node.id)' asks for answers of respondents", at: "node \(node.id)",
            why: "a published table holds one value a unit",
            remedy: "leave good, denominator and the missing reasons empty")
        }
      } else if node.averageFirst == .respondents {
        throw Diagnostic(
          .badPipeline, "'\(node.id)' averages respondents first, but the table has none",
          at: "node \(node.id)", remedy: "use 'average_first: units'")
      }
    }
    return Scores(tree: tree, domainCount: unitCount, supports: nil) { node, unit in
      guard let leaf = tree.nodes[node].leaf else { return nil }
      return values[leaf.variable]?[unit].map { .constant($0) }
    }
  }
}
