import CanvassSurvey

/// The units of an index and the unit of every row.
struct UnitAssignment: Codable {
  /// The units in the order of the release.
  let units: [Place]
  /// The unit of each row.
  let unitOfRow: [Int32]
}

extension UnitsRequest {
  /// Finds each row's unit and writes the code of the unit that the data name into the table, in place of
  /// the name it had; a crosswalk leads from there to the unit.
  ///
  /// Without a places file the values themselves are the units, numbers by value, text by bytes.
  ///
  /// - Throws: `badData` with the count and first places of rows that name no unit; never the name,
  ///   which is a respondent's cell.
  func assign(_ table: inout Table) throws(Diagnostic) -> UnitAssignment {
    let column = try table.column(variable)
    if let row = column.reasons.firstIndex(where: { $0 != 0 }) {
      let count = column.reasons.count { $0 != 0 }
      throw Diagnostic(
        .badData, "\(count) \(count == 1 ? "row has" : "rows have") no value of '\(variable)'",
        at: table.place(of: row),
        why: "it says which unit a respondent belongs to",
        remedy: "complete it, or drop such rows with a check")
    }
    let (levelOfRow, levels) = column.grouped()
    guard let places, let named = namedPlaces else {
      return UnitAssignment(
        units: levels.map { Place(code: $0, name: LocalizedText(en: $0)) }, unitOfRow: levelOfRow)
    }
    let matches = levels.map(named.match)
    let unitOfLevel = matches.map { match in
      if case .unit(let index) = match { Int32(index) } else { Int32(-1) }
    }
    let unitOfRow = levelOfRow.map { unitOfLevel[Int($0)] }
    if unitOfRow.contains(-1) {
      throw unmatched(matches, levelOfRow: levelOfRow, places: named, table: table)
    }
    let codes = named.units.map(\.code)
    table.set(Column(name: variable, strings: unitOfRow.map { codes[Int($0)] }))
    guard let crosswalk else { return UnitAssignment(units: named.units, unitOfRow: unitOfRow) }
    return UnitAssignment(
      units: places.units, unitOfRow: unitOfRow.map { Int32(crosswalk.unitOfFormer[Int($0)]) })
  }

  /// Every spelling that names no unit, or several: where it stands first, how many rows have it, and
  /// the nearest names; never the spelling itself.
  private func unmatched(
    _ matches: [Places.Match], levelOfRow: [Int32], places: Places, table: Table
  ) -> Diagnostic {
    var firstRow = [Int?](repeating: nil, count: matches.count)
    var rows = [Int](repeating: 0, count: matches.count)
    for (row, level) in levelOfRow.enumerated() {
      firstRow[Int(level)] = firstRow[Int(level)] ?? row
      rows[Int(level)] += 1
    }
    func names(_ units: [Int]) -> String {
      units.map { unit in
        let place = places.units[unit]
        return "'\(place.name.vi)'" + (place.vintage.map { " of \($0)" } ?? "")
      }.joined(separator: " or ")
    }
    var count = 0
    var spellings: [(row: Int, text: String)] = []
    for (level, match) in matches.enumerated() {
      guard let row = firstRow[level] else { continue }
      let hint: String
      switch match {
      case .unit: continue
      case .several(let units): hint = "it may be \(names(units))"
      case .none(let nearest):
        hint = nearest.isEmpty ? "no name is near" : "near \(names(nearest))"
      }
      count += rows[level]
      let number = "\(rows[level]) \(rows[level] == 1 ? "row" : "rows")"
      spellings.append((row, "\(table.place(of: row)) (\(number), \(hint))"))
    }
    spellings.sort { $0.row < $1.row }
    let more = spellings.count - 10
    return Diagnostic(
      .badData,
      "\(count) \(count == 1 ? "row names" : "rows name") no known unit in '\(variable)'",
      at: spellings.first.map { table.place(of: $0.row) },
      why: "\(spellings.count) \(spellings.count == 1 ? "spelling is" : "spellings are") unknown, "
        + "first at: \(spellings.prefix(10).map(\.text).joined(separator: "; "))"
        + (more > 0 ? "; and \(more) more" : ""),
      remedy: "correct the data, or add the spelling to 'aliases' in the places file")
  }
}
