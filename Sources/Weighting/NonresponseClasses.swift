import CanvassCompute
import CanvassSurvey

/// Respondents carry the weight of everyone eligible in their cell.
///
/// First the weight of rows of unknown eligibility goes to the known of the cell: f₁ = (K + U) / K; then that
/// of nonrespondents to the respondents: f₂ = (R + N) / R, with sums of weights R, N, I, U by outcome and
/// K = R + N + I. A respondent's factor is f₁ f₂; all others stay in the design with 0.
///
/// Source: Särndal, Swensson & Wretman 1992, 15.6; AAPOR Standard Definitions for the outcomes.
struct NonresponseClasses: PreparedStep {
  let name = "nonresponse"
  private let cells: [String]
  private let crossing: Crossing
  /// The outcome of each row with a weight.
  private let outcome: [ResponseOutcome?]
  private let placeOfCell: [String?]

  /// Classifies the rows with a positive weight.
  ///
  /// - Throws: `badPipeline` for codes given twice, `badData` for an outcome that no code stands for and a
  ///   row without a cell.
  init(
    cells: [String], by codes: OutcomeCodes, in table: Table, weights: [Double]
  ) throws(Diagnostic) {
    var outcomeOfValue: [String: ResponseOutcome] = [:]
    for outcome in ResponseOutcome.allCases {
      for value in codes.values[outcome] ?? [] {
        if outcomeOfValue.updateValue(outcome, forKey: value) != nil {
          throw Diagnostic(
            .badPipeline, "the code '\(value)' of '\(codes.variable)' stands for two outcomes",
            remedy: "give each code once")
        }
      }
    }
    guard codes.values[.respondent]?.isEmpty == false else {
      throw Diagnostic(
        .badPipeline, "no code of '\(codes.variable)' stands for a respondent",
        remedy: "list the codes of interviewed persons under 'respondent'")
    }
    let column = try table.column(codes.variable)
    let (levelOfRow, levels) = column.grouped()
    let outcomes = levels.map { outcomeOfValue[$0] }
    crossing = try Crossing(
      table, by: cells, weights: weights, purpose: "nonresponse adjustment")
    var outcome = [ResponseOutcome?](repeating: nil, count: table.rowCount)
    var places = [String?](repeating: nil, count: crossing.levels.count)
    for row in weights.indices where weights[row] > 0 {
      let level = Int(levelOfRow[row])
      guard level < levels.count, let found = outcomes[level] else {
        throw Diagnostic(
          .badData,
          "the outcome '\(codes.variable)' has a value in a row that is not among its codes",
          at: table.place(of: row),
          why:
            "known are \(outcomeOfValue.keys.sorted(by: Column.precedes).joined(separator: ", "))",
          remedy: "correct the row, list its code, or drop such rows with a check")
      }
      outcome[row] = found
      let cell = Int(crossing.cellOfRow[row])
      if places[cell] == nil { places[cell] = table.place(of: row) }
    }
    self.cells = cells
    self.outcome = outcome
    placeOfCell = places
  }

  var groupOfRow: [Int32] { crossing.cellOfRow }

  var cellOfRow: [Int32]? {
    let count = Int32(ResponseOutcome.allCases.count)
    let number = Dictionary(
      uniqueKeysWithValues: ResponseOutcome.allCases.enumerated().map { ($1, Int32($0)) })
    return zip(crossing.cellOfRow, outcome).map { cell, outcome in
      outcome.flatMap { number[$0] }.map { cell * count + $0 } ?? -1
    }
  }

  func condensed(to rows: [Int]) -> any PreparedStep {
    NonresponseClasses(
      cells: cells, crossing: crossing.condensed(to: rows), outcome: rows.map { outcome[$0] },
      placeOfCell: placeOfCell)
  }

  private init(
    cells: [String], crossing: Crossing, outcome: [ResponseOutcome?], placeOfCell: [String?]
  ) {
    self.cells = cells
    self.crossing = crossing
    self.outcome = outcome
    self.placeOfCell = placeOfCell
  }

  func carryOut(on weights: [Double], workers: Workers) throws(Diagnostic) -> StepOutcome {
    let sums = sums(weights)
    let empty = sums.indices.filter { sums[$0].respondents == 0 }
    if let first = empty.first {
      let others = empty.count == 1 ? "" : " (and in \(empty.count - 1) more cells)"
      throw Diagnostic(
        .badData, "nobody responded in \(name(of: first))\(others)", at: placeOfCell[first],
        why: "no respondent can carry the weight of those who did not respond",
        remedy: "use fewer or coarser variables for the nonresponse cells")
    }
    return StepOutcome(factor: factor(sums))
  }

  func repeatStep(on weights: inout [Double]) -> [(group: Int, name: String)] {
    let sums = sums(weights)
    for (row, factor) in factor(sums).enumerated() { weights[row] *= factor }
    return sums.indices.filter { sums[$0].respondents == 0 && sums[$0].everyone > 0 }
      .map { ($0, name(of: $0)) }
  }

  private struct Sums {
    var respondents = 0.0
    /// Respondents and nonrespondents.
    var eligible = 0.0
    var ineligible = 0.0
    var unknown = 0.0
    var everyone: Double { eligible + ineligible + unknown }
    /// f₁ f₂; 1 where nobody is there to carry anything.
    var factor: Double {
      guard respondents > 0 else { return 1 }
      let known = eligible + ineligible
      return (known + unknown) / known * (eligible / respondents)
    }
  }

  private func sums(_ weights: [Double]) -> [Sums] {
    var sums = [Sums](repeating: Sums(), count: crossing.levels.count)
    for row in weights.indices {
      let cell = Int(crossing.cellOfRow[row])
      switch outcome[row] {
      case nil: continue
      case .respondent:
        sums[cell].respondents += weights[row]
        sums[cell].eligible += weights[row]
      case .nonrespondent: sums[cell].eligible += weights[row]
      case .ineligible: sums[cell].ineligible += weights[row]
      case .unknown: sums[cell].unknown += weights[row]
      }
    }
    return sums
  }

  private func factor(_ sums: [Sums]) -> [Double] {
    let factors = sums.map(\.factor)
    return outcome.indices.map { row in
      switch outcome[row] {
      case nil: 1
      case .respondent: factors[Int(crossing.cellOfRow[row])]
      case .nonrespondent, .ineligible, .unknown: 0
      }
    }
  }

  private func name(of cell: Int) -> String {
    cells.isEmpty
      ? "the sample" : "the cell \(Crossing.describe(cells, crossing.levels[cell]))"
  }
}
