import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct EstimationTests {
  static let mean = MeasureKind.mean(ItemRule(variable: "y"))

  func expect(
    _ estimator: Estimator, _ domain: DomainEstimate, _ value: Double, _ se: Double
  ) throws {
    let estimate = try #require(domain.estimate)
    let error = try estimator.se(estimate)
    #expect(near(estimate.value, value), "\(estimate.value), numpy \(value)")
    #expect(near(error, se, 1e-11), "se \(error), numpy \(se)")
  }

  @Test("means of units and of everyone, with design variance and simple random variance")
  func plain() throws {
    let estimator = try Fixture.estimator()
    let units = try estimator.estimate(EstimationTests.mean, over: Fixture.units(estimator))
    let all = try estimator.estimate(EstimationTests.mean, over: estimator.sample.table.everyone)
    try expect(estimator, units[0], 2.442622950819672, 0.5262344758582052)
    try expect(estimator, units[1], 2.9391304347826086, 0.26622056422677265)
    try expect(estimator, all[0], 2.7670454545454546, 0.2701554840623072)
    #expect(near(try #require(units[0].simpleRandomVariance), 0.2975390639996928))
    #expect(near(try #require(units[1].simpleRandomVariance), 0.14116514865097096))
    #expect(near(try #require(all[0].simpleRandomVariance), 0.09433279414963026))
    #expect(all[0].support == Support(respondents: 20, psus: 8, strata: 3))
    #expect(all[0].support.degreesOfFreedom == 5)
    #expect(all[0].weightTotal == 88)
  }

  @Test("ratios, and a ratio to itself is one without error")
  func ratio() throws {
    let estimator = try Fixture.estimator()
    let partition = Fixture.units(estimator)
    let ratio = MeasureKind.ratio(ItemRule(variable: "y"), ItemRule(variable: "x"))
    try expect(
      estimator, try estimator.estimate(ratio, over: partition)[1], 1.6984924623115578,
      0.08439324390042575)
    let itself = MeasureKind.ratio(ItemRule(variable: "x"), ItemRule(variable: "x"))
    let one = try #require(try estimator.estimate(itself, over: partition)[1].estimate)
    #expect(one.value == 1)
    #expect(try estimator.se(one) == 0)
    // Σ w y / Σ w x is the ratio of two means, influences included.
    let quotient =
      try #require(try estimator.mean("y", over: partition)[1].estimate)
      / #require(try estimator.mean("x", over: partition)[1].estimate)
    let direct = try #require(try estimator.estimate(ratio, over: partition)[1].estimate)
    #expect(near(quotient.value, direct.value))
    #expect(near(try estimator.se(quotient), try estimator.se(direct)))
  }

  @Test("raking within units: residuals reach the rows outside a breakdown's domain")
  func raked() throws {
    let estimator = try Fixture.estimator(then: [Fixture.raking])
    let units = try estimator.estimate(EstimationTests.mean, over: Fixture.units(estimator))
    try expect(estimator, units[0], 2.9063187118059726, 0.37335862663776453)
    try expect(estimator, units[1], 3.050878255248011, 0.33173320462742584)
    let all = try estimator.estimate(EstimationTests.mean, over: estimator.sample.table.everyone)
    try expect(estimator, all[0], 2.999857239915527, 0.2518715902335067)
    let parts = Fixture.partition(estimator.sample.table, 2) {
      $0["unit"] == 1 ? ($0["sex"] == 1 ? 0 : -1) : ($0["x"] == 2 ? 1 : -1)
    }
    let domains = try estimator.estimate(EstimationTests.mean, over: parts)
    try expect(estimator, domains[0], 4.024779279280369, 0.4335762124552659)
    try expect(estimator, domains[1], 3.9517710923508473, 0.2776388991957277)
    let ratio = MeasureKind.ratio(ItemRule(variable: "y"), ItemRule(variable: "x"))
    try expect(
      estimator, try estimator.estimate(ratio, over: Fixture.units(estimator))[1],
      1.8150576103369949, 0.16470781775985527)
  }

  @Test("two calibrations are taken out last to first, across the groups they share")
  func twoCalibrations() throws {
    let estimator = try Fixture.estimator(then: [Fixture.raking, Fixture.postStratification])
    let units = try estimator.estimate(EstimationTests.mean, over: Fixture.units(estimator))
    try expect(estimator, units[0], 2.777281714743304, 0.27966478750644574)
    try expect(estimator, units[1], 2.8496197722042353, 0.11013870216995914)
    let all = try estimator.estimate(EstimationTests.mean, over: estimator.sample.table.everyone)
    try expect(estimator, all[0], 2.823208894928408, 0.12991386094324825)
    let part = Fixture.partition(estimator.sample.table, 1) {
      $0["unit"] == 1 && $0["sex"] == 1 ? 0 : -1
    }
    try expect(
      estimator, try estimator.estimate(EstimationTests.mean, over: part)[0],
      4.12810642201131, 0.3758044185596366)
  }

  @Test("the share of a calibrated level has no sampling error")
  func calibratedShare() throws {
    let estimator = try Fixture.estimator(then: [Fixture.raking])
    let share = try estimator.mean("sex", good: ["1"], over: Fixture.units(estimator))
    let first = try #require(share[0].estimate)
    #expect(near(first.value, 20.0 / 36))
    #expect(try estimator.se(first) < 1e-14)
  }

  @Test("a shift by a billion leaves the variance")
  func shifted() throws {
    var table = Fixture.table
    table.set(Column(name: "shifted", numbers: Fixture.y.map { $0 + 1e9 }))
    for steps in [[], [Fixture.raking]] {
      let estimator = try Fixture.estimator(table, then: steps)
      let everyone = estimator.sample.table.everyone
      let near0 = try estimator.mean("y", over: everyone)[0]
      let far = try estimator.mean("shifted", over: everyone)[0]
      let a = try estimator.se(try #require(near0.estimate))
      let b = try estimator.se(try #require(far.estimate))
      #expect(near(a, b), "\(a) and \(b)")
      #expect(
        near(
          try #require(near0.simpleRandomVariance), try #require(far.simpleRandomVariance)))
    }
  }

  @Test(
    "the matrix of covariances holds each pair's own, calibrated over all, with and without lone units",
    arguments: [LonelyPolicy.fail, .adjust])
  func covarianceMatrix(lonely: LonelyPolicy) throws {
    let estimator: Estimator
    if lonely == .adjust {
      // Only the second stratum keeps more than one unit.
      let lone = (0..<20).filter { ![1, 2, 6, 7].contains(Fixture.psu[$0]) }
      let columns = Fixture.table.columns.map { column in
        Column(name: column.name, numbers: lone.map { Double(column.text(at: $0) ?? "") })
      }
      let (rows, design) = try Table(columns: columns).arranged(
        by: DesignRequest(stages: [.init(strata: ["stratum"], unit: "psu")], lonely: .adjust),
        key: "id")
      estimator = Estimator(
        try Weighting.weight(
          rows, design: design, steps: [.column("weight")], workers: Workers(1)))
    } else {
      estimator = try Fixture.estimator(then: [Fixture.postStratification])
    }
    let units = Fixture.units(estimator)
    var estimates: [Estimate] = [.constant(3)]
    for item in ["x", "y"] {
      estimates += try estimator.mean(item, over: units).compactMap(\.estimate)
      estimates += try estimator.mean(item, over: estimator.sample.table.everyone)
        .compactMap(\.estimate)
    }
    #expect(estimates.count == 7)
    let matrix = try estimator.covariances(of: estimates.map(\.influence))
    var largest = 0.0
    for (i, first) in estimates.enumerated() {
      for (j, second) in estimates.enumerated() {
        let direct = try estimator.covariance(of: first.influence, and: second.influence)
        #expect(abs(matrix[i, j] - direct) < 1e-15)
        if i != j { largest = max(largest, abs(direct)) }
      }
    }
    #expect(largest > 0.001)
  }

  @Test("covariances agree with the variance of the sum")
  func covariance() throws {
    let estimator = try Fixture.estimator(then: [Fixture.raking])
    let units = Fixture.units(estimator)
    let y = try #require(try estimator.mean("y", over: units)[1].estimate)
    let x = try #require(try estimator.mean("x", over: units)[0].estimate)
    let both = try #require(try estimator.mean("x", over: units)[1].estimate)
    for other in [x, both] {
      let direct = try estimator.covariance(of: y.influence, and: other.influence)
      let sum = try estimator.variance(of: (y + other).influence)
      let parts =
        try estimator.variance(of: y.influence) + estimator.variance(of: other.influence)
      #expect(abs(sum - parts - 2 * direct) < 1e-15)
    }
    #expect(try estimator.variance(of: .none) == 0)
  }

  @Test("domains without answers have no estimate but a support of zero")
  func emptyDomain() throws {
    let estimator = try Fixture.estimator()
    let partition = Fixture.partition(estimator.sample.table, 3) { $0["unit"] == 1 ? 0 : 2 }
    let domains = try estimator.estimate(EstimationTests.mean, over: partition)
    #expect(domains[1].estimate == nil)
    #expect(domains[1].support == Support(respondents: 0, psus: 0, strata: 0))
    #expect(domains[0].estimate != nil && domains[2].estimate != nil)
    let single = Fixture.partition(estimator.sample.table, 1) { $0["id"] == 4 ? 0 : -1 }
    let alone = try estimator.estimate(EstimationTests.mean, over: single)[0]
    #expect(alone.estimate?.value == 5)
    #expect(alone.simpleRandomVariance == nil)
    #expect(alone.support == Support(respondents: 1, psus: 1, strata: 1))
  }

  @Test("a lone PSU is named with what to do, and adjust centres it on the grand mean")
  func lonely() throws {
    var table = Fixture.table
    table.set(
      Column(name: "stratum", numbers: Fixture.psu.map { $0 <= 3 ? 1 : $0 <= 5 ? $0 : 6 }))
    let estimator = try Fixture.estimator(table)
    let estimate = try #require(
      try estimator.mean("y", over: estimator.sample.table.everyone)[0].estimate)
    let error = #expect(throws: Diagnostic.self) { try estimator.se(estimate) }
    #expect(error?.kind == .badData)
    #expect(error?.what.contains("2 strata have a single sampling unit each: '4', '5'") == true)
    #expect(error?.remedy?.contains("adjust") == true)

    let (rows, design) = try table.arranged(
      by: DesignRequest(stages: [.init(strata: ["stratum"], unit: "psu")], lonely: .adjust),
      key: "id")
    let adjusted = Estimator(
      try Weighting.weight(rows, design: design, steps: [.column("weight")], workers: Workers(1)))
    // An influence whose mean is not 0, by the formula: strata of 3, 1, 1 and 3 PSUs.
    let u: [Double] = [1, 4, -2, 3, 7, 0.5, -1, 2]
    func around(_ part: ArraySlice<Double>) -> Double {
      let mean = part.reduce(0, +) / Double(part.count)
      return part.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    }
    let grand = u.reduce(0, +) / 8
    let expected =
      1.5 * around(u[0..<3]) + 1.5 * around(u[5..<8]) + (3 - grand) * (3 - grand)
      + (7 - grand) * (7 - grand)
    #expect(near(try adjusted.variance(of: Influence(firstUnit: 0, values: u)), expected))
    // A range that leaves the lone PSUs out still has a grand mean that they are measured from.
    let tail = Array(u[5...])
    let mean = tail.reduce(0, +) / 8
    #expect(
      near(
        try adjusted.variance(of: Influence(firstUnit: 5, values: tail)),
        1.5 * around(u[5...]) + 2 * mean * mean))
  }
}
