import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("design: variance and df")
struct UncertaintyRuleTests {
  static let stages = "- {strata: [province, stratum], unit: village}\n"

  func scores(_ keys: String, threads: Int = 2) throws -> (rows: [[String: String]], text: String) {
    let workshop = try Workshop()
    let new = UncertaintyRuleTests.stages + (keys.isEmpty ? "" : "  \(keys)\n")
    try workshop.run(replacing: UncertaintyRuleTests.stages, with: new, threads: threads)
    let text =
      try workshop.released("scores.csv") + workshop.released("indicators.csv")
      + workshop.released("report.html")
    return (CSVTable(try workshop.released("scores.csv")).rows, text)
  }

  @Test("the defaults by name are the defaults")
  func defaults() throws {
    let plain = try scores("").rows
    #expect(try scores("variance: direct\n  df: satterthwaite").rows == plain)
  }

  @Test("pooled variances of units: se_method, pooled degrees, national numbers direct")
  func pooled() throws {
    let direct = try scores("df: design").rows
    let (rows, text) = try scores("variance: pooled\n  df: design")
    #expect(text.contains("design effect averaged over all units"))
    #expect(text.contains("degrees of freedom of all units together"))
    var units = 0
    for (row, other) in zip(rows, direct) where row["score"] != "" && row["se"] != "" {
      #expect(row["score"] == other["score"])
      if row["unit"]?.hasPrefix("national:") == true {
        #expect(row == other && row["se_method"] == "linearization")
      } else {
        #expect(row["se_method"] == "pooled" && row["se"] != other["se"])
        // Three provinces of six villages in two strata.
        if row["domain"] == "" { #expect(row["df"] == "12") }
        units += 1
      }
    }
    #expect(units >= 9)
    // The pool's weighted mean of ratios: with equal degrees the mean of direct over pooled is 1.
    let whole = zip(rows, direct).filter {
      $0.0["node"] == "index" && $0.0["domain"] == "" && $0.0["se_method"] == "pooled"
    }
    let ratios = try whole.map { row, other in
      let a = try #require(Double(row["se"] ?? ""))
      let b = try #require(Double(other["se"] ?? ""))
      return b * b / (a * a)
    }
    #expect(ratios.count == 3)
    #expect(abs(ratios.reduce(0, +) / 3 - 1) < 1e-9)
  }

  @Test("Satterthwaite's degrees are at most the design's, and the standard error stays")
  func satterthwaite() throws {
    let direct = try scores("df: design").rows
    let (rows, text) = try scores("df: satterthwaite")
    #expect(text.contains("Satterthwaite"))
    var smaller = 0
    for (row, other) in zip(rows, direct) where row["df"] != "" && other["df"] != "" {
      let a = try #require(Double(row["df"] ?? ""))
      let b = try #require(Double(other["df"] ?? ""))
      #expect(row["se"] == other["se"] && a <= b && a >= 1)
      if a < b { smaller += 1 }
    }
    #expect(smaller > 5)
  }

  @Test("the bytes do not depend on the number of threads", arguments: [1, 3, 8])
  func threads(count: Int) throws {
    let keys = "variance: pooled\n  df: satterthwaite"
    #expect(try scores(keys, threads: count).text == scores(keys, threads: 2).text)
  }

  @Test("a rule that does not exist is refused with its place")
  func unknown() throws {
    let error = #expect(throws: Diagnostic.self) {
      try Workshop().check(
        replacing: UncertaintyRuleTests.stages,
        with: UncertaintyRuleTests.stages + "  variance: guessed\n")
    }
    #expect(error?.kind == .badPipeline)
    #expect(error?.place?.contains("pipeline.yaml:") == true)
  }
}

@Suite("designs that the pipeline file tells")
struct DesignKeyTests {
  @Test("a domain of strata that were taken whole has no sampling error, and a status that says so")
  func takenWhole() throws {
    let workshop = try Workshop()
    try workshop.write(
      "drop.csv",
      Workshop.drop.split(separator: "\n").enumerated().map {
        $1 + ($0 == 0 ? ",villages" : $1.contains(",79,") ? ",3" : ",9")
      }.joined(separator: "\n") + "\n")
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(
        "{strata: [province, stratum], unit: village}",
        with: "{strata: [province, stratum], unit: village, population: villages}"
      ).replacing(ReplicatePipelineTests.rake, with: ""))
    try workshop.run()
    let rows = CSVTable(try workshop.released("scores.csv")).rows.filter { $0["node"] == "index" }
    for row in rows where row["unit"] == "79" && row["score"] != "" {
      #expect(row["status"] == "taken whole")
      #expect(row["se"] == "" && row["ci_low"] == "")
    }
    #expect(rows.contains { $0["unit"] == "79" && $0["domain"] == "" && $0["score"] != "" })
    for row in rows where row["unit"] == "01" && row["domain"] == "" {
      #expect(row["status"] != "taken whole" && row["se"] != "")
    }
  }

  @Test(
    "a sum of squared probabilities goes with Hartley and Rao's method alone",
    arguments: ["overton", "brewer", "hartley_rao"])
  func populationSquares(method: String) throws {
    let workshop = try Workshop()
    func check() throws {
      _ = try workshop.check(
        replacing: "{strata: [province, stratum], unit: village}",
        with: "{unit: village, unequal: {probability: weight, method: \(method), "
          + "population_squares: 4.5}}")
    }
    if method == "hartley_rao" {
      try check()
    } else {
      let error = #expect(throws: Diagnostic.self) { try check() }
      #expect(error?.what == "'population_squares' goes with 'method: hartley_rao' alone")
    }
  }
}
