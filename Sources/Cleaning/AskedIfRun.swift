import CanvassCompute
import CanvassSurvey

/// Brings the cells of questions in line with the conditions under which the codebook says they are asked.
///
/// A question is asked where its condition holds, and not where it does not hold. Where the condition is
/// unknown because an answer that it needs is `skipped`, `dont_know`, `refused` or `not_selected`, the
/// interviewer went on and the question was not asked; where that answer is `blank` or `struck_out` nobody
/// can tell, and nothing is judged. Where it was not asked, `blank` becomes `skipped`, and anything but
/// `skipped` or `struck_out` is a finding; where it was asked, `skipped` is one.
struct AskedIfRun {
  /// Questions that share a condition, with the condition.
  struct Group {
    let condition: Expression
    var variables: [String]
    let place: String?
  }

  let groups: [Group]
  /// Described variables without a condition, in a codebook where others have one.
  let unconditional: [Variable]

  /// The conditions of a codebook over the variables that the data have, those first that others need.
  ///
  /// - Throws: `badData` for a condition that cannot be read, does not fit the data or needs itself.
  init(_ codebook: Codebook?, schema: Schema) throws(Diagnostic) {
    var conditions: [String: (condition: Expression, place: String?)] = [:]
    var order: [String] = []
    var unconditional: [Variable] = []
    for variable in codebook?.variables ?? [] where schema[variable.name] != nil {
      guard let text = variable.askedIf else {
        unconditional.append(variable)
        continue
      }
      do {
        let condition = try Expression.parse(text)
        try condition.check(against: schema)
        conditions[variable.name] = (condition, variable.place)
      } catch {
        throw Diagnostic(
          .badData, "asked_if of '\(variable.name)': \(error.what)", at: variable.place,
          why: error.place, remedy: error.remedy)
      }
      order.append(variable.name)
    }
    self.unconditional = codebook?.givesConditions == true ? unconditional : []
    var groups: [Group] = []
    var placed = Set<String>()
    while placed.count < order.count {
      let ready = order.filter { name in
        !placed.contains(name)
          && (conditions[name]?.condition.variables ?? []).allSatisfy {
            conditions[$0] == nil || placed.contains($0)
          }
      }
      guard !ready.isEmpty else {
        let name = order.first { !placed.contains($0) } ?? ""
        throw Diagnostic(
          .badData, "asked_if of '\(name)' leads back to itself", at: conditions[name]?.place,
          remedy: "a question may depend on questions before it alone")
      }
      let first = groups.count
      for name in ready {
        guard let (condition, place) = conditions[name] else { continue }
        if let known = groups[first...].firstIndex(where: { $0.condition == condition }) {
          groups[known].variables.append(name)
        } else {
          groups.append(Group(condition: condition, variables: [name], place: place))
        }
      }
      placed.formUnion(ready)
    }
    self.groups = groups
  }

  /// Applies the conditions; a line for each group.
  ///
  /// - Throws: `checkFailed` where the consequence is to stop, or where cells are `skipped` in a variable
  ///   without a condition.
  func run(
    _ sheet: inout Worksheet, _ consequence: CodebookRules.Consequence, _ workers: Workers
  ) throws(Diagnostic) -> [CleaningReport.Line] {
    try demandConditions(sheet)
    var lines: [CleaningReport.Line] = []
    for group in groups {
      let asked = try asked(group.condition, sheet, workers)
      for name in group.variables {
        let column = try sheet.table.column(name)
        if let line = try settle(column, asked, group, &sheet, consequence) { lines.append(line) }
      }
    }
    return lines
  }

  /// 1 where the question was asked, 0 where it was not, 2 where nobody can tell.
  private func asked(
    _ condition: Expression, _ sheet: Worksheet, _ workers: Workers
  ) throws(Diagnostic) -> [UInt8] {
    let truth = try condition.truth(in: sheet.table, workers: workers)
    // An unknown condition means not asked, unless an answer that it needs is lost.
    var isLost = [UInt8](repeating: 0, count: truth.count)
    for name in condition.variables {
      let reasons = try sheet.table.column(name).reasons
      reasons.withUnsafeBufferPointer { reasons in
        isLost.withUnsafeMutableBufferPointer { isLost in
          for row in reasons.indices {
            isLost[row] |= reasons[row] == MissingReason.blank.rawValue ? 1 : 0
            isLost[row] |= reasons[row] == MissingReason.struckOut.rawValue ? 1 : 0
          }
        }
      }
    }
    var asked = truth
    asked.withUnsafeMutableBufferPointer { asked in
      isLost.withUnsafeBufferPointer { isLost in
        for row in asked.indices { asked[row] = asked[row] == 2 ? isLost[row] << 1 : asked[row] }
      }
    }
    return asked
  }

  /// Whether any cell is not as its condition says; one pass that the compiler can make wide.
  private static func isAstray(_ reasons: [UInt8], _ asked: [UInt8]) -> Bool {
    var astray: UInt8 = 0
    reasons.withUnsafeBufferPointer { reasons in
      asked.withUnsafeBufferPointer { asked in
        for row in reasons.indices {
          let isSkipped: UInt8 = reasons[row] == MissingReason.skipped.rawValue ? 1 : 0
          let isStruck: UInt8 = reasons[row] == MissingReason.struckOut.rawValue ? 1 : 0
          let notAsked: UInt8 = asked[row] == 0 ? 1 : 0
          let wasAsked: UInt8 = asked[row] == 1 ? 1 : 0
          astray |= (notAsked & (1 ^ (isSkipped | isStruck))) | (wasAsked & isSkipped)
        }
      }
    }
    return astray != 0
  }

  /// Whether a byte is among others; one pass that the compiler can make wide.
  private static func holds(_ byte: UInt8, _ bytes: [UInt8]) -> Bool {
    var found: UInt8 = 0
    bytes.withUnsafeBufferPointer { bytes in
      for other in bytes { found |= other == byte ? 1 : 0 }
    }
    return found != 0
  }

  private func settle(
    _ column: Column, _ asked: [UInt8], _ group: Group, _ sheet: inout Worksheet,
    _ consequence: CodebookRules.Consequence
  ) throws(Diagnostic) -> CleaningReport.Line? {
    guard AskedIfRun.isAstray(column.reasons, asked) else { return nil }
    let rule = "asked_if \(column.name)"
    var answered: [Int] = []
    var unasked: [Int] = []
    var settled = column
    let reasons = column.reasons
    for row in asked.indices {
      let isAsked = asked[row]
      let reason = reasons[row]
      // Most cells are an answer that was asked for, or skipped and not asked.
      if isAsked == 2 || (isAsked == 1) != (reason == MissingReason.skipped.rawValue) { continue }
      guard sheet.isAlive[row] == 1 else { continue }
      switch MissingReason(rawValue: reason) {
      case .skipped?: unasked.append(row)
      case .blank?: settled.reasons[row] = MissingReason.skipped.rawValue
      case .struckOut?: break
      default: answered.append(row)
      }
    }
    let found = answered.count + unasked.count
    if consequence == .stop, found > 0 {
      let places = sheet.places(of: answered + unasked)
      throw Diagnostic(
        .checkFailed, "\(found) cells of '\(column.name)' are not as its asked_if says",
        at: places.first,
        why: "\(answered.count) are answered and were not asked, \(unasked.count) are skipped and "
          + "were asked if \(group.condition.text)" + (places.others.map { "; \($0)" } ?? ""),
        remedy: "correct the cells, or the condition at \(group.place ?? "the codebook")")
    }
    var rows = 0
    var cells = 0
    for row in answered {
      let old = column.cellText(at: row)
      let mayAct = sheet.note(
        rule, row: row, variable: column.name, value: old, isSettled: consequence == .blank)
      if mayAct { rows += 1 }
      guard mayAct, consequence == .blank else { continue }
      let lost = column.reasons[row] == 0 ? 1 : 0
      cells += lost
      settled.reasons[row] = MissingReason.skipped.rawValue
      sheet.note(
        change: rule, row: row, variable: column.name, old: old, new: MissingReason.skipped.name,
        cells: lost)
    }
    for row in unasked
    where sheet.note(
      rule, row: row, variable: column.name, value: MissingReason.skipped.name, isSettled: false)
    {
      rows += 1
    }
    sheet.table.set(settled)
    if found == 0 { return nil }
    return CleaningReport.Line(
      rule: rule, kind: consequence == .blank ? .blank : .flag, applied: asked.count, rows: rows,
      unknown: 0, cells: cells)
  }

  /// A skipped cell needs a condition that says so, where a codebook gives conditions at all.
  private func demandConditions(_ sheet: Worksheet) throws(Diagnostic) {
    for variable in unconditional {
      guard let column = sheet.table[variable.name] else { continue }
      guard AskedIfRun.holds(MissingReason.skipped.rawValue, column.reasons) else { continue }
      let skipped = column.reasons.indices.filter {
        column.reasons[$0] == MissingReason.skipped.rawValue
      }
      let places = sheet.places(of: skipped)
      throw Diagnostic(
        .checkFailed,
        "\(skipped.count) \(skipped.count == 1 ? "cell" : "cells") of '\(variable.name)' are skipped, "
          + "and the codebook has no asked_if for it", at: places.first, why: places.others,
        remedy: "give the condition under which it is asked at \(variable.place ?? "its entry")")
    }
  }
}
