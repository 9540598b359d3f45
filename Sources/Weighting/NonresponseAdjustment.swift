import CanvassSurvey

/// Respondents carry the weight of everyone eligible in their cell.
enum NonresponseAdjustment {
  /// f = Σ eligible w / Σ respondent w for respondents of each cell, 0 for nonrespondents.
  ///
  /// Every row with a positive weight is eligible; rows without weight keep the factor 1.
  ///
  /// - Throws: `badData` for a status that is not 0 or 1, a row without a cell, and a cell in which
  ///   nobody responded.
  static func factor(
    cells: [String], respondent: String, in table: Table, weights: [Double]
  ) throws(Diagnostic) -> [Double] {
    let status = try table.column(respondent)
    guard status.isNumeric else {
      throw Diagnostic(
        .badPipeline, "'\(respondent)' holds text and cannot say who responded",
        remedy: "name or derive a variable that is 1 for respondents and 0 for nonrespondents")
    }
    let crossing = try Crossing(
      table, by: cells, weights: weights, purpose: "nonresponse adjustment")
    var eligible = [Double](repeating: 0, count: crossing.levels.count)
    var responding = eligible
    var responded = [Bool](repeating: false, count: table.rowCount)
    for row in weights.indices where weights[row] > 0 {
      guard let value = status.number(at: row), value == 0 || value == 1 else {
        throw Diagnostic(
          .badData, "'\(respondent)' is not 0 or 1 in a row", at: table.place(of: row),
          why: "it says whether the sampled person responded",
          remedy: "derive it for everyone who was sampled, or drop such rows with a check")
      }
      let cell = Int(crossing.cellOfRow[row])
      eligible[cell] += weights[row]
      if value == 1 {
        responding[cell] += weights[row]
        responded[row] = true
      }
    }
    let empty = responding.indices.filter { responding[$0] == 0 }
    if let first = empty.first {
      let others = empty.count == 1 ? "" : " (and in \(empty.count - 1) more cells)"
      let name =
        cells.isEmpty
        ? "the sample" : "the cell \(Crossing.describe(cells, crossing.levels[first]))"
      let row = weights.indices.first { crossing.cellOfRow[$0] == Int32(first) }
      throw Diagnostic(
        .badData, "nobody responded in \(name)\(others)", at: row.map { table.place(of: $0) },
        why: "no respondent can carry the weight of those who did not respond",
        remedy: "use fewer or coarser variables for the nonresponse cells")
    }
    var factor = [Double](repeating: 1, count: table.rowCount)
    for row in weights.indices where weights[row] > 0 {
      let cell = Int(crossing.cellOfRow[row])
      factor[row] = responded[row] ? eligible[cell] / responding[cell] : 0
    }
    return factor
  }
}
