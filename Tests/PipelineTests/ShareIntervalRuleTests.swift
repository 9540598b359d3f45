import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("estimate: share_interval; design: stages_in_variance")
struct ShareIntervalRuleTests {
  /// The rows of the share, after a rule was named.
  func shares(_ rule: String, _ prepare: (Workshop) throws -> Void = { _ in }) throws
    -> [[String: String]]
  {
    let workshop = try Workshop()
    try prepare(workshop)
    let keys = "  breakdowns: [sex]\n"
    try workshop.run(
      replacing: keys, with: keys + (rule.isEmpty ? "" : "  share_interval: \(rule)\n"))
    return CSVTable(try workshop.released("indicators.csv")).rows.filter {
      $0["indicator"] == "honest"
    }
  }

  func bounds(_ row: [String: String]) throws -> (Double, Double, Double)? {
    guard let low = Double(row["ci_low"] ?? ""), let high = Double(row["ci_high"] ?? "") else {
      return nil
    }
    return (low, try #require(Double(row["estimate"] ?? "")), high)
  }

  @Test("the default is symmetric on the logit scale, `mean` on the share's own")
  func symmetric() throws {
    let logit = try shares("")
    #expect(try shares("logit") == logit)
    let plain = try shares("mean")
    var compared = 0
    for (row, other) in zip(logit, plain) {
      guard let (low, share, high) = try bounds(row) else { continue }
      func odds(_ p: Double) -> Double { log(p / (1 - p)) }
      #expect(low > 0 && high < 1)
      #expect(abs(odds(high) + odds(low) - 2 * odds(share)) < 1e-9)
      let (plainLow, _, plainHigh) = try #require(try bounds(other))
      #expect(abs(plainHigh + plainLow - 2 * share) < 1e-9)
      #expect(row["se"] == other["se"])
      compared += 1
    }
    #expect(compared > 5)
  }

  @Test(
    "every rule gives intervals of its own",
    arguments: ["asin", "beta", "wilson", "likelihood"])
  func others(rule: String) throws {
    let found = try shares(rule)
    let logit = try shares("logit")
    #expect(found.count == logit.count)
    var different = 0
    for (row, other) in zip(found, logit) {
      guard let (low, share, high) = try bounds(row) else { continue }
      #expect(0 <= low && low < share && share < high && high <= 1)
      if row["ci_low"] != other["ci_low"] { different += 1 }
    }
    #expect(different > 5)
  }

  @Test("a share of exactly 1 has no standard error but an exact interval")
  func exact() throws {
    let rows = try shares("") { workshop in
      let lines = Workshop.drop.split(separator: "\n").map { line in
        line.contains(",Hanoi,") ? line.dropLast(1) + "0" : line
      }
      try workshop.write("drop.csv", lines.joined(separator: "\n") + "\n")
    }
    let row = try #require(rows.first { $0["unit"] == "01" && $0["domain"] == "" })
    #expect(row["estimate"] == "1" && row["se"] == "" && row["status"] == "no variation")
    let (low, _, high) = try #require(try bounds(row))
    #expect(high == 1 && low > 0.5 && low < 1)
  }

  @Test("the first stage alone is what naming no second stage gives")
  func firstStage() throws {
    func errors(_ stages: String) throws -> [String?] {
      let workshop = try Workshop()
      let lines = Workshop.drop.split(separator: "\n").enumerated().map { index, line in
        line + (index == 0 ? ",villages,people" : ",10,40")
      }
      try workshop.write("drop.csv", lines.joined(separator: "\n") + "\n")
      try workshop.run(replacing: UncertaintyRuleTests.stages, with: stages)
      return CSVTable(try workshop.released("indicators.csv")).rows.map { $0["se"] }
    }
    let first = "- {strata: [province, stratum], unit: village, population: villages}\n"
    let both = first + "    - {unit: id, population: people}\n"
    let one = try errors(first)
    let all = try errors(both)
    #expect(try errors(both + "  stages_in_variance: first\n") == one)
    #expect(try errors(both + "  stages_in_variance: all\n") == all)
    #expect(all != one)
  }

  @Test("a rule that does not exist is refused with its place")
  func unknown() throws {
    let error = #expect(throws: Diagnostic.self) {
      try Workshop().check(
        replacing: "  breakdowns: [sex]\n",
        with: "  breakdowns: [sex]\n  share_interval: guessed\n")
    }
    #expect(error?.kind == .badPipeline)
    #expect(error?.place?.contains("pipeline.yaml:") == true)
  }
}
