import CanvassIngestion
import CanvassSurvey

/// A table of values that somebody else published: the second door into scoring.
enum PublishedTable {
  /// The units and `values[variable][unit]`, from a long or a wide table.
  ///
  /// Without a places file the units are the distinct names in the table. A unit or a value given twice
  /// and a cell that is text are errors of the data. Of the variables only those that the index uses are
  /// read; one that the table lacks is an error of the line that names it.
  static func read(
    _ request: PublishedRequest, units: UnitsRequest, uses: [VariableUse]
  ) throws -> (units: [Place], values: [String: [Double?]]) {
    var table = try Ingestion.readTable(path: request.path)
    guard table.contains(request.unit) else {
      throw Diagnostic(
        .badPipeline, "the published table has no column '\(request.unit)'", at: request.path,
        remedy: Suggestion.phrase(for: request.unit, among: table.names))
    }
    let assignment = try UnitsRequest(
      variable: request.unit, places: units.places, populations: nil
    ).assign(&table)
    let variables = Set(uses.map(\.name))
    let demand = VariableUse.Demand.numbers("a published value")
    var values: [String: [Double?]] = [:]
    func put(_ column: Column, row: Int, variable: String) throws(Diagnostic) {
      if !column.isNumeric, column.reasons[row] == 0 {
        throw Diagnostic(
          .badData, "the value of '\(variable)' is not a number", at: table.place(of: row),
          remedy: "leave the cell empty where nothing was published")
      }
      let unit = Int(assignment.unitOfRow[row])
      if values[variable, default: empty][unit] != nil {
        throw Diagnostic(
          .badData, "'\(variable)' is given twice for one unit", at: table.place(of: row))
      }
      values[variable, default: empty][unit] = column.number(at: row)
    }
    let empty = [Double?](repeating: nil, count: assignment.units.count)
    if let (variable, value) = request.long {
      let names = try table.column(variable)
      let numbers = try table.column(value)
      try uses.checkNames(read: names.grouped().levels, derived: [])
      try [VariableUse(name: value, place: request.path, demand: demand)].checkKinds(table)
      for row in 0..<table.rowCount {
        guard let name = names.text(at: row) else {
          throw Diagnostic(.badData, "a value has no variable", at: table.place(of: row))
        }
        guard variables.contains(name) else { continue }
        try put(numbers, row: row, variable: name)
      }
    } else {
      try uses.checkNames(read: table.names.filter { $0 != request.unit }, derived: [])
      try uses.map { VariableUse(name: $0.name, place: $0.place, demand: demand) }
        .checkKinds(table)
      for column in table.columns where variables.contains(column.name) {
        for row in 0..<table.rowCount { try put(column, row: row, variable: column.name) }
      }
    }
    return (assignment.units, values)
  }
}
