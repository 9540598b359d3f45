import CZlib
import CanvassSurvey

/// The outer frame of a 7z archive, read next to libarchive: its two checksums, and that the file ends
/// where its header does.
///
/// Source: 7-Zip's `7zFormat.txt`, "SignatureHeader".
enum SevenZipHeader {
  static let magic: [UInt8] = [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]

  static func check(_ drop: DropBytes) throws(Diagnostic) {
    let start = try bytes(drop, 0, 32)
    guard start[6] == 0, number(start, 8, 4) == checksum(start[12...]) else {
      throw refuse(drop, "its first header does not match its checksum")
    }
    let offset = number(start, 12, 8)
    let size = number(start, 20, 8)
    guard offset >= 0, size > 0, offset < drop.byteCount, size < drop.byteCount,
      32 + offset + size == drop.byteCount
    else { throw refuse(drop, "it was cut, or something follows it") }
    guard size <= 64 << 20 else { throw refuse(drop, "its header has more than 64 MiB") }
    let header = try bytes(drop, 32 + offset, size)
    guard number(start, 28, 4) == checksum(header[...]) else {
      throw refuse(drop, "its header does not match its checksum")
    }
  }

  private static func bytes(
    _ drop: DropBytes, _ offset: Int, _ count: Int
  ) throws(Diagnostic) -> [UInt8] {
    guard offset + count <= drop.byteCount else { throw refuse(drop, "it ends too early") }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { buffer.deallocate() }
    guard try drop.read(into: buffer, at: offset) == count else {
      throw refuse(drop, "it ends too early")
    }
    return Array(buffer)
  }

  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) })
  }

  private static func refuse(_ drop: DropBytes, _ why: String) -> Diagnostic {
    Diagnostic(
      .badData, "the 7z archive is damaged or not of a plain kind", at: drop.path, why: why,
      remedy: "fetch it again, or pack the data again")
  }
}
