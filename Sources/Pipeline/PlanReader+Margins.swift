import CanvassSurvey
import CanvassWeighting

/// Tables of people: margins by groups and levels.
extension PlanReader {
  /// Margins summed from a table of counts by the variables of `over`, within the groups.
  ///
  /// A wide table has a column for each variable; a long one names the variable and its level in two
  /// columns and holds one-way margins.
  func margins(_ request: Located, over: [[String]]) throws(Diagnostic) -> [Margin] {
    guard let file = request["margins"], (request["count"] == nil) != (request["share"] == nil),
      let count = request["count"] ?? request["share"]
    else {
      throw request.error(
        "the margins need 'margins' and one of 'count' and 'share'",
        why: "'count' is a column of people, 'share' one of shares of the group's people")
    }
    let table = try file.table()
    let counts = try count.column(count.text, of: table)
    let groups = try groups(request, table)
    if request["variable"] == nil {
      try demandWhole(Array(Set(over.joined())), request, table, groups)
    }
    var margins: [Margin] = []
    for variables in over {
      let cells = try cells(of: variables, request, table)
      if request["variable"] != nil { _ = try onceEach(cells, groups, table, knowing: []) }
      var targets: [String: [[String]: Double]] = [:]
      for (row, levels) in cells {
        targets[groups[row], default: [:]][levels, default: 0] += try people(counts, row, table)
      }
      margins.append(
        Margin(variables: variables, targets: targets, isShare: request["share"] != nil))
    }
    return margins
  }

  /// The number in a cell of people or shares.
  private func people(
    _ counts: Column, _ row: Int, _ table: Table
  ) throws(Diagnostic) -> Double {
    func error(_ what: String, remedy: String) -> Diagnostic {
      Diagnostic(.badData, what, at: table.place(of: row), remedy: remedy)
    }
    guard let text = counts.text(at: row) else {
      throw error(
        "the margin has no number under '\(counts.name)'",
        remedy: "fill the cell, with 0 where nobody lives")
    }
    guard let number = counts.number(at: row) ?? StrictNumber.parse(text), number.isFinite else {
      throw error(
        "the margin has '\(text)' under '\(counts.name)', which is no finite number",
        remedy: "write a number without signs for thousands, 0 where nobody lives")
    }
    guard number >= 0 else {
      throw error(
        "the margin is negative: \(text) under '\(counts.name)'",
        remedy: "correct the number, 0 where nobody lives")
    }
    return number
  }

  /// The group of each row of a margins table, by the codes of the units where the group is the unit.
  func groups(_ request: Located, _ table: Table) throws(Diagnostic) -> [String] {
    guard let within = request["within"] else {
      return [String](repeating: "", count: table.rowCount)
    }
    let column = try within.column(within.text, of: table)
    let places = within.text == units.variable ? units.namedPlaces : nil
    var groups: [String] = []
    for row in 0..<table.rowCount {
      guard let name = column.text(at: row) else {
        throw Diagnostic(.badData, "a margin has no group", at: table.place(of: row))
      }
      if let places {
        guard let index = places.index(of: name) else {
          throw Diagnostic(
            .badData, "'\(name)' is no unit of the places file", at: table.place(of: row))
        }
        groups.append(places.units[index].code)
      } else {
        groups.append(name)
      }
    }
    return groups
  }

  /// The row of each cell by group; a cell given twice is an error of the data.
  ///
  /// - Parameter known: the columns that the step names; rows that differ in another one are cells of a finer
  ///   table, and leaving out either would be wrong.
  private func onceEach(
    _ cells: [(row: Int, levels: [String])], _ groups: [String], _ table: Table,
    knowing known: Set<String>
  ) throws(Diagnostic) -> [String: [[String]: Int]] {
    var rowOfCell: [String: [[String]: Int]] = [:]
    for (row, levels) in cells {
      if let first = rowOfCell[groups[row], default: [:]].updateValue(row, forKey: levels) {
        let finer = table.columns.filter {
          !known.isEmpty && !known.contains($0.name) && $0.text(at: row) != $0.text(at: first)
        }.map { "'\($0.name)'" }.joined(separator: ", ")
        throw Diagnostic(
          .badData, "a cell of the margins is given twice", at: table.place(of: row),
          why: "it stands at \(table.place(of: first)) already"
            + (finer.isEmpty
              ? "" : "; the two rows differ in \(finer), which 'over' does not name"),
          remedy: finer.isEmpty
            ? "keep one of the two rows"
            : "sum the people of such rows in the table, or name \(finer) under 'over'")
      }
    }
    return rowOfCell
  }

  /// Throws where a group of a wide table lacks a crossed cell or has it twice: its sums over the other
  /// variables would be wrong without a sign of it.
  private func demandWhole(
    _ variables: [String], _ request: Located, _ table: Table, _ groups: [String]
  ) throws(Diagnostic) {
    let variables = variables.sorted(by: Column.precedes)
    let cells = try cells(of: variables, request, table)
    let known = variables + ["within", "count", "share"].compactMap { request[$0]?.text }
    let rowOfCell = try onceEach(cells, groups, table, knowing: Set(known))
    var levelsOf = [Set<String>](repeating: [], count: variables.count)
    for (_, levels) in cells {
      for (index, level) in levels.enumerated() { levelsOf[index].insert(level) }
    }
    let expected = levelsOf.reduce(1) { $0 * $1.count }
    for group in rowOfCell.keys.sorted(by: Column.precedes) {
      let found = rowOfCell[group, default: [:]].count
      guard found == expected else {
        throw Diagnostic(
          .badData,
          "the margins\(group.isEmpty ? "" : " of '\(group)'") have \(found) of \(expected) cells of "
            + variables.joined(separator: " × "),
          at: request["margins"]?.place ?? request.place,
          why: "sums over the missing cells would be too small",
          remedy: "add the missing rows, with a count of 0 where nobody lives")
      }
    }
  }

  /// The rows of a margins table that belong to the margin of `variables`, with their levels.
  private func cells(
    of variables: [String], _ request: Located, _ table: Table
  ) throws(Diagnostic) -> [(row: Int, levels: [String])] {
    var rows = Array(0..<table.rowCount)
    var columns: [Column] = []
    switch (request["variable"], request["level"]) {
    case (nil, nil):
      for name in variables {
        columns.append(try (request["over"] ?? request).column(name, of: table))
      }
    case (let variable?, let level?):
      let names = try variable.column(variable.text, of: table)
      guard variables.count == 1 else {
        throw variable.error(
          "a long table holds one-way margins, and post-stratification crosses them")
      }
      rows = rows.filter { names.text(at: $0) == variables[0] }
      if rows.isEmpty {
        throw (request["over"] ?? request).error("the table has no margin of '\(variables[0])'")
      }
      columns = [try level.column(level.text, of: table)]
    default:
      throw request.error("a long table needs both 'variable' and 'level'")
    }
    var cells: [(row: Int, levels: [String])] = []
    for row in rows {
      var levels: [String] = []
      for (column, name) in zip(columns, variables) {
        guard let level = column.text(at: row) else {
          throw Diagnostic(.badData, "a margin has no level of '\(name)'", at: table.place(of: row))
        }
        levels.append(level)
      }
      cells.append((row, levels))
    }
    return cells
  }
}
