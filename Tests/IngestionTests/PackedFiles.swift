import CZlib
import Foundation

/// A member of an archive that a test writes.
struct Packed {
  var name: String
  var bytes: [UInt8]
  /// General purpose flags of a zip: bit 0 is encryption, bit 11 is UTF-8.
  var flags = 0x800
  /// The type byte of a tar header.
  var type = UInt8(ascii: "0")

  init(_ name: String, _ text: String) {
    self.name = name
    bytes = Array(text.utf8)
  }
}

private func little(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

private func checksum(_ bytes: [UInt8]) -> Int { Int(crc32(0, bytes, UInt32(bytes.count))) }

/// Raw deflate for 15 bits of window, or gzip for 31.
private func deflated(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
  var state = z_stream()
  deflateInit2_(
    &state, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, zlibVersion(),
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&state) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: min(bytes.count, 1 << 20) + 1_024)
  let capacity = output.count
  input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      state.next_in = source.baseAddress
      state.avail_in = UInt32(source.count)
      state.next_out = target.baseAddress
      state.avail_out = UInt32(capacity)
      _ = deflate(&state, Z_FINISH)
    }
  }
  return Array(output.prefix(capacity - Int(state.avail_out)))
}

/// A zip of members, stored or deflated.
func zip(_ members: [Packed], isDeflated: Bool = true) -> [UInt8] {
  var body: [UInt8] = []
  var directory: [UInt8] = []
  for member in members {
    let data = isDeflated ? deflated(member.bytes, windowBits: -15) : member.bytes
    let name = Array(member.name.utf8)
    let common =
      little(member.flags, 2) + little(isDeflated ? 8 : 0, 2) + little(0, 2) + little(0x21, 2)
      + little(checksum(member.bytes), 4) + little(data.count, 4) + little(member.bytes.count, 4)
      + little(name.count, 2) + little(0, 2)
    directory +=
      little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + common + little(0, 2) + little(0, 2)
      + little(0, 2) + little(0, 4) + little(body.count, 4) + name
    body += little(0x0403_4B50, 4) + little(20, 2) + common + name + data
  }
  return body + directory + little(0x0605_4B50, 4) + little(0, 4) + little(members.count, 2)
    + little(members.count, 2) + little(directory.count, 4) + little(body.count, 4) + little(0, 2)
}

/// A tar of members with two blocks of zeros at its end; `isOld` is the dialect before POSIX.
func tar(_ members: [Packed], isOld: Bool = false) -> [UInt8] {
  var bytes: [UInt8] = []
  for member in members {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: [UInt8], _ offset: Int) {
      header.replaceSubrange(offset..<offset + text.count, with: text)
    }
    put(Array(member.name.utf8), 0)
    put(Array("0000644".utf8), 100)
    put(Array("0000000".utf8), 108)
    put(Array("0000000".utf8), 116)
    put(Array(String(format: "%011o", member.bytes.count).utf8), 124)
    put(Array("00000000000".utf8), 136)
    header[156] = isOld ? 0 : member.type
    if member.type != UInt8(ascii: "0") { put(Array("/etc/passwd".utf8), 157) }
    if !isOld { put(Array("ustar\u{0}00".utf8), 257) }
    put([UInt8](repeating: 0x20, count: 8), 148)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(Array(String(format: "%06o\u{0}", sum).utf8), 148)
    bytes += header + member.bytes
    bytes += [UInt8](repeating: 0, count: (512 - member.bytes.count % 512) % 512)
  }
  return bytes + [UInt8](repeating: 0, count: 1_024)
}

/// One gzip member.
func gzip(_ bytes: [UInt8]) -> [UInt8] { deflated(bytes, windowBits: 31) }

/// Writes `bytes` to a fresh file and gives its path to `body`.
func withFile<Result>(
  _ bytes: [UInt8], name: String = "drop.csv", _ body: (String) throws -> Result
) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "canvass-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let url = folder.appendingPathComponent(name)
  try Data(bytes).write(to: url)
  return try body(url.path)
}
