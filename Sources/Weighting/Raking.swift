import CanvassCompute
import CanvassSurvey

/// Raking of every group's weights to its margins; with one margin it is post-stratification.
struct Raking: PreparedStep {
  let name: String
  let tolerance: Double
  let maximumSweeps: Int
  let residuals: ResidualRule
  let groups: CalibrationGroups
  let tables: [RakingTable]

  /// Matches each group's rows with its targets.
  ///
  /// - Throws: `badPipeline` for a request that makes no sense, `notConverged` for margins that no weights
  ///   can meet, as far as that can be seen before the first sweep.
  init(
    named name: String, within: String?, margins: [Margin], tolerance: Double, maximumSweeps: Int,
    residuals: ResidualRule, table: Table, weights: [Double], workers: Workers
  ) throws(Diagnostic) {
    try margins.check(step: name, within: within)
    guard !margins.isEmpty else {
      throw Diagnostic(
        .badPipeline, "the \(name) has no margin",
        remedy: "list the variables whose population totals are known under 'over'")
    }
    guard tolerance > 0, tolerance < 1, maximumSweeps > 0 else {
      throw Diagnostic(
        .badPipeline, "the \(name) needs a tolerance between 0 and 1 and at least one sweep",
        remedy: "leave both out to get 1e-10 and enough sweeps")
    }
    self.name = name
    self.tolerance = tolerance
    self.maximumSweeps = maximumSweeps
    self.residuals = residuals
    let groups = try CalibrationGroups(table, within: within, weights: weights, purpose: name)
    self.groups = groups
    let tables = try MarginTable.all(
      margins, of: groups, in: table, weights: weights, purpose: name, workers: workers)
    for (group, tables) in tables.enumerated() {
      try tables.checkTotals(step: name, group: groups.name(of: group))
    }
    self.tables = zip(tables, groups.rows).map { RakingTable($0, rowCount: $1.count) }
  }

  func carryOut(on weights: [Double], workers: Workers) throws(Diagnostic) -> StepOutcome {
    let fits = try workers.diagnosing(tables.count) { group throws(Diagnostic) in
      let entry = self.entry(of: group, weights)
      let fit = self.tables[group].fit(
        entry, tolerance: self.tolerance, maximumSweeps: self.maximumSweeps)
      guard fit.isConverged else { throw self.failure(group, fit, entry) }
      return fit
    }
    var factor = [Double](repeating: 1, count: weights.count)
    for (group, fit) in fits.enumerated() {
      for (position, row) in groups.rows[group].enumerated() {
        factor[row] = fit.factor[Int(tables[group].cellOfRow[position])]
      }
    }
    let variables = AuxiliaryVariables(
      groups, margins: tables.map(\.margins), rowCount: weights.count)
    let exit = zip(weights, factor).map { $0 * $1 }
    var balance = BalanceSums(groups, before: weights, after: exit)
    for (group, table) in tables.enumerated() {
      for margin in table.margins { balance.add(margin, group: group) }
    }
    return StepOutcome(
      factor: factor,
      calibration: variables.calibration(
        regressionWeights: residuals == .rake
          ? [Double](repeating: 1, count: weights.count) : weights,
        exitWeights: exit, rule: residuals),
      distance: (before: fits.map(\.before).max() ?? 0, after: fits.map(\.after).max() ?? 0),
      iterations: maximumSweeps == 1 ? nil : fits.map(\.sweeps).max(), balance: balance.table)
  }

  func repeatStep(on weights: inout [Double]) -> [(group: Int, name: String)] {
    var unsolved: [(group: Int, name: String)] = []
    for (group, table) in tables.enumerated() {
      let entry = entry(of: group, weights)
      let fit = table.fit(entry, tolerance: tolerance, maximumSweeps: maximumSweeps)
      if fit.isConverged {
        for (position, row) in groups.rows[group].enumerated() {
          weights[row] *= fit.factor[Int(table.cellOfRow[position])]
        }
      } else {
        unsolved.append((group, groups.name(of: group)))
        let entered = entry.reduce(0, +)
        guard entered > 0 else { continue }
        let scale = table.total(of: entered) / entered
        for row in groups.rows[group] { weights[row] *= scale }
      }
    }
    return unsolved
  }

  var groupOfRow: [Int32] { groups.groupOfRow }

  var cellOfRow: [Int32]? {
    var cells = [Int32](repeating: -1, count: groups.groupOfRow.count)
    var first: Int32 = 0
    for (table, rows) in zip(tables, groups.rows) {
      for (position, row) in rows.enumerated() { cells[row] = first + table.cellOfRow[position] }
      first += Int32(table.cellCount)
    }
    return cells
  }

  func condensed(to rows: [Int]) -> any PreparedStep {
    let condensed = groups.condensed(to: rows)
    var positionOfRow = [Int](repeating: 0, count: groups.groupOfRow.count)
    for own in groups.rows {
      for (position, row) in own.enumerated() { positionOfRow[row] = position }
    }
    return Raking(
      self, groups: condensed,
      tables: zip(tables, condensed.rows).map { table, own in
        table.condensed(to: own.map { positionOfRow[rows[$0]] })
      })
  }

  private init(_ other: Raking, groups: CalibrationGroups, tables: [RakingTable]) {
    name = other.name
    tolerance = other.tolerance
    maximumSweeps = other.maximumSweeps
    residuals = other.residuals
    self.groups = groups
    self.tables = tables
  }

  /// Σ w of each cell of a group.
  private func entry(of group: Int, _ weights: [Double]) -> [Double] {
    var entry = [Double](repeating: 0, count: tables[group].cellCount)
    for (position, row) in groups.rows[group].enumerated() {
      entry[Int(tables[group].cellOfRow[position])] += weights[row]
    }
    return entry
  }

  private func failure(_ group: Int, _ fit: RakingTable.Fit, _ entry: [Double]) -> Diagnostic {
    let margins = tables[group].margins
    let residuals = zip(margins, tables[group].errors(entry, fit)).map { margin, worst in
      "\(Crossing.describe(margin.variables, margin.levels[worst.level])) "
        + "\(BriefNumber.text(worst.error))"
    }
    return Diagnostic(
      .notConverged,
      "the \(name) of \(groups.name(of: group)) did not converge in \(fit.sweeps) sweeps",
      why: "largest relative residual of each margin: " + residuals.joined(separator: "; ")
        + (fit.isStalled
          ? "; they no longer shrink, so no weights on the combinations of levels that have rows "
            + "meet all margins" : "; they still shrink"),
      remedy: fit.isStalled
        ? "merge rare levels, or leave out a margin" : "allow more sweeps or a larger tolerance")
  }
}
