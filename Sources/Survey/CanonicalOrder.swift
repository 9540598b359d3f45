import CanvassCompute

extension Table {
  /// The rows in canonical order (strata, sampling units, key) and the design that owns their ranges.
  ///
  /// The order depends on the rows' content alone. `key` names the variable that tells rows apart within
  /// a sampling unit; without one, and for rows that share one, all columns in order of their names do.
  /// A unit drawn with certainty becomes a stratum of its own whose units of the next stage are the PSUs.
  ///
  /// - Throws: `badData` where a row lacks a design variable or a unit is certain in some of its rows
  ///   only, `badPipeline` where the data lacks the variable, certainty is asked for without a second
  ///   stage, or a stage below the first has strata.
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
    for stage in request.stages.dropFirst() where !stage.strata.isEmpty {
      throw Diagnostic(
        .badPipeline, "the stage '\(stage.unit)' has strata, and it is not the first",
        why:
          "sampling is taken to be with replacement at the first stage, whose strata alone matter",
        remedy: "remove the strata of '\(stage.unit)'")
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
    // From the least to the most significant key: each sort leaves ties as they were.
    var order = Array(0..<rowCount)
    let grouped = try key.map { name throws(Diagnostic) in try column(name).grouped() }
    if grouped.map({ $0.levels.count < rowCount }) ?? true {
      for column in columns.sorted(by: { Column.precedes($0.name, $1.name) }).reversed() {
        var (level, _) = column.grouped()
        for row in 0..<rowCount { level[row] += Int32(column.reasons[row]) }
        Table.sort(&order, by: level)
      }
    }
    if let grouped { Table.sort(&order, by: grouped.levelOfRow) }
    for keys in (stratumKey + [psuKey] + unitColumns).reversed() { Table.sort(&order, by: keys) }
    try demandWhole(request, certain, strataColumns + unitColumns.prefix(1), order)
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

  /// Sorts rows by a small key from −1 upwards, in linear time and without moving ties.
  private static func sort(_ order: inout [Int], by key: [Int32]) {
    guard let greatest = key.max() else { return }
    var starts = [Int](repeating: 0, count: Int(greatest) + 3)
    for level in key { starts[Int(level) + 2] += 1 }
    for slot in 1..<starts.count { starts[slot] += starts[slot - 1] }
    var sorted = [Int](repeating: 0, count: order.count)
    for row in order {
      let slot = Int(key[row]) + 1
      sorted[starts[slot]] = row
      starts[slot] += 1
    }
    order = sorted
  }

  /// Throws where a unit of the first stage is certain in some of its rows and not in others.
  private func demandWhole(
    _ request: DesignRequest, _ certain: [Bool], _ unit: [[Int32]], _ order: [Int]
  ) throws(Diagnostic) {
    guard let (name, flag) = request.certainty else { return }
    var rowOfUnit: [[Int32]: Int] = [:]
    for row in order {
      let path = unit.map { $0[row] }
      let first = rowOfUnit[path, default: row]
      rowOfUnit[path] = first
      if certain[first] != certain[row] {
        throw Diagnostic(
          .badData, "'\(flag)' differs between rows of one \(name)", at: place(of: row),
          why:
            "a unit is drawn with certainty or it is not; the row at \(place(of: first)) differs",
          remedy: "correct '\(flag)', or list the strata within which '\(name)' counts")
      }
    }
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
