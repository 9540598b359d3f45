import Foundation

/// The code points of an encoding whose characters are one byte, or a letter and a byte of marks.
///
/// Sources: TCVN 5712:1993; RFC 1456 (VISCII 1.1); Microsoft's best-fit tables of 1252 and 1258. The
/// bytes of the letters were checked against `iconv` and a second table of the legacy encodings.
struct CodeTable: Sendable {
  /// The scalar of each byte, 0 where it has none.
  private var single: [UInt32]
  /// The scalar of two bytes, first byte high; they go before single ones.
  private var pairs: [UInt16: UInt32] = [:]
  private var isFirstOfPair = [Bool](repeating: false, count: 256)

  /// The table of an encoding, or nil.
  static func of(_ encoding: TextEncoding) -> CodeTable? { tables[encoding] }

  /// The Vietnamese letters that ASCII lacks.
  static let letters = """
    ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐố\
    ỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ
    """.unicodeScalars.map(\.value)

  private static let visciiBytes = """
    c0c1c2c3c8c9cacccdd2d3d4a0d9dadde0e1e2e3e8e9eaecedf2f3f4f5f9fafdc5e5d0f0ceee9dfbb4bdbfdf80d5\
    c4e484a485a586a606e787a781a182a202c605c783a389a9cbeb88a88aaa8bab8cac8dad8eae9bef98b89af799f6\
    8faf90b091b192b293b595be96b697b7b3de94fe9ef89cfcbad1bbd7bcd8ffe6b9f19fcf1edc14d619db
    """
  private static let tcvnBytes = """
    8083a282878aa38d909295a4949d0116b5b8a9b7ccd0aad7dddfe3abe2eff3fda1a8a7ae8fdc9ff2a5aca6ad84b9\
    81b6c4cac1c7c2c8c3c986cbc0beafbbbabcbfbd85c68bd188ce89cfdad5c5d2cdd3d9d48cd68ed891de96e493e1\
    ffe8dbe5e0e6f0e797e99bed98ea99eb9aec9cee02f49ef111f804f505f606f712f913fa17fe14fb15fc
    """
  private static let vniBytes = """
    41d8 41d9 41c2 41d5 45d8 45d9 45c2 cc cd 4fd8 4fd9 4fc2 4fd5 55d8 55d9 59d9 61f8 61f9 61e2 \
    61f5 65f8 65f9 65e2 ec ed 6ff8 6ff9 6fe2 6ff5 75f8 75f9 79f9 41ca 61ea d1 f1 d3 f3 55d5 75f5 \
    d4 f4 d6 f6 41cf 61ef 41db 61fb 41c1 61e1 41c0 61e0 41c5 61e5 41c3 61e3 41c4 61e4 41c9 61e9 \
    41c8 61e8 41da 61fa 41dc 61fc 41cb 61eb 45cf 65ef 45db 65fb 45d5 65f5 45c1 65e1 45c0 65e0 \
    45c5 65e5 45c3 65e3 45c4 65e4 c6 e6 d2 f2 4fcf 6fef 4fdb 6ffb 4fc1 6fe1 4fc0 6fe0 4fc5 6fe5 \
    4fc3 6fe3 4fc4 6fe4 d4d9 f4f9 d4d8 f4f8 d4db f4fb d4d5 f4f5 d4cf f4ef 55cf 75ef 55db 75fb \
    d6d9 f6f9 d6d8 f6f8 d6db f6fb d6d5 f6f5 d6cf f6ef 59d8 79f8 ce ee cb eb 59d5 79f5
    """
  /// 80 to 9F in windows-1252; windows-1258 lacks the four letters with carons.
  private static let windows: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]

  private static let tables: [TextEncoding: CodeTable] = [
    .windows1252: western, .windows1258: vietnamese, .tcvn3: tcvn,
    .viscii: lettered(numbers(of: visciiBytes)), .vni: pairing(vniBytes),
  ]

  private init(single: [UInt32]) { self.single = single }

  private static let ascii: [UInt32] = (0..<256).map { $0 < 0x80 ? $0 : 0 }

  private static let western: CodeTable = {
    var table = CodeTable(single: (0..<256).map { $0 })
    for (index, value) in windows.enumerated() { table.single[0x80 + index] = value }
    return table
  }()

  private static let vietnamese: CodeTable = {
    var table = western
    for byte in [0x8A, 0x8E, 0x9A, 0x9E] { table.single[byte] = 0 }
    let others: [(Int, UInt32)] = [
      (0xC3, 0x102), (0xE3, 0x103), (0xCC, 0x300), (0xD0, 0x110), (0xF0, 0x111), (0xD2, 0x309),
      (0xD5, 0x1A0), (0xF5, 0x1A1), (0xDD, 0x1AF), (0xFD, 0x1B0), (0xDE, 0x303), (0xEC, 0x301),
      (0xF2, 0x323), (0xFE, 0x20AB),
    ]
    for (byte, value) in others { table.single[byte] = value }
    return table
  }()

  private static let tcvn: CodeTable = {
    let bytes = numbers(of: tcvnBytes)
    var table = lettered(bytes)
    // Combining marks, and the no-break space.
    for (byte, value) in zip(0xB0..., [0x300, 0x309, 0x303, 0x301, 0x323] as [UInt32]) {
      table.single[byte] = value
    }
    table.single[0xA0] = 0xA0
    // TCVN3 has no capitals with tone marks: they are a plain capital and the small letter's byte.
    for (letter, byte) in zip(letters, bytes) {
      guard let small = Unicode.Scalar(letter)?.properties.lowercaseMapping.unicodeScalars.first,
        small.value != letter, let place = letters.firstIndex(of: small.value),
        let plain = toneless(letter)
      else { continue }
      let first = plain < 0x80 ? UInt8(plain) : letters.firstIndex(of: plain).map { bytes[$0] } ?? 0
      if plain != letter, first != 0, byte != 0 { table.pair(first, bytes[place], letter) }
    }
    return table
  }()

  /// The letter without its tone mark, its other marks kept.
  static func toneless(_ letter: UInt32) -> UInt32? {
    let tones: Set<UInt32> = [0x300, 0x301, 0x303, 0x309, 0x323]
    guard let scalar = Unicode.Scalar(letter) else { return nil }
    let parts = String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars
      .filter { !tones.contains($0.value) }
    let text = String(String.UnicodeScalarView(parts)).precomposedStringWithCanonicalMapping
    return text.unicodeScalars.first?.value
  }

  private static func lettered(_ bytes: [UInt8]) -> CodeTable {
    var table = CodeTable(single: ascii)
    for (letter, byte) in zip(letters, bytes) { table.single[Int(byte)] = letter }
    return table
  }

  private static func pairing(_ codes: String) -> CodeTable {
    var table = CodeTable(single: ascii)
    for (letter, code) in zip(letters, codes.split(separator: " ")) {
      let bytes = numbers(of: String(code))
      if bytes.count == 1 {
        table.single[Int(bytes[0])] = letter
      } else {
        table.pair(bytes[0], bytes[1], letter)
      }
    }
    return table
  }

  private mutating func pair(_ first: UInt8, _ second: UInt8, _ letter: UInt32) {
    pairs[UInt16(first) << 8 | UInt16(second)] = letter
    isFirstOfPair[Int(first)] = true
  }

  private static func numbers(of digits: String) -> [UInt8] {
    let digits = Array(digits)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
  }

  /// The UTF-8 bytes of the text.
  func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, replacing: Bool
  ) throws(TextEncoding.Undecodable) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + bytes.count / 4)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if isFirstOfPair[Int(byte)], index + 1 < bytes.count, bytes[index + 1] >= 0x80,
        let letter = pairs[UInt16(byte) << 8 | UInt16(bytes[index + 1])]
      {
        TextEncoding.append(letter, to: &output)
        index += 2
        continue
      }
      let value = single[Int(byte)]
      if value == 0, byte != 0 {
        guard replacing else { throw TextEncoding.Undecodable(offset: index) }
        TextEncoding.append(0xFFFD, to: &output)
      } else {
        TextEncoding.append(value, to: &output)
      }
      index += 1
    }
    return output
  }
}
