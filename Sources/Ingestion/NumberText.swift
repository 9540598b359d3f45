/// The grammar of numbers in data: `-?digits(.digits)?([eE][+-]?digits)?`, finite, no leading zeros.
enum NumberText {
  /// The number, or nil where the cell is text: `01`, `nan`, `0x10`, `+1`, ` 1`, or a whole number that a
  /// double cannot hold.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var index = 0
    let count = bytes.count
    let isNegative = count > 0 && bytes[0] == UInt8(ascii: "-")
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
