import CanvassCompute

extension Table {
  /// The rows in canonical order (strata, sampling units, key) and the design that owns their ranges.
  ///
  /// The order depends on the rows' content alone. `key` names the variable that tells rows apart within
  /// a sampling unit; without one, and for rows that share one, all columns in order of their names do.
  /// A unit drawn with certainty becomes a stratum of its own whose units of the next stage are the PSUs.
  ///
  /// - Throws: `badData` where a row lacks a design variable, a unit is certain in some of its rows only,
  ///   or a population, fraction or probability cannot be; `badPipeline` where the data lacks the
  ///   variable, certainty is asked for without a second stage, or a correction lies below a stage that
  ///   has none.
  public func arranged(
    by request: DesignRequest, key: String?
  ) throws(Diagnostic) -> (table: Table, design: SampleDesign) {
    let levels = try DesignLevels(request, of: self)
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
    var keys: [[Int32]] = []
    for level in levels.levels { keys += level.strata + (level.unit.map { [$0] } ?? []) }
    // Stages that the variance leaves out still order the rows.
    keys += levels.units.compactMap { $0?.levelOfRow }
    for key in keys.reversed() { Table.sort(&order, by: key) }
    try demandWhole(levels, order)
    let table = gathering(order)
    return (table, try DesignAssembly(levels, order: order, table: self).design())
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
  private func demandWhole(_ levels: DesignLevels, _ order: [Int]) throws(Diagnostic) {
    guard let certainty = levels.request.certainty else { return }
    let unit =
      levels.strata[0].map(\.levelOfRow) + (levels.units[0].map { [$0.levelOfRow] } ?? [])
    var rowOfUnit: [[Int32]: Int] = [:]
    for row in order {
      let path = unit.map { $0[row] }
      let first = rowOfUnit[path, default: row]
      rowOfUnit[path] = first
      if levels.isCertain[first] != levels.isCertain[row] {
        throw Diagnostic(
          .badData, "'\(certainty.flag)' differs between rows of one \(certainty.unit)",
          at: place(of: row),
          why:
            "a unit is drawn with certainty or it is not; the row at \(place(of: first)) differs",
          remedy: "correct '\(certainty.flag)', or list the strata within which "
            + "'\(certainty.unit)' counts")
      }
    }
  }
}
