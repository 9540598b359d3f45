import CanvassPipeline
import CanvassPublishing
import CanvassSurvey
import Foundation
import Testing

@Suite("Tables of people")
struct MarginTableTests {
  private static let crossed = """
    province,sex,band,population
    01,F,17-40,700
    01,F,41+,600
    01,M,17-40,600
    01,M,41+,500
    48,F,17-40,200
    48,F,41+,220
    48,M,17-40,200
    48,M,41+,200
    79,F,17-40,1000
    79,F,41+,1100
    79,M,17-40,1000
    79,M,41+,1000

    """

  private func run(_ margins: String) throws {
    let workshop = try Workshop()
    try workshop.write("margins.csv", margins)
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing("over: [sex]", with: "over: [sex, band]").replacing(
        "young: {condition: age < 35}", with: "band: {cut: age, at: [17, 41]}"))
    try workshop.run()
  }

  @Test("a whole crossed table weights, and one that lacks a cell or has it twice is an error")
  func whole() throws {
    // Bands begin at 18 after the check for adults; 17-40 is what the cut calls the lower one.
    #expect(throws: Never.self) { try run(MarginTableTests.crossed) }
    let lacking = MarginTableTests.crossed.replacing("48,M,41+,200\n", with: "")
    let missing = #expect(throws: Diagnostic.self) { try run(lacking) }
    #expect(missing?.kind == .badData)
    #expect(missing?.what.contains("'48' have 3 of 4 cells") == true)
    let twice = #expect(throws: Diagnostic.self) {
      try run(MarginTableTests.crossed + "48,M,41+,200\n")
    }
    #expect(twice?.what.contains("given twice") == true)
    #expect(twice?.place?.hasSuffix("margins.csv:14") == true)
  }

  @Test("a table with a column that the step does not name: the error names it and both remedies")
  func finer() throws {
    let workshop = try Workshop()
    try workshop.write("margins.csv", MarginTableTests.crossed)
    let error = #expect(throws: Diagnostic.self) { try workshop.run() }
    #expect(error?.place?.hasSuffix("margins.csv:3") == true)
    #expect(
      error?.why?.contains("the two rows differ in 'band', which 'over' does not name") == true)
    #expect(
      error?.remedy == "sum the people of such rows in the table, or name 'band' under 'over'")
  }

  @Test("a long table with a row twice is an error of that row")
  func long() throws {
    let workshop = try Workshop()
    try workshop.write(
      "margins.csv",
      "province,variable,level,population\n"
        + ["01", "48", "79"].map { "\($0),sex,F,500\n\($0),sex,M,400\n" }.joined()
        + "48,sex,F,500\n")
    let error = #expect(throws: Diagnostic.self) {
      try workshop.run(
        replacing: "count: population", with: "count: population, variable: variable, level: level")
    }
    #expect(error?.what.contains("given twice") == true)
    #expect(error?.place?.hasSuffix("margins.csv:8") == true)
  }

  @Test(
    "a surveyed unit without a population leaves the population-weighted mean blank, and says so")
  func population() throws {
    let workshop = try Workshop()
    try workshop.write("people.csv", "province,n\n01,2400\n48,820\n")
    let outcome = try workshop.run(
      replacing: "vintage: 2004}",
      with: "vintage: 2004, population: {file: people.csv, unit: province, count: n}}")
    let row = outcome.released.scores.first {
      $0.unit == NationalNumber.populationWeightedMean.rawValue && $0.node == "index"
    }
    #expect(row?.score == nil && row?.status == .noPopulation)
  }

  @Test("answers beyond the ends of a scale count as they are, and are counted in a note")
  func beyond() throws {
    let outcome = try Workshop().run(replacing: "low: 0, high: 4", with: "low: 1, high: 4")
    #expect(outcome.notes.contains { $0.contains("beyond the ends") && $0.contains("trust (") })
  }

  @Test("an error in a block of text names its line alone")
  func block() throws {
    let error = #expect(throws: Diagnostic.self) {
      try Workshop().check(
        replacing: "require: age >= 18", with: "require: >-\n        age >=\n        and 18")
    }
    #expect(error?.place?.hasSuffix("pipeline.yaml:15 (in the block below)") == true)
  }
}
