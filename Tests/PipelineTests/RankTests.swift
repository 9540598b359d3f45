import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("estimate: ranks")
struct RankTests {
  static let breakdowns = "breakdowns: [sex]\n"

  /// A finished run of the small survey with more keys under `estimate`.
  func run(_ keys: String, threads: Int = 2) throws -> Workshop {
    let workshop = try Workshop()
    let new = RankTests.breakdowns + (keys.isEmpty ? "" : "  \(keys)\n")
    try workshop.run(replacing: RankTests.breakdowns, with: new, threads: threads)
    return workshop
  }

  func wholeUnits(_ workshop: Workshop, _ node: String = "index") throws -> [[String: String]] {
    CSVTable(try workshop.released("scores.csv")).rows.filter {
      $0["node"] == node && $0["domain"] == "" && $0["unit"]?.hasPrefix("national:") == false
    }
  }

  @Test("intervals hold the rank, simultaneous ones hold the marginal ones, leaves have none")
  func columns() throws {
    let workshop = try run("ranks: {draws: 500}")
    let rows = try wholeUnits(workshop)
    #expect(rows.count == 3)
    for row in rows {
      let bounds = try ["rank_sim_low", "rank_low", "rank", "rank_high", "rank_sim_high"].map {
        try #require(Int(row[$0] ?? ""))
      }
      #expect(bounds == bounds.sorted() && bounds[0] >= 1 && bounds[4] <= 3)
    }
    for row in try wholeUnits(workshop, "trust") {
      #expect(row["rank"] != "" && row["rank_low"] == "" && row["rank_sim_high"] == "")
    }
    let domains = CSVTable(try workshop.released("scores.csv")).rows.filter { $0["domain"] != "" }
    #expect(!domains.isEmpty && domains.allSatisfy { $0["rank_low"] == "" })
  }

  @Test("Bonferroni's intervals follow from the published scores and standard errors")
  func independent() throws {
    let workshop = try Workshop()
    // In the first province two of three trust nobody.
    let drop = Workshop.drop.split(separator: "\n").enumerated().map { number, line in
      var cells = line.split(separator: ",").map(String.init)
      if cells[1] == "Hanoi", number % 3 > 0 { cells[7] = "0" }
      return cells.joined(separator: ",")
    }
    try workshop.write("drop.csv", drop.joined(separator: "\n") + "\n")
    try workshop.run(
      replacing: RankTests.breakdowns,
      with: RankTests.breakdowns + "  ranks: {method: bonferroni, confidence: 0.2}\n")
    let rows = try wholeUnits(workshop)
    func number(_ row: [String: String], _ name: String) throws -> Double {
      try #require(Double(row[name] ?? ""))
    }
    // A unit's two pairs have level 0.8/2 each: with df above 1 the critical value lies between the normal
    // 0.8416 and t(1)'s 1.3764; a pair outside that range is decided either way.
    var decided = 0
    for row in rows {
      var (low, high) = (1, 3)
      var isClear = true
      for other in rows where other["unit"] != row["unit"] {
        let difference = try number(other, "score") - number(row, "score")
        let errors = try (number(row, "se"), number(other, "se"))
        let t = difference / (errors.0 * errors.0 + errors.1 * errors.1).squareRoot()
        if abs(t) > 1.3764 {
          if t > 0 { low += 1 } else { high -= 1 }
          decided += 1
        } else if abs(t) > 0.8416 {
          isClear = false
        }
      }
      if isClear { #expect(row["rank_low"] == String(low) && row["rank_high"] == String(high)) }
    }
    #expect(decided > 0)
  }

  @Test("the files of pairs and groups agree with the columns")
  func files() throws {
    let workshop = try run("ranks: {draws: 500}")
    let rows = try wholeUnits(workshop)
    let pairs = CSVTable(try workshop.released("indistinguishable.csv")).rows
      .filter { $0["node"] == "index" }
    for row in rows {
      let partners = pairs.count { $0["unit"] == row["unit"] || $0["other_unit"] == row["unit"] }
      let low = try #require(Int(row["rank_sim_low"] ?? ""))
      let high = try #require(Int(row["rank_sim_high"] ?? ""))
      #expect(high - low == partners)
    }
    for pair in pairs {
      let bounds = try ["sim_low", "difference", "sim_high"].map {
        try #require(Double(pair[$0] ?? ""))
      }
      #expect(bounds[0] <= 0 && bounds[2] >= 0 && bounds[1] >= 0)
      #expect(abs(bounds[0] + bounds[2] - 2 * bounds[1]) < 1e-9)
    }
    let shares = CSVTable(try workshop.released("group-probabilities.csv")).rows
      .filter { $0["node"] == "index" }
    #expect(shares.count == 3 * 4)
    for row in rows {
      let own = try shares.filter { $0["unit"] == row["unit"] }
        .map { try #require(Double($0["probability"] ?? "")) }
      #expect(abs(own.reduce(0, +) - 1) < 1e-9)
    }
    let report = try workshop.released("report.html")
    #expect(report.contains("Possible ranks") && report.contains("Hạng có thể"))
  }

  @Test("none: the rank stays, its interval and the files go")
  func none() throws {
    let workshop = try run("ranks: none")
    let rows = try wholeUnits(workshop)
    #expect(rows.allSatisfy { $0["rank"] != "" && $0["rank_low"] == "" })
    for name in ["indistinguishable.csv", "group-probabilities.csv"] {
      #expect(
        !FileManager.default.fileExists(atPath: workshop.path("Runs/small/latest/release/\(name)")))
    }
    #expect(try !workshop.released("report.html").contains("Possible ranks"))
  }

  @Test("the seed names the draws; threads do not touch them")
  func seeds() throws {
    func shares(_ keys: String, threads: Int = 2) throws -> String {
      try run(keys, threads: threads).released("group-probabilities.csv")
    }
    let one = try shares("ranks: {draws: 500, seed: 1}")
    #expect(try shares("ranks: {draws: 500}", threads: 7) == one)
    #expect(try shares("ranks: {draws: 500, seed: 2}") != one)
    #expect(try shares("ranks: {draws: 400}") != one)
  }

  @Test("a unit that is not published has no rank interval and no part in the others'")
  func suppressed() throws {
    let workshop = try Workshop()
    // Two thirds of the third province's people are children.
    let lines = Workshop.drop.split(separator: "\n")
    var kept = 0
    let fewer = lines.filter { line in
      guard line.split(separator: ",")[1] == "79" else { return true }
      kept += 1
      return kept % 4 == 0
    }
    try workshop.write("drop.csv", fewer.joined(separator: "\n") + "\n")
    try workshop.run(
      replacing:
        "  - rake: {within: province, margins: margins.csv, count: population, over: [sex]}\n",
      with: "")
    let rows = try wholeUnits(workshop)
    let absent = try #require(rows.first { $0["unit"] == "79" })
    #expect(absent["status"] == "suppressed" && absent["rank_low"] == "" && absent["rank"] == "")
    for row in rows where row["unit"] != "79" {
      #expect(["1", "2"].contains(row["rank_high"]))
    }
    #expect(try !workshop.released("indistinguishable.csv").contains("79,"))
  }

  @Test(
    "a wrong key is refused with its place",
    arguments: [
      "ranks: {method: guess}", "ranks: {confidence: 1}", "ranks: {draws: 10}", "ranks: some",
      "ranks: {seeds: 3}",
    ])
  func wrong(keys: String) throws {
    let error = #expect(throws: Diagnostic.self) {
      try Workshop().check(
        replacing: RankTests.breakdowns, with: RankTests.breakdowns + "  \(keys)\n")
    }
    #expect(error?.kind == .badPipeline && error?.place?.contains("pipeline.yaml:") == true)
  }
}
