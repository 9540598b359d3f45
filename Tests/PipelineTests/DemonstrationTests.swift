import CanvassCompute
import CanvassPipeline
import Foundation
import Testing

/// The demonstration against its truth: what a simulated round of PAPI must give back.
@Suite("The demonstration", .serialized)
struct DemonstrationTests {
  /// One run for all tests of the suite; it is made once and only read.
  nonisolated(unsafe) private static let result = Result { try Release() }

  private struct Release {
    let scores: [[String: String]]
    let record: [String: Any]
    let truth: [String: Double]

    init() throws {
      let output = FileManager.default.temporaryDirectory.appending(path: "canvass-\(UUID())")
      defer { try? FileManager.default.removeItem(at: output) }
      _ = try PipelineRun.run(
        ConformanceTests.repository.appending(path: "Pipelines/papi-demo.yaml").path,
        options: RunOptions(output: output.path, workers: Workers(2)), progress: { _ in })
      let latest = output.appending(path: "papi-demo/latest")
      // The breakdowns make most of the file; a line of the whole has an empty third field.
      let text = try String(
        contentsOf: latest.appending(path: "release/scores.csv"), encoding: .utf8)
      let lines = text.split(separator: "\n").filter { line in
        !line.contains("sex=") && !line.contains("urban=") && !line.contains("ethnicity=")
      }
      scores = CSVTable(lines.joined(separator: "\n") + "\n").rows
      record =
        try JSONSerialization.jsonObject(
          with: Data(contentsOf: latest.appending(path: "record/run.json"))) as? [String: Any]
        ?? [:]
      let known = try CSVTable(SimulatedDropTests.folder.appending(path: "truth.csv"))
      truth = Dictionary(
        known.rows.compactMap { row in
          Double(row["score"] ?? "").map { ("\(row["unit"] ?? "")|\(row["node"] ?? "")", $0) }
        }, uniquingKeysWith: { first, _ in first })
    }

    /// The rows of a node in all provinces.
    func provinces(_ node: String) -> [[String: String]] {
      scores.filter { $0["node"] == node && $0["unit"]?.hasPrefix("national:") == false }
    }

    func truth(_ row: [String: String]) throws -> Double {
      try #require(truth["\(row["unit"] ?? "")|\(row["node"] ?? "")"])
    }
  }

  private static let nodes = (1...8).map { "D\($0)" } + ["PAPI", "PAPI.weighted"]

  @Test("every one of 63 provinces has a score, a rank and one of four groups")
  func complete() throws {
    let release = try DemonstrationTests.result.get()
    for node in DemonstrationTests.nodes {
      let rows = release.provinces(node)
      #expect(rows.count == 63)
      #expect(rows.allSatisfy { Double($0["score"] ?? "") != nil && $0["status"] == "" }, "\(node)")
      #expect(Set(rows.compactMap { Int($0["rank"] ?? "") }) == Set(1...63), "\(node)")
      let groups = Dictionary(grouping: rows, by: { $0["group"] ?? "" }).mapValues(\.count)
      #expect(
        Set(groups.keys) == ["poor", "low average", "high average", "best"], "\(node)")
      #expect(groups.values.allSatisfy { (15...16).contains($0) }, "\(node)")
    }
  }

  @Test("provinces' scores lie near the truth, and their intervals cover it about as often as said")
  func coverage() throws {
    let release = try DemonstrationTests.result.get()
    var covered = 0
    var intervals = 0
    for node in DemonstrationTests.nodes {
      let rows = release.provinces(node)
      var absolute = 0.0
      var signed = 0.0
      var here = 0
      for row in rows {
        let truth = try release.truth(row)
        let score = try #require(Double(row["score"] ?? ""))
        absolute += abs(score - truth) / Double(rows.count)
        signed += (score - truth) / Double(rows.count)
        guard let low = Double(row["ci_low"] ?? ""), let high = Double(row["ci_high"] ?? "") else {
          continue
        }
        intervals += 1
        if (low...high).contains(truth) { here += 1 }
      }
      covered += here
      let isTotal = node.hasPrefix("PAPI")
      print(
        "\(node): mean absolute error \(absolute), mean error \(signed), covered \(here) of 63")
      // A dimension runs from 1 to 10, a total over eight of them.
      #expect(absolute < (isTotal ? 0.9 : 0.22), "\(node)")
      #expect(abs(signed) < (isTotal ? 0.25 : 0.07), "\(node)")
    }
    // 630 intervals, correlated within provinces: far from 95 %, something is broken.
    let share = Double(covered) / Double(intervals)
    print("intervals of provinces that cover the truth: \(share) of \(intervals)")
    #expect(intervals >= 620)
    #expect((0.85...1).contains(share))
  }

  @Test("the national survey estimate of the index and its dimensions covers the truth")
  func national() throws {
    let release = try DemonstrationTests.result.get()
    var covered = 0
    for node in DemonstrationTests.nodes {
      let row = try #require(
        release.scores.first { $0["unit"] == "national:survey" && $0["node"] == node })
      let truth = try release.truth(row)
      let low = try #require(Double(row["ci_low"] ?? ""))
      let high = try #require(Double(row["ci_high"] ?? ""))
      if (low...high).contains(truth) { covered += 1 }
      print("national \(node): \(row["score"] ?? "") in \(low) ... \(high), truth \(truth)")
      if node == "PAPI" { #expect((low...high).contains(truth)) }
    }
    // Of ten intervals at 95 %, seven or fewer cover with a chance of about 1 in 90.
    #expect(covered >= 8)
  }

  @Test("cleaning finds the planted faults, no more and no fewer")
  func planted() throws {
    let release = try DemonstrationTests.result.get()
    let cleaning = try #require(release.record["cleaning"] as? [String: Any])
    let rules = try #require(cleaning["rules"] as? [[String: Any]])
    func sum(_ kind: String, _ key: String) -> Int {
      rules.filter { $0["kind"] as? String == kind }.reduce(0) { $0 + ($1[key] as? Int ?? 0) }
    }
    #expect(sum("drop", "rows") == 6)
    #expect(sum("identical", "rows") == 8)
    #expect(sum("superseded", "rows") == 0)
    #expect(sum("blank", "rows") == 12)
    #expect(sum("blank", "cells") == 12)
    let rowsIn = try #require(cleaning["rows_in"] as? Int)
    #expect(cleaning["rows_out"] as? Int == rowsIn - 14)
    let lost = ["missing code", "drop", "blank", "identical"].reduce(0) { $0 + sum($1, "cells") }
    #expect(cleaning["cells_in"] as? Int == (cleaning["cells_out"] as? Int ?? 0) + lost)
  }
}
