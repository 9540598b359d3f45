/// Looks for bytes that no table may hold.
enum TextCheck {
  /// The first NUL, Ctrl-Z, or byte that is not well-formed UTF-8.
  static func firstFault(in bytes: UnsafeBufferPointer<UInt8>) -> RecordFault? {
    let invalid = firstInvalid(in: bytes, from: 0)
    for index in 0..<(invalid ?? bytes.count) {
      if bytes[index] == 0 {
        return RecordFault(
          position: index, what: "there is a NUL byte in the table",
          remedy: "save the table as CSV; if it is UTF-16, say so with 'encoding'")
      }
      if bytes[index] == 0x1A {
        return RecordFault(
          position: index, what: "there is an end-of-file mark (Ctrl-Z) in the table",
          remedy: "remove it, and look whether the table goes on behind it")
      }
    }
    return invalid.map {
      RecordFault(
        position: $0, what: "the text is not UTF-8",
        remedy: "give the text's 'encoding', or 'undecodable: replace' to mark such places")
    }
  }

  /// The first byte at or behind `start` that is not part of well-formed UTF-8 (Unicode 16, table 3-7).
  static func firstInvalid(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    func follows(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      index + offset < bytes.count && range.contains(bytes[index + offset])
    }
    while index < bytes.count {
      let length: Int
      switch bytes[index] {
      case 0..<0x80: length = 1
      case 0xC2...0xDF: length = follows(1) ? 2 : 0
      case 0xE0: length = follows(1, 0xA0...0xBF) && follows(2) ? 3 : 0
      case 0xED: length = follows(1, 0x80...0x9F) && follows(2) ? 3 : 0
      case 0xE1...0xEF: length = follows(1) && follows(2) ? 3 : 0
      case 0xF0: length = follows(1, 0x90...0xBF) && follows(2) && follows(3) ? 4 : 0
      case 0xF1...0xF3: length = follows(1) && follows(2) && follows(3) ? 4 : 0
      case 0xF4: length = follows(1, 0x80...0x8F) && follows(2) && follows(3) ? 4 : 0
      default: length = 0
      }
      if length == 0 { return index }
      index += length
    }
    return nil
  }
}
