import CanvassCompute
import CanvassIngestion
import CanvassPipeline
import CanvassSurvey
import CanvassTestSupport
import Foundation
import Testing

/// One survey in every format that is read.
@Suite("The same survey in every format")
struct SameSurveyTests {
  @Test(
    "zip, tar.zst, 7z, tar.xz, sav, zsav, dta and xlsx give the scores of the CSV, byte for byte")
  func same() throws {
    let workshop = try Workshop()
    try workshop.run()
    let scores = try workshop.released("scores.csv")
    let indicators = try workshop.released("indicators.csv")
    let csv = Array(Workshop.drop.utf8)
    let table = try Ingestion.ingest(
      IngestionRequest(
        drops: [workshop.path("drop.csv")], respondents: MemberRequest(members: "*"),
        textVariables: ["province"]), workers: Workers(1)
    ).table
    var drops: [(String, [UInt8])] = [
      ("drop.zip", PackedArchive.bytes([("a.csv", csv)], .zip)),
      ("drop.tar.zst", PackedArchive.bytes([("a.csv", csv)], .tar, .zstd)),
      ("drop.tar.xz", PackedArchive.bytes([("a.csv", csv)], .tar, .xz)),
      ("drop.7z", PackedArchive.bytes([("a.csv", csv)], .sevenZip)),
      ("drop.xlsx", SmallWorkbook.bytes([("Sheet1", rows(of: table))])),
      ("utf16.csv", Array(try #require(Workshop.drop.data(using: .utf16)))),
      ("semicolons.csv", Array(Workshop.drop.replacing(",", with: ";").utf8)),
    ]
    for format in StatisticsWriter.Format.allCases {
      let bytes = try StatisticsWriter.bytes(of: table, codebook: nil, format: format)
      drops.append(("drop.\(format.rawValue)", bytes))
      drops.append(("packed.\(format.rawValue).zip", PackedArchive.bytes([("a", bytes)], .zip)))
    }
    for (name, bytes) in drops {
      let path = workshop.path(name)
      try Data(bytes).write(to: URL(filePath: path))
      try workshop.run(drops: [path])
      #expect(try workshop.released("scores.csv") == scores, "\(name)")
      #expect(try workshop.released("indicators.csv") == indicators, "\(name)")
    }
  }

  private func rows(of table: Table) -> [[SmallWorkbook.Cell]] {
    [table.names.map { .text($0) }]
      + (0..<table.rowCount).map { row in
        table.columns.map { column in
          guard let text = column.text(at: row) else { return .empty }
          return column.isNumeric ? .number(text) : .text(text)
        }
      }
  }

  @Test("cleaned data are written back on request, and read again with their reasons and weights")
  func cleaned() throws {
    let workshop = try Workshop()
    try workshop.run(
      replacing: "  minimum_respondents: 10\n",
      with: "  minimum_respondents: 10\n  cleaned: [csv, sav, dta]\n")
    let folder = workshop.folder.appending(path: "Runs/small/latest/internal")
    var totals: [Double] = []
    for name in ["cleaned.csv", "cleaned.sav", "cleaned.dta"] {
      let read = try Ingestion.ingest(
        IngestionRequest(
          drops: [folder.appending(path: name).path], respondents: MemberRequest(members: "*"),
          textVariables: name.hasSuffix("csv") ? ["id"] : []), workers: Workers(1))
      let trust = try read.table.column("trust")
      let weight = try read.table.column("canvass_weight")
      var total = 0.0
      var missing = 0
      let codes = read.codebook?["trust"]?.missingCodes ?? [:]
      for row in 0..<read.table.rowCount {
        if let answer = trust.text(at: row), codes[answer] == nil {
          total += (Double(answer) ?? 0) * (weight.number(at: row) ?? 0)
        } else {
          missing += 1
        }
      }
      #expect(missing > 0)
      totals.append(total)
    }
    #expect(totals[0] == totals[1] && totals[0] == totals[2] && totals[0] > 0)
  }
}
