import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Foundation
import Testing

/// Other people's awkward archives, where they are: `make conformance`.
@Suite("Conformance of archives with bsdtar")
struct ArchiveConformanceTests {
  static let folder = ProcessInfo.processInfo.environment["CANVASS_SHARED"].map {
    $0 + "/corpus/archives/"
  }

  /// Why an archive that bsdtar unpacks is refused here; docs/hostile-input.md explains the rules.
  static let rules = [
    "not supported", "plain relative path", "not UTF-8", "link or a special file", "twice",
    "within packed data", "is empty", "encrypted", "follows", "more than",
    // Why an archive is called damaged.
    "something follows its end", "members overlap", "something follows it", "bytes follow it",
    "is called a folder", "its size is not as stated", "split into several files",
    "Unrecognized archive format",
  ]
  /// Folders whose stated size counts as content there.
  static let folders = ["libarchive/test_compat_tar_directory_1.tar"]

  @Test("every archive is read whole or refused by a rule", .enabled(if: folder != nil))
  func verdicts() throws {
    let folder = try #require(ArchiveConformanceTests.folder)
    let table = try Ingestion.readTable(path: folder + "reference-verdicts.csv", asText: true)
    func cell(_ column: String, _ row: Int) -> String { table[column]?.text(at: row) ?? "" }
    var equal = 0
    var refused: [String: Int] = [:]
    for row in 0..<table.rowCount {
      let path = cell("path", row)
      let isReference = cell("bsdtar_extract_rc", row) == "0"
      do {
        let summary = try Ingestion.inspect(folder + path, workers: Workers(1))
        guard isReference, !ArchiveConformanceTests.folders.contains(path) else { continue }
        let bytes = summary.members.reduce(0) { $0 + $1.byteCount }
        let wanted = Int(cell("bytes_extracted_capped_100MB", row)) ?? 0
        #expect(bytes >= wanted, "\(path) is read in part")
        equal += 1
      } catch let error as Diagnostic {
        let text = error.what + ": " + (error.why ?? "")
        let rule = ArchiveConformanceTests.rules.first { text.contains($0) }
        #expect(rule != nil || !isReference, "no rule explains \(path): \(text)")
        if isReference { refused[rule ?? "", default: 0] += 1 }
      }
    }
    print("Archives: \(equal) as bsdtar, refused by rule: \(refused.sorted { $0.key < $1.key })")
    #expect(equal > 100)
  }
}
