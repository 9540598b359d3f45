import CanvassSurvey

/// The table under work: rows are struck out by mark, and leave once at the end.
struct Worksheet {
  var table: Table
  /// 1 for a row that is still there.
  var isAlive: [UInt8]
  /// Number of columns that came in; derived ones follow them.
  let originalColumns: Int

  init(_ table: Table) {
    self.table = table
    isAlive = [UInt8](repeating: 1, count: table.rowCount)
    originalColumns = table.columns.count
  }

  /// Strikes rows out; the number of cells with a value that they held.
  mutating func strikeOut(_ rows: [Int]) -> Int {
    for row in rows { isAlive[row] = 0 }
    return cells(in: rows)
  }

  /// Cells with a value in `rows` of the columns that came in.
  func cells(in rows: [Int]) -> Int {
    var cells = 0
    for column in table.columns.prefix(originalColumns) {
      column.reasons.withUnsafeBufferPointer { reasons in
        for row in rows where reasons[row] == 0 { cells += 1 }
      }
    }
    return cells
  }

  /// Cells with a value of the columns that came in, struck-out rows included.
  var cells: Int {
    table.columns.prefix(originalColumns).reduce(0) { sum, column in
      column.reasons.reduce(sum) { $0 + ($1 == 0 ? 1 : 0) }
    }
  }

  /// The rows that are still there, in their order.
  func finished() -> Table {
    let rows = isAlive.indices.filter { isAlive[$0] == 1 }
    return rows.count == table.rowCount ? table : table.gathering(rows)
  }

  /// The first three of `rows` for a message, and how many more there are.
  func places(of rows: [Int]) -> (first: String?, others: String?) {
    let first = rows.first.map(table.place(of:))
    let others = rows.dropFirst().prefix(2).map(table.place(of:))
    if others.isEmpty { return (first, nil) }
    let more = rows.count - 3
    return (
      first, "also at \(others.joined(separator: ", "))" + (more > 0 ? " and \(more) more" : "")
    )
  }
}
