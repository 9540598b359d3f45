import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct InvarianceTests {
  static let calibrated = [Fixture.raking, Fixture.postStratification]
  static let measures = [
    Measure(id: "mean", kind: .mean(ItemRule(variable: "y"))),
    Measure(id: "share", kind: .mean(ItemRule(variable: "y", good: ["4", "5"]))),
    Measure(id: "ratio", kind: .ratio(ItemRule(variable: "y"), ItemRule(variable: "x"))),
    Measure(
      id: "average",
      kind: .respondentMean([ItemRule(variable: "y"), ItemRule(variable: "x", slope: 2)])),
  ]

  /// Values and standard errors of all measures in units and over everyone.
  func answers(_ estimator: Estimator) throws -> [Double] {
    let partitions = [Fixture.units(estimator), estimator.sample.table.everyone]
    let results = try estimator.estimate(
      InvarianceTests.measures, over: partitions, workers: Workers(2))
    #expect(results.map(\.measure).prefix(3) == ["mean", "mean", "share"])
    #expect(results.map(\.partition).prefix(3) == ["d", "all", "d"])
    return try results.flatMap { result in
      try result.domains.flatMap { domain in
        let estimate = try #require(domain.estimate)
        return [estimate.value, try estimator.se(estimate)]
      }
    }
  }

  func expectSame(_ first: [Double], _ second: [Double], _ tolerance: Double = 1e-11) {
    #expect(first.count == second.count && first.count == 24)
    for (a, b) in zip(first, second) { #expect(near(a, b, tolerance), "\(a) and \(b)") }
  }

  @Test("the bytes do not depend on the number of workers", arguments: [1, 2, 3, 8])
  func workers(count: Int) throws {
    let one = try Fixture.estimator(then: InvarianceTests.calibrated, workers: 1)
    let many = try Fixture.estimator(then: InvarianceTests.calibrated, workers: count)
    #expect(one.sample.weights == many.sample.weights)
    let first = try one.estimate(
      InvarianceTests.measures, over: [Fixture.units(one)], workers: Workers(1))
    let second = try many.estimate(
      InvarianceTests.measures, over: [Fixture.units(many)], workers: Workers(count))
    #expect(first.map { $0.domains.map(\.estimate) } == second.map { $0.domains.map(\.estimate) })
  }

  @Test("shuffled rows give the same bytes")
  func shuffled() throws {
    var stream = RandomStream(seed: 7)
    let plain = try answers(try Fixture.estimator(then: InvarianceTests.calibrated))
    for _ in 0..<5 {
      let table = Fixture.table.gathering((0..<20).shuffled(using: &stream))
      #expect(
        try answers(try Fixture.estimator(table, then: InvarianceTests.calibrated)) == plain)
    }
  }

  @Test("every row twice with half its weight changes nothing")
  func doubled() throws {
    var table = Fixture.table.gathering((0..<20).flatMap { [$0, $0] })
    table.set(Column(name: "weight", numbers: Fixture.weight.flatMap { [$0 / 2, $0 / 2] }))
    for steps in [[], InvarianceTests.calibrated] {
      let doubled = try answers(try Fixture.estimator(table, then: steps))
      expectSame(doubled, try answers(try Fixture.estimator(then: steps)))
    }
  }

  @Test("rescaled base weights change neither estimates nor errors")
  func rescaled() throws {
    var table = Fixture.table
    table.set(Column(name: "weight", numbers: Fixture.weight.map { $0 * 1234.5 }))
    for steps in [[], InvarianceTests.calibrated] {
      expectSame(
        try answers(try Fixture.estimator(table, then: steps)),
        try answers(try Fixture.estimator(then: steps)))
    }
  }

  @Test("relabelled strata and PSUs change neither estimates nor errors")
  func relabelled() throws {
    var table = Fixture.table
    table.set(
      Column(name: "stratum", strings: Fixture.stratum.map { ["z", "m", "a"][Int($0) - 1] }))
    table.set(Column(name: "psu", numbers: Fixture.psu.map { 100 - $0 }))
    for steps in [[], InvarianceTests.calibrated] {
      expectSame(
        try answers(try Fixture.estimator(table, then: steps)),
        try answers(try Fixture.estimator(then: steps)))
    }
  }

  @Test("rows of weight zero change nothing, though their PSUs count")
  func zeroWeight() throws {
    // Rows beside others in their PSU: the sums are the same.
    let rows = (0..<20).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] }
    var table = Fixture.table.gathering(rows)
    table.set(
      Column(
        name: "weight",
        numbers: rows.indices.map { index in
          index > 0 && rows[index] == rows[index - 1] ? 0 : Fixture.weight[rows[index]]
        }))
    table.set(
      Column(
        name: "sex",
        numbers: rows.indices.map { index in
          index > 0 && rows[index] == rows[index - 1] ? nil : Fixture.sex[rows[index]]
        }))
    let estimator = try Fixture.estimator(table, then: InvarianceTests.calibrated)
    expectSame(
      try answers(estimator), try answers(try Fixture.estimator(then: InvarianceTests.calibrated)))
    let domain = try estimator.mean("y", over: estimator.sample.table.everyone)[0]
    #expect(domain.support.respondents == 20)
    let result = try estimator.estimate(
      [InvarianceTests.measures[0]], over: [Fixture.units(estimator)], workers: Workers(1))[0]
    let unit = estimator.support(of: result.answered, in: Fixture.units(estimator), domain: 1)
    #expect(unit == Support(respondents: 12, psus: 5, strata: 2))
  }
}
