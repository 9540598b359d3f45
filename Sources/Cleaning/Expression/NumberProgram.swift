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
  case count([[UInt8]])

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
    case .count(let reasons):
      var values = [Double](repeating: 0, count: rows.count)
      for buffer in reasons {
        buffer.withUnsafeBufferPointer { cells in
          for row in rows where cells[row] == 0 { values[row - rows.lowerBound] += 1 }
        }
      }
      return NumberVector(values: values, isKnown: [UInt8](repeating: 1, count: rows.count))
    }
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
