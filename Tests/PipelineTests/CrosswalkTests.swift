import CanvassSurvey
import Foundation
import Testing

/// Hà Nội and Đà Nẵng of 2004 become one unit of 2025; Hồ Chí Minh stays.
@Suite("Crosswalk")
struct CrosswalkTests {
  private static let places =
    Workshop.places + """
      2025,10,Hà Đà,Ha Da,North,
      2025,79,Hồ Chí Minh,Ho Chi Minh City,South,

      """
  private static let crosswalk = """
    from_vintage,from_code,to_vintage,to_code
    2004,01,2025,10
    2004,48,2025,10
    2004,79,2025,79

    """
  private static let units =
    "units: {variable: province, places: places.csv, vintage: 2025, "
    + "crosswalk: {file: crosswalk.csv, from: 2004}"

  private func workshop(crosswalk: String = CrosswalkTests.crosswalk) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("places.csv", Self.places)
    try workshop.write("crosswalk.csv", crosswalk)
    return workshop
  }

  @Test("respondents of a former unit are those of the new one, in the strata they were drawn from")
  func respondents() throws {
    let mapped = try workshop()
    try mapped.run(
      replacing: "units: {variable: province, places: places.csv, vintage: 2004", with: Self.units)
    // The same with the new unit in the data, and everything else by the former one.
    let given = try workshop()
    let lines = Workshop.drop.split(separator: "\n")
    try given.write(
      "drop.csv",
      ([lines[0] + ",unit"]
        + lines.dropFirst().map { $0 + ($0.contains(",79,") ? ",79" : ",10") })
        .joined(separator: "\n") + "\n")
    try given.write(
      "margins.csv",
      Workshop.margins.replacing("\n01", with: "\nHanoi").replacing("\n48", with: "\nĐà Nẵng"))
    try given.run(
      replacing: "units: {variable: province, places: places.csv, vintage: 2004",
      with: "units: {variable: unit, places: places.csv, vintage: 2025")
    let rows = CSVTable(try mapped.released("scores.csv")).rows
    let expected = CSVTable(try given.released("scores.csv")).rows
    #expect(Set(rows.compactMap { $0["unit"] }).isSuperset(of: ["10", "79"]))
    #expect(rows.count == expected.count)
    var compared = 0
    for (row, other) in zip(rows, expected) {
      #expect(row["unit"] == other["unit"] && row["node"] == other["node"])
      for cell in ["score", "se", "df", "ci_low"] where other[cell] != "" {
        expectClose(Double(row[cell] ?? ""), other[cell] ?? "", tolerance: 1e-12)
        compared += 1
      }
      #expect(row["n"] == other["n"] && row["status"] == other["status"])
    }
    #expect(compared > 60)
  }

  @Test("published values are averaged by population, counts are summed, and both are marked")
  func published() throws {
    let workshop = try workshop()
    try workshop.write(
      "values.csv", "province,a,good,all\nHanoi,2,10,20\n48,5,30,120\n79,1,7,10\n")
    try workshop.write(
      "pipeline.yaml",
      """
      canvass: 1
      name: small
      \(Self.units), population: {file: margins.csv, unit: province, count: population}}
      published: {file: values.csv, unit: province}
      index:
        structure:
          - {node: index}
          - {node: a, parent: index, variable: a, low: 0, high: 10}
          - {node: r, parent: index, variable: good, statistic: ratio, denominator: all, definition: x, low: 0, high: 1}

      """)
    try workshop.run()
    let scores = CSVTable(try workshop.released("scores.csv")).rows
    func score(_ node: String, _ unit: String) -> [String: String] {
      scores.first { $0["node"] == node && $0["unit"] == unit } ?? [:]
    }
    // 2400 and 820 people: (2400 · 2 + 820 · 5) / 3220; 40 of 140.
    let mean = (2400 * 2 + 820 * 5) / 3220.0
    expectClose(
      Double(score("a", "10")["score"] ?? ""), String(1 + 0.9 * mean), tolerance: 1e-12)
    expectClose(
      Double(score("r", "10")["score"] ?? ""), String(1 + 9 * 40.0 / 140), tolerance: 1e-12)
    #expect(score("index", "10")["status"] == "mean of former units")
    #expect(score("index", "79")["status"] == "")
    let indicators = CSVTable(try workshop.released("indicators.csv")).rows
    #expect(
      indicators.first { $0["unit"] == "10" && $0["indicator"] == "a" }?["status"]
        == "mean of former units")
    // The national mean weighs the new units by all their people.
    expectClose(
      Double(score("a", "national:population-weighted-mean-of-units")["score"] ?? ""),
      String((3220 * (1 + 0.9 * mean) + 4100 * 1.9) / 7320), tolerance: 1e-12)
  }

  @Test("standard errors of former units add as those of independent samples")
  func standardErrors() throws {
    let workshop = try workshop()
    try workshop.write(
      "values.csv",
      "province,v,value,se\n01,a,2,0.3\n48,a,5,0.4\n79,a,1,0.2\n")
    try workshop.write(
      "pipeline.yaml",
      """
      canvass: 1
      name: small
      \(Self.units), population: {file: margins.csv, unit: province, count: population}}
      published: {file: values.csv, unit: province, variable: v, value: value, se: se, df: 50}
      index:
        structure:
          - {node: a, variable: a}

      """)
    try workshop.run()
    let row = CSVTable(try workshop.released("scores.csv")).rows.first { $0["unit"] == "10" }
    let (first, second) = (2400 / 3220.0 * 0.3, 820 / 3220.0 * 0.4)
    expectClose(
      Double(row?["se"] ?? ""), String((first * first + second * second).squareRoot()),
      tolerance: 1e-12)
  }

  @Test(
    "a crosswalk that leaves a unit out, splits one or knows no code is an error",
    arguments: [
      ("2004,48,2025,10\n", "", "the crosswalk leads 'Đà Nẵng' of 2004 to no unit of 2025"),
      ("2004,48,2025,10\n", "2004,48,2025,10\n2004,48,2025,79\n", "'Đà Nẵng' goes to two units"),
      (
        "2004,48,2025,10", "2004,48,2025,11",
        "a code of the crosswalk is none of its vintage in the places file"
      ),
    ])
  func bad(old: String, new: String, message: String) throws {
    let workshop = try workshop(crosswalk: Self.crosswalk.replacing(old, with: new))
    let error = #expect(throws: Diagnostic.self) {
      try workshop.check(
        replacing: "units: {variable: province, places: places.csv, vintage: 2004",
        with: Self.units)
    }
    #expect(error?.what == message)
    #expect(error?.place != nil)
  }
}
