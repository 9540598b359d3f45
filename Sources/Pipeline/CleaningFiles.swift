import CanvassCleaning
import CanvassPublishing
import CanvassSurvey

/// The files in which cleaning accounts for what it found and did.
///
/// Lines stand in the order of the rules, then of the keys, so that the order of rows makes no difference.
struct CleaningFiles {
  let report: CleaningReport
  let rows: RowsRead

  /// `findings.csv`: what the rules found, each with an identifier that stays the same from one evening to
  /// the next: the first twelve hexadecimal digits of the SHA-256 of rule, key and variable.
  var findings: [UInt8] {
    var file = CommaSeparated(columns: Self.findingColumns)
    for finding in sortedFindings {
      let key = rows.key(finding.row)
      file.add(Self.identifier(finding.rule, key, finding.variable))
      file.add(finding.state.rawValue)
      file.add(finding.rule)
      file.add(cell: key)
      file.add(finding.variable)
      file.add(cell: shown(finding.value, of: finding.variable))
      file.add(rows.unit(finding.row))
      file.endLine()
    }
    return file.bytes
  }

  /// `cleaning-log.csv`: every cell that changed and every row that was struck out.
  var log: [UInt8] {
    var file = CommaSeparated(header: "key,variable,rule,old,new")
    for change in sorted(report.changes, rule: \.rule, row: \.row, variable: \.variable) {
      file.add(cell: rows.key(change.row))
      file.add(change.variable)
      file.add(change.rule)
      file.add(cell: shown(change.old, of: change.variable))
      file.add(cell: shown(change.new, of: change.variable))
      file.endLine()
    }
    return file.bytes
  }

  /// `cleaning.csv`: what each rule did, in numbers as the gate shows counts.
  func summary(_ gate: GateRules) -> [UInt8] {
    var file = CommaSeparated(header: "rule,kind,applied,rows,unknown,cells")
    for line in [("rows in", report.rowsIn, report.cellsIn)] {
      total(line, gate, &file)
    }
    for line in report.lines {
      file.add(line.rule)
      file.add(line.kind.rawValue)
      for count in [line.applied, line.rows, line.unknown, line.cells] {
        file.add(gate.shown(count))
      }
      file.endLine()
    }
    total(("rows out", report.rowsOut, report.cellsOut), gate, &file)
    return file.bytes
  }

  private func total(
    _ line: (name: String, rows: Int, cells: Int), _ gate: GateRules,
    _ file: inout CommaSeparated
  ) {
    file.add(line.name)
    file.add("total")
    file.add(gate.shown(line.rows))
    file.add(gate.shown(line.rows))
    file.add(0)
    file.add(gate.shown(line.cells))
    file.endLine()
  }

  /// `cleaning-account.csv`: rows and cells with a value that came in, that were not asked for, that each
  /// missing code and rule struck out and that went out, and cells that each rule changed, by drop and unit.
  var account: [UInt8] {
    struct Tally {
      var rows = 0
      var cells = 0
      var changed = 0
    }
    struct Place: Hashable {
      let drop: Int
      let unit: String
    }
    let account = report.rowAccount
    let places = (0..<report.rowsIn).map { Place(drop: rows.drops[$0], unit: rows.unit($0)) }
    var came: [Place: Tally] = [:]
    var left: [Place: Tally] = [:]
    var coded: [Place: [MissingReason: Int]] = [:]
    var byRule: [Place: [String: Tally]] = [:]
    for (row, place) in places.enumerated() {
      came[place, default: Tally()].rows += 1
      came[place, default: Tally()].cells += Int(account.cellsIn[row])
    }
    for (row, cells) in account.leftOut {
      left[places[row], default: Tally()].rows += 1
      left[places[row], default: Tally()].cells += Int(cells)
    }
    for (reason, cells) in account.coded {
      for (row, count) in cells.enumerated() where count > 0 {
        coded[places[row], default: [:]][reason, default: 0] += Int(count)
      }
    }
    for change in report.changes {
      let isRow = change.variable.isEmpty
      var tally = byRule[places[change.row]]?[change.rule] ?? Tally()
      tally.rows += isRow ? 1 : 0
      tally.cells += change.cells
      tally.changed += isRow ? 0 : 1
      byRule[places[change.row], default: [:]][change.rule] = tally
    }
    var out: [Place: Tally] = [:]
    for (row, cells) in account.cellsOut.enumerated() {
      out[places[row], default: Tally()].cells += Int(cells)
    }
    var file = CommaSeparated(header: "drop,unit,rule,rows,cells,changed")
    for (drop, read) in rows.rowsOfDrop.enumerated() {
      // Only rows that stay are held against the rules: nobody counted the cells of the others.
      let replaced = read - rows.drops.count { $0 == drop }
      guard replaced > 0 else { continue }
      for (rule, count) in [("rows read", read), ("replaced by a later drop", replaced)] {
        file.add(drop + 1)
        file.add("")
        file.add(rule)
        file.add(count)
        file.add("")
        file.add("")
        file.endLine()
      }
    }
    for place in came.keys.sorted(by: { first, second in
      first.drop != second.drop
        ? first.drop < second.drop : Column.precedes(first.unit, second.unit)
    }) {
      func line(_ rule: String, _ tally: Tally) {
        file.add(place.drop + 1)
        file.add(place.unit)
        file.add(rule)
        file.add(tally.rows)
        file.add(tally.cells)
        file.add(tally.changed)
        file.endLine()
      }
      let rules = byRule[place] ?? [:]
      let gone = rules.values.reduce(left[place]?.rows ?? 0) { $0 + $1.rows }
      line("rows in", came[place] ?? Tally())
      if let outside = left[place] { line("where", outside) }
      for reason in MissingReason.allCases {
        if let cells = coded[place]?[reason] { line(reason.name, Tally(cells: cells)) }
      }
      for (rule, tally) in rules.sorted(by: { Column.precedes($0.key, $1.key) }) {
        line(rule, tally)
      }
      line(
        "rows out",
        Tally(rows: (came[place]?.rows ?? 0) - gone, cells: out[place]?.cells ?? 0))
    }
    return file.bytes
  }

  /// The identifier of a finding.
  static func identifier(_ rule: String, _ key: String, _ variable: String) -> String {
    String(SHA256.hex(Array([rule, key, variable].joined(separator: "\u{1F}").utf8)).prefix(12))
  }

  /// The columns of the list of findings.
  static let findingColumns = ["id", "state", "rule", "key", "variable", "value", "unit"]

  /// The findings by rule, key and variable.
  var sortedFindings: [Finding] {
    sorted(report.findings, rule: \.rule, row: \.row, variable: \.variable)
  }

  /// A value as the files for people show it: nothing of a sensitive variable.
  func shown(_ value: String, of variable: String) -> String {
    let isReason = MissingReason(name: value) != nil
    return rows.sensitive.contains(variable) && !isReason ? "" : value
  }

  private func sorted<Event>(
    _ events: [Event], rule: (Event) -> String, row: (Event) -> Int, variable: (Event) -> String
  ) -> [Event] {
    var positions: [String: Int] = [:]
    for event in events where positions[rule(event)] == nil {
      positions[rule(event)] = positions.count
    }
    let keyed = events.map { event in
      (position: positions[rule(event)] ?? 0, key: rows.key(row(event)), event: event)
    }
    return keyed.sorted { first, second in
      if first.position != second.position { return first.position < second.position }
      if first.key != second.key { return Column.precedes(first.key, second.key) }
      return Column.precedes(variable(first.event), variable(second.event))
    }.map(\.event)
  }
}

extension CommaSeparated {
  /// Adds a cell of the data: a number stays one, so that `-1` gets no apostrophe.
  mutating func add(cell: String) {
    if let number = StrictNumber.parse(cell), Column.render(number) == cell {
      add(number)
    } else {
      add(cell)
    }
  }
}
