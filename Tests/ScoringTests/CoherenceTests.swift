import CanvassEstimation
import CanvassScoring
import CanvassSurvey
import Testing

@Suite("Coherence")
struct CoherenceTests {
  /// Equal but for rounding, or both absent.
  private func expect(_ value: Double?, _ expected: Double?) {
    #expect((value == nil) == (expected == nil))
    if let value, let expected { #expect(abs(value - expected) < 1e-12) }
  }

  @Test(
    "few or equal values give no correlation, no alpha and no bounds, and nothing breaks",
    arguments: 0...3)
  func small(count: Int) {
    let rising = (0..<count).map { Double($0) }
    let equal = [Double](repeating: 0.1, count: count)
    for method in Correlation.allCases {
      #expect(method.of(rising, equal) == nil)
      expect(method.of(rising, rising), count > 1 ? 1 : nil)
      expect(method.of(rising, rising.reversed()), count > 1 ? -1 : nil)
    }
    #expect(CronbachAlpha.ofCovariances([rising]) == nil)
    let unrelated = CronbachAlpha.ofCovariances([rising, equal])
    #expect((unrelated == nil) == (count < 2) && abs(unrelated ?? 0) < 1e-12)
    #expect(CronbachAlpha.ofCorrelations([rising, equal]) == nil)
    #expect(CronbachAlpha.ofCorrelations([rising, rising]) == (count > 1 ? 1 : nil))
    #expect(CronbachAlpha.ofCovariances([]) == nil && CronbachAlpha.ofCorrelations([]) == nil)
    #expect(PrincipalComponents([rising, equal]) == nil)
    #expect(PrincipalComponents([rising])?.shares == (count > 1 ? [1] : nil))
    let bounds = Winsorization(rising)
    #expect(bounds.lower == nil && bounds.upper == nil && bounds.isSatisfied)
    #expect(Moments.skewness(equal).isNaN || count > 2)
  }

  @Test("five outliers are moved at most, at the end where they are, and a sixth is told")
  func winsorizing() {
    let calm = (0..<200).map { Double($0 % 10) }
    let low = Winsorization(calm + [-900, -950])
    #expect(low.lower == 0 && low.upper == nil && low.isSatisfied)
    let many = Winsorization(calm + [700, 750, 800, 850, 900, 950, 990])
    #expect(many.upper == 750 && many.lower == nil && !many.isSatisfied)
  }

  @Test(
    "findings flag what offsets, repeats or belongs elsewhere; a missing unit leaves the pairs it lacks"
  )
  func findings() throws {
    let tree = try IndexTree(
      [
        composite("top"), composite("left", "top"), composite("right", "top"), leaf("a", "left"),
        leaf("b", "left"), leaf("c", "left"), leaf("d", "right"), leaf("e", "right"),
      ], scale: 0...1)
    let values: [String: [Double?]] = [
      "a": [1, 2, 3, 4, 5, 9], "b": [1.1, 2, 3.1, 4, 5.2, 9], "c": [7, 5.5, 4, 4.5, 1, 0],
      "d": [6, 6, 4, 4, 2, nil], "e": [8, 5, 4, 5, 0, -1],
    ]
    let scores = try ScoringPlan(tree).score(
      published: IndexUnits(codes: (0..<6).map(String.init), table: values))
    let findings = Coherence.findings(tree, unitCount: 6) { scores.estimate($0, $1)?.value }
    func finding(
      _ statistic: Coherence.Finding.Statistic, _ part: String?, _ other: String?, _ method: String
    ) -> Coherence.Finding? {
      findings.first {
        $0.statistic == statistic && $0.part == part.flatMap(tree.index)
          && $0.other == other.flatMap(tree.index) && $0.method == method
      }
    }
    #expect(finding(.within, "b", "a", "spearman")?.flag == .redundant)
    #expect(finding(.within, "c", "a", "pearson")?.flag == .negative)
    // c falls where its own node rises, and goes with the other.
    #expect(finding(.across, "c", "right", "pearson")?.flag == .elsewhere)
    #expect(finding(.across, "a", "left", "pearson")?.flag == nil)
    #expect(finding(.across, "d", "right", "kendall")?.units == 5)
    #expect(finding(.within, "e", "d", "pearson")?.units == 5)
    #expect(finding(.within, "b", "a", "pearson")?.units == 6)
    let alphas = findings.filter { $0.statistic == .alpha && $0.method == "correlations" }
    #expect(alphas.map(\.node) == ["top", "left", "right"].compactMap(tree.index))
    #expect(alphas.first { $0.node == tree.index(of: "left") }?.flag == .low)
  }

  @Test("effective weights multiply down the tree, over shared nodes too")
  func effectiveWeights() throws {
    var shared = leaf("s", "x", weight: 1)
    shared.memberships.append(.init(parent: "y", weight: 3))
    let tree = try IndexTree(
      [
        composite("top", combine: .weighted),
        composite("x", "top", combine: .weighted, weight: 1),
        composite("y", "top", combine: .sum, multiplier: 0.5, weight: 3), shared,
        leaf("p", "x", weight: 4), leaf("q", "y"),
      ], scale: 0...1)
    let scores = try ScoringPlan(tree).score(
      published: IndexUnits(codes: ["1"], table: ["s": [1], "p": [0], "q": [0]]))
    let weights = tree.effectiveWeights(of: 0, frame: scores.frame)
    // s: 1/4 · 1/5 in x and 3/4 · 0.5 · 3 in y; the index of a unit with s alone is that share.
    #expect(abs((weights[3] ?? 0) - (0.05 + 1.125)) < 1e-15)
    #expect(abs((scores.estimate(0, 0)?.value ?? 0) - 1.175) < 1e-15)
    #expect(weights[4] == 0.2 && weights[5] == 0.375)
  }

  @Test("weights that the units do not determine are errors that name the part")
  func unfitted() throws {
    func fit(
      _ rule: WeightRule, _ columns: [String: [Double?]], combine: Combination = .weighted
    ) throws {
      let top = IndexNode(
        id: "top", memberships: [], level: "index", title: LocalizedText(en: "top"),
        combine: combine, weights: rule, outcome: rule == .regression ? "y" : nil)
      let tree = try IndexTree(
        [top, leaf("a", "top"), leaf("b", "top"), leaf("y", nil)], scale: 0...1)
      _ = try ScoringPlan(tree).score(
        published: IndexUnits(codes: (0..<5).map(String.init), table: columns))
    }
    let y: [Double?] = [1, 3, 2, 5, 4]
    let a: [Double?] = [1, 2, 3, 4, 6]
    let cases: [(WeightRule, [String: [Double?]], String)] = [
      (.principalComponent, ["a": a, "b": [6, 4, 3, 2, 1], "y": y], "opposite sign"),
      (.principalComponent, ["a": a, "b": [2, 2, 2, 2, 2], "y": y], "does not vary"),
      (.principalComponent, ["a": a, "b": [2, 3, nil, nil, nil], "y": y], "on 2 units"),
      (.regression, ["a": a, "b": [2, 4, 6, 8, 12], "y": y], "depend on each other"),
      (.regression, ["a": a, "b": [5, 1, 2, 0, 1.5], "y": y], "negative weight"),
      (.regression, ["a": a, "b": [2, 4, 6, nil, nil], "y": y], "on 3 units"),
    ]
    for (rule, columns, message) in cases {
      let error = #expect(throws: Diagnostic.self) { try fit(rule, columns) }
      #expect(error?.what.contains(message) == true, "\(error?.what ?? "none"), not \(message)")
      #expect(error?.place == "node top")
    }
    // A sum may subtract.
    try fit(.regression, ["a": a, "b": [5, 1, 2, 0, 1.5], "y": y], combine: .sum)
  }

  @Test("a scale that the units leave without length, or without values, is an error or no score")
  func degenerateScales() throws {
    func score(_ rule: Normalization, _ values: [Double?]) throws -> Scores {
      var node = leaf("a", nil)
      node.normalization = rule
      return try ScoringPlan(IndexTree([node], scale: 0...1)).score(
        published: IndexUnits(codes: values.indices.map(String.init), table: ["a": values]))
    }
    let observed = Normalization(.minMax, low: .observed, high: .observed)
    for rule in [
      observed, Normalization(.zScore), Normalization(.distanceToMaximum),
      Normalization(.fractionOfMaximum, transform: .shiftedLog),
    ] {
      #expect(throws: Diagnostic.self) { try score(rule, [0, 0, 0]) }
      #expect(try score(rule, [nil, nil]).estimate(0, 0) == nil)
      #expect(try score(rule, []).domainCount == 0)
    }
    let log = Normalization(.none, transform: .log)
    let error = #expect(throws: Diagnostic.self) { try score(log, [1, 0]) }
    #expect(error?.what.contains("in unit '1'") == true)
    #expect(throws: Diagnostic.self) { try score(Normalization(.percentileRank), [4]) }
    #expect(try score(Normalization(.rank), [4]).estimate(0, 0)?.value == 1)
  }
}
