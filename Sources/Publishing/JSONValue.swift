import CanvassSurvey

/// A JSON value that is always written the same way: for `record/run.json` and `--json`.
public indirect enum JSONValue: Sendable, Hashable {
  /// Nothing.
  case null
  /// True or false.
  case boolean(Bool)
  /// A whole number.
  case integer(Int)
  /// A number; one that is not finite is written as `null`, since JSON has no word for it.
  case number(Double)
  /// A text.
  case text(String)
  /// Values in order.
  case list([JSONValue])
  /// Values by name, written in the order of the names' UTF-8 bytes.
  case object([String: JSONValue])

  /// The document as UTF-8 with two blanks of indent a level and a line feed at the end.
  public var document: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, depth: 0)
    bytes.append(0x0A)
    return bytes
  }

  /// The value on one line without blanks or a line feed at the end, as lines of the ledger are.
  public var line: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, depth: nil)
    return bytes
  }

  /// Writes the value; without a depth on one line.
  private func write(to bytes: inout [UInt8], depth: Int?) {
    switch self {
    case .null: bytes += "null".utf8
    case .boolean(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += String(value).utf8
    case .number(let value): bytes += (value.isFinite ? Column.render(value) : "null").utf8
    case .text(let value): Self.write(value, to: &bytes)
    case .list(let values):
      Self.write(values.count, between: "[", and: "]", to: &bytes, depth: depth) { index, bytes in
        values[index].write(to: &bytes, depth: depth.map { $0 + 1 })
      }
    case .object(let values):
      let names = values.keys.sorted(by: Column.precedes)
      Self.write(names.count, between: "{", and: "}", to: &bytes, depth: depth) { index, bytes in
        Self.write(names[index], to: &bytes)
        bytes += (depth == nil ? ":" : ": ").utf8
        (values[names[index]] ?? .null).write(to: &bytes, depth: depth.map { $0 + 1 })
      }
    }
  }

  private static func write(
    _ count: Int, between open: String, and close: String, to bytes: inout [UInt8], depth: Int?,
    each: (Int, inout [UInt8]) -> Void
  ) {
    bytes += open.utf8
    for index in 0..<count {
      if index > 0 { bytes.append(0x2C) }
      if let depth { bytes += ("\n" + String(repeating: "  ", count: depth + 1)).utf8 }
      each(index, &bytes)
    }
    if count > 0, let depth { bytes += ("\n" + String(repeating: "  ", count: depth)).utf8 }
    bytes += close.utf8
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22: bytes += "\\\"".utf8
      case 0x5C: bytes += "\\\\".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0x09: bytes += "\\t".utf8
      case 0..<0x20, 0x7F:
        bytes += "\\u00".utf8
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Values in order.
  public init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
  /// Values by name; of a name given twice the last counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
