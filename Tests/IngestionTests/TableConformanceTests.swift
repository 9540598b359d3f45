import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Foundation
import Testing

/// csv-spectrum, whose right answers are JSON, where it is: `make conformance`.
@Suite("Conformance of tables of text with csv-spectrum")
struct TableConformanceTests {
  static let folder = ProcessInfo.processInfo.environment["CANVASS_SHARED"].map {
    $0 + "/corpus/csv/csv-spectrum/"
  }
  static let files: [String] = {
    guard let folder else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "csvs")) ?? []
    return names.filter { $0.hasSuffix(".csv") }.sorted()
  }()

  @Test("a file is its JSON, cell by cell", .enabled(if: folder != nil), arguments: files)
  func equal(file: String) throws {
    let folder = try #require(TableConformanceTests.folder)
    let answer = folder + "json/" + file.replacing(".csv", with: ".json")
    let wanted = try JSONDecoder().decode(
      [[String: String]].self, from: try Data(contentsOf: URL(filePath: answer)))
    var bytes = Array(try Data(contentsOf: URL(filePath: folder + "csvs/" + file)))
    // A checkout may have turned the line ends of these into LF; their answers have CR LF.
    if file.hasSuffix("_crlf.csv"), !bytes.contains(0x0D) {
      bytes = bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
    }
    for blockSize in [1, 7, 1 << 20] {
      let table = try withFile(bytes) { path in
        try Ingestion.ingest(
          IngestionRequest(
            drops: [path], respondents: MemberRequest(members: "*"),
            textVariables: wanted.first?.keys.sorted() ?? []),
          workers: Workers(2), blockSize: blockSize
        ).table
      }
      let rows = (0..<table.rowCount).map { row in
        Dictionary(
          uniqueKeysWithValues: table.columns.map { ($0.name, $0.text(at: row) ?? "") })
      }
      #expect(rows == wanted)
    }
  }

  @Test("all eleven files are there", .enabled(if: folder != nil))
  func complete() throws {
    print("csv-spectrum: \(TableConformanceTests.files.count) files")
    #expect(TableConformanceTests.files.count == 11)
  }
}
