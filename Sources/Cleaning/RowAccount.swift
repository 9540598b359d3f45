public import CanvassSurvey

/// Cells with a value by row of the table that came in: what each row brought, lost and kept.
///
/// Of the variables that came in; for every row in = left out + coded + lost by changes + out.
public struct RowAccount: Sendable, Hashable, Codable {
  /// Cells that came in.
  public var cellsIn: [Int32]
  /// Cells that went out; none of a row that is gone.
  public var cellsOut: [Int32]
  /// Cells of the rows outside of the subset that was asked for, by row.
  public var leftOut: [Int: Int32]
  /// Cells that missing codes emptied, by reason and row; reasons without any are absent.
  public var coded: [MissingReason: [Int32]]

  /// The account of a table in which nothing has happened yet.
  init(_ table: Table) {
    cellsIn = RowAccount.cells(of: table.columns[...], rows: table.rowCount)
    cellsOut = cellsIn
    leftOut = [:]
    coded = [:]
  }

  /// Cells with a value in each row of some columns.
  static func cells(of columns: ArraySlice<Column>, rows: Int) -> [Int32] {
    var cells = [Int32](repeating: 0, count: rows)
    cells.withUnsafeMutableBufferPointer { cells in
      for column in columns {
        column.reasons.withUnsafeBufferPointer { reasons in
          for row in 0..<rows { cells[row] &+= reasons[row] == 0 ? 1 : 0 }
        }
      }
    }
    return cells
  }

  /// The rows that do not add up with what was changed; none, or this program is at fault.
  func rowsAstray(_ changes: [CellChange]) -> Int {
    var rest = cellsIn
    for row in rest.indices { rest[row] -= cellsOut[row] }
    for (row, cells) in leftOut { rest[row] -= cells }
    for cells in coded.values {
      for row in rest.indices { rest[row] -= cells[row] }
    }
    for change in changes { rest[change.row] -= Int32(change.cells) }
    return rest.count { $0 != 0 }
  }
}
