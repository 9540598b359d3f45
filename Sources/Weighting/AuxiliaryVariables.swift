/// The auxiliary variables of a calibration's rows, sparse by row, columns numbered within the group.
///
/// A margin of counts gives a row one entry, the indicator of its level; a margin of shares p an entry for
/// every level, x − p; an intercept and a continuous total one entry each. Entries that a row does not need
/// have the value 0.
struct AuxiliaryVariables: Sendable {
  let groups: CalibrationGroups
  let entriesPerRow: Int
  /// Columns of each group; the arrays of a row have room for the largest group.
  let widths: [Int]
  /// Row-major, `entriesPerRow` a row.
  let columns: [Int32]
  /// Likewise; nil where every entry is 1.
  let values: [Double]?

  /// The columns in the order intercept, totals, margins.
  ///
  /// - Parameters:
  ///   - continuous: one value a row for each total.
  init(
    _ groups: CalibrationGroups, margins: [[MarginTable]], hasIntercept: Bool = false,
    continuous: [[Double]] = [], rowCount: Int
  ) {
    let before = (hasIntercept ? 1 : 0) + continuous.count
    let shapes = margins.first ?? []
    let room = shapes.indices.map { margin in
      shapes[margin].isShare ? margins.map { $0[margin].levels.count }.max() ?? 0 : 1
    }
    let entriesPerRow = before + room.reduce(0, +)
    let isPlain = continuous.isEmpty && !shapes.contains(where: \.isShare)
    var columns = [Int32](repeating: 0, count: rowCount * entriesPerRow)
    var values = [Double](repeating: 0, count: isPlain ? 0 : rowCount * entriesPerRow)
    var widths: [Int] = []
    for (group, tables) in margins.enumerated() {
      for (position, row) in groups.rows[group].enumerated() {
        var entry = row * entriesPerRow
        func put(_ column: Int, _ value: Double) {
          columns[entry] = Int32(column)
          if !isPlain { values[entry] = value }
          entry += 1
        }
        if hasIntercept { put(0, 1) }
        for (index, total) in continuous.enumerated() {
          put((hasIntercept ? 1 : 0) + index, total[row])
        }
        var offset = before
        for (index, margin) in tables.enumerated() {
          let level = Int(margin.levelOfRow[position])
          if margin.isShare {
            for (other, share) in margin.targets.enumerated() {
              put(offset + other, (other == level ? 1 : 0) - share)
            }
            for _ in margin.targets.count..<room[index] { put(0, 0) }
          } else {
            put(offset + level, 1)
          }
          offset += margin.levels.count
        }
      }
      widths.append(before + tables.reduce(0) { $0 + $1.levels.count })
    }
    self.groups = groups
    self.entriesPerRow = entriesPerRow
    self.widths = widths
    self.columns = columns
    self.values = isPlain ? nil : values
  }

  /// The calibration for linearization.
  func calibration(
    regressionWeights: [Double], exitWeights: [Double], rule: ResidualRule
  ) -> CalibrationStep {
    CalibrationStep(
      groupCount: groups.rows.count, groupOfRow: groups.groupOfRow, entriesPerRow: entriesPerRow,
      auxiliaryCount: widths.max() ?? 0, columnsOfRow: columns, valuesOfRow: values,
      regressionWeights: regressionWeights, exitWeights: exitWeights, rule: rule)
  }
}
