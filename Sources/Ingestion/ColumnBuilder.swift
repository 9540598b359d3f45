import CanvassSurvey

/// How the cells of a column are to be kept.
enum ColumnKind: Sendable {
  /// As numbers, until a cell is none.
  case found
  /// As text.
  case text
  /// Not at all.
  case ignored
}

/// The cells of one column in one block.
struct ColumnChunk: Sendable {
  var integers: [Int16]
  /// Filled where not every number is a small whole one.
  var numbers: [Double]
  var codes: [UInt32]
  var dictionary: [String]
  var reasons: [UInt8]
  /// Whether a cell was no number although numbers were sought.
  var foundText: Bool
}

/// Collects the cells of one column of one block.
final class ColumnBuilder {
  private let kind: ColumnKind
  private let blanks: [[UInt8]]
  private var integers: [Int16] = []
  private var numbers: [Double] = []
  private var codes: [UInt32] = []
  private var codeOf: [String: UInt32] = [:]
  private var dictionary: [String] = []
  private var reasons: [UInt8] = []
  private var foundText = false
  private var isWhole = true

  init(_ kind: ColumnKind, blanks: [[UInt8]], capacity: Int) {
    self.kind = kind
    self.blanks = blanks
    guard kind != .ignored else { return }
    reasons.reserveCapacity(capacity)
    if kind == .text { codes.reserveCapacity(capacity) } else { integers.reserveCapacity(capacity) }
  }

  /// Adds a whole number that fits 16 bits; only where numbers are sought.
  @inline(__always)
  func add(small value: Int16) {
    reasons.append(0)
    if isWhole { integers.append(value) } else { numbers.append(Double(value)) }
  }

  /// Whether small whole numbers may be added directly.
  var seeksNumbers: Bool { kind == .found && blanks.isEmpty }

  /// Adds a cell from its bytes; false where they are not valid text.
  func add(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if kind == .ignored { return true }
    if bytes.isEmpty || blanks.contains(where: { $0.elementsEqual(bytes) }) {
      addMissing()
      return true
    }
    if kind == .text { return add(text: bytes) }
    if foundText {
      addMissing()
      return true
    }
    guard let value = NumberText.parse(bytes) else {
      foundText = true
      addMissing()
      return true
    }
    if isWhole {
      if value == value.rounded(), abs(value) <= 32_767 {
        add(small: Int16(value))
        return true
      }
      isWhole = false
      numbers = integers.map(Double.init)
      integers = []
    }
    reasons.append(0)
    numbers.append(value)
    return true
  }

  private func addMissing() {
    reasons.append(MissingReason.blank.rawValue)
    if kind == .text {
      codes.append(0)
    } else if isWhole {
      integers.append(0)
    } else {
      numbers.append(0)
    }
  }

  private func add(text bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      return false
    }
    reasons.append(0)
    if let code = codeOf[text] {
      codes.append(code)
    } else {
      let code = UInt32(dictionary.count)
      codeOf[text] = code
      dictionary.append(text)
      codes.append(code)
    }
    return true
  }

  func finish() -> ColumnChunk {
    ColumnChunk(
      integers: integers, numbers: numbers, codes: codes, dictionary: dictionary, reasons: reasons,
      foundText: foundText)
  }
}

/// The grammar of numbers in data: `-?digits(.digits)?(e-?digits)?`, finite, no leading zeros.
enum NumberText {
  /// The number, or nil where the cell is text: `01`, `nan`, `0x10`, `+1`, ` 1`, or a whole number that a
  /// double cannot hold.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var index = 0
    let count = bytes.count
    let isNegative = bytes[0] == UInt8(ascii: "-")
    if isNegative { index = 1 }
    let start = index
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    while index < count, let digit = digit(bytes[index]) {
      if digits < 19 { mantissa = mantissa * 10 + UInt64(digit) }
      digits += 1
      index += 1
    }
    guard digits > 0, digits == 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
    let isPlain = index == count
    if isPlain, digits > 16 || mantissa > 1 << 53 { return nil }
    if index < count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      let first = index
      while index < count, let digit = digit(bytes[index]) {
        if digits < 19 {
          mantissa = mantissa * 10 + UInt64(digit)
          exponent -= 1
        }
        digits += 1
        index += 1
      }
      guard index > first else { return nil }
    }
    if index < count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      var isDown = false
      if index < count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
        isDown = bytes[index] == UInt8(ascii: "-")
        index += 1
      }
      let first = index
      var power = 0
      while index < count, let digit = digit(bytes[index]) {
        power = min(power * 10 + digit, 10_000)
        index += 1
      }
      guard index > first else { return nil }
      exponent += isDown ? -power : power
    }
    guard index == count else { return nil }
    if mantissa <= 1 << 53, digits <= 19, abs(exponent) <= 22 {
      // Both factors are exact, so one rounding gives the nearest double (Clinger 1990).
      let value = Double(mantissa)
      let scaled = exponent < 0 ? value / powers[-exponent] : value * powers[exponent]
      return mantissa == 0 ? 0 : isNegative ? -scaled : scaled
    }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value == 0 ? 0 : value
  }

  @inline(__always)
  private static func digit(_ byte: UInt8) -> Int? {
    let value = byte &- 48
    return value < 10 ? Int(value) : nil
  }

  private static let powers: [Double] = (0...22).map { power in
    (0..<power).reduce(1.0) { product, _ in product * 10 }
  }
}
