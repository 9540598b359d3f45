import CanvassCleaning
import CanvassCompute
import CanvassIngestion
import CanvassSurvey

/// What came new, what replaced what and what vanished from one drop of a field period to the next.
enum DropHistory {
  /// A line for each drop, in the order in which they are read.
  static func table(
    _ request: IngestionRequest, key: String, workers: Workers
  ) throws -> FieldworkTable {
    var known: [String: String] = [:]
    var previous: Set<String> = []
    var rows: [[FieldworkTable.Cell]] = []
    for (place, drop) in request.drops.enumerated() {
      var single = request
      single.drops = [drop]
      let table = try Ingestion.ingest(single, workers: workers).table
      let keys = try table.column(key)
      var (new, replaced, same) = (0, 0, 0)
      var present = Set<String>()
      for row in 0..<table.rowCount {
        guard let key = keys.text(at: row) else { continue }
        let content = table.columns.map { $0.text(at: row) ?? "" }.joined(separator: "\u{1F}")
        if present.insert(key).inserted {
          switch known[key] {
          case nil: new += 1
          case content: same += 1
          default: replaced += 1
          }
        }
        known[key] = content
      }
      let name = drop.split(separator: "/").last.map(String.init) ?? drop
      rows.append(
        [.text(name), .count(present.count)]
          + [new, replaced, same, previous.subtracting(present).count].map { .count($0) }
          + [.count(place == 0 ? present.count : known.count)])
      previous = present
    }
    let words: [(String, String, String)] = [
      ("drop", "drop", "đợt"), ("cases", "cases", "số ca"), ("new", "new", "mới"),
      ("replaced", "replaced", "thay thế"), ("same", "the same", "như cũ"),
      ("vanished", "gone since the last", "mất so với đợt trước"),
      ("so_far", "so far", "đến nay"),
    ]
    return FieldworkTable(
      title: LocalizedText(en: "Drops", vi: "Các đợt dữ liệu"), name: "drops",
      columns: words.map { .init($0.0, en: $0.1, vi: $0.2) }, rows: rows)
  }
}
