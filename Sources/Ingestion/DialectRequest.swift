public import CanvassSurvey

/// How a table of text is written, as far as it is said; the rest is found out.
public struct DialectRequest: Sendable, Hashable {
  /// The sign before the fraction of a number.
  public enum Decimal: String, Sendable, CaseIterable, Codable {
    case point, comma
  }

  /// The delimiter of fields.
  public var delimiter: Character?
  /// The decimal sign.
  public var decimal: Decimal?
  /// Whether the first record names the columns; without it they are `v1`, `v2` ….
  public var hasHeader = true
  /// What stands between the groups of a form and the names of its questions: `/` in `household/age`.
  public var groupSeparator: Character?
  /// What a cell with nothing in it means: `blank`, or that the question was not asked.
  public var emptyCell = MissingReason.blank

  /// A request.
  public init(delimiter: Character? = nil) {
    self.delimiter = delimiter
  }
}

extension DialectRequest.Decimal {
  /// The decimal sign of a table whose fields are not delimited by commas, from its first records.
  ///
  /// A comma where some fields are `12,5` and none is `12.5`.
  static func found(in bytes: some Sequence<UInt8>, delimiter: UInt8) -> DialectRequest.Decimal {
    if delimiter == UInt8(ascii: ",") { return .point }
    var commas = 0
    var points = 0
    // 0 at a field's start, 1 in digits, 2 behind a sign, 3 in a fraction, 4 in anything else.
    var state = 0
    var sign: UInt8 = 0
    for byte in bytes {
      if byte == delimiter || byte == 0x0A || byte == 0x0D {
        if state == 3 { if sign == 0x2C { commas += 1 } else { points += 1 } }
        state = 0
        continue
      }
      let isDigit = (0x30...0x39).contains(byte)
      switch (state, byte) {
      case (0, UInt8(ascii: "-")), (0, 0x22): break
      case (3, 0x22): break
      case (0, _) where isDigit, (1, _) where isDigit: state = 1
      case (1, 0x2C), (1, 0x2E):
        state = 2
        sign = byte
      case (2, _) where isDigit, (3, _) where isDigit: state = 3
      default: state = 4
      }
    }
    return commas > 0 && points == 0 ? .comma : .point
  }
}
