/// Archives made by hand, so that the product's reader is not tested with the product's writer.
///
/// Nothing is compressed: deflate and gzip carry stored blocks.
public enum SmallArchive {
  /// A member of an archive.
  public typealias Member = (name: String, bytes: [UInt8])

  /// A zip archive with stored members.
  public static func zip(_ members: [Member]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let name = Array(member.name.utf8)
      let fields =
        little(0, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
        + little(UInt64(checksum(member.bytes)), 4) + little(UInt64(member.bytes.count), 4)
        + little(UInt64(member.bytes.count), 4) + little(UInt64(name.count), 2) + little(0, 2)
      directory +=
        [0x50, 0x4B, 0x01, 0x02] + little(20, 2) + little(20, 2) + fields + little(0, 2)
        + little(0, 2) + little(0, 2) + little(0, 4) + little(UInt64(bytes.count), 4) + name
      bytes += [0x50, 0x4B, 0x03, 0x04] + little(20, 2) + fields + name + member.bytes
    }
    let start = bytes.count
    return bytes + directory + [0x50, 0x4B, 0x05, 0x06] + little(0, 2) + little(0, 2)
      + little(UInt64(members.count), 2) + little(UInt64(members.count), 2)
      + little(UInt64(directory.count), 4) + little(UInt64(start), 4) + little(0, 2)
  }

  /// A gzipped tar archive; `checksumError` changes the checksum in its last eight bytes.
  public static func tarGzip(_ members: [Member], checksumError: UInt32 = 0) -> [UInt8] {
    gzip(tar(members), checksumError: checksumError)
  }

  static func tar(_ members: [Member]) -> [UInt8] {
    var bytes: [UInt8] = []
    for member in members {
      var header = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, at position: Int) {
        for (index, byte) in text.utf8.enumerated() { header[position + index] = byte }
      }
      func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: width - digits.count) + digits
      }
      put(member.name, at: 0)
      put("0000644", at: 100)
      put("0000000", at: 108)
      put("0000000", at: 116)
      put(octal(member.bytes.count, 11), at: 124)
      put(octal(0, 11), at: 136)
      put("        ", at: 148)
      put("0", at: 156)
      put("ustar", at: 257)
      put("00", at: 263)
      put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
      bytes += header + member.bytes
      bytes += [UInt8](repeating: 0, count: (512 - member.bytes.count % 512) % 512)
    }
    return bytes + [UInt8](repeating: 0, count: 1024)
  }

  static func gzip(_ bytes: [UInt8], checksumError: UInt32) -> [UInt8] {
    var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var position = 0
    repeat {
      let length = min(65_535, bytes.count - position)
      packed.append(position + length == bytes.count ? 1 : 0)
      packed += little(UInt64(length), 2) + little(UInt64(~UInt16(length)), 2)
      packed += bytes[position..<(position + length)]
      position += length
    } while position < bytes.count
    return packed + little(UInt64(checksum(bytes) ^ checksumError), 4)
      + little(UInt64(bytes.count), 4)
  }

  /// The CRC-32 of zip and gzip.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var remainder: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 {
        remainder = remainder & 1 == 1 ? (remainder >> 1) ^ 0xEDB8_8320 : remainder >> 1
      }
    }
    return ~remainder
  }

  private static func little(_ number: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
  }
}
