import CanvassCompute
import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("The golden case")
struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/calibrated-two-levels")

  /// Runs the case into a temporary folder and gives its release.
  static func run() throws -> URL {
    let output = FileManager.default.temporaryDirectory.appending(path: "canvass-\(UUID())")
    _ = try PipelineRun.run(
      folder.appending(path: "pipeline.yaml").path,
      options: RunOptions(output: output.path, workers: Workers(2)), progress: { _ in })
    return output.appending(path: "golden/latest/release")
  }

  @Test("scores, standard errors and degrees of freedom agree with an independent computation")
  func independent() throws {
    let release = try GoldenTests.run()
    defer { GoldenTests.remove(release) }
    let scores = try CSVTable(release.appending(path: "scores.csv"))
    let expected = try CSVTable(GoldenTests.folder.appending(path: "expected/independent.csv"))
    var compared = 0
    for row in expected.rows {
      let unit = row["unit"] == "*" ? "national:survey" : row["unit"]
      let match = scores.rows.filter {
        $0["unit"] == unit && $0["domain"] == row["domain"] && $0["node"] == row["node"]
      }
      try #require(match.count == 1)
      let (n, score) = (try #require(Int(match[0]["n"] ?? "")), Double(match[0]["score"] ?? ""))
      if n < 8 {
        #expect(score == nil && match[0]["status"] == "suppressed")
        continue
      }
      expectClose(score, row["value"])
      if match[0]["se"] != "" {
        expectClose(Double(match[0]["se"] ?? ""), row["se"])
        #expect(match[0]["df"] == row["df"])
      }
      compared += 1
    }
    #expect(compared > 80)
  }

  @Test(
    "the release is the committed one, byte for byte", arguments: ["scores.csv", "indicators.csv"])
  func bytes(name: String) throws {
    let release = try GoldenTests.run()
    defer { GoldenTests.remove(release) }
    let expected = GoldenTests.folder.appending(path: "expected/\(name)")
    let written = try Data(contentsOf: release.appending(path: name))
    #expect(try written == Data(contentsOf: expected), "compare \(expected.path)")
  }

  private static func remove(_ release: URL) {
    let output = release.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    try? FileManager.default.removeItem(at: output)
  }
}

/// Agreement to a relative 1e-9.
func expectClose(
  _ value: Double?, _ expected: String?, tolerance: Double = 1e-9,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let value, let number = expected.flatMap(Double.init) else {
    Issue.record("there is no number", sourceLocation: sourceLocation)
    return
  }
  #expect(
    abs(value - number) <= tolerance * max(abs(number), 1e-3), sourceLocation: sourceLocation)
}

/// A small CSV file as dictionaries: for tests alone, so that the product's reader is not its own judge.
struct CSVTable {
  let rows: [[String: String]]

  init(_ url: URL) throws {
    self.init(try String(contentsOf: url, encoding: .utf8))
  }

  init(_ text: String) {
    var records: [[String]] = [[""]]
    var quoted = false
    for character in text {
      if character == "\"" {
        quoted.toggle()
      } else if character == ",", !quoted {
        records[records.count - 1].append("")
      } else if character.isNewline, !quoted {
        records.append([""])
      } else {
        records[records.count - 1][records[records.count - 1].count - 1].append(character)
      }
    }
    let header = records[0]
    rows = records.dropFirst().filter { $0.count == header.count }.map {
      Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first })
    }
  }
}
