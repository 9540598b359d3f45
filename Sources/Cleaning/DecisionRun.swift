import CanvassSurvey

/// Applies what people decided to the table that came in, before any rule looks at it.
struct DecisionRun {
  let decisions: [Decision]
  let key: String
  let codes: [MissingCodes]

  /// What came of it.
  struct Outcome {
    var table: Table
    var answers = Answers()
    var changes: [CellChange] = []
    var findings: [Finding] = []
    /// Rows to strike out, and the rule that each was decided for.
    var dropped: [(row: Int, rule: String)] = []
    /// How many decisions were carried out, how many are about values or rows that are not there any more.
    var applied = 0
    var outdated = 0
  }

  /// Carries out replacements, collects drops, and keeps what rules will ask for.
  ///
  /// - Throws: `badPipeline` for a variable that is not there or a value that cannot stand in it.
  func run(_ table: Table) throws(Diagnostic) -> Outcome {
    var outcome = Outcome(table: table)
    if decisions.isEmpty { return outcome }
    let rowsOfKey = try rowsOfKey(table)
    var edits: [String: [(row: Int, decision: Decision)]] = [:]
    for decision in decisions {
      if !decision.variable.isEmpty, table[decision.variable] == nil {
        throw Schema(table).unknown(decision.variable).located(at: decision.place)
      }
      guard let rows = rowsOfKey[decision.key] else {
        outcome.outdated += 1
        continue
      }
      for row in rows { outcome.answers.add(decision, row: row) }
      if decision.action == .okay || decision.action == .ask { continue }
      let standings = rows.map { standing(decision, table, $0) }
      // Of several rows with the key the decision is about those where the value stands.
      if standings.allSatisfy({ $0 == .changed }) {
        outcome.outdated += 1
        for row in rows {
          outcome.findings.append(
            Finding(
              rule: decision.rule, row: row, variable: decision.variable,
              value: table[decision.variable]?.cellText(at: row) ?? "", state: .reopened))
        }
      }
      for (row, standing) in zip(rows, standings) where standing == .stands {
        outcome.applied += 1
        if decision.action == .drop {
          outcome.dropped.append((row, decision.rule))
        } else {
          edits[decision.variable, default: []].append((row, decision))
        }
      }
    }
    for (name, column) in zip(table.names, table.columns) {
      guard let edits = edits[name] else { continue }
      let edited = try self.edited(column, edits)
      for (row, decision) in edits {
        outcome.changes.append(
          CellChange(
            rule: "decision \(decision.rule)", row: row, variable: name,
            old: column.cellText(at: row), new: edited.cellText(at: row),
            cells: (column.reasons[row] == 0 ? 1 : 0) - (edited.reasons[row] == 0 ? 1 : 0)))
      }
      outcome.table.set(edited)
    }
    return outcome
  }

  private func rowsOfKey(_ table: Table) throws(Diagnostic) -> [String: [Int]] {
    let asked = Set(decisions.map(\.key))
    let (levelOfRow, levels) = try table.column(key).grouped()
    let wanted = levels.map(asked.contains) + [false]
    var rows: [String: [Int]] = [:]
    for (row, level) in levelOfRow.enumerated() where wanted[Int(level)] {
      rows[levels[Int(level)], default: []].append(row)
    }
    return rows
  }

  private enum Standing { case stands, done, changed }

  /// Whether the value that was decided about is still there.
  private func standing(_ decision: Decision, _ table: Table, _ row: Int) -> Standing {
    guard let index = table.names.firstIndex(of: decision.variable) else { return .stands }
    let column = table.columns[index]
    let text = column.cellText(at: row)
    if text == decision.old || codes[index].reason(of: column, at: row)?.name == decision.old {
      return .stands
    }
    return decision.action == .replace && text == decision.new ? .done : .changed
  }

  private func edited(
    _ column: Column, _ edits: [(row: Int, decision: Decision)]
  ) throws(Diagnostic) -> Column {
    var texts: [Int: String] = [:]
    var reasons: [Int: MissingReason] = [:]
    for (row, decision) in edits {
      if let reason = MissingReason(name: decision.new) {
        reasons[row] = reason
      } else if column.isNumeric, CodeNumber.parse(decision.new) == nil {
        throw Diagnostic(
          .badPipeline,
          "the new value of '\(column.name)' is no number, and the variable holds numbers",
          at: decision.place, remedy: "correct 'new' in the decision")
      } else {
        texts[row] = decision.new
      }
    }
    return column.replacing(texts, reasons: reasons)
  }
}

extension Column {
  /// The column with other texts (numbers where it holds numbers) or no value in some rows.
  func replacing(_ texts: [Int: String], reasons changed: [Int: MissingReason]) -> Column {
    var made = self
    if !texts.isEmpty {
      var kept = reasons
      for row in texts.keys { kept[row] = 0 }
      if isNumeric {
        made = Column(
          name: name,
          numbers: (0..<count).map { row in
            texts[row].map { CodeNumber.parse($0) ?? 0 } ?? number(at: row)
          })
      } else {
        made = Column(name: name, strings: (0..<count).map { texts[$0] ?? text(at: $0) })
      }
      made.reasons = kept
    }
    for (row, reason) in changed { made.reasons[row] = reason.rawValue }
    return made
  }
}
