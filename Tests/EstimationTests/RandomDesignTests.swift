import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

/// Small surveys made of one random stream: two to four strata of two to five sampling units of one to six
/// people, unequal weights, missing answers, two domains.
struct RandomSurvey {
  var stratum: [Double] = []
  var unit: [Double] = []
  var weight: [Double] = []
  var y: [Double?] = []
  var x: [Double] = []
  var domain: [Double] = []
  var sex: [Double] = []

  init(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: UInt64) -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state % bound
    }
    for stratum in 1...(2 + next(3)) {
      for unit in 1...(2 + next(4)) {
        for _ in 0...next(6) {
          self.stratum.append(Double(stratum))
          self.unit.append(Double(unit))
          // Sixteenths, so that halves and doubles are exact.
          weight.append(Double(8 + next(90)) / 16)
          y.append(next(10) == 0 ? nil : Double(next(50)) / 8)
          x.append(Double(1 + next(20)) / 4)
          domain.append(Double(next(2)))
          sex.append(Double(1 + next(2)))
        }
      }
    }
  }

  var count: Int { weight.count }

  func table() -> Table {
    Table(columns: [
      Column(name: "row", numbers: (1...count).map { Double($0) }),
      Column(name: "stratum", numbers: stratum), Column(name: "unit", numbers: unit),
      Column(name: "weight", numbers: weight), Column(name: "y", numbers: y),
      Column(name: "x", numbers: x), Column(name: "domain", numbers: domain),
      Column(name: "sex", numbers: sex),
    ])
  }

  /// Every row as often as `copies` says, its weight divided by that.
  func repeated(_ copies: Int) -> RandomSurvey {
    var result = self
    result.stratum = stratum.flatMap { [Double](repeating: $0, count: copies) }
    result.unit = unit.flatMap { [Double](repeating: $0, count: copies) }
    result.weight = weight.flatMap { [Double](repeating: $0 / Double(copies), count: copies) }
    result.y = y.flatMap { [Double?](repeating: $0, count: copies) }
    result.x = x.flatMap { [Double](repeating: $0, count: copies) }
    result.domain = domain.flatMap { [Double](repeating: $0, count: copies) }
    result.sex = sex.flatMap { [Double](repeating: $0, count: copies) }
    return result
  }

  func estimator(
    _ table: Table? = nil, lonely: LonelyPolicy = .fail, then steps: [WeightingRequest] = []
  ) throws -> Estimator {
    try Estimator(
      table ?? self.table(),
      DesignRequest(
        stages: [.init(strata: ["stratum"], unit: "unit")], lonely: lonely),
      weight: [.column("weight")] + steps)
  }
}

@Suite struct RandomDesignTests {
  static let kinds: [(String, MeasureKind)] = [
    ("mean", .mean(ItemRule(variable: "y"))), ("total", .total(ItemRule(variable: "y"))),
    ("ratio", .ratio(ItemRule(variable: "y"), ItemRule(variable: "x"))),
    ("share", .mean(ItemRule(variable: "sex", good: ["1"]))),
  ]

  /// Values and variances of the measures in both domains.
  func numbers(_ estimator: Estimator) throws -> [String: (value: Double, variance: Double)?] {
    var result: [String: (value: Double, variance: Double)?] = [:]
    for (name, kind) in RandomDesignTests.kinds {
      let domains = estimator.sample.table.partition("domain")
      for (domain, number) in zip(
        domains.names, try estimator.estimate(kind, over: domains.partition))
      {
        result["\(name) \(domain)"] = try number.estimate.map {
          ($0.value, try estimator.variance(of: $0.influence))
        }
      }
    }
    return result
  }

  func expect(
    _ a: [String: (value: Double, variance: Double)?],
    _ b: [String: (value: Double, variance: Double)?], factor: (String) -> Double = { _ in 1 },
    variances: Bool = true
  ) throws {
    #expect(a.keys.sorted() == b.keys.sorted())
    for (name, first) in a {
      let second = try #require(b[name])
      #expect((first == nil) == (second == nil), "\(name)")
      guard let first, let second else { continue }
      let scale = factor(name)
      #expect(near(second.value, first.value * scale, 1e-12), "\(name)")
      guard variances else { continue }
      #expect(
        abs(second.variance - first.variance * scale * scale)
          <= 1e-11 * max(first.variance * scale * scale, 1e-12), "\(name)")
    }
  }

  @Test("scaling all weights changes no mean and no error, and scales totals", arguments: 1...40)
  func scaledWeights(seed: Int) throws {
    let survey = RandomSurvey(seed: UInt64(seed))
    var scaled = survey
    scaled.weight = scaled.weight.map { $0 * 37.5 }
    try expect(
      try numbers(survey.estimator()), try numbers(scaled.estimator()),
      factor: { $0.hasPrefix("total") ? 37.5 : 1 })
  }

  @Test("doubling rows with half weights changes nothing", arguments: 1...40)
  func doubledRows(seed: Int) throws {
    let survey = RandomSurvey(seed: UInt64(seed))
    try expect(
      try numbers(survey.estimator()), try numbers(survey.repeated(2).estimator()))
  }

  @Test(
    "doubling rows with half weights changes no quantile of the discrete rules", arguments: 1...40)
  func doubledQuantiles(seed: Int) throws {
    let survey = RandomSurvey(seed: UInt64(seed))
    for rule in [QuantileRule.math, .school, .hf1, .hf2, .hf3] {
      for probability in [0.1, 0.5, 0.75] {
        let kind = MeasureKind.quantile(
          ItemRule(variable: "y"), QuantileDefinition(probability: probability, rule: rule))
        func value(_ estimator: Estimator) throws -> Double? {
          try estimator.estimate(kind, over: estimator.sample.table.everyone)[0].estimate?.value
        }
        #expect(
          try value(survey.estimator()) == value(survey.repeated(2).estimator()),
          "\(rule) \(probability)")
      }
    }
  }

  @Test("another order of rows changes no bit", arguments: 1...20)
  func permuted(seed: Int) throws {
    let survey = RandomSurvey(seed: UInt64(seed))
    let table = survey.table()
    let order = (0..<table.rowCount).sorted { ($0 * 7919) % 101 < ($1 * 7919) % 101 }
    let first = try numbers(survey.estimator())
    let second = try numbers(survey.estimator(table.gathering(order)))
    for (name, number) in first {
      #expect(number?.value == second[name]??.value && number?.variance == second[name]??.variance)
    }
  }

  @Test("a stratum outside the domain changes no mean, total or error", arguments: 1...20)
  func strangeStratum(seed: Int) throws {
    let survey = RandomSurvey(seed: UInt64(seed))
    var larger = survey
    for unit in 1...3 {
      larger.stratum.append(99)
      larger.unit.append(Double(unit))
      larger.weight.append(Double(unit) + 0.5)
      larger.y.append(Double(unit) * 3)
      larger.x.append(2)
      larger.domain.append(7)
      larger.sex.append(1)
    }
    let strange = try numbers(larger.estimator()).filter { !$0.key.hasSuffix(" 7") }
    try expect(try numbers(survey.estimator()), strange)
  }

  @Test("a domain on a single unit has an estimate, no degrees of freedom and no interval")
  func singleUnit() throws {
    let survey = RandomSurvey(seed: 5)
    let estimator = try survey.estimator()
    let alone = estimator.sample.table.rows(
      where: { $0("stratum") == "1" && $0("unit") == "1" }, name: "alone")
    let domain = try estimator.estimate(
      .quantile(ItemRule(variable: "x"), QuantileDefinition()), over: alone.partition)[0]
    #expect(domain.estimate != nil)
    #expect(domain.interval == nil)
    #expect(domain.support.degreesOfFreedom == 0)
    let influence = try #require(domain.estimate).influence
    #expect(try estimator.variance(of: influence).isNaN)
    let share = ShareInterval(share: 0.5, variance: 0.01, degreesOfFreedom: 0, respondents: 3)
    for method in ShareIntervalMethod.allCases {
      #expect(share.bounds(method, confidence: 0.95) == nil)
    }
  }

  @Test("a sum beyond the largest number is an error that says so")
  func overflow() throws {
    var survey = RandomSurvey(seed: 3)
    survey.y = survey.y.map { _ in 1e308 }
    let estimator = try survey.estimator()
    let error = #expect(throws: Diagnostic.self) {
      try estimator.estimate(
        .total(ItemRule(variable: "y")), over: estimator.sample.table.everyone)
    }
    #expect(error?.what.contains("too large") == true)
  }

  @Test("smooth functions by the chain rule agree with small differences", arguments: 1...10)
  func chainRule(seed: Int) throws {
    let survey = RandomSurvey(seed: UInt64(seed))
    let estimator = try survey.estimator()
    let everyone = estimator.sample.table.everyone
    let y = try #require(try estimator.mean("y", over: everyone)[0].estimate)
    let x = try #require(try estimator.mean("x", over: everyone)[0].estimate)
    let geometric = try #require(Estimate.geometricMean([(1, y), (3, x)]))
    #expect(near(geometric.value, Double.root4(y.value * x.value * x.value * x.value), 1e-12))
    let product = (y * x * x * x).power(0.25)
    #expect(near(try estimator.se(geometric), try estimator.se(product), 1e-12))
    #expect(near(try estimator.se(y.logarithm().exponential()), try estimator.se(y), 1e-12))
    let odds = y / (Estimate.constant(100) - y)
    let share = y.scaled(slope: 0.01)
    #expect(near(try estimator.se(share.logit()), try estimator.se(odds.logarithm()), 1e-11))
    #expect(Estimate.geometricMean([(1, y), (1, y.scaled(slope: -1))]) == nil)
    #expect(Estimate.geometricMean([]) == nil)
  }
}

extension Double {
  fileprivate static func root4(_ value: Double) -> Double {
    value.squareRoot().squareRoot()
  }
}
