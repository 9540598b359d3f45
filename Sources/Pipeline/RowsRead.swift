import CanvassIngestion
import CanvassSurvey

/// What the account of cleaning needs to know of the rows that came in, kept when the table is gone.
struct RowsRead: Codable {
  /// The key of every row; its number where there is no key.
  let keys: Column
  /// The unit of every row: its code where the places file knows it, else nothing.
  let units: Column
  /// The drop of every row, by its place among the drops.
  let drops: [Int]
  /// Rows of each drop that were read, those included that a later drop replaced.
  let rowsOfDrop: [Int]
  /// Variables whose values stay out of all files.
  let sensitive: Set<String>

  /// The facts about the rows of a table as it was read.
  init(_ ingested: Ingested, key: String?, units request: UnitsRequest) {
    let table = ingested.table
    keys =
      key.flatMap { table[$0] }
      ?? Column(name: "row", numbers: (0..<table.rowCount).map { Double($0 + 1) })
    sensitive = Set(
      ingested.codebook?.variables.filter(\.isSensitive).map(\.name) ?? [])
    let (levelOfRow, levels) =
      table[request.variable]?.grouped()
      ?? ([Int32](repeating: 0, count: table.rowCount), [])
    let codes = levels.map { level -> String? in
      guard let places = request.places else { return level }
      return places.index(of: level).map { places.units[$0].code }
    }
    let level = Column(name: request.variable, strings: codes + [nil])
    units = level.gathering(levelOfRow.map { Int($0) })
    let paths = ingested.report.drops.map(\.path)
    rowsOfDrop = ingested.report.drops.map { $0.members.reduce(0) { $0 + $1.rows } }
    let sources = table.origins?.sources ?? []
    let dropOfSource = sources.map { source in
      // The longest path, where one drop's path begins like another's.
      paths.indices.filter { source == paths[$0] || source.hasPrefix(paths[$0] + ":") }
        .max { paths[$0].utf8.count < paths[$1].utf8.count } ?? 0
    }
    drops =
      table.origins.map { origins in
        origins.sourceOfRow.map { dropOfSource[Int($0)] }
      } ?? [Int](repeating: 0, count: table.rowCount)
  }

  /// The key of a row as text.
  func key(_ row: Int) -> String { keys.text(at: row) ?? "" }

  /// The code of a row's unit, or nothing.
  func unit(_ row: Int) -> String { units.text(at: row) ?? "" }
}
