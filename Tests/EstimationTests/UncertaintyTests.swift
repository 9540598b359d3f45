import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite("Rules for variances and degrees of freedom")
struct UncertaintyTests {
  /// Rows of one a PSU: `psus[h]` of them in stratum h, with unequal weights.
  static func estimator(psus: [Int], lonely: LonelyPolicy = .fail) throws -> Estimator {
    let strata = psus.enumerated().flatMap { [Double](repeating: Double($0), count: $1) }
    let count = strata.count
    let table = Table(columns: [
      Column(name: "id", numbers: (0..<count).map { Double($0) }),
      Column(name: "stratum", numbers: strata),
      Column(name: "psu", numbers: (0..<count).map { Double($0) }),
      Column(name: "weight", numbers: (0..<count).map { 1.5 + Double($0 * 7 % 5) }),
    ])
    let (rows, design) = try table.arranged(
      by: DesignRequest(stages: [.init(strata: ["stratum"], unit: "psu")], lonely: lonely),
      key: "id")
    return Estimator(
      try Weighting.weight(rows, design: design, steps: [.column("weight")], workers: Workers(1)))
  }

  @Test(
    "Satterthwaite gives the design's degrees where strata are alike", arguments: [2, 3, 5, 24])
  func alike(size: Int) throws {
    let strata = 4
    let estimator = try UncertaintyTests.estimator(psus: .init(repeating: size, count: strata))
    // The same spread in each stratum, about means that differ.
    let values = (0..<strata).flatMap { stratum in
      (0..<size).map { Double(stratum * 3) + Double($0 * $0) }
    }
    let df = try estimator.satterthwaiteDegreesOfFreedom(
      of: Influence(firstUnit: 0, values: values))
    #expect(near(try #require(df), Double(strata * (size - 1))))
  }

  @Test("Satterthwaite by hand: strata of 2, 3 and 5 units that differ in spread")
  func unequal() throws {
    let estimator = try UncertaintyTests.estimator(psus: [2, 3, 5])
    let influence = Influence(firstUnit: 0, values: [0, 2, 1, 2, 6, 1, 2, 3, 4, 5])
    // V: 2·(1 + 1) = 4; 1.5·(4 + 1 + 9) = 21; 1.25·(4 + 1 + 0 + 1 + 4) = 12.5.
    #expect(near(try estimator.variance(of: influence), 37.5))
    let df = try #require(try estimator.satterthwaiteDegreesOfFreedom(of: influence))
    #expect(near(df, 37.5 * 37.5 / (16.0 / 1 + 441.0 / 2 + 156.25 / 4)))
    #expect(df >= 1 && df <= 7)
    // Only strata with a contribution count: the first alone has one degree of freedom.
    let first = Influence(firstUnit: 0, values: [0, 2])
    #expect(try estimator.satterthwaiteDegreesOfFreedom(of: first) == 1)
    #expect(try estimator.satterthwaiteDegreesOfFreedom(of: .none) == nil)
  }

  @Test("Satterthwaite never exceeds the design's degrees, and the variance is the direct one")
  func capped() throws {
    let estimator = try UncertaintyTests.estimator(psus: [5, 5])
    let influence = Influence(firstUnit: 0, values: [1, 2, 0, 5, 3, 2, 2, 4, 1, 0])
    let free = try #require(try estimator.satterthwaiteDegreesOfFreedom(of: influence))
    #expect(free > 3)
    let variance = try estimator.variance(of: influence)
    let capped = try estimator.uncertainty(of: influence, designDegrees: 3, rule: .satterthwaite)
    #expect(capped == Uncertainty(variance: variance, degreesOfFreedom: 3))
    let open = try estimator.uncertainty(of: influence, designDegrees: 8, rule: .satterthwaite)
    #expect(open == Uncertainty(variance: variance, degreesOfFreedom: free))
    let design = try estimator.uncertainty(of: influence, designDegrees: 8, rule: .design)
    #expect(design == Uncertainty(variance: variance, degreesOfFreedom: 8))
    let none = try estimator.uncertainty(of: influence, designDegrees: 0, rule: .satterthwaite)
    #expect(none.degreesOfFreedom == 0)
  }

  @Test("a lone unit under adjust counts with one degree of freedom")
  func lonely() throws {
    let estimator = try UncertaintyTests.estimator(psus: [1, 3], lonely: .adjust)
    let influence = Influence(firstUnit: 0, values: [4, 1, 2, 3])
    // The lone unit lies 1.5 from the grand mean 2.5; the other stratum gives 1.5·2 = 3.
    let df = try #require(try estimator.satterthwaiteDegreesOfFreedom(of: influence))
    #expect(near(df, 5.25 * 5.25 / (2.25 * 2.25 + 9.0 / 2)))
    let refused = try UncertaintyTests.estimator(psus: [1, 3])
    #expect(throws: Diagnostic.self) {
      try refused.satterthwaiteDegreesOfFreedom(of: influence)
    }
  }

  @Test("without clusters a share has p(1 − p)/n_eff and a mean its weighted variance over n_eff")
  func unclustered() throws {
    let estimator = try Fixture.estimator()
    let alone = estimator.unclustered()
    let weights = Fixture.weight
    let total = weights.reduce(0, +)
    let effective = total * total / weights.map { $0 * $0 }.reduce(0, +)
    let everyone = estimator.sample.table.everyone
    let share = try alone.estimator.estimate(
      .mean(ItemRule(variable: "y", good: ["4", "5"])), over: everyone)[0]
    let p = try #require(share.estimate).value
    let ofShare = alone.variance(of: try #require(share.estimate).influence, respondents: 20)
    #expect(near(try #require(ofShare), p * (1 - p) / effective * 20 / 19))
    let mean = try #require(try alone.estimator.mean("y", over: everyone)[0].estimate)
    let squares = zip(weights, Fixture.y).map { $0 * ($1 - mean.value) * ($1 - mean.value) }
    let ofMean = alone.variance(of: mean.influence, respondents: 20)
    #expect(near(try #require(ofMean), squares.reduce(0, +) / total / effective * 20 / 19))
    #expect(alone.variance(of: mean.influence, respondents: 1) == nil)
  }

  @Test(
    "a node's variance without clusters is that of the rows' own sums", arguments: [false, true])
  func composite(isCalibrated: Bool) throws {
    var table = Fixture.table
    table.set(
      Column(name: "sum", numbers: zip(Fixture.y, Fixture.x).map { 0.5 * $0 - 2 * $1 + 7 }))
    let estimator = try Fixture.estimator(table, then: isCalibrated ? [Fixture.raking] : [])
    let alone = estimator.unclustered()
    let units = Fixture.units(estimator)
    let y = try #require(try alone.estimator.mean("y", over: units)[1].estimate)
    let x = try #require(try alone.estimator.mean("x", over: units)[1].estimate)
    let node = y.scaled(slope: 0.5) - x.scaled(slope: 2, intercept: -7)
    let rows = try #require(try alone.estimator.mean("sum", over: units)[1].estimate)
    #expect(near(node.value, rows.value))
    let first = try #require(alone.variance(of: node.influence, respondents: 12))
    let second = try #require(alone.variance(of: rows.influence, respondents: 12))
    #expect(near(first, second, 1e-10), "\(first) and \(second)")
    // Rows that belong to one PSU add up to its influence.
    let clustered = try #require(try estimator.mean("sum", over: units)[1].estimate)
    var sums = [Double](repeating: 0, count: clustered.influence.values.count)
    for (offset, value) in rows.influence.values.enumerated() {
      let row = rows.influence.firstUnit + offset
      let psu = (0..<estimator.sample.design.psuCount).first {
        estimator.sample.design.rows(of: $0).contains(row)
      }
      sums[try #require(psu) - clustered.influence.firstUnit] += value
    }
    for (a, b) in zip(sums, clustered.influence.values) { #expect(abs(a - b) < 1e-14) }
  }

  @Test("units that share one design effect keep their direct variance")
  func oneDesignEffect() throws {
    let units = [(df: 2, alone: 0.3), (df: 4, alone: 1.7), (df: 1, alone: 0.02)]
    let pool = try #require(
      PooledDesignEffect(
        units.map {
          .init(
            direct: Uncertainty(variance: 2.5 * $0.alone, degreesOfFreedom: Double($0.df)),
            designDegrees: $0.df, unclustered: $0.alone)
        }))
    #expect(near(pool.value, 2.5))
    #expect(pool.degreesOfFreedom == 7)
    for unit in units {
      #expect(near(pool.uncertainty(unclustered: unit.alone).variance, 2.5 * unit.alone))
    }
  }

  @Test(
    "on average over samples the pooled variance is the direct one, with a fraction of its spread")
  func onAverage() throws {
    var random = RandomStream(seed: 5)
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() } }
    let alone = (0..<40).map { 0.5 + Double($0) / 20 }
    var direct = (sum: 0.0, squares: 0.0)
    var pooled = (sum: 0.0, squares: 0.0)
    let rounds = 400
    for _ in 0..<rounds {
      // V_u is 3 V⁰_u times χ² with 2 degrees of freedom over 2.
      let contributions = alone.map { variance in
        let (a, b) = (normal(), normal())
        return PooledDesignEffect.Contribution(
          direct: Uncertainty(variance: 3 * variance * (a * a + b * b) / 2, degreesOfFreedom: 2),
          designDegrees: 2, unclustered: variance)
      }
      let pool = try #require(PooledDesignEffect(contributions))
      let first = contributions[7].direct.variance / (3 * alone[7])
      let second = pool.uncertainty(unclustered: alone[7]).variance / (3 * alone[7])
      direct.sum += first
      direct.squares += (first - 1) * (first - 1)
      pooled.sum += second
      pooled.squares += (second - 1) * (second - 1)
    }
    // The mean of 16,000 χ² variables with 2 df, each with a standard deviation of 1: error 0.008.
    #expect(abs(pooled.sum / Double(rounds) - 1) < 0.03)
    #expect(abs(direct.sum / Double(rounds) - 1) < 0.2)
    #expect(pooled.squares < direct.squares / 20)
  }

  @Test("without a degree of freedom or a variance there is no pool, and such units do not weigh")
  func noPool() throws {
    func unit(_ df: Int, _ alone: Double) -> PooledDesignEffect.Contribution {
      .init(
        direct: Uncertainty(variance: 2 * alone, degreesOfFreedom: Double(df)), designDegrees: df,
        unclustered: alone)
    }
    #expect(PooledDesignEffect([]) == nil)
    #expect(PooledDesignEffect([unit(0, 1), unit(3, 0)]) == nil)
    let pool = try #require(PooledDesignEffect([unit(0, 5), unit(2, 1), unit(3, 0)]))
    #expect(pool.value == 2 && pool.degreesOfFreedom == 2)
  }

  @Test("the numbers of the rows do not depend on the number of workers", arguments: [2, 3, 8])
  func workers(count: Int) throws {
    func variances(_ workers: Int) throws -> [Double?] {
      let estimator = try Fixture.estimator(then: [Fixture.raking], workers: workers)
      let alone = estimator.unclustered()
      return try alone.estimator.estimate(
        InvarianceTests.measures, over: [Fixture.units(estimator)], workers: Workers(workers)
      ).flatMap { result in
        result.domains.map { domain in
          domain.estimate.flatMap { alone.variance(of: $0.influence, respondents: 8) }
        }
      }
    }
    let one = try variances(1)
    #expect(one.count == 8 && one.allSatisfy { ($0 ?? 0) > 0 })
    #expect(try variances(count) == one)
  }
}
