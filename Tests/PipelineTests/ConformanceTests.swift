import CanvassCompute
import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

/// Real microdata with known answers, run where they are: `make conformance`.
@Suite("Conformance with real surveys")
struct ConformanceTests {
  static let shared = ProcessInfo.processInfo.environment["CANVASS_SHARED"]
  static let isPresent: Bool = {
    if shared == nil { print("CONFORMANCE SKIPPED: CANVASS_SHARED is not set") }
    return shared != nil
  }()

  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Runs a pipeline of the repository on a real drop and gives its release as tables.
  private func run(_ name: String, drop: String) throws -> (scores: CSVTable, indicators: CSVTable)
  {
    let output = FileManager.default.temporaryDirectory.appending(path: "canvass-\(UUID())")
    defer { try? FileManager.default.removeItem(at: output) }
    let real = try #require(ConformanceTests.shared) + "/real/"
    _ = try PipelineRun.run(
      ConformanceTests.repository.appending(path: "Pipelines/\(name).yaml").path,
      options: RunOptions(drops: [real + drop], output: output.path, workers: Workers(2)),
      progress: { _ in })
    let release = output.appending(path: "\(name)/latest/release")
    return (
      try CSVTable(release.appending(path: "scores.csv")),
      try CSVTable(release.appending(path: "indicators.csv"))
    )
  }

  private func expected(_ name: String) throws -> CSVTable {
    try CSVTable(URL(filePath: try #require(ConformanceTests.shared) + "/real/" + name))
  }

  @Test(
    "AmericasBarometer 2023: every item, trust and index of all countries", .enabled(if: isPresent))
  func americasBarometer() throws {
    let (scores, indicators) = try run(
      "americasbarometer-2023", drop: "americasbarometer-2018-2023.zip")
    let expected = try expected("expected-americasbarometer-2023.csv")
    var items = 0
    var nodes = 0
    for row in expected.rows {
      let (unit, node) = (row["unit"] ?? "", row["node"] ?? "")
      if node.hasPrefix("item.") {
        let match = try #require(
          indicators.rows.first {
            $0["unit"] == unit && $0["domain"] == "" && $0["indicator"] == String(node.dropFirst(5))
          })
        expectClose(Double(match["estimate"] ?? ""), row["estimate"])
        expectClose(Double(match["se"] ?? ""), row["se"])
        #expect(match["n"] == row["n"] && match["df"] == row["df"], "\(unit) \(node)")
        items += 1
      } else {
        let match = try #require(
          scores.rows.first { $0["unit"] == unit && $0["domain"] == "" && $0["node"] == node })
        expectClose(Double(match["score"] ?? ""), row["estimate"])
        expectClose(Double(match["se"] ?? ""), row["se"])
        if row["n"] != "NA" {
          #expect(match["n"] == row["n"] && match["df"] == row["df"], "\(unit) \(node)")
        }
        nodes += 1
      }
    }
    print("AmericasBarometer 2023: \(items) items and \(nodes) nodes agree to 1e-9")
    #expect(items + nodes == expected.rows.count)

    // A country that lacks an item has an empty cell that says why.
    let lacking = indicators.rows.filter {
      $0["domain"] == "" && $0["indicator"] == "armed_forces" && $0["estimate"] == ""
    }
    #expect(Set(lacking.compactMap { $0["unit"] }) == ["6", "7", "22", "28", "30"])
    #expect(lacking.allSatisfy { $0["status"] == "no respondents" })
    let blank = scores.rows.filter { $0["node"] == "index.units" && $0["unit"] == "6" }
    #expect(blank.first?["score"] == "" && blank.first?["status"] == "part missing")
  }

  @Test("Sakernas East Java 2022: both items of all regencies", .enabled(if: isPresent))
  func sakernas() throws {
    let (_, indicators) = try run(
      "sakernas-east-java-2022", drop: "sakernas-east-java-2022.zip")
    let expected = try expected("expected-sakernas-east-java-2022.csv")
    for row in expected.rows {
      let match = try #require(
        indicators.rows.first {
          $0["unit"] == row["regency"] && $0["domain"] == "" && $0["indicator"] == row["item"]
        })
      expectClose(Double(match["estimate"] ?? ""), row["estimate"])
      expectClose(Double(match["se"] ?? ""), row["se"])
    }
    print("Sakernas East Java 2022: \(expected.rows.count) estimates agree to 1e-9")
    #expect(expected.rows.count == 76)
  }
}
