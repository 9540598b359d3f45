import CanvassCompute
import CanvassSurvey

/// Runs one check over the rows that are still there.
struct CheckRun {
  let check: Check

  /// The variables that the check would blank.
  var blanked: [String] {
    guard case .blank(let listed) = check.otherwise else { return [] }
    return listed.isEmpty ? check.require.variables : listed
  }

  /// Checks names and kinds; `derived` are the variables that cannot be blanked.
  func validate(against schema: Schema, derived: Set<String>) throws(Diagnostic) {
    try check.when?.check(against: schema)
    try check.require.check(against: schema)
    for name in blanked {
      if schema[name] == nil { throw schema.unknown(name) }
      if derived.contains(name) {
        throw Diagnostic(
          .badPipeline, "check '\(check.id)' would blank '\(name)', which is derived from others",
          remedy: "list the variables that it is to blank: those that '\(name)' is made from")
      }
    }
    if case .blank = check.otherwise, blanked.isEmpty {
      throw Diagnostic(
        .badPipeline, "check '\(check.id)' is to blank, but its requirement names no variable",
        remedy: "list the variables that it is to blank")
    }
  }

  /// Applies the check and says what it did.
  func run(_ sheet: inout Worksheet, _ workers: Workers) throws(Diagnostic) -> CleaningReport.Line {
    let applies = try check.when?.truth(in: sheet.table, workers: workers)
    let holds = try check.require.truth(in: sheet.table, workers: workers)
    var failing: [Int] = []
    var applied = 0
    var unknown = 0
    for row in holds.indices where sheet.isAlive[row] == 1 {
      if let applies, applies[row] != Truth.yes.rawValue { continue }
      applied += 1
      if holds[row] == Truth.no.rawValue { failing.append(row) }
      if holds[row] == Truth.unknown.rawValue { unknown += 1 }
    }
    var line = CleaningReport.Line(
      rule: check.id, kind: .flag, applied: applied, rows: failing.count, unknown: unknown,
      cells: 0)
    switch check.otherwise {
    case .drop:
      line.kind = .drop
      line.cells = sheet.strikeOut(failing)
    case .blank:
      line.kind = .blank
      line.cells = try blank(failing, &sheet)
    case .stop:
      line.kind = .stop
      if !failing.isEmpty {
        let places = sheet.places(of: failing)
        throw Diagnostic(
          .checkFailed, "\(failing.count) of \(applied) rows fail the check '\(check.id)'",
          at: places.first,
          why: "it requires: \(check.require.text)" + (places.others.map { "; \($0)" } ?? ""),
          remedy: "correct the rows, or let the check drop, blank or flag them")
      }
    case .flag: break
    }
    return line
  }

  private func blank(_ rows: [Int], _ sheet: inout Worksheet) throws(Diagnostic) -> Int {
    if rows.isEmpty { return 0 }
    var cells = 0
    for name in Set(blanked).sorted(by: Column.precedes) {
      var column = try sheet.table.column(name)
      for row in rows where column.reasons[row] == 0 {
        column.reasons[row] = MissingReason.struckOut.rawValue
        cells += 1
      }
      sheet.table.set(column)
    }
    return cells
  }
}
