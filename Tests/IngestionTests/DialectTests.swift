import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Foundation
import Testing

private func read(
  _ text: String, _ dialect: DialectRequest = DialectRequest(), blockSize: Int = 1 << 20
) throws -> Ingested {
  try withFile(Array(text.utf8)) { path in
    try Ingestion.ingest(
      IngestionRequest(
        drops: [path], respondents: MemberRequest(members: "*", dialect: dialect)),
      workers: Workers(2), blockSize: blockSize)
  }
}

private func cells(_ table: Table, _ name: String) -> [String?] {
  (0..<table.rowCount).map { table[name]?.text(at: $0) }
}

@Suite("Dialects of tables")
struct DialectTests {
  @Test("a decimal comma is found where commas delimit nothing, and told in the report")
  func decimalComma() throws {
    for text in [
      "a;b\n1,5;2\n-12,25;3\n7;4\n", "a\tb\n1,5\t2\n-12,25\t3\n7\t4\n",
      "a|b\n\"1,5\"|2\n-12,25|3\n7|4\n",
    ] {
      for blockSize in [1, 8, 1_000] {
        let read = try read(text, blockSize: blockSize)
        #expect(cells(read.table, "a") == ["1.5", "-12.25", "7"])
        #expect(read.table["a"]?.isNumeric == true)
        #expect(read.report.drops[0].members[0].decimal == .comma)
      }
    }
  }

  @Test("points speak for points; thousands and both at once stay text")
  func undecided() throws {
    #expect(try cells(read("a;b\n1.5;2,5\n").table, "b") == ["2,5"])
    #expect(try cells(read("a;b\n9.888,91;2\n1,5;3\n").table, "a") == ["9.888,91", "1,5"])
    var told = DialectRequest()
    told.decimal = .point
    #expect(try read("a;b\n1,5;2\n", told).table["a"]?.isNumeric == false)
    told.decimal = .comma
    #expect(try cells(read("a;b\n1.5;2,5\n", told).table, "b") == ["2.5"])
  }

  @Test("a table without names has columns v1, v2 …")
  func noHeader() throws {
    var told = DialectRequest()
    told.hasHeader = false
    let table = try read("1,x\n2,y\n", told).table
    #expect(table.names == ["v1", "v2"])
    #expect(cells(table, "v2") == ["x", "y"] && table.place(of: 0).hasSuffix(":1"))
  }

  @Test(
    "Conformance: csv-spectrum is equal to its JSON",
    .enabled(if: StatisticsConformanceTests.corpus != nil))
  func spectrum() throws {
    let shared = try #require(ProcessInfo.processInfo.environment["CANVASS_SHARED"])
    let folder = shared + "/corpus/csv/csv-spectrum/"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder + "csvs").sorted()
    for name in names {
      let stem = String(name.dropLast(4))
      let json = try Data(contentsOf: URL(filePath: folder + "json/\(stem).json"))
      let rows = try JSONDecoder().decode([[String: String]].self, from: json)
      let table = try Ingestion.readTable(path: folder + "csvs/" + name, asText: true)
      // Copies of the corpus differ in the line ends within quotes.
      func plain(_ text: String) -> String { text.replacing("\r\n", with: "\n") }
      let ours = (0..<table.rowCount).map { row in
        Dictionary(
          uniqueKeysWithValues: table.names.map { ($0, plain(table[$0]?.text(at: row) ?? "")) })
      }
      #expect(ours == rows.map { $0.mapValues(plain) }, "\(name)")
    }
    #expect(names.count == 11)
  }
}
