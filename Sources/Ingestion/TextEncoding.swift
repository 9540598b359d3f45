import Foundation
import Glibc

/// A way of writing text as bytes.
///
/// UTF-8, UTF-16 and the encodings in which Vietnamese text is found are decoded here, by tables of code
/// points; others by the system's `iconv`.
public struct TextEncoding: Sendable, Hashable, Codable {
  /// The name in records, such as `windows-1258`.
  public let name: String

  /// UTF-8.
  public static let utf8 = TextEncoding(name: "utf-8")
  /// UTF-16, the low byte first.
  public static let utf16LittleEndian = TextEncoding(name: "utf-16le")
  /// UTF-16, the high byte first.
  public static let utf16BigEndian = TextEncoding(name: "utf-16be")
  /// Western European, Microsoft's.
  public static let windows1252 = TextEncoding(name: "windows-1252")
  /// Vietnamese, Microsoft's: letters followed by combining tone marks.
  public static let windows1258 = TextEncoding(name: "windows-1258")
  /// TCVN 5712 in both its versions, known as TCVN3 or by its `.Vn` fonts.
  public static let tcvn3 = TextEncoding(name: "tcvn3")
  /// VNI for Windows: a letter followed by a byte for its marks.
  public static let vni = TextEncoding(name: "vni")
  /// VISCII, RFC 1456.
  public static let viscii = TextEncoding(name: "viscii")

  /// The encodings that have a table.
  static let tabled: [TextEncoding] = vietnamese + [.windows1252]
  /// The legacy encodings of Vietnamese.
  static let vietnamese: [TextEncoding] = [.windows1258, .tcvn3, .vni, .viscii]

  /// The names that may be given in a pipeline file.
  public static let offered: [String] =
    ["utf-8", "utf-16", "utf-16le", "utf-16be"] + tabled.map(\.name)

  private static let aliases: [String: TextEncoding] = [
    "utf8": .utf8, "ascii": .utf8, "us-ascii": .utf8, "utf16le": .utf16LittleEndian,
    "utf16be": .utf16BigEndian, "cp1252": .windows1252, "windows1252": .windows1252,
    "iso-8859-1": .windows1252, "latin1": .windows1252, "cp1258": .windows1258,
    "windows1258": .windows1258, "tcvn": .tcvn3, "tcvn5712-1": .tcvn3, "tcvn-5712": .tcvn3,
  ]

  private init(name: String) { self.name = name }

  /// The encoding called `name`, in any case, or nil where neither a table nor the system knows it.
  init?(named name: String) {
    let lower = name.lowercased()
    let known: [TextEncoding] =
      [.utf8, .utf16LittleEndian, .utf16BigEndian] + TextEncoding.tabled
    if let encoding = known.first(where: { $0.name == lower }) ?? TextEncoding.aliases[lower] {
      self = encoding
      return
    }
    guard let converter = iconv_open("UTF-8", lower), Int(bitPattern: converter) != -1 else {
      return nil
    }
    iconv_close(converter)
    self.init(name: lower)
  }

  /// Bytes that could not be decoded, by the offset of the first.
  struct Undecodable: Error { let offset: Int }

  /// The UTF-8 bytes of the text, not yet in NFC.
  ///
  /// Where `replacing` is set, what does not decode becomes U+FFFD instead of an error.
  func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, replacing: Bool = false
  ) throws(Undecodable) -> [UInt8] {
    switch self {
    case .utf8: try TextEncoding.checked(bytes, replacing: replacing)
    case .utf16LittleEndian, .utf16BigEndian:
      try TextEncoding.utf16(bytes, isLittle: self == .utf16LittleEndian, replacing: replacing)
    default:
      if let table = CodeTable.of(self) {
        try table.decode(bytes, replacing: replacing)
      } else {
        try converted(bytes, replacing: replacing)
      }
    }
  }

  private static func checked(
    _ bytes: UnsafeBufferPointer<UInt8>, replacing: Bool
  ) throws(Undecodable) -> [UInt8] {
    guard let offset = TextCheck.firstInvalid(in: bytes, from: 0) else { return Array(bytes) }
    guard replacing else { throw Undecodable(offset: offset) }
    return Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  private static func utf16(
    _ bytes: UnsafeBufferPointer<UInt8>, isLittle: Bool, replacing: Bool
  ) throws(Undecodable) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    func unit(_ index: Int) -> UInt32 {
      let (first, second) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
      return isLittle ? first | second << 8 : first << 8 | second
    }
    var index = 0
    while index < bytes.count {
      var value: UInt32 = 0xFFFD
      var length = 2
      var isValid = index + 1 < bytes.count
      if isValid {
        value = unit(index)
        if (0xD800...0xDFFF).contains(value) {
          isValid = false
          if value < 0xDC00, index + 3 < bytes.count,
            (0xDC00...0xDFFF).contains(unit(index + 2))
          {
            value = 0x10000 + (value - 0xD800) << 10 + (unit(index + 2) - 0xDC00)
            length = 4
            isValid = true
          }
        }
      }
      if !isValid {
        guard replacing else { throw Undecodable(offset: index) }
        value = 0xFFFD
      }
      append(value, to: &output)
      index += length
    }
    return output
  }

  @inline(__always)
  static func append(_ value: UInt32, to output: inout [UInt8]) {
    if value < 0x80 {
      output.append(UInt8(value))
    } else if let scalar = Unicode.Scalar(value) {
      output.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
    }
  }

  private func converted(
    _ bytes: UnsafeBufferPointer<UInt8>, replacing: Bool
  ) throws(Undecodable) -> [UInt8] {
    guard let converter = iconv_open("UTF-8", name), Int(bitPattern: converter) != -1 else {
      throw Undecodable(offset: 0)
    }
    defer { iconv_close(converter) }
    var output: [UInt8] = []
    var piece = [CChar](repeating: 0, count: 4_096)
    var input = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?
      .assumingMemoryBound(to: CChar.self)
    var left = bytes.count
    while left > 0 {
      var room = piece.count
      let code = piece.withUnsafeMutableBufferPointer { buffer in
        var target = buffer.baseAddress
        return iconv(converter, &input, &left, &target, &room)
      }
      let cause = errno
      output += piece[..<(piece.count - room)].lazy.map { UInt8(bitPattern: $0) }
      if code == -1, cause != E2BIG {
        guard replacing else { throw Undecodable(offset: bytes.count - left) }
        TextEncoding.append(0xFFFD, to: &output)
        input = input?.advanced(by: 1)
        left -= 1
      }
    }
    return output
  }
}
