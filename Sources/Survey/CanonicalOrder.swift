import CanvassCompute

extension Table {
  /// The rows in canonical order (strata, sampling units, key) and the design that owns their ranges.
  ///
  /// The order depends on the rows' content alone. `key` names the variable that tells rows apart within
  /// a sampling unit; without one all columns in order of their names do. A unit drawn with certainty
  /// becomes a stratum of its own whose units of the next stage are the PSUs.
  ///
  /// - Throws: `badData` where a row lacks a design variable, `badPipeline` where the data lacks the
  ///   variable or certainty is asked for without a second stage.
  public func arranged(
    by request: DesignRequest, key: String?
  ) throws(Diagnostic) -> (table: Table, design: SampleDesign) {
    var strataColumns: [[Int32]] = []
    var strataLevels: [[String]] = []
    for name in request.stages.first?.strata ?? [] {
      let (level, levels) = try designLevels(name)
      strataColumns.append(level)
      strataLevels.append(levels)
    }
    var unitColumns: [[Int32]] = []
    var unitLevels: [[String]] = []
    for stage in request.stages {
      let (level, levels) = try designLevels(stage.unit)
      unitColumns.append(level)
      unitLevels.append(levels)
    }
    var certain = [Bool](repeating: false, count: rowCount)
    if let (unit, flag) = request.certainty {
      guard let first = request.stages.first, first.unit == unit, request.stages.count > 1 else {
        throw Diagnostic(
          .badPipeline,
          "certainty names '\(unit)', which is not a first stage with a second below it",
          remedy: "list the stage whose units were drawn with certainty first, then its sub-units")
      }
      let column = try column(flag)
      for row in 0..<rowCount {
        guard let value = column.number(at: row), value == 0 || value == 1 else {
          throw Diagnostic(
            .badData, "'\(flag)' must be 0 or 1 in every row", at: place(of: row),
            why: "it says whether the row's \(unit) was drawn with certainty")
        }
        certain[row] = value == 1
      }
    }

    // The columns that order rows; a certainty unit moves one stage up, into the strata.
    let unused = [Int32](repeating: -1, count: rowCount)
    var stratumKey = strataColumns
    var psuKey: [Int32] = unused
    if let first = unitColumns.first {
      stratumKey.append((0..<rowCount).map { certain[$0] ? first[$0] : -1 })
      let second = unitColumns.count > 1 ? unitColumns[1] : unused
      psuKey = (0..<rowCount).map { certain[$0] ? second[$0] : first[$0] }
    }
    var keys = stratumKey + [psuKey]
    keys += unitColumns
    if let key {
      keys.append(try column(key).grouped().levelOfRow)
    }
    // Without a key, and for rows that share one, every column decides, reasons included.
    let tieBreakers = { () -> [[Int32]] in
      self.columns.sorted { Column.precedes($0.name, $1.name) }.flatMap { column in
        [column.grouped().levelOfRow, column.reasons.map { Int32($0) }]
      }
    }
    if key == nil { keys += tieBreakers() }

    let order = Array(0..<rowCount).sorted { first, second in
      for column in keys where column[first] != column[second] {
        return column[first] < column[second]
      }
      return first < second
    }
    let table = gathering(order)

    var rowStarts: [Int] = []
    var psuStarts: [Int] = []
    var stratumNames: [String] = []
    var psuNames: [String] = []
    for (position, row) in order.enumerated() {
      let previous = position > 0 ? order[position - 1] : nil
      let newStratum = previous.map { last in stratumKey.contains { $0[last] != $0[row] } } ?? true
      let newPSU = previous.map { psuKey[$0] != psuKey[row] } ?? true
      if newStratum {
        psuStarts.append(psuNames.count)
        var parts = zip(strataColumns, strataLevels).map { $1[Int($0[row])] }
        if certain[row], let first = request.stages.first {
          parts.append("\(first.unit) \(unitLevels[0][Int(unitColumns[0][row])])")
        }
        stratumNames.append(parts.isEmpty ? "the whole sample" : parts.joined(separator: "/"))
      }
      if newStratum || newPSU || request.stages.isEmpty {
        rowStarts.append(position)
        let stage = certain[row] ? 1 : 0
        psuNames.append(
          unitColumns.isEmpty
            ? String(position + 1) : unitLevels[stage][Int(unitColumns[stage][row])])
      }
    }
    rowStarts.append(rowCount)
    psuStarts.append(psuNames.count)

    var counts: [(unit: String, count: Int)] = []
    for depth in unitColumns.indices {
      let path = strataColumns + unitColumns[0...depth]
      var distinct = 0
      for (position, row) in order.enumerated() {
        // Rows of one path are adjacent: certainty moves whole units, never parts of one.
        let isNew = position == 0 || path.contains { $0[order[position - 1]] != $0[row] }
        if isNew { distinct += 1 }
      }
      counts.append((request.stages[depth].unit, distinct))
    }
    return (
      table,
      SampleDesign(
        rowStarts: rowStarts, psuStarts: psuStarts, stratumNames: stratumNames, psuNames: psuNames,
        stageCounts: counts, lonely: request.lonely)
    )
  }

  private func designLevels(_ name: String) throws(Diagnostic) -> ([Int32], [String]) {
    let column = try column(name)
    if let row = column.reasons.firstIndex(where: { $0 != 0 }) {
      throw Diagnostic(
        .badData, "'\(name)' has no value in a row, and the sampling design needs it",
        at: place(of: row),
        remedy: "complete the design variable, or drop such rows with a check")
    }
    let (levelOfRow, levels) = column.grouped()
    return (levelOfRow, levels)
  }
}
