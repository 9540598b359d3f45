import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("Hostile pipeline files")
struct HostileFileTests {
  private func failure(_ text: String) throws -> Diagnostic {
    let workshop = try Workshop()
    try workshop.write("pipeline.yaml", text)
    return try #require(throws: Diagnostic.self) { try workshop.check() }
  }

  @Test("aliases that multiply, refer to themselves or merge are refused at once")
  func aliases() throws {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let alias = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(alias)]\n"
    }
    for text in [bomb, "canvass: &a [*a]\n", "canvass: 1\nname: *nobody\n"] {
      #expect(try failure(text).kind == .badPipeline)
    }
    let merge = Workshop.pipeline.replacing("clean:", with: "clean:\n  <<: {checks: []}")
    #expect(try failure(merge).what.contains("merge keys"))
  }

  @Test(
    "several documents, tags, NUL bytes and texts where a number belongs are refused",
    arguments: [
      ("released: 2026-12-01", "released: 2026-12-01\n---\ncanvass: 1"),
      ("minimum_respondents: 10", "minimum_respondents: ten"),
      ("minimum_respondents: 10", "minimum_respondents: 1e3.5"),
      ("minimum_respondents: 10", "minimum_respondents: .inf"),
      ("minimum_respondents: 10", "minimum_respondents: .nan"),
      ("minimum_respondents: 10", "minimum_respondents: 0x1F"),
      ("minimum_respondents: 10", "minimum_respondents: 12:30"),
      ("minimum_respondents: 10", "minimum_respondents: [10]"),
      ("name: small", "name: {a: b}"), ("name: small", "name: a/b"), ("name: small", "name: ..."),
      ("name: small", "? [a, b]\n: c\nname: small"),
      ("low: 0, high: 4", "low: 0, high: 4e999"),
    ])
  func values(old: String, new: String) throws {
    try #require(Workshop.pipeline.contains(old))
    #expect(try failure(Workshop.pipeline.replacing(old, with: new)).kind == .badPipeline)
  }

  @Test("words that YAML 1.1 takes for truth stay words")
  func words() throws {
    for name in ["no", "on", "yes", "y"] {
      let workshop = try Workshop()
      try workshop.write(
        "pipeline.yaml", Workshop.pipeline.replacing("name: small", with: "name: \(name)"))
      #expect(try workshop.check().lines.contains("units: 3"))
    }
  }

  @Test("files that are large, deep, no text or not there are refused before they are parsed")
  func sizes() throws {
    let large = try failure(String(repeating: "# a comment\n", count: 200_000))
    #expect(large.what.contains("larger than"))
    var deep = ""
    for level in 0..<600 { deep += String(repeating: " ", count: level) + "a:\n" }
    #expect(try failure(deep).what.contains("deeper"))
    let workshop = try Workshop()
    try Data([0x63, 0xFF, 0xFE, 0x00]).write(to: URL(filePath: workshop.path("pipeline.yaml")))
    #expect(throws: Diagnostic.self) { try workshop.check() }
    try FileManager.default.removeItem(atPath: workshop.path("pipeline.yaml"))
    let absent = #expect(throws: Diagnostic.self) { try workshop.check() }
    #expect(absent?.kind == .missingInput)
  }

  @Test("neither ~ nor variables of the environment are expanded in paths")
  func paths() throws {
    for path in ["~/places.csv", "$HOME/places.csv", "${HOME}/places.csv"] {
      let text = Workshop.pipeline.replacing("places: places.csv", with: "places: \"\(path)\"")
      #expect(try failure(text).kind == .missingInput)
    }
  }
}
