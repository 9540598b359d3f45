import CanvassSurvey

/// Numeric columns that a calibration needs in every weighted row.
enum AuxiliaryColumn {
  /// The values of a column, 0 in rows without weight.
  ///
  /// - Throws: `badPipeline` for text, `badData` with the count and first place of rows without value.
  static func values(
    of name: String, in table: Table, weights: [Double], role: String
  ) throws(Diagnostic) -> [Double] {
    let column = try table.column(name)
    guard column.isNumeric else {
      throw Diagnostic(
        .badPipeline, "'\(name)' holds text and cannot be \(role)",
        remedy: "name a numeric column; 'canvass inspect' shows the columns of a drop")
    }
    var values = [Double](repeating: 0, count: table.rowCount)
    var lacking = 0
    var first: Int?
    for row in values.indices where weights[row] > 0 {
      if let value = column.number(at: row) {
        values[row] = value
      } else {
        lacking += 1
        if first == nil { first = row }
      }
    }
    if let first {
      throw Diagnostic(
        .badData, "\(lacking) \(lacking == 1 ? "row has" : "rows have") no value of '\(name)'",
        at: table.place(of: first), why: "the calibration needs it in every weighted row",
        remedy: "derive the variable for everyone, or drop such rows with a check")
    }
    return values
  }

  /// v of each row, 1 in rows without weight.
  ///
  /// - Throws: as `values`, and `badData` for a value that is not above 0.
  static func variances(
    _ name: String, in table: Table, weights: [Double]
  ) throws(Diagnostic) -> [Double] {
    var values = try values(of: name, in: table, weights: weights, role: "a variance")
    for row in values.indices {
      if !(weights[row] > 0) {
        values[row] = 1
      } else if !(values[row] > 0 && values[row].isFinite) {
        throw Diagnostic(
          .badData, "the variance '\(name)' is not above 0 in a row", at: table.place(of: row),
          remedy: "correct the row, or leave 'variance' out")
      }
    }
    return values
  }
}
