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
    for column in [2, 3] {
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

  @Test("the scripts and their data lie inside, and nothing is left to fill in")
  func complete() throws {
    let folder = try Self.folder()
    for name in ["check.R", "check.do"] {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      for word in ["@LONELY", "@RULES@", "@SVYSET@", "@SINGLEUNIT@", "@ESTIMATE@", "@RESIDUALS@"] {
        #expect(!text.contains(word), "\(name) keeps \(word)")
      }
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
