import CanvassCompute
import CanvassSurvey

/// Post-stratification or raking within groups, each group a problem of its own.
struct CalibrationProblem: Sendable {
  let name: String
  let within: String?
  let margins: [Margin]
  let tolerance: Double
  let maximumSweeps: Int

  /// The factor g of each row, the calibration for linearization, and how it went.
  struct Outcome {
    let factor: [Double]
    let calibration: CalibrationStep
    let distance: (before: Double, after: Double)
    let iterations: Int
  }

  /// Solves every group; rows without weight take no part and keep the factor 1.
  func solve(
    _ table: Table, weights: [Double], workers: Workers
  ) throws(Diagnostic) -> Outcome {
    try checkRequest()
    let groups = try Crossing(
      table, by: within.map { [$0] } ?? [], weights: weights, purpose: name)
    var crossings: [Crossing] = []
    for margin in margins {
      crossings.append(
        try Crossing(table, by: margin.variables, weights: weights, purpose: name))
    }
    let codes = crossings
    let rowsOfGroup = CalibrationProblem.rows(of: groups)
    let solved = try workers.diagnosing(groups.levels.count) { group throws(Diagnostic) in
      let rows = rowsOfGroup[group]
      var tables: [MarginTable] = []
      for (index, margin) in self.margins.enumerated() {
        tables.append(
          try MarginTable(
            margin, within: self.within, group: groups.levels[group].first ?? "",
            crossing: codes[index], rows: rows, table: table))
      }
      return try Raking(
        step: self.name, group: self.describe(groups.levels[group]), tables: tables,
        weights: rows.map { weights[$0] }
      ).solve(tolerance: self.tolerance, maximumSweeps: self.maximumSweeps)
    }

    var factor = [Double](repeating: 1, count: table.rowCount)
    var columns = [Int32](repeating: 0, count: table.rowCount * margins.count)
    for (group, solution) in solved.enumerated() {
      for (position, row) in rowsOfGroup[group].enumerated() {
        factor[row] = solution.factor[position]
        for margin in margins.indices {
          columns[row * margins.count + margin] =
            solution.columns[position * margins.count + margin]
        }
      }
    }
    return Outcome(
      factor: factor,
      calibration: CalibrationStep(
        groupCount: groups.levels.count, groupOfRow: groups.cellOfRow,
        entriesPerRow: margins.count, auxiliaryCount: solved.map(\.columnCount).max() ?? 0,
        columnsOfRow: columns, regressionWeights: weights,
        exitWeights: zip(weights, factor).map { $0 * $1 }),
      distance: (
        before: solved.map(\.before).max() ?? 0, after: solved.map(\.after).max() ?? 0
      ),
      iterations: solved.map(\.sweeps).max() ?? 0)
  }

  private func describe(_ levels: [String]) -> String {
    guard let within, let level = levels.first else { return "the sample" }
    return "\(within)=\(level)"
  }

  private func checkRequest() throws(Diagnostic) {
    guard !margins.isEmpty, margins.allSatisfy({ !$0.variables.isEmpty }) else {
      throw Diagnostic(
        .badPipeline, "the \(name) has no margin, or a margin without a variable",
        remedy: "list the variables whose population totals are known under 'over'")
    }
    guard tolerance > 0, tolerance < 1, maximumSweeps > 0 else {
      throw Diagnostic(
        .badPipeline, "the \(name) needs a tolerance between 0 and 1 and at least one sweep",
        remedy: "leave both out to get 1e-10 and enough sweeps")
    }
    for margin in margins {
      for (group, cells) in margin.targets.sorted(by: { Column.precedes($0.key, $1.key) }) {
        for (levels, target) in cells.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
        where !(target >= 0 && target.isFinite) {
          let place = group.isEmpty ? "" : " in \(within ?? "group")=\(group)"
          throw Diagnostic(
            .badPipeline,
            "the target of \(Crossing.describe(margin.variables, levels))\(place) "
              + "is negative or not a finite number",
            remedy: "correct the table of population margins")
        }
      }
    }
  }

  private static func rows(of groups: Crossing) -> [[Int]] {
    var rows = [[Int]](repeating: [], count: groups.levels.count)
    for (row, group) in groups.cellOfRow.enumerated() where group >= 0 {
      rows[Int(group)].append(row)
    }
    return rows
  }
}
