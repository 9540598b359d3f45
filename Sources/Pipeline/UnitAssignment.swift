import CanvassSurvey

/// The units of an index and the unit of every row.
struct UnitAssignment {
  /// The units in the order of the release.
  let units: [Place]
  /// The unit of each row.
  let unitOfRow: [Int32]
}

extension UnitsRequest {
  /// Finds each row's unit and writes the unit's code into the table in place of the name it had.
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
    guard let places else {
      return UnitAssignment(
        units: levels.map { Place(code: $0, name: LocalizedText(en: $0)) }, unitOfRow: levelOfRow)
    }
    let unitOfLevel = levels.map { places.index(of: $0).map(Int32.init) ?? -1 }
    let unitOfRow = levelOfRow.map { unitOfLevel[Int($0)] }
    if let row = unitOfRow.firstIndex(of: -1) {
      let count = unitOfRow.count { $0 < 0 }
      throw Diagnostic(
        .badData,
        "\(count) \(count == 1 ? "row names" : "rows name") no known unit in '\(variable)'",
        at: table.place(of: row),
        why: "the places file knows \(places.units.count) units by code, name and aliases",
        remedy: "correct the data, or add the spelling to 'aliases' in the places file")
    }
    let codes = places.units.map(\.code)
    table.set(Column(name: variable, strings: unitOfRow.map { codes[Int($0)] }))
    return UnitAssignment(units: places.units, unitOfRow: unitOfRow)
  }
}
