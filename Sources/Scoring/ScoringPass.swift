import CanvassEstimation
import CanvassSurvey

/// One walk over the nodes, parts before what is made of them.
///
/// Over the units it finds the frame as it goes: a node is fitted as soon as all its units have a value.
struct ScoringPass {
  let tree: IndexTree
  let units: IndexUnits
  let domainCount: Int
  /// Whether the domains are the units, over which the frame is found.
  let isOverUnits: Bool
  /// The value of a leaf on its own scale, or of a node that averages respondents first on the index scale.
  let measured: (_ node: Int, _ domain: Int) -> Estimate?
  /// Whether the value of a leaf has sampling error of unknown size.
  let hasUnknownError: (_ node: Int, _ domain: Int) -> Bool
  /// Whether influences tell the covariance of two parts of a node.
  let knowsCovariances: Bool
  /// Whether a unit's value counts in ends, moments and weights.
  let counts: (_ node: Int, _ unit: Int) -> Bool
  var frame: ScoringFrame
  /// The cell of node n in domain d at `n · domainCount + d`.
  private(set) var cells: [ScoreCell?]
  /// Cells that are missing because a mean or logarithm does not exist for their parts.
  private(set) var undefined: Set<Int> = []
  /// Cells whose value was imputed.
  private(set) var imputed: Set<Int> = []

  init(
    tree: IndexTree, units: IndexUnits, domainCount: Int, frame: ScoringFrame?,
    knowsCovariances: Bool, counts: @escaping (_ node: Int, _ unit: Int) -> Bool,
    hasUnknownError: @escaping (_ node: Int, _ domain: Int) -> Bool = { _, _ in false },
    measured: @escaping (_ node: Int, _ domain: Int) -> Estimate?
  ) {
    self.tree = tree
    self.units = units
    self.domainCount = domainCount
    self.knowsCovariances = knowsCovariances
    self.counts = counts
    self.measured = measured
    self.hasUnknownError = hasUnknownError
    isOverUnits = frame == nil
    self.frame = frame ?? ScoringFrame(tree)
    cells = [ScoreCell?](repeating: nil, count: tree.nodes.count * domainCount)
  }

  /// Scores every node in every domain.
  ///
  /// - Throws: `badData` whose place is `node ID`, where a published unit's number does not exist.
  mutating func run() throws(Diagnostic) {
    for index in tree.bottomUp {
      let node = tree.nodes[index]
      var adjustment = ScoringFrame.Adjustment(node: index)
      if let leaf = node.leaf {
        for domain in 0..<domainCount {
          self[index, domain] =
            leaf.constant.map { ScoreCell(.constant($0)) }
            ?? measured(index, domain).map {
              hasUnknownError(index, domain)
                ? ScoreCell($0, obstacle: .unknown) : ScoreCell(measured: $0)
            }
        }
        if leaf.constant != nil { continue }
        if isOverUnits, let rule = leaf.imputation {
          adjustment.imputed = impute(index, by: rule)
        }
      } else if node.averageFirst == .respondents {
        for domain in 0..<domainCount {
          self[index, domain] = measured(index, domain).map {
            ScoreCell(measured: $0.scaled(slope: node.multiplier))
          }
        }
      } else {
        if isOverUnits { try fitParts(index) }
        for domain in 0..<domainCount { try combine(index, domain) }
      }
      if let normalization = node.normalization {
        try normalize(index, normalization, &adjustment)
      }
      if isOverUnits, adjustment != ScoringFrame.Adjustment(node: index) {
        frame.adjustments.append(adjustment)
      }
    }
  }

  private subscript(_ node: Int, _ domain: Int) -> ScoreCell? {
    get { cells[node * domainCount + domain] }
    set { cells[node * domainCount + domain] = newValue }
  }

  /// Units that count and have a value of every one of `nodes`.
  private func complete(_ nodes: [Int]) -> [Int] {
    (0..<domainCount).filter { unit in
      nodes.allSatisfy { self[$0, unit] != nil && counts($0, unit) }
    }
  }

  private func values(_ node: Int, of units: [Int]) -> [Double] {
    units.compactMap { self[node, $0]?.value }
  }

  /// Weights and fields that the units determine.
  private mutating func fitParts(_ index: Int) throws(Diagnostic) {
    let node = tree.nodes[index]
    let parts = tree.parts[index].map(\.node)
    let names = parts.map { tree.nodes[$0].id }
    switch node.weights {
    case .given, .equal: break
    case .principalComponent:
      let units = complete(parts)
      frame.weights[index] = try FittedWeights.principalComponent(
        parts.map { values($0, of: units) }, node: node.id, parts: names)
    case .regression:
      guard let outcome = node.outcome.flatMap(tree.index) else { break }
      let units = complete(parts + [outcome])
      frame.weights[index] = try FittedWeights.regression(
        of: values(outcome, of: units), on: parts.map { values($0, of: units) }, node: node.id,
        parts: names, mustBePositive: node.combine != .sum)
    }
    if node.combine == .copeland {
      frame.copeland[index] = CopelandField(
        members: complete(parts).map { unit in parts.compactMap { self[$0, unit]?.value } },
        weights: frame.weights[index])
    }
  }

  private mutating func combine(_ index: Int, _ domain: Int) throws(Diagnostic) {
    let node = tree.nodes[index]
    let parts = tree.parts[index].map { self[$0.node, domain] }
    if let field = frame.copeland[index] {
      let present = parts.compactMap(\.self)
      guard present.count == parts.count else { return }
      let score = field.score(of: present.map(\.value)) * node.multiplier
      self[index, domain] = .notSmooth(score, .copeland, of: present)
      return
    }
    switch node.combined(parts, weights: frame.weights[index]) {
    case .missing: break
    case .value(let cell):
      let uncertain = parts.compactMap(\.self).filter(\.isUncertain)
      if !knowsCovariances, uncertain.count > 1 {
        self[index, domain] = .notSmooth(
          cell.value * node.multiplier, .covariances, of: uncertain)
        return
      }
      self[index, domain] = .smooth(cell.estimate.scaled(slope: node.multiplier), of: [cell])
    case .undefined(let part):
      if isOverUnits, counts(index, domain) {
        let name = tree.nodes[tree.parts[index][part].node].id
        throw Diagnostic(
          .badData,
          "the \(node.combine.rawValue) mean of '\(node.id)' does not exist in unit "
            + "'\(code(domain))'", at: "node \(node.id)",
          why: "its part '\(name)' is not above 0 there",
          remedy: "begin the index scale above 0, give '\(name)' a floor, or use another 'combine'")
      }
      undefined.insert(index * domainCount + domain)
    }
  }

  private mutating func normalize(
    _ index: Int, _ normalization: Normalization, _ adjustment: inout ScoringFrame.Adjustment
  ) throws(Diagnostic) {
    if isOverUnits {
      let members = complete([index]).compactMap { unit in
        self[index, unit].map { (code(unit), $0) }
      }
      frame.normalizations[index] = try normalization.fitted(
        over: members, node: tree.nodes[index].id, scale: tree.scale)
    }
    let fitted = frame.normalizations[index]
    for domain in 0..<domainCount {
      guard let cell = self[index, domain] else { continue }
      guard let outcome = fitted?.normalized(cell) else {
        self[index, domain] = nil
        if fitted != nil { undefined.insert(index * domainCount + domain) }
        continue
      }
      self[index, domain] = outcome.cell
      if outcome.wasClamped { adjustment.clamped += 1 }
      if outcome.wasWinsorized { adjustment.winsorized += 1 }
    }
    if case .winsorize(let bounds) = fitted?.transform {
      adjustment.isStillSkewed = !bounds.isSatisfied
    }
  }

  /// Gives units without a value one by `rule`; how many it gave.
  private mutating func impute(_ index: Int, by rule: Imputation) -> Int {
    let known = complete([index])
    func mean(_ units: [Int]) -> Double? {
      units.isEmpty ? nil : values(index, of: units).reduce(0, +) / Double(units.count)
    }
    let overall: Double? =
      switch rule {
      case .mean: mean(known)
      case .median:
        known.isEmpty ? nil : Quantile.type7(0.5, of: values(index, of: known).sorted())
      case .group, .lastRound: nil
      }
    var count = 0
    for unit in 0..<domainCount where self[index, unit] == nil {
      let value: Double? =
        switch rule {
        case .mean, .median: overall
        case .group:
          group(unit).flatMap { name in mean(known.filter { group($0) == name }) }
        case .lastRound: units.lastRound[tree.nodes[index].id]?[unit]
        }
      guard let value else { continue }
      let isSurvey = known.contains { self[index, $0]?.isUncertain ?? false }
      self[index, unit] = ScoreCell(.constant(value), obstacle: isSurvey ? .imputed : nil)
      imputed.insert(index * domainCount + unit)
      count += 1
    }
    return count
  }

  private func group(_ unit: Int) -> String? {
    unit < units.groups.count ? units.groups[unit] : nil
  }

  private func code(_ unit: Int) -> String {
    unit < units.codes.count ? units.codes[unit] : String(unit)
  }
}
