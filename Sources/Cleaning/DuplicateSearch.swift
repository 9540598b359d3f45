import CanvassSurvey

/// Finds rows that share a key, and settles which of them stays by their content alone.
struct DuplicateSearch {
  let key: String
  let rule: DuplicateRule

  /// Removes duplicates; the lines say how many rows were identical and how many superseded.
  func run(_ sheet: inout Worksheet) throws(Diagnostic) -> [CleaningReport.Line] {
    let rows = sheet.isAlive.indices.filter { sheet.isAlive[$0] == 1 }
    let column = try sheet.table.column(key)
    let unkeyed = rows.filter { column.reasons[$0] != 0 }
    if !unkeyed.isEmpty {
      let places = sheet.places(of: unkeyed)
      throw Diagnostic(
        .badData, "\(unkeyed.count) rows have no key '\(key)'", at: places.first,
        why: places.others, remedy: "complete the key, or drop such rows with a check")
    }
    let groups = groups(of: rows, by: column)
    var identical: [Int] = []
    var superseded: [Int] = []
    var conflicting: [Int] = []
    var conflicts = 0
    for group in groups {
      let latest = try latest(of: group, in: sheet.table)
      if let other = latest.first(where: { !isSame($0, latest[0], in: sheet) }) {
        conflicts += 1
        conflicting += [latest[0], other]
        continue
      }
      identical += group.filter { $0 != latest[0] && isSame($0, latest[0], in: sheet) }
      superseded += group.filter { !isSame($0, latest[0], in: sheet) }
    }
    if conflicts > 0 { throw conflict(conflicts, conflicting, sheet) }
    return [
      line(.identical, identical, rows.count, &sheet),
      line(.superseded, superseded, rows.count, &sheet),
    ]
  }

  /// The groups of two or more rows with one key, in order of the key.
  private func groups(of rows: [Int], by column: Column) -> [[Int]] {
    let (levelOfRow, levels) = column.grouped()
    var counts = [Int32](repeating: 0, count: levels.count)
    for row in rows { counts[Int(levelOfRow[row])] += 1 }
    var groupOfLevel: [Int32: Int] = [:]
    for (level, count) in counts.enumerated() where count > 1 {
      groupOfLevel[Int32(level)] = groupOfLevel.count
    }
    var groups = [[Int]](repeating: [], count: groupOfLevel.count)
    if groups.isEmpty { return groups }
    for row in rows {
      if let group = groupOfLevel[levelOfRow[row]] { groups[group].append(row) }
    }
    return groups
  }

  private func isSame(_ first: Int, _ second: Int, in sheet: Worksheet) -> Bool {
    sheet.table.columns.allSatisfy { column in
      guard column.reasons[first] == column.reasons[second] else { return false }
      if column.reasons[first] != 0 { return true }
      switch column.values {
      case .integers(let buffer): return buffer[first] == buffer[second]
      case .numbers(let buffer): return buffer[first] == buffer[second]
      case .text(let codes, _): return codes[first] == codes[second]
      }
    }
  }

  /// The rows with the greatest value of the rule's variable; all of them where nothing decides.
  private func latest(of rows: [Int], in table: Table) throws(Diagnostic) -> [Int] {
    guard case .latestBy(let variable) = rule else { return rows }
    let column = try table.column(variable)
    let rank: [Double] = rows.map { row in
      guard column.reasons[row] == 0 else { return -.infinity }
      if case .text(let codes, _) = column.values { return Double(codes[row]) }
      return column.number(at: row) ?? -.infinity
    }
    let greatest = rank.max() ?? -.infinity
    return rows.indices.filter { rank[$0] == greatest }.map { rows[$0] }
  }

  private func conflict(_ keys: Int, _ rows: [Int], _ sheet: Worksheet) -> Diagnostic {
    let places = sheet.places(of: rows)
    let remedy =
      switch rule {
      case .fail: "remove the rows that are wrong, or name the variable that says which is latest"
      case .latestBy(let variable):
        "'\(variable)' does not tell the latest of them: correct it, or remove the rows that are wrong"
      }
    return Diagnostic(
      .badData, "\(keys) keys '\(key)' belong to several rows that differ", at: places.first,
      why: places.others, remedy: remedy)
  }

  private func line(
    _ kind: CleaningReport.Line.Kind, _ rows: [Int], _ applied: Int, _ sheet: inout Worksheet
  ) -> CleaningReport.Line {
    CleaningReport.Line(
      rule: "duplicates", kind: kind, applied: applied, rows: rows.count, unknown: 0,
      cells: sheet.strikeOut(rows, rule: "duplicates"))
  }
}
