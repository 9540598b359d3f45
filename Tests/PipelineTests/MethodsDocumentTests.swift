import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("methods.md is filled from the pipeline file and the run")
struct MethodsDocumentTests {
  static let about = """
    about:
      sponsor: {en: A foundation, vi: Một quỹ}
      population: {en: Citizens aged 18 and over, vi: Công dân từ 18 tuổi}
      mode: Face to face
      field_period: {from: 2026-08-01, to: 2026-09-30}
      license: https://creativecommons.org/licenses/by/4.0/
      cite_as: Ours (2026)
    units: {
    """

  func run(_ edits: [(String, String)] = []) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("pipeline.yaml", Workshop.edited(Workshop.pipeline, edits))
    try workshop.run()
    return workshop
  }

  @Test("what the file says stands there in both languages, what it does not say is named")
  func stated() throws {
    let workshop = try run([("units: {", Self.about)])
    let english = try workshop.released("methods.md")
    let vietnamese = try workshop.released("methods.vi.md")
    for line in [
      "**Sponsor**: A foundation", "**Population**: Citizens aged 18 and over",
      "**Mode of interview**: Face to face", "**Dates of interviews**: 2026-08-01 to 2026-09-30",
      "**Conducted by**: *not stated in the pipeline file*",
      "**Response rates**: *not stated in the pipeline file*",
    ] { #expect(english.contains(line), "\(line)") }
    for line in [
      "**Đơn vị tài trợ**: Một quỹ", "**Tổng thể nghiên cứu**: Công dân từ 18 tuổi",
      "**Thời gian phỏng vấn**: 2026-08-01 đến 2026-09-30",
      "**Đơn vị thực hiện**: *tệp quy trình không nêu*",
    ] { #expect(vietnamese.contains(line), "\(line)") }
    #expect(try workshop.released("report.html").contains("Ours (2026)"))
  }

  @Test("design, weights, variance, missing answers and the tree are those of the run")
  func computed() throws {
    let workshop = try run([
      ("variable: trust, low: 0", "variable: trust, dont_know: 0, low: 0"),
      ("high: 4}", "high: 4, direction: down}"),
    ])
    let text = try workshop.released("methods.md")
    let scores = CSVTable(try workshop.released("scores.csv"))
    let n = try #require(
      scores.rows.first { $0["unit"] == "national:survey" && $0["node"] == "index" }?["n"])
    for line in [
      "**Sample size**: \(n) respondents, 6 strata, 18 primary sampling units",
      "Stage 1: unit village, stratified by province, stratum; taken as drawn with replacement.",
      "Step 1, base: the variable weight.", "    d = weight",
      "Step 2, raking (iterative proportional fitting) to sex within each province",
      "z is replaced by residuals on the margins", "V = Σ(h) (1 − f) m/(m − 1) Σ (u − ū)²",
      "Satterthwaite’s degrees of freedom", "trust – don't know: 88",
      "- trust × 2 – trust: mean of trust; “don't know” counts as 0; scale 0 … 4; a low value is good.",
      "- honest – honest: share of people whose bribe is 0; scale 0 … 1.",
      "fewer than 10 respondents or 2 sampling units", "| scores.csv | ", "Made by Canvass ",
    ] { #expect(text.contains(line), "\(line)") }
    #expect(try workshop.released("methods.vi.md").contains("trung bình của trust"))
  }

  @Test("with rounded counts neither document gives the exact number of respondents")
  func rounded() throws {
    let exact = try run().released("methods.md")
    let workshop = try run([
      ("minimum_respondents: 10", "minimum_respondents: 10\n  round_counts: 10")
    ])
    let found = try #require(exact.firstMatch(of: /Sample size\*\*: ([0-9]+) respondents/))
    let n = try #require(Int(found.1))
    #expect(n % 10 != 0, "else the test shows nothing")
    let shown = Int((Double(n) / 10).rounded(.toNearestOrEven)) * 10
    for name in ["methods.md", "methods.vi.md"] {
      let text = try workshop.released(name)
      #expect(text.firstMatch(of: /Sample size|Cỡ mẫu/) != nil)
      #expect(text.contains(" \(shown) ") && !text.contains(" \(n) "), "\(name)")
    }
  }

  @Test(
    "a field period that ends before it begins, or a date that is none, is refused",
    arguments: ["{from: 2026-09-30, to: 2026-08-01}", "{from: 2026-08-01, to: 2026-08-32}"])
  func period(period: String) throws {
    let error = #expect(throws: Diagnostic.self) {
      try run([("units: {", "about: {field_period: \(period)}\nunits: {")])
    }
    #expect(error?.place?.contains("pipeline.yaml:5") == true)
  }

  @Test("an index without respondents says where its values come from, and asks nobody")
  func published() throws {
    let workshop = try Workshop()
    try workshop.write("values.csv", "unit,a\n01,1\n48,2\n79,3\n")
    try workshop.write(
      "pipeline.yaml",
      """
      canvass: 1
      name: small
      units: {variable: unit, places: places.csv, vintage: 2004}
      published: {file: values.csv, unit: unit}
      publish: {languages: [en]}
      index:
        structure:
          - {node: index}
          - {node: a, parent: index, variable: a, normalize: z-score}
      """)
    try workshop.run()
    let text = try workshop.released("methods.md")
    #expect(text.contains("published figures by unit") && text.contains("normalized: z-score"))
    #expect(!text.contains("Sample size") && !text.contains("Stage 1"))
    #expect(throws: (any Error).self) { try workshop.released("methods.vi.md") }
  }
}
