import CanvassSurvey

/// Numbers of a range of rows: where `isKnown` is 0 there is none.
struct NumberVector {
  var values: [Double]
  var isKnown: [UInt8]
}

/// A computation bound to the buffers of a table; it runs over ranges of rows, one pass an operation.
indirect enum NumberProgram: Sendable {
  case constant(Double)
  case column(Column)
  case negated(NumberProgram)
  case arithmetic(ArithmeticSign, NumberProgram, NumberProgram)
  /// How many columns have a value in a row, and how many conditions hold there.
  case count([[UInt8]], holding: [ConditionProgram])
  case function(NumberFunction, [NumberProgram])
  /// The number by dictionary entry of a text column.
  case textTable([UInt32], reasons: [UInt8], values: [Double?])
  /// No value anywhere.
  case nothing

  func run(_ rows: Range<Int>) -> NumberVector {
    switch self {
    case .constant(let number):
      return NumberVector(
        values: [Double](repeating: number, count: rows.count),
        isKnown: [UInt8](repeating: 1, count: rows.count))
    case .column(let column):
      let isKnown = column.reasons.withUnsafeBufferPointer { reasons in
        rows.map { reasons[$0] == 0 ? UInt8(1) : 0 }
      }
      switch column.values {
      case .integers(let buffer):
        return NumberVector(
          values: buffer.withUnsafeBufferPointer { cells in rows.map { Double(cells[$0]) } },
          isKnown: isKnown)
      case .numbers(let buffer):
        return NumberVector(values: Array(buffer[rows]), isKnown: isKnown)
      case .text:
        // The type checker lets through only text columns without any value.
        return NumberVector(values: [Double](repeating: 0, count: rows.count), isKnown: isKnown)
      }
    case .negated(let operand):
      var vector = operand.run(rows)
      for row in vector.values.indices { vector.values[row] = -vector.values[row] }
      return vector
    case .arithmetic(let sign, let left, let right):
      return NumberProgram.combine(sign, left.run(rows), right.run(rows))
    case .nothing:
      return NumberVector(
        values: [Double](repeating: 0, count: rows.count),
        isKnown: [UInt8](repeating: 0, count: rows.count))
    case .textTable(let codes, let reasons, let numbers):
      let cells = rows.map { reasons[$0] == 0 ? numbers[Int(codes[$0])] : nil }
      return NumberVector(values: cells.map { $0 ?? 0 }, isKnown: cells.map { $0 == nil ? 0 : 1 })
    case .function(let function, let operands):
      return NumberProgram.combine(function, operands.map { $0.run(rows) }, count: rows.count)
    case .count(let reasons, let conditions):
      var values = [Double](repeating: 0, count: rows.count)
      for buffer in reasons {
        buffer.withUnsafeBufferPointer { cells in
          for row in rows where cells[row] == 0 { values[row - rows.lowerBound] += 1 }
        }
      }
      for condition in conditions {
        let truth = condition.run(rows)
        for row in truth.indices where truth[row] == Truth.yes.rawValue { values[row] += 1 }
      }
      return NumberVector(values: values, isKnown: [UInt8](repeating: 1, count: rows.count))
    }
  }

  private static func combine(
    _ function: NumberFunction, _ operands: [NumberVector], count: Int
  ) -> NumberVector {
    var result = NumberVector(
      values: [Double](repeating: 0, count: count), isKnown: [UInt8](repeating: 0, count: count))
    var answered = [Double](repeating: 0, count: function == .mean ? count : 0)
    for operand in operands {
      for row in 0..<count where operand.isKnown[row] == 1 {
        let value = operand.values[row]
        let isFirst = result.isKnown[row] == 0
        switch function {
        case .sum: result.values[row] += value
        case .mean:
          result.values[row] += value
          answered[row] += 1
        case .least: result.values[row] = isFirst ? value : min(value, result.values[row])
        case .greatest: result.values[row] = isFirst ? value : max(value, result.values[row])
        case .first: if isFirst { result.values[row] = value }
        case .abs: result.values[row] = abs(value)
        case .days, .minutes, .hour: preconditionFailure("dates are read from texts")
        }
        result.isKnown[row] = 1
      }
    }
    for row in answered.indices where answered[row] > 0 { result.values[row] /= answered[row] }
    for row in 0..<count where !result.values[row].isFinite {
      result.values[row] = 0
      result.isKnown[row] = 0
    }
    return result
  }

  private static func combine(
    _ sign: ArithmeticSign, _ left: NumberVector, _ right: NumberVector
  ) -> NumberVector {
    var result = left
    for row in result.values.indices {
      let (a, b) = (left.values[row], right.values[row])
      let value =
        switch sign {
        case .plus: a + b
        case .minus: a - b
        case .times: a * b
        case .divided: a / b
        }
      result.values[row] = value.isFinite ? value : 0
      result.isKnown[row] = left.isKnown[row] & right.isKnown[row] & (value.isFinite ? 1 : 0)
    }
    return result
  }
}
