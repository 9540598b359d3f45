import CZlib
import CanvassSurvey

/// The parts of a zip that is read as one file, such as a workbook, each with its checksum verified.
struct ZipParts {
  private let drop: DropBytes
  private let entries: [String: ZipDirectory.Entry]
  private let place: String

  init(_ stream: any ByteStream, place: String) throws(Diagnostic) {
    self.place = place
    drop = try DropBytes(holding: stream, path: place)
    var entries: [String: ZipDirectory.Entry] = [:]
    for entry in try ZipDirectory.entries(of: drop) { entries[entry.name] = entry }
    self.entries = entries
  }

  func contains(_ name: String) -> Bool { entries[name] != nil }

  /// The bytes of a part that must be there.
  func required(_ name: String) throws(Diagnostic) -> [UInt8] {
    guard let bytes = try bytes(name) else {
      throw Diagnostic(
        .badData, "the workbook lacks its part '\(name)'", at: place, remedy: "save it again")
    }
    return bytes
  }

  /// The bytes of a part, or nil where there is none.
  func bytes(_ name: String) throws(Diagnostic) -> [UInt8]? {
    guard let entry = entries[name] else { return nil }
    try MemoryLimit.check(entry.size, "the part '\(name)'", at: place)
    if entry.size > ArchiveLimits.ratioBegins, entry.size / max(1, entry.packed) >= 200 {
      throw Diagnostic(
        .badData, "a part of the workbook unpacks to more than 200 times its size", at: place)
    }
    let header = try read(entry.offset, 30)
    let start =
      entry.offset + 30 + Int(header[26]) + Int(header[27]) << 8 + Int(header[28])
      + Int(header[29]) << 8
    let packed = try read(start, entry.packed)
    let bytes = entry.method == 0 ? packed : try inflated(packed, size: entry.size)
    let checksum = bytes.withUnsafeBufferPointer {
      Int(crc32_z(0, $0.baseAddress, z_size_t($0.count)))
    }
    guard bytes.count == entry.size, checksum == entry.checksum else { throw damaged() }
    return bytes
  }

  private func read(_ offset: Int, _ count: Int) throws(Diagnostic) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 1)
    defer { buffer.deallocate() }
    let window = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
    guard try drop.read(into: window, at: offset) == count else { throw damaged() }
    return Array(window)
  }

  private func inflated(_ packed: [UInt8], size: Int) throws(Diagnostic) -> [UInt8] {
    var state = z_stream()
    guard inflateInit2_(&state, -15, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw damaged() }
    defer { inflateEnd(&state) }
    // One byte more than stated shows a part that is longer.
    var output = [UInt8](repeating: 0, count: size + 1)
    var input = packed
    let code = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        state.next_in = source.baseAddress
        state.avail_in = UInt32(source.count)
        state.next_out = target.baseAddress
        state.avail_out = UInt32(target.count)
        return inflate(&state, Z_FINISH)
      }
    }
    guard code == Z_STREAM_END, state.avail_in == 0, Int(state.total_out) == size else {
      throw damaged()
    }
    output.removeLast()
    return output
  }

  private func damaged() -> Diagnostic {
    Diagnostic(.badData, "the workbook is damaged", at: place, remedy: "fetch it again")
  }
}
