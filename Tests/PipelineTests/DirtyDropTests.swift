import CanvassCleaning
import CanvassCompute
import CanvassIngestion
import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

/// The demonstration as it came from the field: every planted fault against the rule that should find it.
@Suite("The dirty drop", .serialized) struct DirtyDropTests {
  struct Cleaned {
    let read: Table
    let table: Table
    let report: CleaningReport
  }

  /// Reads and cleans as a pipeline file says, with the units' names put right.
  static func clean(_ pipeline: String, withDecisions: Bool = true) throws -> Cleaned {
    try SimulatedPipeline.clean(
      ConformanceTests.repository.appending(path: "Pipelines/\(pipeline).yaml").path,
      withDecisions: withDecisions, workers: Workers(2)
    ) { read, table, report in Cleaned(read: read, table: table, report: report) }
  }

  static let faults: Result<[[String: String]], any Error> = Result {
    try CSVTable(SimulatedDropTests.folder.appending(path: "dirty-faults.csv")).rows
  }

  @Test("holds at least 25 kinds of faults")
  func kinds() throws {
    let faults = try Self.faults.get()
    #expect(Set(faults.compactMap { $0["kind"] }).count >= 25)
  }

  @Test("every planted fault is found by the rule that should find it, and nothing else is")
  func found() throws {
    let cleaned = try Self.clean("papi-demo-dirty", withDecisions: false)
    let key = try cleaned.read.column("respondent_id")
    func name(_ rule: String, _ row: Int, _ variable: String) -> String {
      "\(rule) \(key.text(at: row) ?? "") \(variable)"
    }
    let faults = try Self.faults.get().filter { !($0["rule"] ?? "").isEmpty }
    func expected(_ isWanted: (String) -> Bool) -> [String] {
      faults.filter { isWanted($0["rule"] ?? "") }.map {
        "\($0["rule"] ?? "") \($0["key"] ?? "") \($0["variable"] ?? "")"
      }.sorted()
    }
    let findings = cleaned.report.findings.map { name($0.rule, $0.row, $0.variable) }.sorted()
    #expect(findings == expected { $0 != "duplicates" })
    // Rows struck out: minors by their check, repeated and earlier rows as duplicates, and no other.
    let struck = cleaned.report.changes.filter(\.variable.isEmpty).map { change in
      "\(change.rule) \(key.text(at: change.row) ?? "")"
    }.sorted()
    #expect(
      struck
        == faults.filter { ["duplicates", "adult"].contains($0["rule"] ?? "") }.map {
          "\($0["rule"] ?? "") \($0["key"] ?? "")"
        }.sorted())
    let changed = cleaned.report.changes.filter { !$0.variable.isEmpty }
    #expect(changed.map(\.rule) == ["type age", "type age"])
  }

  @Test("cleaned by rules and decisions it is the clean drop, cell for cell")
  func repaired() throws {
    let dirty = try Self.clean("papi-demo-dirty")
    let clean = try Self.clean("papi-demo")
    #expect(dirty.report.findings.allSatisfy { !$0.state.isOpen })
    #expect(dirty.table.names == clean.table.names)
    #expect(dirty.table.rowCount == clean.table.rowCount)
    func order(_ table: Table) throws -> [Int] {
      let keys = try table.column("respondent_id")
      return (0..<table.rowCount).sorted {
        Column.precedes(keys.text(at: $0) ?? "", keys.text(at: $1) ?? "")
      }
    }
    let (one, other) = (try order(dirty.table), try order(clean.table))
    for column in clean.table.columns {
      let same = try dirty.table.column(column.name)
      let isSame = zip(one, other).allSatisfy {
        same.reasons[$0] == column.reasons[$1] && same.text(at: $0) == column.text(at: $1)
      }
      #expect(isSame, "\(column.name)")
    }
  }
}
