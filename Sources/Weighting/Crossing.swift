import CanvassSurvey

/// Rows classified by the combinations of several variables' levels that occur among weighted rows.
struct Crossing {
  /// The combination of each row; −1 for a row without weight.
  let cellOfRow: [Int32]
  /// The levels of each combination, one a variable, in order of the variables' levels.
  let levels: [[String]]

  /// Classifies the rows with a positive weight; no variables at all give one combination.
  ///
  /// - Throws: `badData` with the count and the first place of rows that lack a variable.
  init(
    _ table: Table, by variables: [String], weights: [Double], purpose: String
  ) throws(Diagnostic) {
    var codes = [Int](repeating: 0, count: table.rowCount)
    var combinations: [[String]] = [[]]
    for variable in variables {
      let (levelOfRow, names) = try table.column(variable).grouped()
      var lacking = 0
      var firstLacking: Int?
      for row in codes.indices where weights[row] > 0 {
        if Int(levelOfRow[row]) == names.count {
          lacking += 1
          if firstLacking == nil { firstLacking = row }
        } else {
          codes[row] = codes[row] * names.count + Int(levelOfRow[row])
        }
      }
      if let firstLacking {
        throw Diagnostic(
          .badData,
          "\(lacking) \(lacking == 1 ? "row has" : "rows have") no value of '\(variable)'",
          at: table.place(of: firstLacking), why: "the \(purpose) needs it in every weighted row",
          remedy: "derive the variable for everyone, or drop such rows with a check")
      }
      let dense = DenseCodes(
        codes, bound: combinations.count * names.count, where: { weights[$0] > 0 })
      combinations = dense.distinct.map {
        combinations[$0 / names.count] + [names[$0 % names.count]]
      }
      codes = dense.codeOfRow.map { Int(max(0, $0)) }
    }
    var cells = [Int32](repeating: -1, count: table.rowCount)
    for row in cells.indices where weights[row] > 0 { cells[row] = Int32(codes[row]) }
    cellOfRow = cells
    levels = combinations
  }

  /// The combinations of a few rows.
  func condensed(to rows: [Int]) -> Crossing {
    Crossing(cellOfRow: rows.map { cellOfRow[$0] }, levels: levels)
  }

  private init(cellOfRow: [Int32], levels: [[String]]) {
    self.cellOfRow = cellOfRow
    self.levels = levels
  }

  /// `a=1, b=2` for messages.
  static func describe(_ variables: [String], _ levels: [String]) -> String {
    zip(variables, levels).map { "\($0)=\($1)" }.joined(separator: ", ")
  }
}

/// Codes renumbered to 0 ..< number of distinct codes, in their order.
struct DenseCodes {
  /// The new code of each row, −1 where the row does not take part.
  let codeOfRow: [Int32]
  /// The old codes in order.
  let distinct: [Int]

  /// Renumbers codes in 0 ..< `bound` of the rows that take part.
  init(_ codes: [Int], bound: Int, where takesPart: (Int) -> Bool) {
    var result = [Int32](repeating: -1, count: codes.count)
    if bound <= max(65_536, 4 * codes.count) {
      var number = [Int32](repeating: -1, count: bound)
      for row in codes.indices where takesPart(row) { number[codes[row]] = 0 }
      var found: [Int] = []
      for code in 0..<bound where number[code] == 0 {
        number[code] = Int32(found.count)
        found.append(code)
      }
      for row in codes.indices where takesPart(row) { result[row] = number[codes[row]] }
      distinct = found
    } else {
      let order = codes.indices.filter(takesPart).sorted { codes[$0] < codes[$1] }
      var found: [Int] = []
      for row in order {
        if found.last != codes[row] { found.append(codes[row]) }
        result[row] = Int32(found.count - 1)
      }
      distinct = found
    }
    codeOfRow = result
  }
}
