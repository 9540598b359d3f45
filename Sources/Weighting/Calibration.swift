import CanvassCompute
import CanvassSurvey

/// Calibration of every group's weights to its totals by Newton's method.
struct Calibration: PreparedStep {
  let name = "calibration"
  let request: CalibrationRequest
  let groups: CalibrationGroups
  private let variables: AuxiliaryVariables
  private let targets: [CalibrationTargets]
  /// The system of each group's rows.
  private let systems: [CalibrationSystem]
  private let margins: [[MarginTable]]
  /// The values of each row for the totals.
  private let continuous: [[Double]]
  /// v of each row; nil: 1.
  private let variances: [Double]?
  /// The cluster of each row that shares its factor; nil: rows by themselves.
  private let clusterOfRow: [Int32]?

  /// Matches each group's rows with its targets.
  ///
  /// - Throws: `badPipeline` for a request that makes no sense, `badData` for auxiliary values that are
  ///   missing, `notConverged` for targets that no weights can meet, as far as that can be seen beforehand.
  init(
    _ request: CalibrationRequest, table: Table, weights: [Double], workers: Workers
  ) throws(Diagnostic) {
    try request.check()
    self.request = request
    let groups = try CalibrationGroups(
      table, within: request.within, weights: weights, purpose: name)
    self.groups = groups
    let margins = try MarginTable.all(
      request.margins, of: groups, in: table, weights: weights, purpose: name, workers: workers)
    var continuous: [[Double]] = []
    for total in request.totals {
      continuous.append(
        try AuxiliaryColumn.values(
          of: total.variable, in: table, weights: weights, role: "a calibration variable"))
    }
    let variables = AuxiliaryVariables(
      groups, margins: margins, hasIntercept: request.population != nil, continuous: continuous,
      rowCount: table.rowCount)
    self.variables = variables
    self.margins = margins
    self.continuous = continuous
    var targets: [CalibrationTargets] = []
    for group in groups.levels.indices {
      targets.append(
        try CalibrationTargets(
          request, group: groups.levels[group], name: groups.name(of: group),
          margins: margins[group]))
    }
    self.targets = targets
    let variances = try request.variance.map { name throws(Diagnostic) in
      try AuxiliaryColumn.variances(name, in: table, weights: weights)
    }
    self.variances = variances
    systems = targets.indices.map { group in
      CalibrationGroupProblem.plain(
        rows: groups.rows[group], variables: variables, group: group, targets: targets[group],
        variances: variances, distance: request.distance)
    }
    clusterOfRow =
      request.equalWithin.isEmpty
      ? nil
      : try Crossing(table, by: request.equalWithin, weights: weights, purpose: name).cellOfRow
    try checkClusters(table)
  }

  var groupOfRow: [Int32] { groups.groupOfRow }

  func carryOut(on weights: [Double], workers: Workers) throws(Diagnostic) -> StepOutcome {
    try carryOut(on: weights, limits: nil, workers: workers)
  }

  /// - Parameter limits: the least and the greatest weight of each row instead of the request's bounds.
  func carryOut(
    on weights: [Double], limits: WeightLimits?, workers: Workers
  ) throws(Diagnostic) -> StepOutcome {
    let solved = try workers.diagnosing(groups.rows.count) { group throws(Diagnostic) in
      let problem = self.problem(of: group, weights, limits: limits)
      let fit = problem.fit(tolerance: self.request.tolerance, steps: self.request.maximumSteps)
      guard fit.isConverged, self.request.allowsNegative || !problem.isNegative(fit) else {
        throw CalibrationFailure(
          step: limits == nil ? self.name : "trimming", problem: problem, fit: fit,
          request: self.request, targets: self.targets[group],
          group: self.groups.name(of: group)
        ).diagnostic
      }
      return (fit: fit, factor: problem.factorOfRow(fit), problem: problem)
    }
    var factor = [Double](repeating: 1, count: weights.count)
    for (group, solution) in solved.enumerated() {
      for (position, row) in groups.rows[group].enumerated() {
        factor[row] = solution.factor[position]
      }
    }
    return StepOutcome(
      factor: factor,
      calibration: calibration(solved.map(\.problem), weights: weights, factor: factor),
      distance: (
        before: solved.map(\.fit.before).max() ?? 0, after: solved.map(\.fit.after).max() ?? 0
      ),
      iterations: solved.map(\.fit.iterations).max(),
      balance: balance(before: weights, after: zip(weights, factor).map { $0 * $1 }))
  }

  /// The largest relative error of any target of any group.
  func error(of weights: [Double]) -> Double {
    groups.rows.indices.map { group in
      let problem = problem(of: group, weights, limits: nil)
      return problem.system.error(of: problem.weights)
    }.max() ?? 0
  }

  /// Each target before and after a step.
  func balance(before: [Double], after: [Double]) -> [CovariateBalance] {
    var sums = BalanceSums(groups, before: before, after: after)
    for group in groups.rows.indices {
      for (total, values) in zip(request.totals, continuous) {
        sums.add(
          total.variable, values: values, total: total.targets[groups.levels[group]] ?? 0,
          people: targets[group].people, group: group)
      }
      for margin in margins[group] { sums.add(margin, group: group) }
    }
    return sums.table
  }

  func repeatStep(on weights: inout [Double]) -> [(group: Int, name: String)] {
    repeatStep(on: &weights, limits: nil)
  }

  /// Negative weights are no failure here, whatever the request says: a replicate serves the variance alone
  /// (as in R survey).
  ///
  /// - Parameter limits: as in `carryOut(on:limits:workers:)`.
  func repeatStep(
    on weights: inout [Double], limits: WeightLimits?
  ) -> [(group: Int, name: String)] {
    var unsolved: [(group: Int, name: String)] = []
    for group in groups.rows.indices {
      let problem = problem(of: group, weights, limits: limits)
      let fit = problem.fit(tolerance: request.tolerance, steps: request.maximumSteps)
      if fit.isConverged {
        for (row, factor) in zip(groups.rows[group], problem.factorOfRow(fit)) {
          weights[row] *= factor
        }
      } else {
        unsolved.append((group, groups.name(of: group)))
        let entered = groups.rows[group].reduce(0.0) { $0 + weights[$1] }
        guard entered > 0, let total = targets[group].people else { continue }
        for row in groups.rows[group] { weights[row] *= total / entered }
      }
    }
    return unsolved
  }

  /// One group's system for given weights.
  private func problem(
    of group: Int, _ weights: [Double], limits: WeightLimits?
  ) -> CalibrationGroupProblem {
    CalibrationGroupProblem(
      rows: groups.rows[group], plain: systems[group], variables: variables, group: group,
      targets: targets[group], weights: weights, clusterOfRow: clusterOfRow,
      bounds: request.bounds, limits: limits)
  }

  /// What estimates are residualized on: x, averaged in clusters that share a factor, weighted by d/v.
  private func calibration(
    _ problems: [CalibrationGroupProblem], weights: [Double], factor: [Double]
  ) -> CalibrationStep {
    let regression = variances.map { zip(weights, $0).map { $0 / $1 } } ?? weights
    let exit = zip(weights, factor).map { $0 * $1 }
    guard clusterOfRow != nil else {
      return variables.calibration(
        regressionWeights: regression, exitWeights: exit, rule: .calibrate)
    }
    let width = variables.widths.max() ?? 0
    var values = [Double](repeating: 0, count: weights.count * width)
    var columns = [Int32](repeating: 0, count: weights.count * width)
    for (group, problem) in problems.enumerated() {
      for (position, row) in groups.rows[group].enumerated() {
        for column in 0..<variables.widths[group] {
          columns[row * width + column] = Int32(column)
          values[row * width + column] = problem.value(ofRow: position, column)
        }
      }
    }
    return CalibrationStep(
      groupCount: groups.rows.count, groupOfRow: groups.groupOfRow, entriesPerRow: width,
      auxiliaryCount: width, columnsOfRow: columns, valuesOfRow: values,
      regressionWeights: regression, exitWeights: exit)
  }

  /// Rows that share a factor must share v, and lie in one group.
  private func checkClusters(_ table: Table) throws(Diagnostic) {
    guard let clusterOfRow else { return }
    var first: [Int32: Int] = [:]
    for row in clusterOfRow.indices where clusterOfRow[row] >= 0 {
      guard let other = first[clusterOfRow[row]] else {
        first[clusterOfRow[row]] = row
        continue
      }
      guard groups.groupOfRow[row] == groups.groupOfRow[other],
        variances.map({ $0[row] == $0[other] }) ?? true
      else {
        throw Diagnostic(
          .badData,
          "rows that are to share one factor differ in '"
            + (groups.groupOfRow[row] == groups.groupOfRow[other]
              ? request.variance ?? "" : request.within ?? "") + "'", at: table.place(of: row),
          why: "it differs from \(table.place(of: other)), and both are one cluster",
          remedy: "correct the rows, or name smaller clusters under 'equal_within'")
      }
    }
  }
}

extension CalibrationRequest {
  /// Checks what can be checked without rows.
  ///
  /// - Throws: `badPipeline` for no target, bounds that do not hold 1 between them, a logit without bounds,
  ///   targets that are not numbers.
  func check() throws(Diagnostic) {
    guard population != nil || !totals.isEmpty || !margins.isEmpty else {
      throw Diagnostic(
        .badPipeline, "the calibration has no target",
        remedy: "give margins under 'over', 'totals', or the number of people as 'population'")
    }
    guard tolerance > 0, tolerance < 1, maximumSteps > 0 else {
      throw Diagnostic(
        .badPipeline, "the calibration needs a tolerance between 0 and 1 and at least one step",
        remedy: "leave both out to get 1e-10 and enough steps")
    }
    try margins.check(step: "calibration", within: within)
    if let bounds {
      guard bounds.lower < 1, bounds.upper > 1, bounds.lower.isFinite, bounds.upper.isFinite,
        bounds.lower >= 0
      else {
        throw Diagnostic(
          .badPipeline,
          "the calibration's bounds \(bounds.lower) and \(bounds.upper) do not have 1 between them",
          why: "they bound the factor by which each weight is multiplied",
          remedy: "give a lower bound from 0 to below 1 and an upper bound above 1")
      }
    } else if distance == .logit {
      throw Diagnostic(
        .badPipeline, "the logit distance has no bounds", why: "its curve runs between them",
        remedy: "add 'bounds: [0.5, 2]', say, or take the raking distance")
    }
    for (what, targets) in [("people", population ?? [:])]
      + totals.map({ ($0.variable, $0.targets) })
    {
      for (group, target) in targets.sorted(by: { Column.precedes($0.key, $1.key) }) {
        let isFine = target.isFinite && (what != "people" || population == nil || target > 0)
        if !isFine {
          throw Diagnostic(
            .badPipeline,
            "the total of '\(what)'\(group.isEmpty ? "" : " in \(within ?? "group")=\(group)") "
              + "is not a number that can be met",
            remedy: "correct the table of population totals")
        }
      }
    }
  }
}
