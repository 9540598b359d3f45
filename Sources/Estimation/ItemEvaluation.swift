import CanvassSurvey
import CanvassWeighting

/// The numbers of an item in every row, NaN where the row has none.
struct ItemEvaluation: Sendable {
  let rule: ItemRule
  private let column: Column
  /// The number of a cell without a value by the raw reason, NaN where it is left out.
  private let missing: [Double]
  /// The good answers as numbers, for numeric variables.
  private let goodNumbers: [Double]

  /// Finds the variable and translates the rule.
  ///
  /// - Throws: `badPipeline` for a variable that does not exist or is text without `good`, good answers
  ///   that no cell could hold, and numbers that are not finite.
  init(_ rule: ItemRule, in table: Table) throws(Diagnostic) {
    let column = try table.column(rule.variable)
    if let good = rule.good, good.isEmpty {
      throw Diagnostic(
        .badPipeline, "'\(rule.variable)' has an empty list of good answers",
        remedy: "name at least one answer under 'good'")
    }
    if rule.good == nil, !column.isNumeric {
      throw Diagnostic(
        .badPipeline, "'\(rule.variable)' holds text and has no mean",
        remedy: "say which answers count as 1 with 'good', or derive a numeric variable")
    }
    guard rule.intercept.isFinite, rule.slope.isFinite else {
      throw Diagnostic(
        .badPipeline, "the scale of '\(rule.variable)' is not finite",
        remedy: "give two different ends of the scale")
    }
    var numbers: [Double] = []
    if let good = rule.good, column.isNumeric {
      for answer in good {
        guard let number = Double(answer), number.isFinite else {
          throw Diagnostic(
            .badPipeline, "the good answer '\(answer)' of '\(rule.variable)' is not a number",
            why: "the variable holds numbers", remedy: "name the answer by its code")
        }
        numbers.append(number)
      }
    }
    var missing = [Double](repeating: .nan, count: 256)
    for (reason, treatment) in rule.missing {
      guard case .counts(let value) = treatment else { continue }
      guard value.isFinite, rule.good == nil || (0...1).contains(value) else {
        throw Diagnostic(
          .badPipeline,
          "'\(reason.name)' of '\(rule.variable)' counts as \(value)",
          why: rule.good == nil ? nil : "a share lies between 0 and 1",
          remedy: "count it as a number between 0 and 1, or leave it out")
      }
      missing[Int(reason.rawValue)] = value
    }
    self.rule = rule
    self.column = column
    self.missing = missing
    goodNumbers = numbers
  }

  /// One number a row, on the index scale.
  func numbers() -> [Double] {
    let intercept = rule.intercept
    let slope = rule.slope
    let isPlain = intercept == 0 && slope == 1
    func scaled(_ value: Double) -> Double { isPlain ? value : intercept + slope * value }
    var result = [Double](repeating: .nan, count: column.count)
    let reasons = column.reasons
    switch column.values {
    case .integers(let buffer):
      if rule.good == nil {
        for row in buffer.indices {
          result[row] = scaled(reasons[row] == 0 ? Double(buffer[row]) : missing[Int(reasons[row])])
        }
      } else {
        let good = Set(goodNumbers.compactMap { Int16(exactly: $0) })
        var isGood = [Double](repeating: scaled(0), count: 65_536)
        for value in good { isGood[Int(value) + 32_768] = scaled(1) }
        for row in buffer.indices {
          result[row] =
            reasons[row] == 0
            ? isGood[Int(buffer[row]) + 32_768] : scaled(missing[Int(reasons[row])])
        }
      }
    case .numbers(let buffer):
      let hasGood = rule.good != nil
      for row in buffer.indices {
        let value =
          reasons[row] != 0
          ? missing[Int(reasons[row])]
          : hasGood ? (goodNumbers.contains(buffer[row]) ? 1 : 0) : buffer[row]
        result[row] = scaled(value)
      }
    case .text(let codes, let dictionary):
      let good = Set(rule.good ?? [])
      let isGood = dictionary.map { good.contains($0) ? 1.0 : 0.0 }
      for row in codes.indices {
        result[row] = scaled(
          reasons[row] == 0 ? isGood[Int(codes[row])] : missing[Int(reasons[row])])
      }
    }
    return result
  }
}

/// The numerator y and the denominator x of a measure in every row; y is NaN for rows without weight
/// or value. A nil x is 1 everywhere.
struct MeasureEvaluation: Sendable {
  /// The measure that was evaluated.
  let measure: Measure
  private(set) var y: [Double]
  let x: [Double]?
  let answered: RowSet
  /// Whether Σ w y itself is estimated, not its ratio to Σ w x.
  var isTotal: Bool { if case .total = measure.kind { true } else { false } }
  /// Whether y stands for the squared deviations from its domain's mean.
  var isVariance: Bool { if case .variance = measure.kind { true } else { false } }

  /// Evaluates a measure over a table, in row order.
  init(_ measure: Measure, in table: Table, weights: [Double]) throws(Diagnostic) {
    var y: [Double]
    var x: [Double]?
    switch measure.kind {
    case .quantile(let rule, let definition):
      guard (0...1).contains(definition.probability), definition.confidence > 0,
        definition.confidence < 1
      else {
        throw Diagnostic(
          .badPipeline,
          "the measure '\(measure.id)' asks for the quantile of \(definition.probability)",
          why: "probabilities and confidences lie between 0 and 1", remedy: "0.5 is the median")
      }
      y = try ItemEvaluation(rule, in: table).numbers()
    case .mean(let rule), .total(let rule), .variance(let rule):
      y = try ItemEvaluation(rule, in: table).numbers()
    case .ratio(let numerator, let denominator):
      y = try ItemEvaluation(numerator, in: table).numbers()
      let below = try ItemEvaluation(denominator, in: table).numbers()
      for row in y.indices where below[row].isNaN { y[row] = .nan }
      x = below
    case .respondentMean(let rules):
      guard !rules.isEmpty else {
        throw Diagnostic(
          .badPipeline, "the measure '\(measure.id)' averages no items",
          remedy: "give the node at least one item")
      }
      y = [Double](repeating: 0, count: table.rowCount)
      var answers = [Int32](repeating: 0, count: table.rowCount)
      for rule in rules {
        let item = try ItemEvaluation(rule, in: table).numbers()
        for row in item.indices where !item[row].isNaN {
          y[row] += item[row]
          answers[row] += 1
        }
      }
      for row in y.indices { y[row] = answers[row] == 0 ? .nan : y[row] / Double(answers[row]) }
    }
    var answered = RowSet(rowCount: table.rowCount)
    for row in y.indices {
      if weights[row] != 0, !y[row].isNaN { answered.insert(row) } else { y[row] = .nan }
    }
    self.measure = measure
    self.y = y
    self.x = x
    self.answered = answered
  }

  /// With other numbers in the rows that take part.
  func replacing(y: [Double]) -> MeasureEvaluation {
    var result = self
    result.y = y
    return result
  }

  /// With n/(n − 1) (y − ȳ)² in place of y, ȳ and n of the row's domain; 0 in domains of a single row.
  ///
  /// The mean of that is the variance, and its linearization too: moving ȳ moves it by a term of second order.
  func squaredDeviations(_ means: [DomainRatio], _ partition: Partition) -> MeasureEvaluation {
    var squares = y
    for row in y.indices where !y[row].isNaN && partition.domainOfRow[row] >= 0 {
      let mean = means[Int(partition.domainOfRow[row])]
      let count = Double(mean.support.respondents)
      let deviation = mean.deviation(y[row], x?[row] ?? 1)
      squares[row] = count > 1 ? deviation * deviation * (count / (count - 1)) : 0
    }
    return replacing(y: squares)
  }
}
