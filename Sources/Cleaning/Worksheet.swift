package import CanvassSurvey

/// The table under work: rows are struck out by mark, and leave once at the end; what happens is noted.
struct Worksheet {
  var table: Table
  /// 1 for a row that is still there.
  var isAlive: [UInt8]
  /// Number of columns that came in; derived ones follow them.
  let originalColumns: Int
  /// The row of the table that came in, for each row.
  let rowsIn: [Int]
  /// What people decided, for rules to ask.
  let answers: Answers
  /// What the rules found, in their order.
  private(set) var findings: [Finding] = []
  /// What the rules did, in their order.
  private(set) var changes: [CellChange] = []

  /// All rows of a table, or those of `rowsIn` that a filter left.
  init(_ table: Table, rowsIn: [Int]? = nil, answers: Answers = Answers()) {
    self.table = table
    self.rowsIn = rowsIn ?? Array(0..<table.rowCount)
    self.answers = answers
    isAlive = [UInt8](repeating: 1, count: table.rowCount)
    originalColumns = table.columns.count
  }

  /// Strikes rows out for a rule; the number of cells with a value that they held.
  mutating func strikeOut(_ rows: [Int], rule: String) -> Int {
    let cells = cells(inEachOf: rows)
    for (row, cells) in zip(rows, cells) {
      isAlive[row] = 0
      changes.append(
        CellChange(rule: rule, row: rowsIn[row], variable: "", old: "", new: "", cells: cells))
    }
    return cells.reduce(0, +)
  }

  /// Notes what a rule found in a row; what people found to be in order is not for the rule to act on.
  ///
  /// - Returns: whether the rule may act.
  mutating func note(
    _ rule: String, row: Int, variable: String, value: String, isSettled: Bool
  ) -> Bool {
    let answer = answers.answer(to: rule, row: rowsIn[row], variable: variable, value: value)
    let state: Finding.State =
      switch answer {
      case nil, .open: isSettled ? .settled : .open
      case .okay: .okay
      case .some(let other): isSettled ? .settled : other
      }
    findings.append(
      Finding(rule: rule, row: rowsIn[row], variable: variable, value: value, state: state))
    return state != .okay
  }

  /// Notes that a cell of a row changed, and how many cells with a value were lost by it; both texts are
  /// as `cellText` gives them.
  mutating func note(
    change rule: String, row: Int, variable: String, old: String, new: String, cells: Int
  ) {
    changes.append(
      CellChange(
        rule: rule, row: rowsIn[row], variable: variable, old: old, new: new, cells: cells))
  }

  /// Notes findings and changes that were made beside the sheet.
  mutating func note(_ found: [Finding], _ changed: [CellChange]) {
    findings += found
    changes += changed
  }

  /// Cells with a value in each of `rows`, of the columns that came in.
  func cells(inEachOf rows: [Int]) -> [Int] {
    var cells = [Int](repeating: 0, count: rows.count)
    for column in table.columns.prefix(originalColumns) {
      column.reasons.withUnsafeBufferPointer { reasons in
        for (place, row) in rows.enumerated() where reasons[row] == 0 { cells[place] += 1 }
      }
    }
    return cells
  }

  /// Cells with a value that each row of the table that came in has in the finished table.
  func cellsOut(_ finished: Table, rowCount: Int) -> [Int32] {
    let cells = RowAccount.cells(
      of: finished.columns.prefix(originalColumns), rows: finished.rowCount)
    var ofRowsIn = [Int32](repeating: 0, count: rowCount)
    var place = 0
    for row in isAlive.indices where isAlive[row] == 1 {
      ofRowsIn[rowsIn[row]] = cells[place]
      place += 1
    }
    return ofRowsIn
  }

  /// The rows that are still there, in their order.
  func finished() -> Table {
    var runs: [Range<Int>] = []
    var start = 0
    for row in isAlive.indices where isAlive[row] == 0 {
      if row > start { runs.append(start..<row) }
      start = row + 1
    }
    if start == 0 { return table }
    if start < isAlive.count { runs.append(start..<isAlive.count) }
    return table.keeping(runs)
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

extension Column {
  /// The value in `row` as text, or the name of the reason why there is none.
  package func cellText(at row: Int) -> String {
    text(at: row) ?? reason(at: row)?.name ?? ""
  }
}
