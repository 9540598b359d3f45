import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("statistic: total and quantile")
struct TotalAndQuantileTests {
  /// R's stratified sample of schools, whose answers and R's numbers ship with the estimation tests.
  private static let cases = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "EstimationTests/Cases")

  private static let pipeline = """
    canvass: 1
    name: small
    units: {variable: stype}
    ingest:
      drops: schools.csv
      respondents: {members: "*"}
    design:
      stages: [{strata: [stype], population: fpc}]
      df: design
    weight:
      - base: pw
    estimate: {ranks: none}
    index:
      structure:
        - {node: index}
        - {node: pupils, parent: index, variable: enroll, statistic: total}
    """

  private static func workshop(_ leaves: [String]) throws -> Workshop {
    let workshop = try Workshop()
    let data = try Data(
      contentsOf: cases.appending(path: "api_strat_quantiles_rules/input.csv"))
    try data.write(to: workshop.folder.appending(path: "schools.csv"))
    try workshop.write(
      "pipeline.yaml",
      ([pipeline] + leaves.map { "    - {parent: index, \($0)}" }).joined(separator: "\n") + "\n")
    return workshop
  }

  private static func row(_ id: String, _ workshop: Workshop) throws -> [String: String] {
    try #require(
      CSVTable(try workshop.released("indicators.csv")).rows.first {
        $0["indicator"] == id && $0["unit"] == "national:survey" && $0["domain"] == ""
      })
  }

  private static func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(Double(row[column] ?? ""), "\(column) of \(row)")
  }

  @Test(
    "a quantile of any probability is R's, with its interval, by every rule that the file names",
    arguments: ["math", "school", "hf1", "hf2", "hf5", "hf6", "hf7", "hf8", "hf9"],
    [0.25, 0.9])
  func quantiles(rule: String, probability: Double) throws {
    let workshop = try Self.workshop([
      "node: q, variable: api00, statistic: quantile, probability: \(probability), quantile_rule: \(rule)"
    ])
    try workshop.run()
    let row = try Self.row("q", workshop)
    let expected = try #require(
      CSVTable(
        try String(
          contentsOf: Self.cases.appending(path: "api_strat_quantiles_rules/expected.csv"),
          encoding: .utf8)
      ).rows.first { $0["call"] == "q_\(rule)" && $0["key"] == "api00:\(probability)" })
    for (own, their) in [
      ("estimate", "estimate"), ("se", "se"), ("ci_low", "ci_t_low"), ("ci_high", "ci_t_high"),
    ] {
      let value = try Self.number(expected, their)
      #expect(abs(try Self.number(row, own) - value) <= 1e-9 * value, "\(own)")
    }
    #expect(row["statistic"] == "quantile" && row["se_method"] == "woodruff")
  }

  @Test("a median may name its rule and interval: R's median of api00 with the interval beta")
  func median() throws {
    let workshop = try Self.workshop([
      "node: m, variable: api00, statistic: median, quantile_rule: math, quantile_interval: beta"
    ])
    try workshop.run()
    let row = try Self.row("m", workshop)
    #expect(try Self.number(row, "estimate") == 668)
    #expect(try Self.number(row, "ci_low") == TotalAndQuantileTests.beta.low)
    #expect(try Self.number(row, "ci_high") == TotalAndQuantileTests.beta.high)
  }

  // R 4.2.2, survey 4.1.1 on 2026-11-25, d <- read.csv("input.csv") of api_strat_quantiles_rules,
  // des <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = d):
  // svyquantile(~api00, des, 0.5, qrule = "math", interval.type = "beta"); svytotal(~enroll, des);
  // SE(), and confint(, df = 197) of the total.
  private static let beta = (low: 641.0, high: 695.0)
  private static let total = (
    estimate: 3687177.53243827820, error: 114641.71610078029, low: 3461095.00771954237,
    high: 3913260.05715701403
  )

  @Test("a total of numbers is R's svytotal, with its standard error and interval")
  func total() throws {
    let workshop = try Self.workshop([])
    try workshop.run()
    let row = try Self.row("pupils", workshop)
    #expect(row["statistic"] == "total" && row["se_method"] == "linearization")
    for (column, value) in [
      ("estimate", Self.total.estimate), ("se", Self.total.error), ("ci_low", Self.total.low),
      ("ci_high", Self.total.high),
    ] {
      #expect(abs(try Self.number(row, column) - value) <= 1e-9 * value, "\(column)")
    }
  }

  @Test(
    "what belongs to a quantile is refused elsewhere, and a quantile without a probability",
    arguments: [
      ("variable: api00, statistic: quantile", "a quantile needs its probability"),
      ("variable: api00, statistic: quantile, probability: 1", "must lie between 0 and 1"),
      (
        "variable: api00, statistic: median, probability: 0.4",
        "'probability' belongs to a quantile"
      ),
      ("variable: api00, quantile_rule: hf7", "'quantile_rule' belongs to a quantile"),
      (
        "variable: api00, statistic: total, quantile_interval: beta",
        "'quantile_interval' belongs to a quantile"
      ),
      ("variable: api00, statistic: total, good: 3", "'good' belongs to a share or a count"),
      (
        "variable: api00, statistic: quantile, probability: 0.2, quantile_rule: hf10",
        "'quantile_rule' must be one of"
      ),
    ])
  func refused(leaf: String, what: String) throws {
    let workshop = try Self.workshop(["node: q, \(leaf)"])
    let error = #expect(throws: Diagnostic.self) { try workshop.check() }
    #expect(
      error?.kind == .badPipeline && error?.what.contains(what) == true, "\(error?.what ?? "")")
    #expect(error?.place?.contains("pipeline.yaml:") == true)
  }
}
