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
    let first = try #require(lines.firstIndex(of: "  // begin: docs/library.md"))
    let last = try #require(lines.firstIndex(of: "  // end"))
    let shown = lines[(first + 1)..<last].map { $0.dropFirst(2) }.joined(separator: "\n")
    #expect(page.contains(shown))
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
