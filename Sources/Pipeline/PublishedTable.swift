import CanvassIngestion
import CanvassSurvey

/// A table of values that somebody else published: the second door into scoring.
enum PublishedTable {
  /// A table's content by unit.
  struct Content {
    let units: [Place]
    /// `values[variable]?[unit]`.
    var values: [String: [Double?]] = [:]
    /// Their standard errors, where the table has them.
    var standardErrors: [String: [Double?]] = [:]
    /// Units whose values are made of those of several former units.
    var merged: Set<Int> = []
  }

  /// The units and values, from a long or a wide table.
  ///
  /// Without a places file the units are the distinct names in the table. A unit or a value given twice
  /// and a cell that is text are errors of the data. Of the variables only those that the index uses are
  /// read; one that the table lacks is an error of the line that names it. With a crosswalk the table names
  /// former units: `counts` are summed, other values averaged by population.
  static func read(
    _ request: PublishedRequest, units: UnitsRequest, uses: [VariableUse], counts: Set<String> = []
  ) throws -> Content {
    let content = try named(request, units: units, uses: uses)
    guard let crosswalk = units.crosswalk, let places = units.places else { return content }
    let merged = places.units.indices.filter { crosswalk.formerUnits(of: $0).count > 1 }
    if !merged.isEmpty, crosswalk.populations == nil {
      throw Diagnostic(
        .badPipeline, "published values of former units need populations to be put together",
        at: request.path, remedy: "add 'population:' under 'units', by former unit")
    }
    var result = Content(units: places.units, merged: Set(merged))
    for (variable, values) in content.values {
      let areCounts = counts.contains(variable)
      result.values[variable] = crosswalk.values(
        values, units: places.units.count, areCounts: areCounts)
      result.standardErrors[variable] = content.standardErrors[variable].map {
        crosswalk.standardErrors($0, units: places.units.count, areCounts: areCounts)
      }
    }
    return result
  }

  /// The content by the units that the table names.
  private static func named(
    _ request: PublishedRequest, units: UnitsRequest, uses: [VariableUse]
  ) throws -> Content {
    var table = try Ingestion.readTable(path: request.path)
    guard table.contains(request.unit) else {
      throw Diagnostic(
        .badPipeline, "the published table has no column '\(request.unit)'", at: request.path,
        remedy: Suggestion.phrase(for: request.unit, among: table.names))
    }
    let assignment = try UnitsRequest(
      variable: request.unit, places: units.namedPlaces, populations: nil
    ).assign(&table)
    let variables = Set(uses.map(\.name))
    let demand = VariableUse.Demand.numbers("a published value")
    var content = Content(units: assignment.units)
    func put(_ column: Column, row: Int, variable: String) throws(Diagnostic) {
      if !column.isNumeric, column.reasons[row] == 0 {
        throw Diagnostic(
          .badData, "the value of '\(variable)' is not a number", at: table.place(of: row),
          remedy: "leave the cell empty where nothing was published")
      }
      let unit = Int(assignment.unitOfRow[row])
      if content.values[variable, default: empty][unit] != nil {
        throw Diagnostic(
          .badData, "'\(variable)' is given twice for one unit", at: table.place(of: row))
      }
      content.values[variable, default: empty][unit] = column.number(at: row)
    }
    let empty = [Double?](repeating: nil, count: assignment.units.count)
    if let (variable, value) = request.long {
      let names = try table.column(variable)
      let numbers = try table.column(value)
      let errors = try request.standardError.map { name throws(Diagnostic) in
        try table.column(name)
      }
      try uses.checkNames(inTable: request.path, having: names.grouped().levels)
      for column in [value] + (request.standardError.map { [$0] } ?? []) {
        try [VariableUse(name: column, place: request.path, demand: demand)].checkKinds(table)
      }
      for row in 0..<table.rowCount {
        guard let name = names.text(at: row) else {
          throw Diagnostic(.badData, "a value has no variable", at: table.place(of: row))
        }
        guard variables.contains(name) else { continue }
        try put(numbers, row: row, variable: name)
        guard let error = errors?.number(at: row) else { continue }
        if error < 0 {
          throw Diagnostic(
            .badData, "the standard error of '\(name)' is negative", at: table.place(of: row))
        }
        content.standardErrors[name, default: empty][Int(assignment.unitOfRow[row])] = error
      }
    } else {
      try uses.checkNames(
        inTable: request.path, having: table.names.filter { $0 != request.unit })
      try uses.map { VariableUse(name: $0.name, place: $0.place, demand: demand) }
        .checkKinds(table)
      for column in table.columns where variables.contains(column.name) {
        for row in 0..<table.rowCount { try put(column, row: row, variable: column.name) }
      }
    }
    return content
  }
}
