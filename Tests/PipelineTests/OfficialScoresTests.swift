import CanvassCompute
import CanvassPipeline
import Foundation
import Testing

/// PAPI 2019 through the second door against the official scores (CECODES, VFF-CRT, RTA & UNDP 2020).
@Suite("PAPI 2019 from its published figures")
struct OfficialScoresTests {
  static let exact = ["1.1", "3.2", "3.3", "4.1", "4.3", "7.2", "7.3", "8.1", "8.2"]

  private func run() throws -> CSVTable {
    let output = FileManager.default.temporaryDirectory.appending(path: "canvass-\(UUID())")
    defer { try? FileManager.default.removeItem(at: output) }
    _ = try PipelineRun.run(
      ConformanceTests.repository.appending(path: "Pipelines/papi-2019.yaml").path,
      options: RunOptions(output: output.path, workers: Workers(2)), progress: { _ in })
    return try CSVTable(output.appending(path: "papi-2019/latest/release/scores.csv"))
  }

  @Test(
    "nine sub-dimensions come out exactly, dimensions and totals within 1e-5, groups 16/16/15/16")
  func official() throws {
    let scores = try run()
    let official = try CSVTable(
      ConformanceTests.repository.appending(path: "Datasets/papi-2019/official.csv"))
    var score: [String: Double] = [:]
    for row in scores.rows {
      score["\(row["node"] ?? "")|\(row["unit"] ?? "")"] = Double(row["score"] ?? "")
    }
    var largestExact = 0.0
    var largestOther = 0.0
    var nodes = Set<String>()
    for row in official.rows {
      let (node, province) = (row["node"] ?? "", row["province"] ?? "")
      let value = try #require(score["\(node)|\(province)"])
      let error = abs(value - (try #require(Double(row["value"] ?? ""))))
      if OfficialScoresTests.exact.contains(node) {
        largestExact = max(largestExact, error)
      } else {
        largestOther = max(largestOther, error)
      }
      nodes.insert(node)
    }
    print(
      "PAPI 2019: largest error \(largestExact) in nine sub-dimensions, \(largestOther) elsewhere")
    #expect(largestExact <= 3e-7)
    #expect(largestOther <= 1e-5)
    #expect(
      nodes.isSuperset(of: OfficialScoresTests.exact + ["PAPI", "PAPI.weighted", "D1", "D8"]))
    let groups = scores.rows.filter { $0["node"] == "PAPI" && $0["domain"] == "" }
      .compactMap { $0["group"] }.filter { !$0.isEmpty }
    let sizes = ["best", "high average", "low average", "poor"].map { name in
      groups.count { $0 == name }
    }
    #expect(sizes == [16, 16, 15, 16])
    let mean = scores.rows.first { $0["node"] == "PAPI" && $0["unit"] == "national:mean-of-units" }
    expectClose(Double(mean?["score"] ?? ""), "43.6163", tolerance: 1e-6)
  }
}
