import CanvassCompute
import CanvassPipeline
import Foundation
import Testing

@Suite("Scripts that recompute a run in R and Stata")
struct CheckScriptConformanceTests {
  /// Whether R with the package survey is there; says so loudly where it is not.
  static let hasR: Bool = {
    let found = (try? Self.run("Rscript", ["-e", "library(survey)"]).status) == 0
    if !found {
      FileHandle.standardError.write(
        Data("SKIPPED: check.R is not run, for there is no R with the package survey\n".utf8))
    }
    return found
  }()

  static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// The internal folder of a run of the golden case with check scripts.
  static func folder() throws -> URL {
    let output = FileManager.default.temporaryDirectory.appending(
      path: "canvass-check-\(UUID().uuidString)")
    _ = try PipelineRun.run(
      GoldenTests.folder.appending(path: "pipeline.yaml").path,
      options: RunOptions(output: output.path, workers: Workers(2), checkScripts: true)
    ) { _ in }
    return output.appending(path: "golden/latest/internal")
  }

  @Test("R finds the same scores and standard errors", .enabled(if: hasR))
  func agree() throws {
    let folder = try Self.folder()
    let (status, text) = try Self.run("Rscript", [folder.appending(path: "check.R").path])
    #expect(status == 0, "\(text)")
    #expect(text.contains("standard errors compared"), "\(text)")
    #expect(!text.contains("not expressed"), "\(text)")
  }

  @Test("R ends with status 1 where a score or a standard error is another", .enabled(if: hasR))
  func differ() throws {
    let folder = try Self.folder()
    let path = folder.appending(path: "check-expected.csv")
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
    for column in [3, 4] {
      var fields = lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let value = try #require(Double(fields[column]))
      fields[column] = String(value * 1.0001)
      let changed =
        [String(lines[0]), fields.joined(separator: ",")] + lines[2...].map(String.init)
      try (changed.joined(separator: "\n") + "\n").write(
        to: path, atomically: true, encoding: .utf8)
      let (status, text) = try Self.run("Rscript", [folder.appending(path: "check.R").path])
      #expect(status == 1 && text.contains("DIFFERS"), "\(text)")
    }
  }

  /// A run of the small survey, changed: the internal folder, and what `check.R` printed there.
  private static func checked(
    _ edits: [(old: String, new: String)], drop: String? = nil, joint: String? = nil
  ) throws -> (workshop: Workshop, folder: URL, status: Int32, text: String) {
    let workshop = try Workshop()
    var pipeline = Workshop.pipeline.replacing(
      "minimum_respondents: 10", with: "minimum_respondents: 1\n  minimum_sampling_units: 1")
    for (old, new) in edits {
      try #require(pipeline.contains(old), "the test edits what is there")
      pipeline = pipeline.replacing(old, with: new)
    }
    try workshop.write("pipeline.yaml", pipeline)
    if let drop { try workshop.write("drop.csv", drop) }
    if let joint { try workshop.write("joint.csv", joint) }
    _ = try PipelineRun.run(
      workshop.path("pipeline.yaml"),
      options: RunOptions(
        output: workshop.path("Runs"), workers: Workers(2), checkScripts: true)
    ) { _ in }
    let folder = workshop.folder.appending(path: "Runs/small/latest/internal")
    let (status, text) = try run("Rscript", [folder.appending(path: "check.R").path])
    return (workshop, folder, status, text)
  }

  /// The numbers that `check.R` compared, as it says.
  private static func compared(_ text: String) throws -> (scores: Int, errors: Int) {
    let found = try #require(
      text.firstMatch(of: /([0-9]+) scores and ([0-9]+) standard errors compared/), "\(text)")
    return (try #require(Int(found.1)), try #require(Int(found.2)))
  }

  private static let rake =
    "\n  - rake: {within: province, margins: margins.csv, count: population, over: [sex]}"

  /// The survey with a lone village in a stratum of Đà Nẵng, and the men of a village elsewhere left out.
  private static let lone =
    Workshop.drop.split(separator: "\n").filter {
      !$0.contains(",2,122,") && !$0.contains(",2,123,") && !$0.contains(",1,011,")
    }.joined(separator: "\n") + "\n"

  @Test(
    "R finds every score and error of breakdowns too, by each rule for lone units",
    .enabled(if: hasR),
    arguments: ["average", "adjust", "remove", "certainty"], ["keep", "adjust"])
  func lonely(rule: String, domains: String) throws {
    let (workshop, folder, status, text) = try Self.checked(
      [
        (Self.rake, ""),
        (
          "unit: village}",
          "unit: village}\n  lonely_psu: \(rule)\n  lonely_psu_in_domains: \(domains)"
        ),
      ], drop: Self.lone)
    defer { withExtendedLifetime(workshop) {} }
    #expect(status == 0, "\(text)")
    let rows = CSVTable(
      try String(contentsOf: folder.appending(path: "check-expected.csv"), encoding: .utf8)
    ).rows.filter { $0["unit"]?.hasPrefix("national:") == false || $0["unit"] == "national:survey" }
    #expect(rows.contains { $0["domain"] == "sex=F" && $0["unit"] == "48" })
    #expect(try Self.compared(text).scores == rows.count)
    #expect(try Self.compared(text).errors == rows.count { $0["se"] != "" })
  }

  @Test("R finds the errors after raking and then nonresponse, and a total", .enabled(if: hasR))
  func rakeThenNonresponse() throws {
    let (_, _, status, text) = try Self.checked([
      (Self.rake, Self.rake + "\n  - nonresponse: {cells: [province], respondent: bribe}"),
      (
        "    - {node: honest,",
        "    - {node: years, variable: age, statistic: total}\n    - {node: honest,"
      ),
      (
        "variable: bribe, statistic: share, good: 0",
        "variable: age, statistic: share, good: 30|40|50|22|24"
      ),
    ])
    #expect(status == 0, "\(text)")
    #expect(!text.contains("not expressed"), "\(text)")
  }

  @Test(
    "R finds the errors under unequal probabilities, by its own functions for them",
    .enabled(if: hasR), arguments: ["brewer", "overton", "joint"],
    ["yates_grundy", "horvitz_thompson"])
  func unequal(method: String, estimator: String) throws {
    if method == "brewer", estimator == "horvitz_thompson" { return }
    // π of a village from its number; π_ij = 0.9 π_i π_j within a stratum.
    var villages: [String] = []
    var probabilities: [String: Double] = [:]
    let lines = Workshop.drop.split(separator: "\n").map(String.init)
    let rows = lines.dropFirst().map { line in
      let village = String(line.split(separator: ",")[3])
      if probabilities[village] == nil {
        villages.append(village)
        probabilities[village] = 0.1 + 0.07 * Double(villages.count % 5)
      }
      return line + ",\(probabilities[village] ?? 0)"
    }
    let joint = villages.map { row in
      "\(row),"
        + villages.map { column in
          let (first, second) = (probabilities[row] ?? 0, probabilities[column] ?? 0)
          return String(row == column ? first : 0.9 * first * second)
        }.joined(separator: ",")
    }
    let choice = method == "brewer" ? "" : ", estimator: \(estimator)"
    let table = method == "joint" ? ", joint: joint.csv" : ""
    let (workshop, folder, status, text) = try Self.checked(
      [
        (
          "unit: village}",
          "unit: village, unequal: {probability: p, method: \(method)\(choice)\(table)}}"
        )
      ], drop: ([lines[0] + ",p"] + rows).joined(separator: "\n") + "\n",
      joint: (["village," + villages.joined(separator: ",")] + joint).joined(separator: "\n") + "\n"
    )
    defer { withExtendedLifetime(workshop) {} }
    #expect(status == 0, "\(text)")
    #expect(try Self.compared(text).errors > 30, "\(text)")
    let path = folder.appending(path: "check-expected.csv")
    var changed = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map(
      String.init)
    let line = try #require(
      changed.firstIndex { $0.contains("sex=F,trust,") && !$0.contains(",,") })
    var cells = changed[line].split(separator: ",", omittingEmptySubsequences: false).map(
      String.init)
    cells[4] = String(try #require(Double(cells[4])) * 1.0001)
    changed[line] = cells.joined(separator: ",")
    try (changed.joined(separator: "\n") + "\n").write(to: path, atomically: true, encoding: .utf8)
    let (after, found) = try Self.run("Rscript", [folder.appending(path: "check.R").path])
    #expect(after == 1 && found.contains("DIFFERS"), "\(found)")
  }

  @Test("the scripts and their data lie inside, and nothing is left to fill in")
  func complete() throws {
    let folder = try Self.folder()
    for name in ["check.R", "check.do"] {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      #expect(text.firstMatch(of: /@[A-Z]+@/) == nil, "\(name) keeps a word to fill in")
    }
    let stata = try String(contentsOf: folder.appending(path: "check.do"), encoding: .utf8)
    #expect(
      stata.contains("svyset unit1 [pw = weight], strata(stratum1), singleunit(missing)"))
    let data = CSVTable(
      try String(contentsOf: folder.appending(path: "check-data.csv"), encoding: .utf8))
    #expect(data.rows.count == 177)
  }

  @Test("without the option nothing of the kind is written")
  func absent() throws {
    let release = try GoldenTests.run()
    let inside = release.deletingLastPathComponent().appending(path: "internal")
    let names = try FileManager.default.contentsOfDirectory(atPath: inside.path)
    #expect(!names.contains { $0.hasPrefix("check") })
  }
}
