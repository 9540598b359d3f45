import CanvassCompute
import CanvassSurvey

/// One margin in one group: its levels, their targets, and the level of each row of the group.
struct MarginTable: Sendable {
  /// The variables, for messages.
  let variables: [String]
  /// The combinations of levels with rows, in order.
  let levels: [[String]]
  /// The target of each, above 0.
  let targets: [Double]
  /// Whether targets are shares of the group's total, and `total` is 1.
  let isShare: Bool
  /// The level of each row of the group.
  let levelOfRow: [Int32]
  /// Sum of all targets of the margin.
  let total: Double

  /// Matches the levels of the group's rows with the targets, and both ways.
  ///
  /// Levels that only the data have are respondents' answers: the error gives a row's place instead.
  ///
  /// - Throws: `notConverged` where a level is missing on one side or a target of 0 has rows.
  init(
    _ margin: Margin, within: String?, group: String, crossing: Crossing, rows: [Int],
    table: Table
  ) throws(Diagnostic) {
    let place = within.map { " in \($0)=\(group)" } ?? ""
    let title = margin.variables.joined(separator: " × ")
    guard let given = margin.targets[group], !given.isEmpty else {
      throw Diagnostic(
        within == nil ? .badPipeline : .notConverged,
        "the margin of '\(title)' has no targets"
          + (within.map { " for the \($0) of \(rows.count) rows" } ?? ""),
        at: within.flatMap { _ in rows.first }.map { table.place(of: $0) },
        why: within.map { "the data has rows of this \($0), the margins do not" },
        remedy: "add the group to the table of population margins, or leave its rows out")
    }
    let dense = DenseCodes(
      rows.map { Int(crossing.cellOfRow[$0]) }, bound: crossing.levels.count, where: { _ in true })
    let levels = dense.distinct.map { crossing.levels[$0] }
    var targets: [Double] = []
    for (index, level) in levels.enumerated() {
      let name = Crossing.describe(margin.variables, level)
      guard let target = given[level] else {
        let here = dense.codeOfRow.indices.filter { dense.codeOfRow[$0] == index }
        throw Diagnostic(
          .notConverged,
          "the margin of '\(title)' has no target for the level of \(here.count) rows\(place)",
          at: here.first.map { table.place(of: rows[$0]) },
          why: "the data has rows of this level, the margins do not",
          remedy: "add the target, or recode the variable to the levels of the margins")
      }
      if target == 0 {
        let count = dense.codeOfRow.count { $0 == index }
        throw Diagnostic(
          .notConverged, "the target of \(name)\(place) is 0, but \(count) weighted rows are there",
          remedy: "correct the target, or recode or drop these rows")
      }
      targets.append(target)
    }
    let observed = Set(levels)
    let keys = given.keys.sorted { $0.lexicographicallyPrecedes($1, by: Column.precedes) }
    var total = 0.0
    for key in keys {
      let target = given[key] ?? 0
      total += target
      guard target == 0 || observed.contains(key) else {
        throw Diagnostic(
          .notConverged,
          "no weighted row has \(Crossing.describe(margin.variables, key))\(place), "
            + "which has a positive target",
          why: "an empty cell can carry no weight",
          remedy: "merge the level with a neighbour in the data and in the margins")
      }
    }
    if margin.isShare {
      guard abs(total - 1) <= 1e-3 else {
        throw Diagnostic(
          .badPipeline, "the shares of '\(title)'\(place) sum to \(total), not to 1",
          remedy: "give shares of the population as fractions, or counts as counts")
      }
      targets = targets.map { $0 / total }
      total = 1
    } else if within != nil, total <= 1 + 1e-6 {
      throw Diagnostic(
        .badPipeline, "the targets of '\(title)'\(place) sum to \(total)",
        why: "they look like shares; within groups they would make every group weigh the same",
        remedy: "give numbers of people, or say that the margin holds shares")
    }
    variables = margin.variables
    isShare = margin.isShare
    self.levels = levels
    self.targets = targets
    self.total = total
    levelOfRow = dense.codeOfRow
  }
}

extension MarginTable {
  /// The margins of every group, groups in parallel.
  static func all(
    _ margins: [Margin], of groups: CalibrationGroups, in table: Table, weights: [Double],
    purpose: String, workers: Workers
  ) throws(Diagnostic) -> [[MarginTable]] {
    var crossings: [Crossing] = []
    for margin in margins {
      crossings.append(
        try Crossing(table, by: margin.variables, weights: weights, purpose: purpose))
    }
    let codes = crossings
    return try workers.diagnosing(groups.rows.count) { group throws(Diagnostic) in
      var tables: [MarginTable] = []
      for (index, margin) in margins.enumerated() {
        tables.append(
          try MarginTable(
            margin, within: groups.within, group: groups.levels[group], crossing: codes[index],
            rows: groups.rows[group], table: table))
      }
      return tables
    }
  }
}

extension [MarginTable] {
  /// Margins that contradict each other cannot all be met: said before any sweep.
  func checkTotals(step: String, group: String) throws(Diagnostic) {
    let counts = filter { !$0.isShare }
    guard let first = counts.first else { return }
    for table in counts.dropFirst() where abs(table.total - first.total) > 1e-6 * first.total {
      throw Diagnostic(
        .notConverged,
        "the margins of \(group) have different totals: "
          + "'\(first.variables.joined(separator: " × "))' \(first.total), "
          + "'\(table.variables.joined(separator: " × "))' \(table.total)",
        why: "the \(step) cannot meet both; they may differ by one part in a million",
        remedy: "take the margins from one source and date, or scale one to the other's total")
    }
  }
}
