public import CanvassCompute
public import CanvassSurvey

/// Cleans a table by the rules of a request, and accounts for every row and cell.
public enum Cleaning {
  /// The table after missing codes, filter, derivations, checks and duplicates, in its row order, and the
  /// account of what happened; the result does not depend on `workers`.
  ///
  /// - Throws: `badPipeline` where a rule does not fit the variables (before any rule runs; a place is
  ///   `column N` of the expression, or the rule, as in `check adult`), `checkFailed` where a check stops the run, `badData` where keys are
  ///   missing or belong to rows that differ, or where a derivation has no value for a row.
  public static func clean(
    _ table: Table, codebook: Codebook? = nil, request: CleaningRequest,
    workers: Workers = Workers(1)
  ) throws(Diagnostic) -> (table: Table, report: CleaningReport) {
    let codes = try MissingCodes.resolve(request.missing, codebook: codebook, table: table)
    var schema = Schema(table)
    for (name, codes) in zip(table.names, codes) where codes.makesNumbers {
      schema.add(name, .number)
    }
    for variable in codebook?.variables ?? [] where request.codebook.blanksTexts {
      if variable.kind == .number || variable.kind == .integer, schema[variable.name] == .text {
        schema.add(variable.name, .number)
      }
    }
    try validate(request, against: schema)
    var account = RowAccount(table)
    let cellsIn = account.cellsIn.reduce(0) { $0 + Int($1) }
    var lines: [CleaningReport.Line] = []

    let decided = try decide(table, request, codes)
    let (kept, rowsIn) = try filter(
      decided.table, request.filter, codes, workers, &lines, &account)
    var sheet = Worksheet(kept, rowsIn: rowsIn, answers: decided.answers)
    noteDecisions(decided, &sheet, &lines)
    let coded = code(&sheet, codes, workers, &lines, &account)
    dropDecided(decided, &sheet, &lines)
    for block in request.multiSelect { try block.run(&sheet) }
    let comparison = codebook.map { CodebookComparison($0, sheet.table) }
    if let codebook {
      lines += try DomainRun(codebook: codebook, rules: request.codebook).run(&sheet)
    }
    lines += try AskedIfRun(codebook, schema: Schema(sheet.table)).run(
      &sheet, request.codebook.askedIf, workers)
    var derived = Derivations(request.derivations)
    try derived.makeAll(&sheet, workers)
    for check in request.checks {
      let run = CheckRun(check: check)
      let line = try run.run(&sheet, workers)
      lines.append(line)
      if line.rows > 0, !run.changed.isEmpty {
        try derived.makeAgain(after: Set(run.changed), &sheet, workers)
      }
    }
    try derived.verify(sheet)
    if let key = request.key {
      lines += try DuplicateSearch(key: key, rule: request.duplicates).run(&sheet)
    }
    if let rule = request.nearDuplicates {
      lines.append(try rule.run(&sheet, key: request.key))
    }

    let cleaned = sheet.finished()
    account.cellsOut = sheet.cellsOut(cleaned, rowCount: table.rowCount)
    let completeness = completeness(cleaned, derivedFrom: table.columns.count)
    var report = CleaningReport(
      rowsIn: table.rowCount, rowsOut: cleaned.rowCount, cellsIn: cellsIn,
      cellsOut: completeness.reduce(0) { $0 + ($1.isDerived ? 0 : $1.answered) },
      lines: lines, coded: coded, completeness: completeness, rowAccount: account)
    report.findings = sheet.findings
    report.changes = sheet.changes
    report.decisionsApplied = decided.applied
    report.decisionsOutdated = decided.outdated
    report.codebook = comparison
    try report.verify()
    if let limit = request.stopAbove { try report.demandLosses(atMost: limit) }
    return (cleaned, report)
  }

  private static func decide(
    _ table: Table, _ request: CleaningRequest, _ codes: [MissingCodes]
  ) throws(Diagnostic) -> DecisionRun.Outcome {
    guard !request.decisions.isEmpty else { return DecisionRun.Outcome(table: table) }
    guard let key = request.key else {
      throw Diagnostic(
        .badPipeline, "decisions are given, but there is no key",
        remedy: "name the variable that identifies a row")
    }
    return try DecisionRun(decisions: request.decisions, key: key, codes: codes).run(table)
  }

  /// Notes the cells that people replaced, and the decisions whose value has changed.
  private static func noteDecisions(
    _ decided: DecisionRun.Outcome, _ sheet: inout Worksheet, _ lines: inout [CleaningReport.Line]
  ) {
    let kept = Set(sheet.rowsIn)
    sheet.note(decided.findings.filter { kept.contains($0.row) }, decided.changes)
    if !decided.changes.isEmpty {
      lines.insert(
        CleaningReport.Line(
          rule: "decisions", kind: .decision, applied: decided.table.rowCount,
          rows: Set(decided.changes.map(\.row)).count, unknown: 0,
          cells: decided.changes.reduce(0) { $0 + $1.cells }), at: 0)
    }
  }

  /// Strikes out the rows that people want gone; their missing codes are no values any more.
  private static func dropDecided(
    _ decided: DecisionRun.Outcome, _ sheet: inout Worksheet, _ lines: inout [CleaningReport.Line]
  ) {
    if decided.dropped.isEmpty { return }
    let sheetRow = Dictionary(
      zip(sheet.rowsIn, sheet.rowsIn.indices), uniquingKeysWith: { first, _ in first })
    var rows: [Int] = []
    var cells = 0
    for (row, rule) in decided.dropped {
      guard let own = sheetRow[row], sheet.isAlive[own] == 1 else { continue }
      rows.append(own)
      cells += sheet.strikeOut([own], rule: "decision \(rule)")
    }
    if !rows.isEmpty {
      lines.append(
        CleaningReport.Line(
          rule: "decisions", kind: .decisionToDrop, applied: sheet.table.rowCount,
          rows: rows.count, unknown: 0, cells: cells))
    }
  }

  /// Checks every name, kind and rule of a request against the variables of the data, without rows.
  public static func validate(
    _ request: CleaningRequest, against schema: Schema
  ) throws(Diagnostic) {
    for rule in request.missing { _ = try NamePattern.names(rule.variables, in: schema) }
    try request.filter?.check(against: schema)
    var schema = schema
    for derivation in request.derivations {
      do {
        schema.add(
          derivation.name, try DerivationRun(derivation: derivation).validate(against: schema))
      } catch {
        throw error.located(at: "derivation \(derivation.name)")
      }
    }
    let derived = Set(request.derivations.map(\.name))
    var ids = Set<String>()
    for check in request.checks {
      if !ids.insert(check.id).inserted {
        throw Diagnostic(
          .badPipeline, "two checks are called '\(check.id)'",
          remedy: "name each check differently, so that the report can tell them apart")
      }
      do {
        try CheckRun(check: check).validate(against: schema, derived: derived)
      } catch {
        throw error.located(at: "check \(check.id)")
      }
    }
    var needed = [request.key].compactMap { $0 }
    if case .latestBy(let variable) = request.duplicates {
      guard request.key != nil else {
        throw Diagnostic(
          .badPipeline, "the latest of several rows is asked for, but there is no key",
          remedy: "name the variable that identifies a row")
      }
      needed.append(variable)
    }
    for name in needed where schema[name] == nil { throw schema.unknown(name) }
  }

  // MARK: steps

  /// The rows that were asked for, their missing codes still values.
  private static func filter(
    _ table: Table, _ filter: Expression?, _ codes: [MissingCodes], _ workers: Workers,
    _ lines: inout [CleaningReport.Line], _ account: inout RowAccount
  ) throws(Diagnostic) -> (table: Table, rows: [Int]) {
    guard let filter else { return (table, Array(0..<table.rowCount)) }
    // The filter sees missing codes as missing; only its own variables need them.
    let mentioned = Set(filter.variables)
    var columns: [Column] = []
    for (column, codes) in zip(table.columns, codes) where mentioned.contains(column.name) {
      var coded = column
      _ = codes.apply(to: &coded)
      columns.append(coded)
    }
    if columns.isEmpty, let any = table.columns.first { columns = [any] }
    let truth = try filter.truth(in: Table(columns: columns), workers: workers)
    let kept = truth.indices.filter { truth[$0] == Truth.yes.rawValue }
    let left = truth.indices.filter { truth[$0] != Truth.yes.rawValue }
    let cells = Worksheet(table).cells(inEachOf: left)
    account.leftOut = Dictionary(
      zip(left, cells.map { Int32($0) }), uniquingKeysWith: { one, _ in one })
    lines.append(
      CleaningReport.Line(
        rule: "where", kind: .filter, applied: table.rowCount, rows: left.count,
        unknown: truth.reduce(0) { $0 + ($1 == Truth.unknown.rawValue ? 1 : 0) },
        cells: cells.reduce(0, +)))
    return (left.isEmpty ? table : table.gathering(kept), kept)
  }

  /// Empties the cells that hold missing codes, columns side by side.
  private static func code(
    _ sheet: inout Worksheet, _ codes: [MissingCodes], _ workers: Workers,
    _ lines: inout [CleaningReport.Line], _ account: inout RowAccount
  ) -> [CleaningReport.CodedCells] {
    let columns = sheet.table.columns
    let results = workers.collect(columns.count) { index in
      var column = columns[index]
      let cells = codes[index].apply(to: &column)
      return (column, cells)
    }
    var coded: [CleaningReport.CodedCells] = []
    var touched: [MissingReason: [Int32]] = [:]
    for (before, (column, cells)) in zip(columns, results) {
      for reason in MissingReason.allCases where cells[Int(reason.rawValue)] > 0 {
        coded.append(
          CleaningReport.CodedCells(
            variable: column.name, reason: reason, cells: cells[Int(reason.rawValue)]))
        var rows =
          touched.removeValue(forKey: reason) ?? [Int32](repeating: 0, count: column.count)
        for row in 0..<column.count {
          let isCoded = column.reasons[row] == reason.rawValue && before.reasons[row] == 0
          rows[row] &+= isCoded ? 1 : 0
        }
        touched[reason] = rows
      }
      sheet.table.set(column)
    }
    for reason in MissingReason.allCases {
      guard let rows = touched[reason] else { continue }
      var ofRowsIn = [Int32](repeating: 0, count: account.cellsIn.count)
      for (row, cells) in zip(sheet.rowsIn, rows) { ofRowsIn[row] = cells }
      account.coded[reason] = ofRowsIn
      lines.append(
        CleaningReport.Line(
          rule: reason.name, kind: .missingCode, applied: sheet.table.rowCount,
          rows: rows.count { $0 > 0 }, unknown: 0,
          cells: coded.reduce(0) { $0 + ($1.reason == reason ? $1.cells : 0) }))
    }
    return coded
  }

  private static func completeness(
    _ table: Table, derivedFrom first: Int
  ) -> [CleaningReport.Completeness] {
    table.columns.enumerated().map { index, column in
      var counts = [Int](repeating: 0, count: 256)
      for reason in column.reasons { counts[Int(reason)] += 1 }
      return CleaningReport.Completeness(
        variable: column.name, isDerived: index >= first, answered: counts[0],
        missing: MissingReason.allCases.map { counts[Int($0.rawValue)] })
    }
  }
}
