import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import CanvassTestSupport
import Testing

private func read(_ bytes: [UInt8], sheet: String? = nil) throws -> Table {
  try withFile(bytes, name: "drop.xlsx") { path in
    var source = MemberRequest(members: "*")
    source.sheet = sheet
    return try Ingestion.ingest(
      IngestionRequest(drops: [path], respondents: source), workers: Workers(1)
    ).table
  }
}

@Suite("Excel workbooks")
struct WorkbookTests {
  private static let rows: [[SmallWorkbook.Cell]] = [
    [.text("id"), .text("tỉnh"), .text("x"), .text("ngày"), .text("lúc")],
    [.text("01"), .text("Hà Nội, \"cũ\""), .number("1.5"), .date("45000"), .moment("45000.75")],
    [.text("02"), .text("a\nb"), .empty, .date("1"), .moment("44197.5")],
    [.text("03"), .text("<&>"), .number("-2E-3"), .empty, .empty],
  ]

  @Test(
    "a sheet is the table that Excel would save as CSV, dates as ISO 8601",
    arguments: [true, false])
  func sheet(isShared: Bool) throws {
    let bytes = SmallWorkbook.bytes([("Dữ liệu", WorkbookTests.rows)], isShared: isShared)
    for drop in [bytes, SmallArchive.zip([("a/b.xlsx", bytes)])] {
      let table = try read(drop)
      func cells(_ name: String) -> [String?] {
        (0..<table.rowCount).map { table[name]?.text(at: $0) }
      }
      #expect(cells("id") == ["01", "02", "03"])
      #expect(cells("tỉnh") == ["Hà Nội, \"cũ\"", "a\nb", "<&>"])
      #expect(cells("x") == ["1.5", nil, "-0.002"])
      // Excel's day 1 is 1 January 1900, and its calendar has a 29 February 1900 that never was.
      #expect(cells("ngày") == ["2023-03-15", "1899-12-31", nil])
      #expect(cells("lúc") == ["2023-03-15T18:00:00", "2021-01-01T12:00:00", nil])
    }
  }

  @Test("of several sheets one must be named")
  func severalSheets() throws {
    let bytes = SmallWorkbook.bytes([
      ("survey", [[.text("a")], [.number("1")]]), ("choices", [[.text("b")], [.number("2")]]),
    ])
    let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
    #expect(failure?.why == "they are: survey, choices")
    #expect(try read(bytes, sheet: "choices").names == ["b"])
    let other = #expect(throws: Diagnostic.self) { try read(bytes, sheet: "choice") }
    #expect(other?.remedy?.contains("choices") == true)
  }

  @Test("a cell with an error, and a damaged workbook, are refused")
  func refused() throws {
    let failure = #expect(throws: Diagnostic.self) {
      try read(SmallWorkbook.bytes([("s", [[.text("a")], [.error("#N/A")]])]))
    }
    #expect(failure?.place?.hasSuffix(":s:2") == true)
    let bytes = SmallWorkbook.bytes([("s", WorkbookTests.rows)])
    let expected = try fingerprint(read(bytes))
    for index in stride(from: 0, to: bytes.count, by: 7) {
      var changed = bytes
      changed[index] ^= 0x10
      if let table = try? read(changed) { #expect(fingerprint(table) == expected, "byte \(index)") }
      #expect(throws: Diagnostic.self) { try read(Array(bytes[..<index])) }
    }
  }
}
