import CanvassCompute
import CanvassSurvey

/// Runs one check over the rows that are still there.
struct CheckRun {
  let check: Check

  /// The variables that the check would change.
  var changed: [String] {
    switch check.otherwise {
    case .blank(let listed): listed.isEmpty ? check.require.variables : listed
    case .set(let values): values.keys.sorted(by: Column.precedes)
    case .drop, .stop, .flag: []
    }
  }

  /// The variables that a finding names: those that change, else the first that is required of.
  private var subjects: [String] {
    let changed = Set(changed).sorted(by: Column.precedes)
    return changed.isEmpty ? [check.require.variables.first ?? ""] : changed
  }

  /// Checks names and kinds; `derived` are the variables that cannot be blanked.
  func validate(against schema: Schema, derived: Set<String>) throws(Diagnostic) {
    try check.when?.check(against: schema)
    try check.require.check(against: schema)
    for name in changed {
      if schema[name] == nil { throw schema.unknown(name) }
      if derived.contains(name) {
        throw Diagnostic(
          .badPipeline, "check '\(check.id)' would change '\(name)', which is derived from others",
          remedy: "list the variables that it is to change: those that '\(name)' is made from")
      }
    }
    if case .blank = check.otherwise, changed.isEmpty {
      throw Diagnostic(
        .badPipeline, "check '\(check.id)' is to blank, but its requirement names no variable",
        remedy: "list the variables that it is to blank")
    }
    if case .set(let values) = check.otherwise {
      for (name, value) in values.sorted(by: { Column.precedes($0.key, $1.key) })
      where schema[name] == .number && MissingReason(name: value) == nil {
        if CodeNumber.parse(value) != nil { continue }
        throw Diagnostic(
          .badPipeline, "check '\(check.id)' would set '\(name)' to a text, and it holds numbers",
          remedy: "give a number, or a reason such as 'blank'")
      }
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
    let found = try note(failing, &sheet)
    let line: (CleaningReport.Line.Kind, Int, Int) -> CleaningReport.Line = { kind, rows, cells in
      CleaningReport.Line(
        rule: check.id, kind: kind, applied: applied, rows: rows, unknown: unknown, cells: cells)
    }
    let rows = found.map(\.row)
    switch check.otherwise {
    case .drop: return line(.drop, rows.count, sheet.strikeOut(rows, rule: check.id))
    case .blank:
      return line(
        .blank, rows.count,
        try change(found, &sheet) { column, rows in
          column.replacing(
            [:],
            reasons: Dictionary(rows.map { ($0, .struckOut) }, uniquingKeysWith: { one, _ in one }))
        })
    case .set(let values):
      return line(
        .set, rows.count,
        try change(found, &sheet) { column, rows in
          let value = values[column.name] ?? ""
          let reason = MissingReason(name: value)
          return column.replacing(
            reason == nil
              ? Dictionary(rows.map { ($0, value) }, uniquingKeysWith: { one, _ in one }) : [:],
            reasons: reason.map { reason in
              Dictionary(rows.map { ($0, reason) }, uniquingKeysWith: { one, _ in one })
            } ?? [:])
        })
    case .stop:
      if !rows.isEmpty {
        let places = sheet.places(of: rows)
        throw Diagnostic(
          .checkFailed, "\(rows.count) of \(applied) rows fail the check '\(check.id)'",
          at: places.first,
          why: "it requires: \(check.require.text)" + (places.others.map { "; \($0)" } ?? ""),
          remedy: "correct the rows, or let the check drop, blank, set or flag them")
      }
      return line(.stop, 0, 0)
    case .flag: return line(.flag, rows.count, 0)
    }
  }

  /// The failing rows that the check may act on, each with the variables that it may change.
  private func note(
    _ failing: [Int], _ sheet: inout Worksheet
  ) throws(Diagnostic) -> [(row: Int, variables: [String])] {
    if failing.isEmpty { return [] }
    var isSettled = true
    if case .flag = check.otherwise { isSettled = false }
    if case .stop = check.otherwise { isSettled = false }
    var columns: [(name: String, column: Column)] = []
    for name in subjects where !name.isEmpty {
      columns.append((name, try sheet.table.column(name)))
    }
    var found: [(row: Int, variables: [String])] = []
    for row in failing {
      var variables: [String] = []
      var isEmpty = !columns.isEmpty
      for (name, column) in columns {
        // A cell that is empty already has nothing to be blanked.
        if case .blank = check.otherwise, column.reasons[row] != 0 { continue }
        isEmpty = false
        if sheet.note(
          check.id, row: row, variable: name, value: column.cellText(at: row), isSettled: isSettled)
        {
          variables.append(name)
        }
      }
      if columns.isEmpty,
        sheet.note(check.id, row: row, variable: "", value: "", isSettled: isSettled)
      {
        variables.append("")
      }
      if !variables.isEmpty || isEmpty { found.append((row, variables)) }
    }
    return found
  }

  /// Changes the cells that were found; the number of those that lost a value.
  private func change(
    _ found: [(row: Int, variables: [String])], _ sheet: inout Worksheet,
    _ changed: (Column, [Int]) -> Column
  ) throws(Diagnostic) -> Int {
    if found.isEmpty { return 0 }
    var cells = 0
    for name in Set(found.flatMap(\.variables)).sorted(by: Column.precedes) {
      let rows = found.filter { $0.variables.contains(name) }.map(\.row)
      let before = try sheet.table.column(name)
      let after = changed(before, rows)
      for row in rows {
        let (old, new) = (before.cellText(at: row), after.cellText(at: row))
        let lost = (before.reasons[row] == 0 ? 1 : 0) - (after.reasons[row] == 0 ? 1 : 0)
        if old != new {
          sheet.note(
            change: check.id, row: row, variable: name, old: old, new: new, cells: lost)
        }
        cells += lost
      }
      sheet.table.set(after)
    }
    return cells
  }
}
