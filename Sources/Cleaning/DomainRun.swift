import CanvassSurvey

/// Holds the cells of described variables against their range, labels and type.
struct DomainRun {
  let codebook: Codebook
  let rules: CodebookRules

  /// Looks at every described variable that the data have; a line for each rule that finds something.
  ///
  /// - Throws: `checkFailed` where the consequence is to stop.
  func run(_ sheet: inout Worksheet) throws(Diagnostic) -> [CleaningReport.Line] {
    var lines: [CleaningReport.Line] = []
    for variable in codebook.variables {
      guard let column = sheet.table[variable.name] else { continue }
      if rules.blanksTexts, let line = numbers(variable, column, &sheet) { lines.append(line) }
      guard let column = sheet.table[variable.name] else { continue }
      if variable.low != nil || variable.high != nil, column.isNumeric {
        let low = variable.low ?? -.infinity
        let high = variable.high ?? .infinity
        let rows = DomainRun.rows(of: column, outside: low...high)
        lines += try settle("range \(column.name)", rows, column, &sheet, rules.range)
      } else if variable.kind == .code, !variable.valueLabels.isEmpty {
        let rows = DomainRun.rows(of: column, without: variable.valueLabels)
        lines += try settle("labels \(column.name)", rows, column, &sheet, rules.labels)
      }
    }
    return lines
  }

  /// Makes a text column numbers, where its type is a number and some cells are none.
  private func numbers(
    _ variable: Variable, _ column: Column, _ sheet: inout Worksheet
  ) -> CleaningReport.Line? {
    guard variable.kind == .number || variable.kind == .integer,
      case .text(let codes, let dictionary) = column.values
    else { return nil }
    let numberOfCode = dictionary.map { CodeNumber.isNumber($0) ? CodeNumber.parse($0) : nil }
    let rule = "type \(column.name)"
    var made = Column(
      name: column.name,
      numbers: codes.indices.map { row in
        column.reasons[row] == 0 ? numberOfCode[Int(codes[row])] : nil
      })
    var cells = 0
    for row in codes.indices {
      if column.reasons[row] != 0 {
        made.reasons[row] = column.reasons[row]
      } else if made.reasons[row] != 0, sheet.isAlive[row] == 1 {
        made.reasons[row] = MissingReason.struckOut.rawValue
        cells += 1
        let old = column.cellText(at: row)
        _ = sheet.note(rule, row: row, variable: column.name, value: old, isSettled: true)
        sheet.note(
          change: rule, row: row, variable: column.name, old: old,
          new: MissingReason.struckOut.name, cells: 1)
      }
    }
    sheet.table.set(made)
    return CleaningReport.Line(
      rule: rule, kind: .blank, applied: codes.count, rows: cells, unknown: 0, cells: cells)
  }

  /// Rows whose number lies outside of a range.
  static func rows(of column: Column, outside range: ClosedRange<Double>) -> [Int] {
    switch column.values {
    case .text: return []
    case .numbers(let buffer):
      return buffer.indices.filter { column.reasons[$0] == 0 && !range.contains(buffer[$0]) }
    case .integers(let buffer):
      let low = Int16(max(range.lowerBound.rounded(.up), -32_768))
      let high = Int16(min(range.upperBound.rounded(.down), 32_767))
      var isOutside: Int16 = 0
      // One pass that the compiler can make wide; most columns need no other.
      buffer.withUnsafeBufferPointer { cells in
        column.reasons.withUnsafeBufferPointer { reasons in
          for row in cells.indices {
            let outside: Int16 = cells[row] < low ? 1 : cells[row] > high ? 1 : 0
            isOutside |= outside & (reasons[row] == 0 ? 1 : 0)
          }
        }
      }
      if isOutside == 0 { return [] }
      return buffer.indices.filter {
        column.reasons[$0] == 0 && (buffer[$0] < low || buffer[$0] > high)
      }
    }
  }

  /// Rows whose code has no label.
  static func rows(of column: Column, without labels: [String: LocalizedText]) -> [Int] {
    if case .text(let codes, let dictionary) = column.values {
      let isLabelled = dictionary.map { labels[$0] != nil }
      return codes.indices.filter { column.reasons[$0] == 0 && !isLabelled[Int(codes[$0])] }
    }
    let known = Set(labels.keys.compactMap(CodeNumber.parse)).sorted()
    guard let low = known.first, let high = known.last else { return [] }
    let isWhole = known == Array(stride(from: low, through: high, by: 1))
    if isWhole, case .integers = column.values { return rows(of: column, outside: low...high) }
    let codes = Set(known)
    return column.reasons.indices.filter { row in
      column.number(at: row).map { !codes.contains($0) } ?? false
    }
  }

  private func settle(
    _ rule: String, _ rows: [Int], _ column: Column, _ sheet: inout Worksheet,
    _ consequence: CodebookRules.Consequence
  ) throws(Diagnostic) -> [CleaningReport.Line] {
    let rows = rows.filter { sheet.isAlive[$0] == 1 }
    if rows.isEmpty { return [] }
    if consequence == .stop {
      let places = sheet.places(of: rows)
      throw Diagnostic(
        .checkFailed, "\(rows.count) values of '\(column.name)' are not in its codebook entry",
        at: places.first, why: places.others,
        remedy: "correct them, or the entry at \(codebook[column.name]?.place ?? "the codebook")")
    }
    var changed = column
    var found = 0
    for row in rows {
      let old = column.cellText(at: row)
      let mayAct = sheet.note(
        rule, row: row, variable: column.name, value: old, isSettled: consequence == .blank)
      if !mayAct { continue }
      found += 1
      guard consequence == .blank else { continue }
      changed.reasons[row] = MissingReason.struckOut.rawValue
      sheet.note(
        change: rule, row: row, variable: column.name, old: old, new: MissingReason.struckOut.name,
        cells: 1)
    }
    sheet.table.set(changed)
    let isBlank = consequence == .blank
    return [
      CleaningReport.Line(
        rule: rule, kind: isBlank ? .blank : .flag, applied: column.count, rows: found, unknown: 0,
        cells: isBlank ? found : 0)
    ]
  }
}
