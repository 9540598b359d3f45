import CanvassSurvey

/// The rows of each group of a calibration; each group is a problem of its own.
struct CalibrationGroups: Sendable {
  /// The grouping variable; nil: all rows are one group.
  let within: String?
  /// The value of the grouping variable in each group; empty for the whole sample.
  let levels: [String]
  /// The group of each row, −1 for a row without weight.
  let groupOfRow: [Int32]
  /// The rows of each group in their order.
  let rows: [[Int]]

  /// Groups the rows with a positive weight by the levels of a variable.
  ///
  /// - Throws: `badData` for a weighted row without a value of the variable.
  init(
    _ table: Table, within: String?, weights: [Double], purpose: String
  ) throws(Diagnostic) {
    let crossing = try Crossing(
      table, by: within.map { [$0] } ?? [], weights: weights, purpose: purpose)
    self.init(
      within: within, levels: crossing.levels.map { $0.first ?? "" },
      groupOfRow: crossing.cellOfRow)
  }

  /// The groups of a few rows, which are numbered anew in their order.
  func condensed(to chosen: [Int]) -> CalibrationGroups {
    CalibrationGroups(
      within: within, levels: levels, groupOfRow: chosen.map { groupOfRow[$0] })
  }

  private init(within: String?, levels: [String], groupOfRow: [Int32]) {
    self.within = within
    self.levels = levels
    self.groupOfRow = groupOfRow
    var rows = [[Int]](repeating: [], count: levels.count)
    for (row, group) in groupOfRow.enumerated() where group >= 0 { rows[Int(group)].append(row) }
    self.rows = rows
  }

  /// What a group is called in messages: `province=12`, or `the sample`.
  func name(of group: Int) -> String {
    within.map { "\($0)=\(levels[group])" } ?? "the sample"
  }
}
