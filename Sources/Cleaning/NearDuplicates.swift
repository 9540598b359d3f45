import CanvassSurvey

/// Interviews that are nearly alike, which one person may have made up from one of them.
public struct NearDuplicateRule: Sendable, Hashable {
  /// Names of the questions; `*` stands for any characters, `?` for one.
  public var variables: [String]
  /// Interviews are compared within each value of this variable.
  public var within: String
  /// The least share of questions answered alike that is a finding.
  public var share: Double

  /// A rule.
  public init(variables: [String], within: String, share: Double) {
    self.variables = variables
    self.within = within
    self.share = share
  }
}

extension NearDuplicateRule {
  /// The name in findings.
  static let name = "near_duplicates"

  /// Lists the rows that are nearly alike, each with the key of the one it is most like.
  func run(_ sheet: inout Worksheet, key: String?) throws(Diagnostic) -> CleaningReport.Line {
    let names = try NamePattern.names(variables, in: Schema(sheet.table))
    let columns = sheet.table.columns.filter { names.contains($0.name) }
    let match = PercentMatch(columns)
    let (levelOfRow, levels) = try sheet.table.column(within).grouped()
    let keys = try key.map { name throws(Diagnostic) in try sheet.table.column(name) }
    var groups = [[Int]](repeating: [], count: levels.count + 1)
    for row in levelOfRow.indices where sheet.isAlive[row] == 1 {
      // An interview without a single answer is like no other.
      if columns.contains(where: { $0.reasons[row] == 0 }) {
        groups[Int(levelOfRow[row])].append(row)
      }
    }
    var rows = 0
    for group in groups {
      // In order of the keys, so that the order of rows decides nothing.
      let ordered = group.sorted {
        Column.precedes(keys?.cellText(at: $0) ?? "", keys?.cellText(at: $1) ?? "")
      }
      for (row, best) in zip(ordered, match.greatest(among: ordered)) {
        guard let best, best.share >= share else { continue }
        let mayAct = sheet.note(
          NearDuplicateRule.name, row: row, variable: "",
          value: keys?.cellText(at: best.other) ?? sheet.table.place(of: best.other),
          isSettled: false)
        if mayAct { rows += 1 }
      }
    }
    return CleaningReport.Line(
      rule: NearDuplicateRule.name, kind: .flag, applied: groups.reduce(0) { $0 + $1.count },
      rows: rows, unknown: 0, cells: 0)
  }
}
