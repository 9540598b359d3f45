import CanvassEstimation
import CanvassScoring
import CanvassSurvey
import Foundation
import Testing

/// Every function of the index engine on one table, each through a tree as a pipeline file would make it:
/// what the engine gives, by the names of COINr's calls and of `Tests/Golden/index-functions`.
struct IndexFunctions {
  let units: [String]
  let names: [String]
  let columns: [String: [Double?]]
  /// The groups of units and the values of the last round, where the table has them.
  var groups: [String?] = []
  var lastRound: [String: [Double?]] = [:]
  /// A number by call and key; nil where the engine gives none.
  private(set) var values: [String: [String: Double?]] = [:]

  init(
    units: [String], names: [String], columns: [String: [Double?]], groups: [String?] = [],
    lastRound: [String: [Double?]] = [:]
  ) {
    self.units = units
    self.names = names
    self.columns = columns
    self.groups = groups
    self.lastRound = lastRound
  }

  func score(_ nodes: [IndexNode], scale: ClosedRange<Double> = 0...1) throws -> Scores {
    try ScoringPlan(IndexTree(nodes, scale: scale)).score(
      published: IndexUnits(codes: units, groups: groups, lastRound: lastRound, table: columns))
  }

  private mutating func add(_ call: String, _ scores: Scores, node: Int = 0) {
    for (unit, code) in units.enumerated() {
      values[call, default: [:]][code] = .some(scores.estimate(node, unit)?.value)
    }
  }

  private mutating func add(_ call: String, _ key: String, _ value: Double?) {
    values[call, default: [:]][key] = .some(value)
  }

  /// One leaf under one rule.
  mutating func normalize(
    _ call: String, _ name: String, _ rule: Normalization, scale: ClosedRange<Double> = 0...1,
    imputation: Imputation? = nil
  ) throws {
    let node = IndexNode(
      id: name, memberships: [], level: "indicator", title: LocalizedText(en: name),
      leaf: IndexLeaf(
        variable: name, statistic: .mean, source: .table, imputation: imputation),
      normalization: rule)
    add(imputation == nil ? "\(call):\(name)" : call, try score([node], scale: scale))
  }

  /// All normalizations of one variable.
  mutating func normalizations(of name: String, reference: String?) throws {
    let present = (columns[name] ?? []).compactMap(\.self)
    let sorted = present.sorted()
    let (low, high) = (Quantile.type7(0.1, of: sorted), Quantile.type7(0.9, of: sorted))
    let (least, most) = (sorted[0], sorted[sorted.count - 1])
    let observed = Normalization(.minMax, low: .observed, high: .observed)
    var down = observed
    down.isReversed = true
    try normalize("minmax_1_100", name, observed, scale: 1...100)
    try normalize("minmax_down", name, down, scale: 1...100)
    try normalize("zscore", name, Normalization(.zScore))
    try normalize("zscore_down", name, Normalization(.zScore, isReversed: true))
    try normalize("zscore_population", name, Normalization(.populationZScore))
    try normalize("scaled", name, .between(0, most), scale: 0...100)
    try normalize("dist2max", name, Normalization(.distanceToMaximum))
    // COINr's table has no reference unit that is the worst in nothing.
    if let reference {
      try normalize("dist2ref", name, Normalization(.distanceToReference, reference: reference))
      try normalize(
        "dist2ref_down", name,
        Normalization(.distanceToReference, isReversed: true, reference: reference))
    }
    try normalize(
      "dist2target", name,
      Normalization(.distanceToTarget, isClamped: true, target: least + 0.8 * (most - least)))
    try normalize("fracmax", name, Normalization(.fractionOfMaximum))
    try normalize("rank", name, Normalization(.rank))
    try normalize("rank_down", name, Normalization(.rank, isReversed: true))
    try normalize("prank", name, Normalization(.percentileRank))
    try normalize("borda", name, Normalization(.borda))
    try normalize(
      "goalposts", name,
      Normalization(.minMax, low: .fixed(low), high: .fixed(high), isClamped: true))
    try normalize("capped", name, Normalization(.none, floor: low, ceiling: high))
    try normalize("winsorised", name, Normalization(.none, transform: .winsorize))
    try normalize("logCT", name, Normalization(.none, transform: .shiftedLog))
    add("skew", name, Moments.skewness(present))
    add("kurt", name, Moments.excessKurtosis(present))
  }

  /// All combinations of the variables, each min–max on 1–100, with weights 1, 2, 3, …
  mutating func combinations() throws {
    func top(
      _ call: String, _ combine: Combination, _ missing: MissingPart, exponent: Double? = nil,
      divisor: Double? = nil
    ) -> IndexNode {
      IndexNode(
        id: call, memberships: [], level: "index", title: LocalizedText(en: call),
        combine: combine, exponent: exponent, divisor: divisor, missing: missing)
    }
    let tops = [
      top("amean", .weighted, .drop), top("amean_keep", .weighted, .keep),
      top("amean_divisor", .weighted, .drop, divisor: 7), top("sum_blank", .sum, .blank),
      top("plain_mean", .mean, .drop), top("gmean_drop", .geometric, .drop),
      top("median", .median, .drop), top("gmean", .geometric, .blank),
      top("hmean", .harmonic, .blank), top("genmean_p2", .power, .blank, exponent: 2),
      top("genmean_pm3", .power, .blank, exponent: -3), top("copeland", .copeland, .blank),
    ]
    let leaves = names.enumerated().map { position, name in
      IndexNode(
        id: name,
        memberships: tops.map { top in
          .init(
            parent: top.id,
            weight: top.combine == .mean || top.combine == .median ? nil : Double(position + 1))
        }, level: "indicator", title: LocalizedText(en: name),
        leaf: IndexLeaf(variable: name, statistic: .mean, source: .table),
        normalization: Normalization(.minMax, low: .observed, high: .observed))
    }
    let scores = try score(tops + leaves, scale: 1...100)
    for (index, top) in tops.enumerated() { add(top.id, scores, node: index) }
    // Coherence looks at the units that have everything.
    let complete = units.indices.filter { unit in
      leaves.indices.allSatisfy { scores.estimate(tops.count + $0, unit) != nil }
    }
    let columns = leaves.indices.map { leaf in
      complete.compactMap { scores.estimate(tops.count + leaf, $0)?.value }
    }
    let components = try #require(PrincipalComponents(columns))
    for (position, share) in components.shares.enumerated() {
      add("pca_var_share", String(position + 1), share)
    }
    for (name, loading) in zip(names, components.loadings[0]) {
      add("pca_abs_loading1", name, abs(loading))
    }
    add("cronbach_cov", "all", CronbachAlpha.ofCovariances(columns))
    add("cronbach_cor", "all", CronbachAlpha.ofCorrelations(columns))
    for method in Correlation.allCases {
      for (i, first) in names.enumerated() {
        for (j, second) in names.enumerated() {
          add("cor_\(method.rawValue)", "\(first)~\(second)", method.of(columns[i], columns[j]))
        }
      }
    }
  }

  /// What the golden table asks beyond COINr's functions.
  mutating func imputationsAndFits() throws {
    try normalize("log", "a", Normalization(.none, transform: .log))
    try normalize(
      "log_between", "a",
      Normalization(.minMax, low: .fixed(0.5), high: .fixed(100), transform: .log))
    for (call, rule) in [
      ("impute_mean", Imputation.mean), ("impute_median", .median), ("impute_group", .group),
      ("impute_last", .lastRound),
    ] {
      try normalize(call, "b", Normalization(.none), imputation: rule)
    }
    func fit(_ weights: WeightRule, _ combine: Combination, _ parts: [String]) throws -> Scores {
      let top = IndexNode(
        id: "top", memberships: [], level: "index", title: LocalizedText(en: "top"),
        combine: combine, weights: weights, outcome: weights == .regression ? "e" : nil)
      func leaf(_ name: String, _ parent: String?) -> IndexNode {
        IndexNode(
          id: name, memberships: parent.map { [.init(parent: $0)] } ?? [], level: "indicator",
          title: LocalizedText(en: name),
          leaf: IndexLeaf(variable: name, statistic: .mean, source: .table))
      }
      return try score(
        [top] + parts.map { leaf($0, "top") } + (weights == .regression ? [leaf("e", nil)] : []))
    }
    for (call, weights, combine, parts) in [
      ("pca", WeightRule.principalComponent, Combination.weighted, ["a", "c", "d"]),
      ("regression", .regression, .sum, ["a", "c"]),
    ] {
      let scores = try fit(weights, combine, parts)
      for (part, weight) in zip(parts, scores.frame.weights[0]) {
        add("weights_\(call)", part, weight)
      }
      add("score_\(call)", scores)
    }
  }
}
