import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Foundation
import Testing

/// SPSS and Stata files cell by cell against pyreadstat, where both are: `make conformance`.
@Suite("Conformance of SPSS and Stata files with pyreadstat")
struct StatisticsConformanceTests {
  static let corpus = ProcessInfo.processInfo.environment["CANVASS_SHARED"].map {
    $0 + "/corpus/statfiles/"
  }
  static let files: [String] = {
    guard let corpus, let paths = FileManager.default.enumerator(atPath: corpus) else { return [] }
    return paths.compactMap { $0 as? String }.filter { path in
      [".sav", ".zsav", ".por", ".dta"].contains { path.hasSuffix($0) }
    }.sorted()
  }()
  static let hasReader: Bool = {
    let found = (try? run(["-c", "import pyreadstat"]))?.status == 0
    if !found { print("CONFORMANCE SKIPPED: python3 has no pyreadstat (pip install pyreadstat)") }
    return found && !files.isEmpty
  }()

  /// What differs by a rule of ours, and why.
  static let rules: [String: String] = [
    "readstata13/statacar.dta": "numbers are finite",
    "readstata13/stata_strl.dta": "binary strL is no text; neither reader takes it",
    "haven/spss/datetime.sav": "pyreadstat refuses its dates",
  ]

  struct Expected: Decodable {
    struct Column: Decodable {
      let name: String
      let label: String
      let labels: [String: String]
      let ranges: [[Double]]
      let texts: [String]
      let tags: [String]
      let cells: [String?]
    }
    let columns: [Column]
  }

  static func run(_ arguments: [String]) throws -> (status: Int32, output: Data) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  @Test(
    "a file has pyreadstat's names, labels, missing codes and cells", .enabled(if: hasReader),
    arguments: files)
  func equal(file: String) throws {
    let path = try #require(StatisticsConformanceTests.corpus) + file
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Conformance/statistics-file.py").path
    let (status, output) = try StatisticsConformanceTests.run([script, path])
    let ours = Result {
      try Ingestion.ingest(
        IngestionRequest(drops: [path], respondents: MemberRequest(members: "*")),
        workers: Workers(1))
    }
    if StatisticsConformanceTests.rules[file] != nil {
      #expect(status != 0 || (try? ours.get()) == nil, "the rule for \(file) explains nothing")
      return
    }
    if status != 0 || output.isEmpty {
      #expect((try? ours.get()) == nil, "pyreadstat refuses \(file)")
      return
    }
    let expected = try JSONDecoder().decode(Expected.self, from: output)
    if expected.columns.first?.cells.isEmpty ?? true {
      #expect((try? ours.get()) == nil, "a file without rows is refused")
      return
    }
    let read = try ours.get()
    #expect(read.table.names == expected.columns.map(\.name))
    for (column, wanted) in zip(read.table.columns, expected.columns) {
      let cells = (0..<column.count).map { column.text(at: $0) }
      #expect(cells == wanted.cells, "\(wanted.name)")
      let variable = try #require(read.codebook?[wanted.name])
      #expect(variable.title.en == (wanted.label.isEmpty ? wanted.name : wanted.label))
      #expect(variable.valueLabels.mapValues(\.en) == wanted.labels, "\(wanted.name)")
      var missing = Set(wanted.tags + wanted.texts)
      for range in wanted.ranges {
        if range[0] == range[1] { missing.insert(Column.render(range[0])) }
        for cell in wanted.cells.compactMap({ $0 }) + wanted.labels.keys {
          if let number = Double(cell), number >= range[0], number <= range[1] {
            missing.insert(cell)
          }
        }
      }
      missing.formUnion(wanted.labels.keys.filter { $0.hasPrefix(".") && $0.count == 2 })
      #expect(Set(variable.missingCodes.keys) == missing, "\(wanted.name)")
    }
  }
}
