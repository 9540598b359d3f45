import CanvassSurvey

/// A condition bound to the buffers of a table; it yields the bytes of `Truth` for a range of rows.
indirect enum ConditionProgram: Sendable {
  case not(ConditionProgram)
  case and(ConditionProgram, ConditionProgram)
  case or(ConditionProgram, ConditionProgram)
  case comparison(ComparisonSign, NumberProgram, NumberProgram)
  /// Whether a number is one of the values or lies in one of the ranges.
  case numberSet(NumberProgram, values: [Double], ranges: [ClosedRange<Double>])
  /// The truth by dictionary entry of a text column.
  case textTable([UInt32], reasons: [UInt8], truth: [UInt8])
  /// Two text columns by the rank of each dictionary entry in the order of both.
  case textComparison(ComparisonSign, TextRanks, TextRanks)
  /// The truth by reason, 0 being an answer.
  case reasonTable([UInt8], truth: [UInt8])
  /// Whether a computed value exists.
  case isKnown(NumberProgram)
  case constant(Truth)

  /// A text column whose codes were made comparable with another's.
  struct TextRanks: Sendable {
    let codes: [UInt32]
    let reasons: [UInt8]
    let rankOfCode: [Int32]
  }

  func run(_ rows: Range<Int>) -> [UInt8] {
    switch self {
    case .constant(let truth): return [UInt8](repeating: truth.rawValue, count: rows.count)
    case .not(let operand):
      var truth = operand.run(rows)
      Truth.negate(&truth)
      return truth
    case .and(let left, let right):
      var truth = left.run(rows)
      Truth.and(&truth, right.run(rows))
      return truth
    case .or(let left, let right):
      var truth = left.run(rows)
      Truth.or(&truth, right.run(rows))
      return truth
    case .comparison(let sign, let left, let right):
      return ConditionProgram.compare(sign, left.run(rows), right.run(rows))
    case .numberSet(.column(let column), let values, let ranges) where column.isSmall:
      return ConditionProgram.smallSet(column, rows, values, ranges)
    case .numberSet(let operand, let values, let ranges):
      let vector = operand.run(rows)
      return vector.values.indices.map { row in
        if vector.isKnown[row] == 0 { return Truth.unknown.rawValue }
        let value = vector.values[row]
        for candidate in values where candidate == value { return Truth.yes.rawValue }
        for range in ranges where range.contains(value) { return Truth.yes.rawValue }
        return Truth.no.rawValue
      }
    case .textTable(let codes, let reasons, let truth):
      return rows.map { reasons[$0] == 0 ? truth[Int(codes[$0])] : Truth.unknown.rawValue }
    case .textComparison(let sign, let left, let right):
      return rows.map { row in
        if left.reasons[row] != 0 || right.reasons[row] != 0 { return Truth.unknown.rawValue }
        let first = left.rankOfCode[Int(left.codes[row])]
        let second = right.rankOfCode[Int(right.codes[row])]
        return sign.holds(isLess: first < second, isEqual: first == second) ? 1 : 0
      }
    case .reasonTable(let reasons, let truth):
      return rows.map { truth[Int(reasons[$0])] }
    case .isKnown(let operand): return operand.run(rows).isKnown
    }
  }

  /// A set over whole numbers of 16 bits: a pass for each value and range that the compiler can make wide.
  private static func smallSet(
    _ column: Column, _ rows: Range<Int>, _ values: [Double], _ ranges: [ClosedRange<Double>]
  ) -> [UInt8] {
    guard case .integers(let buffer) = column.values else { return [] }
    // A range of 16 bits for each: none of it where a value is no such number.
    let spans =
      values.map { $0...$0 }.compactMap(Self.span) + ranges.compactMap(Self.span)
    return [UInt8](unsafeUninitializedCapacity: rows.count) { truth, count in
      count = rows.count
      buffer.withUnsafeBufferPointer { buffer in
        column.reasons.withUnsafeBufferPointer { reasons in
          for row in 0..<rows.count { truth[row] = 0 }
          for span in spans {
            let (low, high) = (span.lowerBound, span.upperBound)
            for row in 0..<rows.count {
              let cell = buffer[rows.lowerBound + row]
              truth[row] |= (cell >= low ? 1 : 0) & (cell <= high ? 1 : 0)
            }
          }
          for row in 0..<rows.count {
            truth[row] =
              reasons[rows.lowerBound + row] == 0 ? truth[row] : Truth.unknown.rawValue
          }
        }
      }
    }
  }

  /// The whole numbers of 16 bits within a range, or nil where there are none.
  private static func span(_ range: ClosedRange<Double>) -> ClosedRange<Int16>? {
    let low = max(range.lowerBound.rounded(.up), -32_768)
    let high = min(range.upperBound.rounded(.down), 32_767)
    return low <= high ? Int16(low)...Int16(high) : nil
  }

  private static func compare(
    _ sign: ComparisonSign, _ left: NumberVector, _ right: NumberVector
  ) -> [UInt8] {
    var truth = [UInt8](repeating: 0, count: left.values.count)
    func fill(_ holds: (Double, Double) -> Bool) {
      for row in truth.indices {
        let isKnown = left.isKnown[row] & right.isKnown[row] == 1
        truth[row] = isKnown ? (holds(left.values[row], right.values[row]) ? 1 : 0) : 2
      }
    }
    switch sign {
    case .equal: fill { $0 == $1 }
    case .less: fill { $0 < $1 }
    case .lessOrEqual: fill { $0 <= $1 }
    case .greater: fill { $0 > $1 }
    case .greaterOrEqual: fill { $0 >= $1 }
    }
    return truth
  }
}

extension Column {
  /// Whether the column holds whole numbers of 16 bits.
  fileprivate var isSmall: Bool { if case .integers = values { true } else { false } }
}
