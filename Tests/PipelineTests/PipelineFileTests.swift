import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("A pipeline file")
struct PipelineFileTests {
  @Test("a file in order passes, and the summary counts what it holds")
  func fine() throws {
    let summary = try Workshop().check()
    #expect(summary.lines.contains("indicators: 2"))
    #expect(summary.lines.contains("units: 3"))
  }

  /// What is changed, the line of the error, and a word of the message.
  struct Fault: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let line: Int
    let message: String
    var testDescription: String { message }
  }

  @Test(
    "a fault is an error with file, line and remedy",
    arguments: [
      Fault(old: "  checks:", new: "  chekcs:", line: 13, message: "did you mean 'checks'?"),
      Fault(old: "name: small", new: "name: ../x", line: 2, message: "names a folder"),
      Fault(old: "name: small", new: "name: small\nname: big", line: 2, message: "given twice"),
      Fault(old: "canvass: 1", new: "canvass: 2", line: 1, message: "must be one of: '1'"),
      Fault(old: "canvass: 1\n", new: "", line: 1, message: "'canvass' is missing"),
      Fault(old: "released: 2026-12-01", new: "released: 2026-02-30", line: 4, message: "a date"),
      Fault(
        old: "require: age >= 18", new: "require: age >=", line: 15,
        message: "pipeline.yaml:15:22: error"),
      Fault(old: "otherwise: drop", new: "otherwise: dorp", line: 16, message: "drop"),
      Fault(old: "base: weight", new: "base: &a weight", line: 23, message: "anchors"),
      Fault(old: "combine: weighted", new: "combine: mean", line: 30, message: "plain mean"),
      Fault(old: "parent: index, weight: 2", new: "parent: idnex", line: 30, message: "idnex"),
      Fault(old: "low: 0, high: 4", new: "low: 4, high: 0", line: 30, message: "low must be"),
      Fault(old: "good: 0, low", new: "low", line: 31, message: "good answers"),
      Fault(old: "over: [sex]", new: "over: [sexx]", line: 24, message: "did you mean 'sex'?"),
      Fault(old: "count: population", new: "count: people", line: 24, message: "'people'"),
      Fault(old: "vintage: 2004", new: "vintage: 1999", line: 5, message: "no unit"),
      Fault(
        old: "minimum_respondents: 10", new: "minimum_respondents: 0", line: 33, message: "whole"),
      Fault(
        old: "    - {node: index, combine: weighted}", new: "\t- {node: index}", line: 29,
        message: "tab"),
      Fault(
        old: "key: id}", new: "key: id, kee: 1}", line: 8, message: "unknown key 'kee'"),
    ])
  func fault(_ fault: Fault) throws {
    let workshop = try Workshop()
    let error = #expect(throws: Diagnostic.self) {
      try workshop.check(replacing: fault.old, with: fault.new)
    }
    let diagnostic = try #require(error)
    #expect(diagnostic.kind == .badPipeline, "\(diagnostic)")
    #expect(diagnostic.description.contains(fault.message), "\(diagnostic)")
    #expect(
      diagnostic.place?.hasPrefix("\(workshop.path("pipeline.yaml")):\(fault.line)") == true,
      "\(diagnostic)")
  }

  @Test("a table that is not there is a missing input, named where the file names it")
  func missingTable() throws {
    let workshop = try Workshop()
    let error = #expect(throws: Diagnostic.self) {
      try workshop.check(replacing: "margins: margins.csv", with: "margins: margin.csv")
    }
    #expect(error?.kind == .missingInput)
    #expect(error?.place?.contains("pipeline.yaml:24:") == true)
  }

  @Test("nesting without end is refused before it is parsed")
  func deep() throws {
    let workshop = try Workshop()
    for bomb in [
      String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000) + "x",
      String(repeating: "{a: ", count: 50_000),
    ] {
      try workshop.write("pipeline.yaml", bomb)
      let error = #expect(throws: Diagnostic.self) { try workshop.check() }
      #expect(error?.kind == .badPipeline)
    }
  }

  @Test("references, several documents and walls of brackets are refused, each at its line")
  func hostile() throws {
    var bomb = "canvass: 1\na0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let files = [
      (bomb, ":2:"), ("canvass: 1\nname: &a [*a]\n", ":2:"),
      ("canvass: 1\n<<: {name: a}\n", ":2:"), ("canvass: 1\n---\ncanvass: 1\n", ":2:"),
      ("canvass: 1\nname: " + String(repeating: "[\n", count: 100_000), ":999:"),
      (
        "canvass: 1\nname:\n"
          + (0..<700).map { String(repeating: "  ", count: $0) + "-\n" }.joined(), ":132:"
      ),
    ]
    let workshop = try Workshop()
    for (text, place) in files {
      try workshop.write("pipeline.yaml", text)
      let error = #expect(throws: Diagnostic.self) { try workshop.check() }
      #expect(error?.kind == .badPipeline)
      #expect(
        error?.place?.contains("pipeline.yaml" + place) == true, "\(String(describing: error))")
    }
  }

  @Test("a file beyond 1 MiB is refused, however it goes on")
  func large() throws {
    let workshop = try Workshop()
    try workshop.write(
      "pipeline.yaml", "canvass: 1\n" + String(repeating: "# nothing\n", count: 110_000))
    let error = #expect(throws: Diagnostic.self) { try workshop.check() }
    #expect(error?.kind == .badPipeline && error?.what.contains("larger") == true)
  }

  @Test(
    "what YAML 1.1 takes for a truth value, an octal number or a time of day is no number here",
    arguments: ["no", "on", "1e3", "12:30", "0x10", "1_0", "0o17", "10.0", "~", "''"])
  func typing(value: String) throws {
    let error = #expect(throws: Diagnostic.self) {
      try Workshop().check(
        replacing: "minimum_respondents: 10", with: "minimum_respondents: \(value)")
    }
    #expect(error?.kind == .badPipeline)
    #expect(error?.place?.contains("pipeline.yaml:33:") == true)
  }

  @Test("words that look like truth values or numbers stay the text that they are")
  func words() throws {
    for name in ["no", "on", "1e3", "0123"] {
      let summary = try Workshop().check(replacing: "name: small", with: "name: \(name)")
      #expect(summary.lines.contains { $0.contains(name) }, "\(summary.lines)")
    }
  }

  @Test("neither '~' nor variables of the environment are resolved in a path")
  func paths() throws {
    for path in ["~/margins.csv", "$HOME/margins.csv", "${HOME}/margins.csv"] {
      let error = #expect(throws: Diagnostic.self) {
        try Workshop().check(replacing: "margins: margins.csv", with: "margins: '\(path)'")
      }
      #expect(error?.kind == .missingInput)
    }
  }
}
