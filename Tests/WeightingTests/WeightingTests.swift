import CanvassCompute
import CanvassSurvey
import CanvassWeighting
import Testing

/// Twenty people in two units with unequal weights; a row a PSU.
enum People {
  static let weight: [Double] = [
    3, 5, 2.5, 4, 1, 7, 2, 6, 10, 4, 3, 8, 5, 2, 1.5, 9, 4, 6, 2, 3,
  ]
  static let sex: [Double] = [1, 2, 1, 1, 2, 2, 1, 2, 1, 2, 2, 1, 2, 1, 2, 1, 1, 2, 1, 2]
  static let age: [Double] = [1, 2, 3, 2, 1, 3, 1, 2, 1, 3, 2, 2, 1, 3, 3, 1, 2, 1, 3, 2]
  static let unit: [String] = Array(repeating: "Huế", count: 8) + Array(repeating: "b", count: 12)
  static let answered: [Double] = [1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1]

  static var table: Table {
    Table(
      columns: [
        Column(name: "weight", numbers: weight), Column(name: "sex", numbers: sex),
        Column(name: "age", numbers: age), Column(name: "unit", strings: unit),
        Column(name: "answered", numbers: answered),
        Column(name: "p1", numbers: weight.map { 1 / ($0 + 1) }),
        Column(name: "p2", numbers: weight.map { _ in 0.5 }),
      ],
      origins: RowOrigins(
        sources: ["drop.zip:a.csv"], sourceOfRow: Array(repeating: 0, count: 20),
        lineOfRow: (2...21).map(UInt32.init)))
  }

  static let sexMargin = Margin(
    variables: ["sex"],
    targets: ["Huế": [["1"]: 20, ["2"]: 16], "b": [["1"]: 36, ["2"]: 30]])
  static let ageMargin = Margin(
    variables: ["age"],
    targets: [
      "Huế": [["1"]: 9, ["2"]: 14, ["3"]: 13], "b": [["1"]: 25, ["2"]: 22, ["3"]: 19],
    ])

  static func rake(
    _ margins: [Margin] = [sexMargin, ageMargin], tolerance: Double = 1e-14, sweeps: Int = 5000
  ) -> WeightingRequest {
    .rake(within: "unit", margins: margins, tolerance: tolerance, maximumSweeps: sweeps)
  }

  static func weigh(
    _ steps: [WeightingRequest], _ table: Table = table, workers: Int = 2
  ) throws -> WeightedSample {
    let count = table.rowCount
    let design = SampleDesign(
      rowStarts: Array(0...count), psuStarts: [0, count], stratumNames: ["the whole sample"],
      psuNames: (0..<count).map(String.init), lonely: .fail)
    return try Weighting.weight(table, design: design, steps: steps, workers: Workers(workers))
  }
}

func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  abs(a - b) <= tolerance * abs(b)
}

@Suite struct WeightingTests {
  @Test("without steps every row weighs 1")
  func none() throws {
    let sample = try People.weigh([])
    #expect(sample.weights == Array(repeating: 1, count: 20))
    #expect(sample.steps.isEmpty && sample.calibrations.isEmpty)
  }

  @Test("the base weight is a column, or the inverse of a product")
  func base() throws {
    let column = try People.weigh([.column("weight")])
    #expect(column.weights == People.weight)
    let step = column.steps[0]
    #expect(step.name == "base" && step.factor == People.weight && step.range == 1...10)
    // numpy 2.4.6, 2026-11-23: n * (w**2).sum() / w.sum()**2
    #expect(near(step.kishDesignEffect, 1.3236053719008265))
    #expect(near(step.effectiveCount, 20 / 1.3236053719008265))
    let inverse = try People.weigh([.inverseOf(["p1", "p2"])])
    for (mine, weight) in zip(inverse.weights, People.weight) {
      #expect(near(mine, 2 * (weight + 1)))
    }
  }

  @Test("exactly one base step comes first")
  func order() {
    for steps: [WeightingRequest] in [
      [People.rake()], [.column("weight"), .column("weight")],
      [.column("weight"), .inverseOf(["p1"])],
    ] {
      let error = #expect(throws: Diagnostic.self) { try People.weigh(steps) }
      #expect(error?.kind == .badPipeline)
      #expect(error?.remedy?.contains("first") == true)
    }
  }

  @Test(
    "weights and probabilities that cannot be used are named with their place",
    arguments: [
      ("weight", -1.0), ("weight", .infinity), ("weight", .nan), ("p1", 0), ("p1", 1.5),
      ("p1", -0.1), ("p1", .nan), ("p1", .leastNonzeroMagnitude),
    ])
  func badBase(name: String, value: Double) throws {
    var table = People.table
    var column = try table.column(name)
    var numbers = (0..<20).map { column.number(at: $0) ?? 0 }
    numbers[4] = value
    column = Column(name: name, values: .numbers(numbers))
    table.set(column)
    let steps: [WeightingRequest] = [name == "weight" ? .column(name) : .inverseOf(["p2", name])]
    let error = #expect(throws: Diagnostic.self) { try People.weigh(steps, table) }
    #expect(error?.kind == .badData)
    #expect(error?.place == "drop.zip:a.csv:6")
  }

  @Test("a missing weight, a text weight and a table without weight are errors")
  func noBase() throws {
    var table = People.table
    table.set(Column(name: "weight", numbers: People.weight.map { $0 == 7 ? nil : $0 }))
    let missing = #expect(throws: Diagnostic.self) { try People.weigh([.column("weight")], table) }
    #expect(missing?.kind == .badData && missing?.place == "drop.zip:a.csv:7")
    let text = #expect(throws: Diagnostic.self) { try People.weigh([.column("unit")]) }
    #expect(text?.kind == .badPipeline)
    let unknown = #expect(throws: Diagnostic.self) { try People.weigh([.column("wieght")]) }
    #expect(unknown?.remedy == "did you mean 'weight'?")
    table.set(Column(name: "weight", numbers: People.weight.map { _ in 0 }))
    let zero = #expect(throws: Diagnostic.self) { try People.weigh([.column("weight")], table) }
    #expect(zero?.what.contains("no row has a positive weight") == true)
  }

  @Test("respondents carry the weight of their cell, nonrespondents stay with weight 0")
  func nonresponse() throws {
    let sample = try People.weigh([
      .column("weight"), .nonresponse(cells: ["unit", "sex"], by: .indicator("answered")),
    ])
    #expect(sample.table.rowCount == 20)
    var before: [String: Double] = [:]
    var after: [String: Double] = [:]
    for row in 0..<20 {
      let cell = "\(People.unit[row]) \(People.sex[row])"
      before[cell, default: 0] += People.weight[row]
      after[cell, default: 0] += sample.weights[row]
      #expect((sample.weights[row] == 0) == (People.answered[row] == 0))
    }
    for (cell, sum) in before { #expect(near(after[cell]!, sum)) }
    // Huế, men: 3 + 2.5 + 4 + 2 = 11.5 eligible, 7.5 answered.
    #expect(near(sample.weights[0], 3 * 11.5 / 7.5))
    #expect(near(sample.steps[1].factor[0], 11.5 / 7.5))
    #expect(sample.steps[1].factor[3] == 0)
    #expect(sample.calibrations.isEmpty)
  }

  @Test("a cell in which nobody answered is named, without its rows' values")
  func emptyCell() throws {
    var table = People.table
    table.set(
      Column(
        name: "answered",
        numbers: zip(People.sex, People.unit).map { $0 == 2 && $1 == "b" ? 0 : 1 }))
    let error = #expect(throws: Diagnostic.self) {
      try People.weigh(
        [.column("weight"), .nonresponse(cells: ["unit", "sex"], by: .indicator("answered"))], table
      )
    }
    #expect(error?.kind == .badData)
    #expect(error?.what.contains("unit=b, sex=2") == true)
    #expect(error?.remedy?.contains("coarser") == true)
  }

  @Test("the status of a respondent must be 0 or 1")
  func badStatus() {
    let error = #expect(throws: Diagnostic.self) {
      try People.weigh([.column("weight"), .nonresponse(cells: [], by: .indicator("sex"))])
    }
    #expect(error?.kind == .badData && error?.place == "drop.zip:a.csv:3")
  }
}
