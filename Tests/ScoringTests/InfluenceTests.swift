import CanvassEstimation
import CanvassScoring
import CanvassSurvey
import CanvassWeighting
import Testing

/// Influences through normalization and aggregation against central differences of the scores themselves.
@Suite("Influences of scores")
struct InfluenceTests {
  static let units = 5
  /// Unequal values; no two leaves move together.
  static let values: [[Double]] = [
    [2.5, 3.75, 1.25, 4.5, 3.0], [0.4, 0.9, 0.75, 0.3, 0.55], [12, 30, 17, 22, 11],
  ]

  /// The scores of a tree whose leaf l has `values[l][u]` in unit u, with an influence of 1 at the sampling
  /// unit l · units + u.
  func score(_ nodes: [IndexNode], _ values: [[Double]]) throws -> Scores {
    let tree = try IndexTree(nodes, scale: 1...10)
    let plan = ScoringPlan(tree)
    let count = InfluenceTests.units
    let rows = plan.measures.count * count
    let table = Table(columns: [Column(name: "x", numbers: [Double](repeating: 1, count: rows))])
    let design = SampleDesign(
      rowStarts: Array(0...rows), psuStarts: [0, rows], stratumNames: ["all"],
      psuNames: [String](repeating: "", count: rows), lonely: .adjust)
    let estimator = Estimator(
      WeightedSample(
        table: table, design: design, weights: [Double](repeating: 1, count: rows)))
    let partition = Partition(
      id: "unit", domainOfRow: (0..<rows).map { Int32($0 % count) }, domainCount: count)
    var answered = RowSet(rowCount: rows)
    for row in 0..<rows { answered.insert(row) }
    let results = plan.measures.enumerated().map { measure, request in
      MeasureResult(
        measure: request.id, partition: "unit",
        domains: (0..<count).map { unit in
          DomainEstimate(
            estimate: Estimate(
              value: values[measure][unit],
              influence: Influence(firstUnit: measure * count + unit, values: [1])),
            support: Support(respondents: 1, psus: 1, strata: 1), simpleRandomVariance: nil)
        }, answered: answered)
    }
    return try plan.score(
      results, in: partition, by: estimator,
      units: IndexUnits(codes: (0..<count).map(String.init)))
  }

  /// The derivative of a score by one leaf's value in one unit.
  func contribution(_ estimate: Estimate, of psu: Int) -> Double {
    let index = psu - estimate.influence.firstUnit
    return estimate.influence.values.indices.contains(index) ? estimate.influence.values[index] : 0
  }

  func check(_ nodes: [IndexNode], node: Int, except skipped: Set<Int> = []) throws {
    let base = try score(nodes, InfluenceTests.values)
    let leaves = nodes.count { $0.leaf != nil }
    for unit in 0..<InfluenceTests.units where !skipped.contains(unit) {
      let estimate = try #require(base.estimate(node, unit))
      #expect(base.obstacle(node, unit) == nil)
      for leaf in 0..<leaves {
        for other in 0..<InfluenceTests.units {
          let step = 1e-5
          func moved(_ by: Double) throws -> Double {
            var values = InfluenceTests.values
            values[leaf][other] += by
            return try #require(try score(nodes, values).estimate(node, unit)?.value)
          }
          let slope = (try moved(step) - moved(-step)) / (2 * step)
          let own = contribution(estimate, of: leaf * InfluenceTests.units + other)
          #expect(
            abs(own - slope) <= 1e-6 * max(1, abs(slope)),
            "unit \(unit) by leaf \(leaf) in unit \(other): \(own), not \(slope)")
        }
      }
    }
  }

  func leaf(_ id: String, _ parent: String?, _ rule: Normalization?, weight: Double? = nil)
    -> IndexNode
  {
    IndexNode(
      id: id, memberships: parent.map { [.init(parent: $0, weight: weight)] } ?? [],
      level: "indicator", title: LocalizedText(en: id),
      leaf: IndexLeaf(variable: id, statistic: .mean), normalization: rule)
  }

  static let smooth: [Normalization] = [
    .between(0, 5), .between(0, 5, isReversed: true), Normalization(.zScore),
    Normalization(.populationZScore, isReversed: true),
    Normalization(.minMax, low: .observed, high: .observed),
    Normalization(.minMax, low: .fixed(0), high: .observed, isReversed: true),
    Normalization(.distanceToReference, reference: "1"),
    Normalization(.distanceToTarget, target: 9), Normalization(.fractionOfMaximum),
    Normalization(.none, transform: .log), Normalization(.none, transform: .shiftedLog),
    Normalization(.zScore, transform: .log),
  ]

  @Test(
    "a smooth normalization carries the influence of every unit that bears on it", arguments: smooth
  )
  func normalization(rule: Normalization) throws {
    // Unit 3 has the highest value of the first leaf and unit 2 the lowest: where they set an observed end
    // their score is that end, without error.
    let sets: Set<Int> =
      switch rule.method {
      case .minMax where rule.low == .observed: [2, 3]
      case .minMax, .fractionOfMaximum: rule.fixedEnds == nil ? [3] : []
      case .distanceToReference: [1, 2]
      case .distanceToTarget: [2]
      default: []
      }
    try check([leaf("a", nil, rule)], node: 0, except: sets)
    let base = try score([leaf("a", nil, rule)], InfluenceTests.values)
    for unit in sets { #expect(base.estimate(0, unit)?.influence.values.isEmpty == true) }
  }

  @Test(
    "combinations carry influences by the chain rule",
    arguments: [
      (Combination.weighted, nil as Double?), (.sum, nil), (.geometric, nil), (.harmonic, nil),
      (.power, 2.0), (.power, -3),
    ])
  func combination(combine: Combination, exponent: Double?) throws {
    let top = IndexNode(
      id: "top", memberships: [], level: "index", title: LocalizedText(en: "top"),
      combine: combine, exponent: exponent, multiplier: 0.7,
      normalization: Normalization(.zScore))
    try check(
      [
        top, leaf("a", "top", .between(0, 5), weight: 3),
        leaf(
          "b", "top",
          Normalization(.minMax, low: .fixed(0.05), high: .fixed(2), transform: .log),
          weight: 0.5), leaf("c", "top", nil, weight: 1.25),
      ], node: 0)
  }

  @Test("what is not smooth has no influence and says why, and so does what is made of it")
  func obstacles() throws {
    let cases: [(Normalization, ErrorObstacle, Set<Int>)] = [
      (Normalization(.rank), .rank, [0, 1, 2, 3, 4]),
      (Normalization(.percentileRank), .rank, [0, 1, 2, 3, 4]),
      (
        Normalization(.minMax, low: .fixed(2), high: .fixed(4), isClamped: true), .clamped, [2, 3]
      ), (Normalization(.none, ceiling: 3.5), .clamped, [1, 3]),
    ]
    for (rule, reason, units) in cases {
      let top = IndexNode(
        id: "top", memberships: [], level: "index", title: LocalizedText(en: "top"))
      let scores = try score(
        [top, leaf("a", "top", rule), leaf("b", "top", nil)], InfluenceTests.values)
      for unit in 0..<InfluenceTests.units {
        for node in [0, 1] {
          let isRough = units.contains(unit)
          #expect(scores.obstacle(node, unit) == (isRough ? reason : nil))
          #expect(scores.estimate(node, unit)?.influence.values.isEmpty == isRough)
        }
      }
    }
    let median = IndexNode(
      id: "top", memberships: [], level: "index", title: LocalizedText(en: "top"),
      combine: .median)
    let scores = try score(
      [median, leaf("a", "top", nil), leaf("b", "top", nil), leaf("c", "top", nil)],
      InfluenceTests.values)
    #expect(scores.obstacle(0, 0) == .median && scores.estimate(0, 0)?.value == 2.5)
  }
}
