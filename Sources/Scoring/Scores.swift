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
  /// Who answered anything below the node, likewise; nil where no respondents bear on it.
  public let supports: [Support?]
  /// What the units found out and this partition used.
  public let frame: ScoringFrame
  private let obstacles: [ErrorObstacle?]
  private let undefined: Set<Int>
  private let imputed: Set<Int>

  /// The score of a node in a domain, nil where it has none.
  public func estimate(_ node: Int, _ domain: Int) -> Estimate? {
    estimates[node * domainCount + domain]
  }

  /// Who answered anything below the node in a domain; nil where no respondents bear on it.
  public func support(_ node: Int, _ domain: Int) -> Support? {
    supports.isEmpty ? nil : supports[node * domainCount + domain]
  }

  /// Why a score has no linearized standard error although it has sampling error; nil where it has one, or
  /// none to speak of.
  public func obstacle(_ node: Int, _ domain: Int) -> ErrorObstacle? {
    obstacles[node * domainCount + domain]
  }

  /// Whether a score is missing because a mean or logarithm does not exist for values not above 0.
  public func isUndefined(_ node: Int, _ domain: Int) -> Bool {
    undefined.contains(node * domainCount + domain)
  }

  /// Whether a leaf's value was imputed in a unit.
  public func isImputed(_ node: Int, _ domain: Int) -> Bool {
    imputed.contains(node * domainCount + domain)
  }

  init(_ pass: ScoringPass, supports: [Support?]) {
    tree = pass.tree
    domainCount = pass.domainCount
    estimates = pass.cells.map { $0?.estimate }
    obstacles = pass.cells.map { $0?.obstacle }
    undefined = pass.undefined
    imputed = pass.imputed
    frame = pass.frame
    self.supports = supports
  }
}

extension ScoringPlan {
  /// The scores in every domain of one partition, from the estimates of `measures` there, in order.
  ///
  /// A node's support is the union of the rows that answered any of its leaves. Without a `frame` the domains
  /// are the units, and ends, moments and weights are found over those of them that may be published;
  /// with the units' frame the domains are any others.
  ///
  /// - Throws: `badData` whose place is `node ID`, where a published unit's number does not exist, or what
  ///   the units should determine is not determined.
  public func score(
    _ results: [MeasureResult], in partition: Partition, by estimator: Estimator,
    units: IndexUnits, frame: ScoringFrame? = nil
  ) throws(Diagnostic) -> Scores {
    var supports: [Support?] = []
    for node in tree.nodes.indices {
      let asked = tree.leaves(of: node).compactMap { measureOfNode[$0] }
      guard !asked.isEmpty else {
        supports += [Support?](repeating: nil, count: partition.domainCount)
        continue
      }
      if asked.count == 1 {
        supports += results[asked[0]].domains.map(\.support)
        continue
      }
      var rows = RowSet(rowCount: partition.domainOfRow.count)
      for measure in asked { rows.formUnion(results[measure].answered) }
      supports += estimator.supports(of: rows, in: partition).map { $0 }
    }
    let domainCount = partition.domainCount
    let isOverUnits = frame == nil
    var pass = ScoringPass(
      tree: tree, units: units, domainCount: domainCount, frame: frame, knowsCovariances: true
    ) { node, unit in
      supports[node * domainCount + unit].map { $0.respondents >= units.minimumRespondents } ?? true
    } measured: { node, domain in
      if let measure = measureOfNode[node] { return results[measure].domains[domain].estimate }
      guard isOverUnits, let leaf = tree.nodes[node].leaf else { return nil }
      return leaf.tableValue(in: units.table, unit: domain).map { .constant($0) }
    }
    try pass.run()
    return Scores(pass, supports: supports)
  }

  /// The scores from values that somebody else published, `units.table`, with their standard errors if
  /// those are known: `errors[variable]?[unit]`.
  ///
  /// A leaf's standard error stands for a sampling unit of its own. A node over several leaves with one has
  /// none, since their covariances are unknown. Where there are errors at all, a figure without one has an
  /// error of unknown size, and so has what is made of it.
  ///
  /// - Throws: `badPipeline` for a leaf whose variable the table lacks, and for a node that averages
  ///   respondents first, since a published table has none; `badData` as for respondents.
  public func score(
    published units: IndexUnits, errors: [String: [Double?]] = [:]
  ) throws(Diagnostic) -> Scores {
    let count = units.codes.count
    for node in tree.nodes {
      if let leaf = node.leaf {
        if leaf.constant == nil { try leaf.checkTable(units.table, node: node.id) }
      } else if node.averageFirst == .respondents {
        throw Diagnostic(
          .badPipeline, "'\(node.id)' averages respondents first, but the table has none",
          at: "node \(node.id)", remedy: "use 'average_first: units'")
      }
    }
    var pass = ScoringPass(
      tree: tree, units: units, domainCount: count, frame: nil, knowsCovariances: false
    ) { _, _ in
      true
    } hasUnknownError: { node, unit in
      // A figure without its error is not a figure without error.
      guard !errors.isEmpty, let leaf = tree.nodes[node].leaf else { return false }
      return errors[leaf.variable]?[unit] == nil
    } measured: { node, unit in
      guard let leaf = tree.nodes[node].leaf,
        let value = leaf.tableValue(in: units.table, unit: unit)
      else { return nil }
      guard let error = errors[leaf.variable]?[unit] else { return .constant(value) }
      return Estimate(
        value: value, influence: Influence(firstUnit: node * count + unit, values: [error]))
    }
    try pass.run()
    return Scores(pass, supports: [])
  }
}

extension IndexLeaf {
  /// Checks that a published table has what the leaf is made of.
  package func checkTable(
    _ table: [String: [Double?]], node: String
  ) throws(Diagnostic) {
    for variable in [variable] + (denominator.map { [$0] } ?? []) where table[variable] == nil {
      throw Diagnostic(
        .badPipeline, "the published table has no variable '\(variable)'",
        at: "node \(node)", remedy: Suggestion.phrase(for: variable, among: table.keys.sorted()))
    }
    if good != nil || !missing.isEmpty {
      throw Diagnostic(
        .badPipeline, "'\(node)' asks for answers of respondents", at: "node \(node)",
        why: "a published table holds one value a unit",
        remedy: "leave good and the missing reasons empty")
    }
  }

  /// The leaf's value in a published table; a ratio to 0 has none.
  package func tableValue(in table: [String: [Double?]], unit: Int) -> Double? {
    guard let value = table[variable]?[unit] else { return nil }
    guard let denominator else { return value }
    guard let below = table[denominator]?[unit], below != 0 else { return nil }
    return value / below
  }
}
