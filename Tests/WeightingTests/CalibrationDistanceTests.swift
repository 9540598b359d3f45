import CanvassCompute
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct CalibrationDistanceTests {
  static let income: [Double] = [
    12, 30, 7, 15, 22, 41, 9, 18, 35, 11, 16, 27, 8, 19, 24, 33, 14, 10, 28, 20,
  ]
  static var table: Table {
    var table = People.table
    table.set(Column(name: "income", numbers: income))
    table.set(Column(name: "none", numbers: income.map { _ in 0 }))
    table.set(Column(name: "double", numbers: income.map { 2 * $0 }))
    table.set(Column(name: "pair", numbers: (0..<20).map { Double($0 / 2) }))
    table.set(Column(name: "size", numbers: income.map { $0.squareRoot() }))
    return table
  }
  static let incomeTotal = PopulationTotal(variable: "income", targets: ["Huế": 700, "b": 1350])

  static func calibrate(
    _ request: CalibrationRequest, _ table: Table = table, workers: Int = 2
  ) throws -> WeightedSample {
    try People.weigh([.column("weight"), .calibrate(request)], table, workers: workers)
  }

  static let request = CalibrationRequest(
    within: "unit", population: ["Huế": 36, "b": 66], totals: [incomeTotal],
    margins: [People.sexMargin])

  static let ways: [CalibrationRequest] = [
    request, with { $0.distance = .raking },
    with {
      $0.distance = .logit
      $0.bounds = CalibrationBounds(lower: 0.2, upper: 3)
    },
    with { $0.bounds = CalibrationBounds(lower: 0.5, upper: 2.2) },
    with {
      $0.distance = .raking
      $0.bounds = CalibrationBounds(lower: 0.5, upper: 2.2)
    },
    with {
      $0.distance = .raking
      $0.variance = "size"
    },
    with {
      $0.distance = .raking
      $0.equalWithin = ["pair"]
    },
  ]

  static func with(_ change: (inout CalibrationRequest) -> Void) -> CalibrationRequest {
    var changed = request
    change(&changed)
    return changed
  }

  /// Σ w x of a unit.
  func total(_ sample: WeightedSample, _ unit: String, _ x: (Int) -> Double) -> Double {
    (0..<20).reduce(0.0) { $0 + (People.unit[$1] == unit ? sample.weights[$1] * x($1) : 0) }
  }

  @Test("every distance meets every total to 1e-10, within its bounds", arguments: ways)
  func totals(request: CalibrationRequest) throws {
    let sample = try CalibrationDistanceTests.calibrate(request)
    for (unit, people, income, men) in [("Huế", 36.0, 700.0, 20.0), ("b", 66, 1350, 36)] {
      #expect(near(total(sample, unit) { _ in 1 }, people, 1e-10))
      #expect(near(total(sample, unit) { CalibrationDistanceTests.income[$0] }, income, 1e-10))
      #expect(near(total(sample, unit) { People.sex[$0] == 1 ? 1 : 0 }, men, 1e-10))
    }
    let step = sample.steps[1]
    #expect(try #require(step.distance).after <= 1e-10)
    if let bounds = request.bounds {
      for factor in step.factor {
        #expect(factor >= bounds.lower - 1e-12 && factor <= bounds.upper + 1e-12)
      }
    }
    if !request.equalWithin.isEmpty {
      for row in stride(from: 0, to: 20, by: 2) {
        #expect(step.factor[row] == step.factor[row + 1])
      }
    }
    // The bytes depend on no number of workers.
    #expect(try CalibrationDistanceTests.calibrate(request, workers: 1).weights == sample.weights)
    #expect(
      sample.reweighted(by: [Double](repeating: 1, count: 20)).weights == sample.weights)
  }

  @Test("raking by sweeps is calibration with the raking distance")
  func twoRoutes() throws {
    let sweeps = try People.weigh([.column("weight"), People.rake()])
    let newton = try CalibrationDistanceTests.calibrate(
      CalibrationRequest(
        within: "unit", margins: [People.sexMargin, People.ageMargin], distance: .raking))
    for (first, second) in zip(sweeps.weights, newton.weights) {
      #expect(near(first, second, 1e-10))
    }
    let residual = newton.calibrations[0]
    #expect(residual.columnsOfRow == sweeps.calibrations[0].columnsOfRow)
    #expect(residual.valuesOfRow == nil)
  }

  @Test("linear calibration to one margin is post-stratification")
  func linear() throws {
    let post = try People.weigh([
      .column("weight"), .postStratify(within: "unit", margin: People.sexMargin),
    ])
    let linear = try CalibrationDistanceTests.calibrate(
      CalibrationRequest(within: "unit", margins: [People.sexMargin]))
    for (first, second) in zip(post.weights, linear.weights) { #expect(near(first, second, 1e-12)) }
  }

  @Test("shares leave the total to the weights that enter, by sweeps and by Newton's steps")
  func shares() throws {
    let shares = Margin(
      variables: ["sex"],
      targets: ["Huế": [["1"]: 0.4, ["2"]: 0.6], "b": [["1"]: 0.55, ["2"]: 0.45]], isShare: true)
    let sweeps = try People.weigh([.column("weight"), People.rake([shares])])
    let newton = try CalibrationDistanceTests.calibrate(
      CalibrationRequest(within: "unit", margins: [shares], distance: .raking))
    for (unit, share) in [("Huế", 0.4), ("b", 0.55)] {
      for sample in [sweeps, newton] {
        let people = total(sample, unit) { _ in 1 }
        #expect(near(total(sample, unit) { People.sex[$0] == 1 ? 1 : 0 }, share * people, 1e-10))
      }
      let entered = (0..<20).reduce(0.0) {
        $0 + (People.unit[$1] == unit ? People.weight[$1] : 0)
      }
      #expect(near(total(sweeps, unit) { _ in 1 }, entered, 1e-12))
    }
    // x − p of both levels, for the linearization.
    #expect(sweeps.calibrations[0].entriesPerRow == 2)
    let values = try #require(sweeps.calibrations[0].valuesOfRow)
    #expect(near(values[0], 0.6) && near(values[1], -0.6))
    var wrong = shares
    wrong.targets["b"] = [["1"]: 55, ["2"]: 45]
    let error = failure(CalibrationRequest(within: "unit", margins: [wrong]))
    #expect(error?.kind == .badPipeline && error?.what.contains("sum to 100") == true)
  }

  @Test("base weights a thousand times larger give the same weights")
  func scaled() throws {
    var table = CalibrationDistanceTests.table
    table.set(Column(name: "weight", numbers: People.weight.map { $0 * 1000 }))
    var request = CalibrationDistanceTests.request
    request.distance = .raking
    let large = try CalibrationDistanceTests.calibrate(request, table)
    let small = try CalibrationDistanceTests.calibrate(request)
    for (first, second) in zip(large.weights, small.weights) { #expect(near(first, second, 1e-9)) }
  }

  @Test("shuffled rows change no bit of any weight", arguments: [3, 7, 11])
  func shuffled(step: Int) throws {
    var table = CalibrationDistanceTests.table
    table.set(Column(name: "id", numbers: (0..<20).map { Double($0) }))
    let steps: [WeightingRequest] = [
      .column("weight"), People.rake(), .calibrate(CalibrationDistanceTests.ways[1]),
      .trim(TrimmingRequest(within: "unit", upper: .timesMedian(2))),
    ]
    func weights(_ table: Table) throws -> [Double] {
      let (rows, design) = try table.arranged(by: DesignRequest(), key: "id")
      return try Weighting.weight(rows, design: design, steps: steps, workers: Workers(2)).weights
    }
    let order = (0..<20).map { $0 * step % 20 }
    #expect(Set(order).count == 20)
    #expect(try weights(table.gathering(order)) == weights(table))
  }

  @Test("replaying a calibration and a trimming is weighting multiplied base weights")
  func replayed() throws {
    let multipliers = (0..<20).map { 0.8 + Double(($0 * 7) % 11) / 25 }
    var table = CalibrationDistanceTests.table
    table.set(Column(name: "weight", numbers: zip(People.weight, multipliers).map { $0 * $1 }))
    for request in CalibrationDistanceTests.ways where request.bounds == nil {
      for rest in TrimmingRequest.Rest.allCases
      where rest != .keepTotals || request.equalWithin.isEmpty {
        var last = request
        if last.distance == .linear { last.distance = .raking }
        let steps: [WeightingRequest] = [
          .column("weight"), .calibrate(last),
          .trim(TrimmingRequest(upper: .timesMean(1.7), rest: rest)),
        ]
        let again = try People.weigh(steps, CalibrationDistanceTests.table)
          .reweighted(by: multipliers)
        #expect(again.unsolved.isEmpty)
        let direct = try People.weigh(steps, table)
        for (first, second) in zip(again.weights, direct.weights) {
          #expect(near(first, second, 1e-9))
        }
      }
    }
  }

  @Test("balance: shares and means before and after, and their standardized differences")
  func balance() throws {
    let sample = try CalibrationDistanceTests.calibrate(CalibrationDistanceTests.ways[1])
    let lines = sample.steps[1].balance
    #expect(lines.filter { $0.group == nil }.map(\.name) == ["income", "sex=1", "sex=2"])
    #expect(lines.count == 9)
    let men = try #require(lines.first { $0.name == "sex=1" && $0.group == nil })
    // 56 of 102 people are men; 45.0 of the 88 that the weights sum to.
    #expect(near(men.target, 56.0 / 102) && near(men.after, 56.0 / 102, 1e-10))
    let entered = (0..<20).reduce(0.0) { $0 + (People.sex[$1] == 1 ? People.weight[$1] : 0) }
    #expect(near(men.before, entered / People.weight.reduce(0, +)))
    let deviation = (56.0 / 102 * (1 - 56.0 / 102)).squareRoot()
    #expect(near(try #require(men.differenceBefore), abs(men.before - men.target) / deviation))
    #expect(try #require(men.differenceAfter) < 1e-9)
    let mean = try #require(lines.first { $0.name == "income" && $0.group == "b" })
    #expect(near(mean.target, 1350.0 / 66) && mean.standardDeviation > 5)
    // Quantiles of g: least, median and greatest of the factors.
    let factors = sample.steps[1].factor.sorted()
    #expect(sample.steps[1].factorQuantiles.values[0] == factors[0])
    #expect(near(sample.steps[1].factorQuantiles.values[4], (factors[9] + factors[10]) / 2))
    #expect(sample.steps[1].weightQuantiles.values.last == sample.weights.max())
  }

  func failure(_ request: CalibrationRequest, _ table: Table = table) -> Diagnostic? {
    #expect(throws: Diagnostic.self) { try CalibrationDistanceTests.calibrate(request, table) }
  }

  @Test("a variable that is 0 everywhere, and totals that contradict each other, are named")
  func withoutSolution() {
    let empty = failure(
      CalibrationRequest(totals: [PopulationTotal(variable: "none", targets: ["": 5])]))
    #expect(empty?.kind == .notConverged)
    #expect(empty?.what.contains("the total of 'none'") == true)
    let twice = failure(
      CalibrationRequest(totals: [
        PopulationTotal(variable: "income", targets: ["": 2000]),
        PopulationTotal(variable: "double", targets: ["": 4100]),
      ]))
    #expect(twice?.kind == .notConverged)
    #expect(twice?.what.contains("contradict each other: the total of 'double'") == true)
    #expect(twice?.why?.contains("1.00e2 away") == true, "\(twice?.why ?? "")")
    let people = failure(CalibrationDistanceTests.with { $0.population?["b"] = 70 })
    #expect(people?.what.contains("66.0") == true && people?.what.contains("70.0") == true)
  }

  @Test("bounds that are too tight: those that would do, and they do")
  func tightBounds() throws {
    for distance in CalibrationDistance.allCases {
      var request = CalibrationDistanceTests.with {
        $0.distance = distance
        $0.bounds = CalibrationBounds(lower: 0.9, upper: 1.1)
      }
      let error = failure(request)
      #expect(error?.kind == .notConverged)
      let why = try #require(error?.why)
      #expect(why.contains("largest relative residual of each target: the number of people"))
      #expect(why.contains("the bounds [0.9, 1.1] are too tight"), "\(why)")
      let numbers = try #require(why.split(separator: "[").last?.split(separator: "]").first)
        .split(separator: ", ").compactMap { Double($0) }
      request.bounds = CalibrationBounds(lower: numbers[0], upper: numbers[1])
      #expect(throws: Never.self) { try CalibrationDistanceTests.calibrate(request) }
      // And a little less does not.
      request.bounds = CalibrationBounds(
        lower: 1 - 0.97 * (1 - numbers[0]), upper: 1 + 0.97 * (numbers[1] - 1))
      #expect(failure(request)?.kind == .notConverged)
    }
  }

  @Test("totals out of reach: the residual of each target")
  func outOfReach() {
    // Nobody earns less than 7: a mean of 5 is beyond any positive weights.
    let error = failure(
      CalibrationRequest(
        population: ["": 100], totals: [PopulationTotal(variable: "income", targets: ["": 500])],
        distance: .raking))
    #expect(error?.kind == .notConverged)
    #expect(error?.why?.contains("the total of 'income'") == true)
    #expect(error?.why?.contains("the number of people") == true)
  }

  @Test("negative weights are refused, or allowed and counted")
  func negative() throws {
    var request = CalibrationRequest(
      population: ["": 100], totals: [PopulationTotal(variable: "income", targets: ["": 3300])])
    #expect(failure(request)?.what.contains("a negative weight") == true)
    request.allowsNegative = true
    let sample = try CalibrationDistanceTests.calibrate(request)
    #expect(sample.steps[1].negativeCount > 0)
    #expect(near(sample.weights.reduce(0, +), 100, 1e-10))
    let more = #expect(throws: Diagnostic.self) {
      try People.weigh(
        [.column("weight"), .calibrate(request), .trim(TrimmingRequest(upper: .absolute(9)))],
        CalibrationDistanceTests.table)
    }
    #expect(more?.kind == .badPipeline && more?.what.contains("negative weights") == true)
  }

  @Test("requests and data that make no sense are named")
  func badInput() {
    #expect(failure(CalibrationRequest())?.kind == .badPipeline)
    for bounds in [(1.0, 2.0), (0.5, 1), (-0.5, 2), (0.5, .infinity)] {
      let error = failure(
        CalibrationDistanceTests.with {
          $0.bounds = CalibrationBounds(lower: bounds.0, upper: bounds.1)
        })
      #expect(error?.kind == .badPipeline && error?.what.contains("bounds") == true)
    }
    #expect(
      failure(CalibrationDistanceTests.with { $0.distance = .logit })?.what.contains("logit")
        == true)
    let text = failure(
      CalibrationRequest(totals: [PopulationTotal(variable: "unit", targets: ["": 5])]))
    #expect(text?.kind == .badPipeline)
    for total in [Double.nan, .infinity] {
      let error = failure(CalibrationDistanceTests.with { $0.totals[0].targets["b"] = total })
      #expect(error?.kind == .badPipeline && error?.what.contains("unit=b") == true)
    }
    let group = failure(CalibrationDistanceTests.with { $0.totals[0].targets["b"] = nil })
    #expect(group?.kind == .notConverged && group?.what.contains("unit=b is not given") == true)
    var table = CalibrationDistanceTests.table
    table.set(
      Column(
        name: "income",
        numbers: CalibrationDistanceTests.income.map { $0 == 7 || $0 == 9 ? nil : $0 }))
    let missing = failure(CalibrationDistanceTests.request, table)
    #expect(missing?.kind == .badData && missing?.what == "2 rows have no value of 'income'")
    #expect(missing?.place == "drop.zip:a.csv:4")
    let variance = failure(CalibrationDistanceTests.with { $0.variance = "none" })
    #expect(variance?.kind == .badData && variance?.place == "drop.zip:a.csv:2")
    let clusters = failure(CalibrationDistanceTests.with { $0.equalWithin = ["sex"] })
    #expect(clusters?.kind == .badData && clusters?.what.contains("'unit'") == true)
  }
}
