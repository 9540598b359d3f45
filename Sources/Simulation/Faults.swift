import CanvassCompute
import CanvassSurvey

/// The faults of a simulated drop, in known numbers, so that cleaning has something to find.
///
/// They corrupt or repeat sampled rows and never touch the population: rows of 17-year-olds are added,
/// skipped cells get an answer, and rows appear twice.
enum Faults {
  ///
  /// - Returns: the table, and the rows that no fault has touched.
  static func added(
    to table: Table, spec: SimulationSpec, seed: UInt64
  ) throws(Diagnostic) -> (table: Table, untouched: [Int]) {
    var stream = RandomStream(seed: seed, Purpose.faults.rawValue)
    let responded = try table.column("responded")
    let respondents = (0..<table.rowCount).filter { responded.number(at: $0) == 1 }
    let wanted = spec.inconsistentAnswers + spec.underAgeRows + spec.duplicateRows
    guard wanted <= respondents.count else {
      throw SimulationSpec.wrong(
        "duplicate_rows", "asks, with the other faults, for more rows than there are respondents")
    }
    var order = respondents
    stream.shuffle(&order)
    let young = order.prefix(spec.underAgeRows).sorted()
    let twice = order.dropFirst(young.count).prefix(spec.duplicateRows).sorted()

    var result = table
    var gated = spec.items.filter { $0.gate != nil }.map(\.variable)
    var left = spec.inconsistentAnswers
    var touched = Set(young + twice)
    for row in order.dropFirst(young.count + twice.count) where left > 0 {
      stream.shuffle(&gated)
      for name in gated {
        guard var column = result[name],
          column.reason(at: row) == .skipped
        else { continue }
        column.answer(row, spec.items.first { $0.variable == name }?.high ?? 1)
        result.set(column)
        left -= 1
        touched.insert(row)
        break
      }
    }
    guard left == 0 else {
      throw SimulationSpec.wrong(
        "inconsistent_answers", "asks for more than there are respondents with a skipped question")
    }

    let originals = result.rowCount
    result = result.gathering(Array(0..<originals) + young + twice)
    let identifiers = try result.column("respondent_id")
    let provinces = try result.column("province")
    let renamed = (0..<result.rowCount).map { row -> String? in
      let added = row - originals
      return added >= 0 && added < young.count
        ? "R\(provinces.text(at: row) ?? "")-9\(SimulatedProvince.padded(added + 1))"
        : identifiers.text(at: row)
    }
    result.set(Column(name: "respondent_id", strings: renamed))
    var age = try result.column("age")
    for row in originals..<(originals + young.count) { age.answer(row, 17) }
    result.set(age)
    return (result, (0..<originals).filter { !touched.contains($0) })
  }
}

extension Column {
  /// Puts a number where there was none, or another.
  fileprivate mutating func answer(_ row: Int, _ number: Double) {
    switch values {
    case .integers(var buffer):
      buffer[row] = Int16(number)
      values = .integers(buffer)
    case .numbers(var buffer):
      buffer[row] = number
      values = .numbers(buffer)
    case .text: return
    }
    reasons[row] = 0
  }
}
