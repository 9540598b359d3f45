import CanvassCompute
import CanvassEstimation
import CanvassScoring
import CanvassSurvey
import CanvassWeighting
import Foundation
import Testing

/// Rank bounds that R found: csranks 1.3 on PISA's mean scores, and pairwise tests on R survey 4.5's
/// covariances of an index. They lie outside the repository, where `CANVASS_SHARED` names their folder.
@Suite("Oracle: ranks", .enabled(if: RankOracle.isPresent))
struct RankOracleTests {
  @Test("csranks' bounds on PISA, where two seeds of it agree")
  func pisa() throws {
    let input = try RankOracle.rows("csranks_pisa", "input.csv").filter { $0["math_score"] != "NA" }
    let names = input.compactMap { $0["jurisdiction"] }
    let scores = UncertainScores(
      try input.map { try RankOracle.number($0["math_score"]) },
      covariance: CovarianceMatrix(
        variances: try input.map { row in
          let error = try RankOracle.number(row["math_se"])
          return error * error
        }))
    let step = RankIntervals(scores, rules: RankRules(draws: 100_000, seed: 7))
    let pairs = RankIntervals(scores, rules: RankRules(method: .bonferroni))
    let ranks = Ranking.ranks(of: scores.values)
    var seen = 0
    for row in try RankOracle.rows("csranks_pisa", "expected.csv") {
      let intervals: [ClosedRange<Int>]
      switch row["call"] {
      case "math_simultaneous": intervals = step.simultaneous
      case "math_marginal": intervals = step.marginal
      case "math_pairwise_bonferroni": intervals = pairs.marginal
      default: continue
      }
      let unit = try #require(names.firstIndex(of: row["key"] ?? ""))
      let (low, high) = (
        try RankOracle.number(row["ci_t_low"]), try RankOracle.number(row["ci_t_high"])
      )
      #expect(
        intervals[unit] == Int(low)...Int(high),
        "\(row["call"] ?? "") \(names[unit]): csranks \(Int(low))-\(Int(high))")
      #expect(ranks[unit] == Int(try RankOracle.number(row["estimate"])))
      seen += 1
    }
    #expect(seen == 31 + 36 + 37)
  }

  @Test("ranks of an index of two dimensions, with the covariances of its items")
  func indexOfDimensions() throws {
    let rows = try RankOracle.rows("papi6_index_composite", "input.csv")
    let items = ["q002", "q003", "q022", "q023"]
    let columns =
      (["id", "stratum", "psu", "basew", "province"] + items).map { name in
        Column(
          name: name,
          numbers: rows.map { row in
            let number = Double(row[name] ?? "")
            return items.contains(name) && [88, 99].contains(number) ? nil : number
          })
      }
    let (table, design) = try Table(columns: columns).arranged(
      by: DesignRequest(stages: [.init(strata: ["stratum"], unit: "psu")]), key: "id")
    let estimator = Estimator(
      try Weighting.weight(table, design: design, steps: [.column("basew")], workers: Workers(1)))
    let provinces = [2.0, 5, 9, 17, 33, 60]
    let column = try table.column("province")
    let partition = Partition(
      id: "province",
      domainOfRow: (0..<table.rowCount).map { row in
        Int32(provinces.firstIndex(of: Double(column.text(at: row) ?? "") ?? -1) ?? -1)
      }, domainCount: 6)
    var dimensions = [composite("d1", "index"), composite("d2", "index")]
    for position in dimensions.indices {
      dimensions[position].memberships.append(.init(parent: "geometric"))
    }
    let plan = ScoringPlan(
      try IndexTree(
        [composite("index"), composite("geometric", combine: .geometric)] + dimensions + [
          leaf("q002", "d1", low: 1, high: 5), leaf("q003", "d1", low: 1, high: 4),
          leaf("q022", "d2", low: 1, high: 5), leaf("q023", "d2", low: 1, high: 4),
        ], scale: 1...10))
    let results = try estimator.estimate(plan.measures, over: [partition], workers: Workers(1))
    let scores = try plan.score(
      results, in: partition, by: estimator,
      units: IndexUnits(codes: provinces.map { String($0) }))
    let estimates = try (0..<6).map { try #require(scores.estimate(0, $0)) }
    let covariance = try estimator.covariances(of: estimates.map(\.influence))
    let geometric = try (0..<6).map { try #require(scores.estimate(1, $0)) }
    let geometricErrors = try estimator.covariances(of: geometric.map(\.influence))
    let found = RankIntervals(
      UncertainScores(estimates.map(\.value), covariance: covariance),
      rules: RankRules(method: .bonferroni))
    let ranks = Ranking.ranks(of: estimates.map(\.value))
    var seen = 0
    for row in try RankOracle.rows("papi6_index_composite", "expected.csv") {
      let unit = provinces.firstIndex(of: Double(row["key"] ?? "") ?? -1) ?? -1
      switch row["call"] {
      case "index_arith":
        #expect(abs(estimates[unit].value - (try RankOracle.number(row["estimate"]))) < 1e-9)
        let error = covariance[unit, unit].squareRoot()
        #expect(abs(error - (try RankOracle.number(row["se"]))) < 1e-9)
      case "index_geom":
        #expect(abs(geometric[unit].value - (try RankOracle.number(row["estimate"]))) < 1e-9)
        let error = geometricErrors[unit, unit].squareRoot()
        #expect(abs(error - (try RankOracle.number(row["se"]))) < 1e-9)
        seen += 1
      case "rank":
        let (low, high) = (
          try RankOracle.number(row["ci_t_low"]), try RankOracle.number(row["ci_t_high"])
        )
        #expect(found.marginal[unit] == Int(low)...Int(high), "province \(provinces[unit])")
        #expect(ranks[unit] == Int(try RankOracle.number(row["estimate"])))
        seen += 1
      default: continue
      }
    }
    #expect(seen == 12)
  }
}

/// Files of the oracle as rows by column name.
private enum RankOracle {
  static let folder = ProcessInfo.processInfo.environment["CANVASS_SHARED"].map {
    URL(fileURLWithPath: $0).appending(path: "oracle")
  }

  static let isPresent: Bool = {
    if let folder, FileManager.default.fileExists(atPath: folder.path) { return true }
    FileHandle.standardError.write(
      Data("SKIPPED: rank oracle tests need CANVASS_SHARED=<folder with oracle/>\n".utf8))
    return false
  }()

  static func rows(_ name: String, _ file: String) throws -> [[String: String]] {
    let path = try #require(folder).appending(path: "\(name)/\(file)")
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
        String(cell.filter { $0 != "\"" })
      }
    }
    let names = try #require(lines.first)
    return lines.dropFirst().map {
      Dictionary(zip(names, $0), uniquingKeysWith: { first, _ in first })
    }
  }

  static func number(_ text: String?) throws -> Double { try #require(Double(text ?? "")) }
}
