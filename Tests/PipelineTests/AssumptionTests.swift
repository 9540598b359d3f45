import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("index: uncertainty")
struct AssumptionTests {
  static let index = "index:\n"

  func run(_ keys: String, threads: Int = 2) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.run(
      replacing: AssumptionTests.index, with: AssumptionTests.index + "  uncertainty: {\(keys)}\n",
      threads: threads)
    return workshop
  }

  func rows(_ workshop: Workshop, _ name: String) throws -> [[String: String]] {
    CSVTable(try workshop.released(name)).rows
  }

  func number(_ row: [String: String], _ name: String) throws -> Double {
    try #require(Double(row[name] ?? ""))
  }

  @Test("the index made otherwise by hand from the published parts gives the same ranks")
  func independent() throws {
    // Two levels of one choice: both parts as they are (weights 2 and 1), or as ranks.
    let workshop = try run("normalization: [given, rank], rows: 200")
    let scores = try rows(workshop, "scores.csv").filter { $0["domain"] == "" }
    var parts: [String: [Double]] = [:]
    var units: [String] = []
    for row in scores where row["unit"]?.hasPrefix("national:") == false {
      if row["node"] == "index" { units.append(row["unit"] ?? "") }
      parts[row["node"] ?? "", default: []].append(try number(row, "score"))
    }
    let (trust, honest) = (try #require(parts["trust"]), try #require(parts["honest"]))
    func ranks(_ values: [Double], from top: Bool) -> [Int] {
      values.map { value in 1 + values.count { top ? $0 > value : $0 < value } }
    }
    let given = ranks(zip(trust, honest).map { 2 * $0 + $1 }, from: true)
    let ranked = ranks(
      zip(ranks(trust, from: false), ranks(honest, from: false)).map { Double(2 * $0 + $1) },
      from: true)
    let found = try rows(workshop, "rank-uncertainty.csv")
    #expect(found.map { $0["unit"] ?? "" } == units)
    for (unit, row) in found.enumerated() {
      #expect(row["source"] == "assumptions" && row["node"] == "index")
      #expect(row["rank"] == String(given[unit]))
      #expect(row["rank_best"] == String(min(given[unit], ranked[unit])))
      #expect(row["rank_worst"] == String(max(given[unit], ranked[unit])))
    }
    let sensitivity = try rows(workshop, "sensitivity.csv")
    #expect(sensitivity.count == 4)
    #expect(sensitivity.allSatisfy { $0["choice"] == "normalization" })
  }

  @Test("sampling joins as one more choice and widens what assumptions give")
  func both() throws {
    let workshop = try run("weights: 0.3, leave_out: yes, sampling: yes, rows: 400")
    let found = try rows(workshop, "rank-uncertainty.csv")
    let (alone, both) = (
      found.filter { $0["source"] == "assumptions" },
      found.filter { $0["source"] == "sampling and assumptions" }
    )
    #expect(alone.count == 3 && both.count == 3)
    var (narrow, wide) = (0.0, 0.0)
    for (small, large) in zip(alone, both) {
      narrow += try number(small, "rank_worst") - number(small, "rank_best")
      wide += try number(large, "rank_worst") - number(large, "rank_best")
      for row in [small, large] {
        let order = try ["rank_best", "band_low", "rank_median", "band_high", "rank_worst"].map {
          try number(row, $0)
        }
        #expect(order == order.sorted())
      }
    }
    #expect(wide > narrow)
    let choices = Set(try rows(workshop, "sensitivity.csv").map { $0["choice"] ?? "" })
    #expect(choices == ["weights", "part left out", "sampling"])
    let report = try workshop.released("report.html")
    #expect(report.contains("Uncertainty band 95%") && report.contains("Dải bất định 95%"))
    #expect(!report.contains("confidence interval of ranks"))
  }

  @Test("threads change no byte, a seed does")
  func seeds() throws {
    func text(_ keys: String, threads: Int = 2) throws -> String {
      let workshop = try run(keys, threads: threads)
      return try workshop.released("rank-uncertainty.csv") + workshop.released("sensitivity.csv")
    }
    let one = try text("weights: 0.5, sampling: yes, rows: 200")
    #expect(try text("weights: 0.5, sampling: yes, rows: 200, seed: 1", threads: 5) == one)
    #expect(try text("weights: 0.5, sampling: yes, rows: 200, seed: 2") != one)
  }

  @Test("without the key nothing of it is released")
  func absent() throws {
    let workshop = try Workshop()
    try workshop.run()
    for name in ["rank-uncertainty.csv", "sensitivity.csv"] {
      #expect(
        !FileManager.default.fileExists(atPath: workshop.path("Runs/small/latest/release/\(name)")))
    }
  }

  @Test(
    "what is not defined, or is no choice, is refused before any row is read",
    arguments: [
      ("rows: 200", "nothing to choose"),
      ("normalization: [given, z-score], aggregation: [arithmetic, geometric]", "not defined"),
      ("node: nowhere, leave_out: yes", "not in the structure"),
      ("node: trust, leave_out: yes", "not made of the scores of parts"),
      ("weights: 1.5", "between 0 and 1"), ("leave_out: yes, coverage: 1", "between 0 and 1"),
      ("aggregation: [arithmetic, arithmetic]", "twice"), ("aggregation: [median]", "one of"),
    ])
  func refused(keys: String, message: String) throws {
    let error = #expect(throws: Diagnostic.self) {
      try Workshop().check(
        replacing: AssumptionTests.index,
        with: AssumptionTests.index + "  uncertainty: {\(keys)}\n")
    }
    #expect(error?.kind == .badPipeline && error?.description.contains(message) == true)
    #expect(error?.place?.contains("pipeline.yaml:") == true)
  }
}
