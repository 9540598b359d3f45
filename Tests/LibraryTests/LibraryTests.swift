import Canvass
import Foundation
import Testing

/// What docs/library.md shows, between its two marks, compiled and run.
private func trustInVillages() throws -> MeanWithInterval? {
  // begin: docs/library.md
  let answers = Table(columns: [
    Column(name: "stratum", numbers: [1, 1, 1, 1, 2, 2, 2]),
    Column(name: "village", numbers: [1, 1, 2, 3, 4, 5, 5]),
    Column(name: "w", numbers: [10, 12, 8, 9, 20, 15, 18]),
    Column(name: "trust", numbers: [4, 3, 5, 1, 2, nil, 4]),
  ])
  let villages = DesignRequest(stages: [.init(strata: ["stratum"], unit: "village")])
  let (rows, design) = try answers.arranged(by: villages, key: nil)
  let sample = try Weighting.weight(rows, design: design, steps: [.column("w")], workers: .init(1))
  let trust = try Estimator(sample).mean(of: "trust", confidence: 0.95)
  // end
  return trust
}

/// What docs/library.md shows second: the report by stratum, and the slope with its standard error.
private func quantilesAndSlope() throws -> (
  report: [(String, Double, Double, Double?, WoodruffInterval?)], slope: Double, error: Double
) {
  let answers = Table(columns: [
    Column(name: "stratum", numbers: [1, 1, 1, 1, 2, 2, 2]),
    Column(name: "village", numbers: [1, 1, 2, 3, 4, 5, 5]),
    Column(name: "w", numbers: [10, 12, 8, 9, 20, 15, 18]),
    Column(name: "trust", numbers: [4, 3, 5, 1, 2, nil, 4]),
  ])
  let villages = DesignRequest(stages: [.init(strata: ["stratum"], unit: "village")])
  let (rows, design) = try answers.arranged(by: villages, key: nil)
  let sample = try Weighting.weight(rows, design: design, steps: [.column("w")], workers: .init(1))
  var report: [(String, Double, Double, Double?, WoodruffInterval?)] = []
  // begin: docs/library.md
  let (strata, names) = Partition.byLevels(of: try rows.column("stratum"))
  let item = ItemRule(variable: "trust")
  let quartile = QuantileDefinition(probability: 0.75)
  let estimator = Estimator(sample)
  let results = try estimator.estimate(
    [Measure(id: "mean", kind: .mean(item)), Measure(id: "q75", kind: .quantile(item, quartile))],
    over: [strata], workers: .init(2))
  for (domain, name) in names.enumerated() {
    guard let mean = results[0].domains[domain].estimate else { continue }
    let error = try estimator.variance(of: mean.influence).squareRoot()
    let upperQuarter = results[1].domains[domain]
    report.append((name, mean.value, error, upperQuarter.estimate?.value, upperQuarter.interval))
  }

  func numbers(_ name: String) throws -> [Double] {
    let column = try rows.column(name)
    return (0..<rows.rowCount).map { column.number(at: $0) ?? .nan }
  }
  let one = [Double](repeating: 1, count: rows.rowCount)
  let fit = try estimator.regression(
    of: try numbers("trust"), on: [one, try numbers("stratum")], family: .linear)
  let slope = fit.coefficients[1]
  let slopeError = try estimator.variance(of: slope.influence).squareRoot()
  // end
  return (report, slope.value, slopeError)
}

@Suite("The library face")
struct LibraryTests {
  // numpy 2.4.6 on 2026-11-24: m = Σwy/Σw; u = bincount(village, w (y − m)/Σw);
  // V = Σ_h m/(m − 1) Σ (u − ū)²; df = min(3, (ΣV)²/Σ(V²/(m − 1))); scipy 1.17.1 stats.t.ppf(.975, df).
  static let expected = (
    error: 0.6396431214075743, degrees: 2.2720765739814905,
    low: 0.6186619584898154, high: 5.5371821973543405
  )

  @Test("a mean with its interval from arrays")
  func mean() throws {
    let trust = try #require(try trustInVillages())
    #expect(abs(trust.estimate - 3.0779220779220777) < 1e-12)
    #expect(abs(trust.standardError - LibraryTests.expected.error) < 1e-12)
    #expect(abs(trust.degreesOfFreedom - LibraryTests.expected.degrees) < 1e-12)
    let interval = try #require(trust.interval)
    #expect(abs(interval.lowerBound - LibraryTests.expected.low) < 1e-9)
    #expect(abs(interval.upperBound - LibraryTests.expected.high) < 1e-9)
  }

  @Test("the page shows the code that is compiled here")
  func page() throws {
    let here = URL(fileURLWithPath: #filePath)
    let source = try String(contentsOf: here, encoding: .utf8)
    let root = here.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appending(path: "docs/library.md"), encoding: .utf8)
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let starts = lines.indices.filter { lines[$0] == "  // begin: docs/library.md" }
    #expect(starts.count == 2)
    for start in starts {
      let end = try #require(lines[start...].firstIndex(of: "  // end"))
      let shown = lines[(start + 1)..<end].map { $0.dropFirst(2) }.joined(separator: "\n")
      #expect(page.contains(shown), "\(shown.prefix(80))")
    }
  }

  // R 4.2.2, survey 4.1.1 on 2026-11-25: d of these arrays, des <- svydesign(id = ~village, strata = ~stratum,
  // weights = ~w, data = d); svyby(~trust, ~stratum, des, svymean, na.rm = TRUE);
  // svyquantile(~trust, subset(des, stratum == 1), 0.75, qrule = "school", interval.type = "mean", na.rm = TRUE);
  // svyglm(trust ~ stratum, des).
  private static let inR = (
    means: [3.2051282051282048, 2.9473684210526314],
    errors: [0.78832650866986009, 0.99722991689750695],
    quarters: [4.0, 4.0], slope: -0.25775978407557382, slopeError: 1.2711908556259437
  )

  @Test("means, quantiles and a regression from arrays are R's")
  func more() throws {
    let (report, slope, error) = try quantilesAndSlope()
    #expect(report.map(\.0) == ["1", "2"])
    for (index, line) in report.enumerated() {
      #expect(abs(line.1 - Self.inR.means[index]) < 1e-12)
      #expect(abs(line.2 - Self.inR.errors[index]) < 1e-12)
      #expect(line.3 == Self.inR.quarters[index])
    }
    #expect(abs(slope - Self.inR.slope) < 1e-12 && abs(error - Self.inR.slopeError) < 1e-12)
  }

  @Test("a variable without an answer has no mean")
  func empty() throws {
    let table = Table(columns: [
      Column(name: "w", numbers: [1, 2]), Column(name: "y", numbers: [nil, nil]),
    ])
    let (rows, design) = try table.arranged(by: DesignRequest(), key: nil)
    let sample = try Weighting.weight(
      rows, design: design, steps: [.column("w")], workers: Workers(1))
    #expect(try Estimator(sample).mean(of: "y") == nil)
  }
}
