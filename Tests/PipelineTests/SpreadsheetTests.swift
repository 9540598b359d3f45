import CanvassCompute
import CanvassIngestion
import CanvassPipeline
import CanvassPublishing
import CanvassSurvey
import Foundation
import Testing

@Suite("Lists in a workbook") struct SpreadsheetTests {
  static func sheet(_ name: String, _ csv: String) -> Spreadsheet.Sheet {
    var lines = csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let columns = lines.removeFirst().map { (heading: $0, width: 12) }
    return Spreadsheet.Sheet(name: name, columns: columns, lines: lines)
  }

  static func write(_ sheets: [Spreadsheet.Sheet], _ workshop: Workshop, _ name: String) throws {
    try Data(Spreadsheet(sheets).bytes()).write(to: workshop.folder.appending(path: name))
  }

  static let structure = """
    node,parent,variable,statistic,good,low,high,title_en,title_vi
    index,,,,,,,Index,Chỉ số
    trust,index,trust,,,0,4,Trust,Lòng tin
    bribe,index,bribe,share,0,0,1,No bribe,Không hối lộ

    """

  static let decisions = FindingsTests.header + "r7,age,old,okay,71,,seen,Lan,2026-11-01,Minh\n"

  /// The workshop whose structure, codebook and decisions lie where `places` says.
  static func workshop(structure: String, codebook: String, decisions: String) throws -> Workshop {
    let workshop = try CodebookTests.workshop()
    let pipeline = Workshop.pipeline
    let start = try #require(pipeline.range(of: "  structure:\n"))
    let end = try #require(pipeline.range(of: "publish:\n"))
    try workshop.write(
      "pipeline.yaml",
      pipeline.replacingCharacters(
        in: start.lowerBound..<end.lowerBound, with: "  structure: \(structure)\n"
      ).replacing("  text: [province]", with: "  text: [province]\n  codebook: \(codebook)")
        .replacing("clean:\n", with: "clean:\n  decisions: \(decisions)\n")
        .replacing(
          "      otherwise: drop\n",
          with:
            "      otherwise: drop\n    - id: old\n      require: age < 60\n      otherwise: flag\n"
        ))
    try workshop.write("structure.csv", Self.structure)
    try workshop.write("decisions.csv", Self.decisions)
    return workshop
  }

  static func run(_ workshop: Workshop) throws {
    _ = try PipelineRun.run(
      workshop.path("pipeline.yaml"),
      options: RunOptions(output: workshop.path("Runs"), workers: Workers(2)), progress: { _ in })
  }

  static func book(_ workshop: Workshop, decisions: String = decisions) throws {
    try write(
      [
        sheet("structure", structure), sheet("codebook", CodebookTests.codebook),
        sheet("decisions", decisions),
      ], workshop, "book.xlsx")
  }

  @Test(
    "codebook, structure and decisions from sheets give the release of the CSV files, and are kept as CSV"
  )
  func sheets() throws {
    let plain = try Self.workshop(
      structure: "structure.csv", codebook: "{file: codebook.csv}", decisions: "decisions.csv")
    try Self.run(plain)
    let book = try Self.workshop(
      structure: "{file: book.xlsx, sheet: structure}",
      codebook: "{file: book.xlsx, sheet: codebook}",
      decisions: "{file: book.xlsx, sheet: decisions}")
    try Self.book(book)
    try Self.run(book)
    #expect(try book.released("scores.csv") == plain.released("scores.csv"))
    #expect(try book.released("cleaning.csv") == plain.released("cleaning.csv"))
    for (name, text) in [
      ("structure", Self.structure), ("codebook", CodebookTests.codebook),
      ("decisions", Self.decisions),
    ] {
      let kept = try String(
        contentsOf: book.folder.appending(path: "Runs/small/latest/internal/\(name).csv"),
        encoding: .utf8)
      #expect(kept == text, "\(name)")
      #expect(
        !FileManager.default.fileExists(
          atPath: plain.path("Runs/small/latest/internal/\(name).csv")))
    }
  }

  @Test(
    "a fault names workbook, sheet and line",
    arguments: [
      ("{file: book.xlsx}", "several sheets", "book.xlsx"),
      ("{file: book.xlsx, sheet: decision}", "did you mean 'decisions'", "book.xlsx"),
      ("{sheet: decisions}", "'file' is missing", "pipeline.yaml"),
      ("{file: none.xlsx, sheet: decisions}", "none.xlsx", "pipeline.yaml"),
      ("{file: book.xlsx, sheet: decisions}", "no known action", "book.xlsx:decisions:2"),
    ])
  func faults(decisions: String, word: String, place: String) throws {
    let workshop = try Self.workshop(
      structure: "structure.csv", codebook: "{file: codebook.csv}", decisions: decisions)
    try Self.book(workshop, decisions: Self.decisions.replacing("okay", with: "fine"))
    do {
      try Self.run(workshop)
      Issue.record("it was taken")
    } catch let error as Diagnostic {
      #expect(error.description.contains(word), "\(error)")
      #expect(error.place?.contains(place) == true, "\(error)")
    }
  }

  @Test(
    "findings.xlsx holds the findings, and its sheet of decisions answers them once it is filled in"
  )
  func findings() throws {
    let workshop = try FindingsTests.workshop()
    try FindingsTests.run(workshop)
    let path = workshop.path("Runs/small/latest/internal/findings.xlsx")
    let first = try Data(contentsOf: URL(fileURLWithPath: path))
    let table = try Ingestion.readTable(path: path, sheet: "findings", asText: true)
    let csv = try FindingsTests.file(workshop, "internal/findings.csv")
    #expect(table.names == csv[0])
    #expect(
      (0..<table.rowCount).map { row in table.columns.map { $0.text(at: row) ?? "" } }
        == Array(csv.dropFirst()))
    // Nobody has filled it in: nothing is decided by its lines.
    let decisions = try Ingestion.readTable(path: path, sheet: "decisions", asText: true)
    #expect(decisions.rowCount == 3)
    try FileManager.default.copyItem(atPath: path, toPath: workshop.path("empty.xlsx"))
    let pipeline = try String(
      contentsOf: workshop.folder.appending(path: "pipeline.yaml"), encoding: .utf8)
    func take(_ book: String) throws {
      try workshop.write(
        "pipeline.yaml",
        pipeline.replacing(
          "clean:\n", with: "clean:\n  decisions: {file: \(book), sheet: decisions}\n"))
      try FindingsTests.run(workshop)
    }
    try take("empty.xlsx")
    #expect(try FindingsTests.file(workshop, "internal/findings.csv") == csv)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: path)) == first, "the same findings, the same bytes"
    )
    let lines = (0..<decisions.rowCount).map { row in
      decisions.columns.prefix(3).map { $0.text(at: row) ?? "" } + ["okay"]
        + [decisions["old"]?.text(at: row) ?? "", "", "seen", "Lan", "2026-11-01", "Minh"]
    }
    try Self.write(
      [
        Spreadsheet.Sheet(
          name: "decisions", columns: decisions.names.map { ($0, 12) }, lines: lines)
      ], workshop, "filled.xlsx")
    try take("filled.xlsx")
    let states = try FindingsTests.file(workshop, "internal/findings.csv").dropFirst().map { $0[1] }
    #expect(states == ["settled", "okay", "okay", "okay"])
  }

  @Test("texts, numbers and letters of every kind come back as they were", arguments: [0, 1, 2, 3])
  func cells(count: Int) throws {
    let texts = [
      "007", "-12", "0.1", "=1+1", "Đồng Tháp", "1e5", "999999999999999", "<&>\"'", " a",
    ]
    let lines = (0..<count).map { row in texts.map { $0 + (row == 2 ? "x" : "") } }
    let workshop = try Workshop()
    try Self.write(
      [
        Spreadsheet.Sheet(
          name: "Tờ 1", columns: texts.indices.map { ("c\($0)", 8) }, lines: lines)
      ], workshop, "cells.xlsx")
    let table = try Ingestion.readTable(path: workshop.path("cells.xlsx"), asText: true)
    #expect(table.rowCount == count)
    #expect(
      (0..<table.rowCount).map { row in table.columns.map { $0.text(at: row) ?? "" } } == lines)
  }
}
