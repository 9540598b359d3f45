import CanvassCompute
import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

/// The pipelines of real indices, each run as it is, against what was published.
@Suite("Real indices")
struct RealIndexTests {
  /// Runs `Pipelines/<name>.yaml` and gives its release.
  static func run(_ name: String, file: String? = nil) throws -> [String: String] {
    let output = FileManager.default.temporaryDirectory.appending(path: "canvass-\(UUID())")
    defer { try? FileManager.default.removeItem(at: output) }
    _ = try PipelineRun.run(
      file ?? ConformanceTests.repository.appending(path: "Pipelines/\(name).yaml").path,
      options: RunOptions(output: output.path, workers: Workers(2)), progress: { _ in })
    let release = output.appending(path: "\(name)/latest/release")
    var files: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: release.path) {
      files[file] = try? String(contentsOf: release.appending(path: file), encoding: .utf8)
    }
    return files
  }

  static func scores(_ name: String) throws -> [[String: String]] {
    CSVTable(try #require(try run(name)["scores.csv"])).rows
  }

  static func dataset(_ path: String) throws -> [[String: String]] {
    try CSVTable(ConformanceTests.repository.appending(path: "Datasets/\(path)")).rows
  }

  @Test("EGDI 2022: 193 indices within 7e-5, every rank, four groups, China and the world's mean")
  func egdi() throws {
    let scores = try RealIndexTests.scores("egdi-2022").filter { $0["node"] == "EGDI" }
    let official = try RealIndexTests.dataset("egdi-2022/official.csv")
    #expect(official.count == 193)
    var sizes: [String: Int] = [:]
    for country in official {
      let name = country["country"] ?? ""
      let row = try #require(scores.first { $0["unit"] == name }, "\(name)")
      let (score, published) = (
        try #require(Double(row["score"] ?? "")), try #require(Double(country["egdi"] ?? ""))
      )
      #expect(abs(score - published) <= 7e-5, "\(name)")
      #expect(row["rank"] == country["rank"], "\(name)")
      #expect(row["group"] == country["group"]?.lowercased(), "\(name)")
      sizes[row["group"] ?? "", default: 0] += 1
    }
    #expect(sizes == ["very high": 60, "high": 73, "middle": 53, "low": 7])
    let china = try #require(scores.first { $0["unit"] == "China" })
    #expect(china["rank"] == "43")
    #expect(abs((Double(china["score"] ?? "") ?? 0) - 0.8119) <= 7e-5)
    let world = scores.first { $0["unit"] == "national:mean-of-units" }.flatMap { $0["score"] }
    #expect(abs((world.flatMap(Double.init) ?? 0) - 0.6102) < 5e-5)
  }

  @Test("EGDI from raw figures: z-scores, caps and min-max agree with numpy")
  func rawComponents() throws {
    let folder = ConformanceTests.repository.appending(path: "Tests/Golden/egdi-raw")
    let release = try RealIndexTests.run(
      "egdi-raw", file: folder.appending(path: "pipeline.yaml").path)
    let scores = CSVTable(try #require(release["scores.csv"])).rows
    let expected = try CSVTable(folder.appending(path: "expected/independent.csv")).rows
    #expect(expected.count == 12 * 17)
    for row in expected {
      let match = scores.first { $0["unit"] == row["unit"] && $0["node"] == row["node"] }
      expectClose(match.flatMap { Double($0["score"] ?? "") }, row["score"])
    }
    let report = try #require(release["report.html"])
    #expect(report.contains("Units brought back to a bound, by node: mobile (3), internet (1)."))
  }

  @Test(
    "SPBE: 47 weights sum to 100, the index is their mean of levels, five predicates, 2.79 is baik")
  func spbe() throws {
    let scores = try RealIndexTests.scores("spbe")
    let structure = try RealIndexTests.dataset("spbe/structure.csv")
    let levels = try RealIndexTests.dataset("spbe/levels.csv")
    func weights(_ level: String) -> [Double] {
      structure.filter { $0["level"] == level }.compactMap { Double($0["weight"] ?? "") }
    }
    #expect(["domain", "aspect", "indicator"].map { weights($0).count } == [4, 8, 47])
    for level in ["domain", "aspect", "indicator"] {
      #expect(abs(weights(level).reduce(0, +) - 100) < 1e-9)
    }
    var sum = 0.0
    for agency in levels {
      let expected = zip(1...47, weights("indicator")).reduce(0.0) { index, pair in
        index + pair.1 * (Double(agency["i\(pair.0)"] ?? "") ?? .nan) / 100
      }
      sum += expected
      let row = scores.first { $0["node"] == "SPBE" && $0["unit"] == agency["agency"] }
      expectClose(row.flatMap { Double($0["score"] ?? "") }, String(expected))
    }
    func group(_ unit: String) -> String? {
      scores.first { $0["node"] == "SPBE" && $0["unit"] == unit }?["group"]
    }
    #expect(group("Made agency 01") == "memuaskan" && group("Made agency 02") == "kurang")
    #expect(group("Made agency 03") == "baik")
    let third = scores.first { $0["node"] == "SPBE" && $0["unit"] == "Made agency 03" }
    expectClose(third.flatMap { Double($0["score"] ?? "") }, "2.79")
    let nation = scores.first { $0["node"] == "SPBE" && $0["unit"] == "national:mean-of-units" }
    #expect(nation?["group"] == "baik")
    expectClose(nation.flatMap { Double($0["score"] ?? "") }, String(sum / 40))
    #expect(abs(sum / 40 - 2.79) < 0.005)
  }

  @Test("DVCTT: Hà Nam's rate of files filed online, 70 % as a goalpost, two definitions apart")
  func dvctt() throws {
    let release = try RealIndexTests.run("dvctt")
    let scores = CSVTable(try #require(release["scores.csv"])).rows
    let indicators = CSVTable(try #require(release["indicators.csv"])).rows
    let code = "35"
    let rate = indicators.first {
      $0["unit"] == code && $0["indicator"] == "filed-online.rate"
    }
    expectClose(rate.flatMap { Double($0["estimate"] ?? "") }, String(115_665.0 / 168_746))
    let score = scores.first { $0["unit"] == code && $0["node"] == "filed-online" }
    expectClose(
      score.flatMap { Double($0["score"] ?? "") }, String(100 * 115_665.0 / 168_746 / 0.7))
    #expect(score?["group"] == "below the target")
    let other = scores.first { $0["unit"] == code && $0["node"] == "fully-online.rate" }
    #expect(other?["score"] == "" && other?["status"] == "not published")
    // Beyond the target a province has met it: 100, counted as clamped.
    let counts = try RealIndexTests.dataset("dvctt/counts.csv")
    var beyond = 0
    for row in counts {
      guard let filed = Double(row["filed_online"] ?? ""),
        let received = Double(row["received"] ?? ""), filed / received > 0.7
      else { continue }
      beyond += 1
      let score = scores.first { $0["unit"] == row["province"] && $0["node"] == "filed-online" }
      #expect(score?["score"] == "100.0" || score?["score"] == "100")
      #expect(score?["group"] == "target met")
    }
    #expect(beyond > 5)
    let report = try #require(release["report.html"])
    #expect(report.contains("filed-online.rate (\(beyond))"))
    #expect(report.contains("files that citizens or businesses submitted online"))
  }

  @Test(
    "a rate of published counts without the definition of its numerator is an error of its cell")
  func undefinedRate() throws {
    let workshop = try Workshop()
    try workshop.write("values.csv", "province,filed,received\nHanoi,2,4\n48,3,4\n79,1,5\n")
    try workshop.write(
      "structure.csv",
      "node,parent,variable,statistic,denominator\nindex,,,,\nrate,index,filed,ratio,received\n")
    try workshop.write(
      "pipeline.yaml",
      """
      canvass: 1
      name: small
      units: {variable: province, places: places.csv, vintage: 2004}
      published: {file: values.csv, unit: province}
      index: {structure: structure.csv}

      """)
    let error = #expect(throws: Diagnostic.self) { try workshop.run() }
    #expect(error?.what.contains("definition of its numerator") == true)
    #expect(error?.place?.hasSuffix("structure.csv:3:4") == true, "\(error?.place ?? "")")
  }

  @Test(
    "PAPI 2019: the published intervals of the totals come from their standard errors, and are 90 %"
  )
  func papiIntervals() throws {
    let release = try RealIndexTests.run("papi-2019")
    let scores = CSVTable(try #require(release["scores.csv"])).rows
    let published = try RealIndexTests.dataset("papi-2019/intervals.csv")
    #expect(published.count == 126)
    for interval in published {
      let row = try #require(
        scores.first {
          $0["node"] == interval["node"] && $0["unit"] == interval["province"]
            && $0["domain"] == ""
        })
      #expect(row["confidence"] == "0.9" && row["se_method"] == "published")
      let error = try #require(Double(row["se"] ?? ""))
      for end in ["ci_low", "ci_high"] {
        let (ours, theirs) = (
          try #require(Double(row[end] ?? "")), try #require(Double(interval[end] ?? ""))
        )
        // They were published as single-precision numbers.
        #expect(abs(ours - theirs) <= 2e-5 * error + 4e-6)
      }
    }
    #expect(release["report.html"]?.contains("90%") == true)
    // A total of several published figures has no standard error: covariances were not published.
    #expect(scores.filter { $0["node"] == "PAPI" }.allSatisfy { $0["se"] == "" })
  }

  @Test("PAPI 2019: 6.2 from medians and observed ends comes as near as the figures allow")
  func papiMedians() throws {
    let scores = try RealIndexTests.scores("papi-2019")
    let official = try RealIndexTests.dataset("papi-2019/official.csv").filter {
      $0["node"] == "6.2"
    }
    #expect(official.count == 63)
    var (largest, total) = (0.0, 0.0)
    for row in official {
      let ours = scores.first {
        $0["node"] == "6.2.figures" && $0["unit"] == row["province"] && $0["domain"] == ""
      }
      let error = abs(
        try #require(Double(ours?["score"] ?? "")) - (try #require(Double(row["value"] ?? ""))))
      largest = max(largest, error)
      total += error
    }
    // numpy 2.4.6: 0.056001199672308655 at most, 0.01926452438168159 on average.
    #expect(abs(largest - 0.056001199672308655) < 1e-9)
    #expect(abs(total / 63 - 0.01926452438168159) < 1e-9)
  }

  @Test("PAPI 2019: the weights of the weighted total come back from a regression on it")
  func papiCalibration() throws {
    let workshop = try Workshop()
    let leaves = (1...8).map { "    - {node: D\($0), parent: total, variable: D\($0)}" }
    try workshop.write(
      "pipeline.yaml",
      """
      canvass: 1
      name: small
      units: {variable: province}
      published:
        file: \(ConformanceTests.repository.appending(path: "Datasets/papi-2019/official.csv").path)
        unit: province
        variable: node
        value: value
      index:
        structure:
          - {node: total, combine: sum, weights: regression, outcome: official}
          - {node: official, variable: PAPI.weighted, scored: no}
      \(leaves.joined(separator: "\n"))

      """)
    try workshop.run()
    let weights = CSVTable(try workshop.released("effective-weights.csv")).rows
    // By least squares on the 63 published totals: `Datasets/papi-2019/README.md`.
    let known = [0.510643, 1.575735, 0.528648, 2.028576, 0.767441, 1.181210, 1.330814, 0.200000]
    for (dimension, expected) in zip(1...8, known) {
      let row = try #require(weights.first { $0["node"] == "D\(dimension)" })
      #expect(abs((Double(row["weight"] ?? "") ?? 0) - expected) < 2e-5)
    }
  }
}
