import CArchive
import CanvassSurvey

/// Writes archives that are the same byte for byte every time.
enum DropArchive {
  /// A zip archive of `members` in their order: deflated, no clock, one fixed mode.
  static func zip(_ members: [(name: String, bytes: [UInt8])]) throws(Diagnostic) -> [UInt8] {
    guard let archive = archive_write_new(), let entry = archive_entry_new() else {
      throw Diagnostic(.inputOutput, "there is no memory for an archive")
    }
    defer {
      archive_entry_free(entry)
      archive_write_free(archive)
    }
    let size = members.reduce(65_536) { $0 + $1.bytes.count + 2 * $1.name.utf8.count + 1_024 }
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    defer { buffer.deallocate() }
    var used = 0
    func checked(_ code: Int32) throws(Diagnostic) {
      if code != ARCHIVE_OK {
        let why = archive_error_string(archive).map { String(cString: $0) }
        throw Diagnostic(.inputOutput, "the archive cannot be made", why: why)
      }
    }
    try checked(archive_write_set_format_zip(archive))
    try checked(
      archive_write_set_options(archive, "zip:compression=deflate,zip:compression-level=9"))
    try checked(archive_write_set_bytes_in_last_block(archive, 1))
    try checked(archive_write_open_memory(archive, buffer, size, &used))
    for member in members {
      archive_entry_clear(entry)
      archive_entry_set_pathname(entry, member.name)
      archive_entry_set_size(entry, Int64(member.bytes.count))
      archive_entry_set_filetype(entry, 0o100000)
      archive_entry_set_perm(entry, 0o644)
      archive_entry_set_mtime(entry, 315_532_800, 0)
      try checked(archive_write_header(archive, entry))
      let written = member.bytes.withUnsafeBytes {
        archive_write_data(archive, $0.baseAddress, $0.count)
      }
      guard written == member.bytes.count else {
        throw Diagnostic(.inputOutput, "the archive is full")
      }
    }
    try checked(archive_write_close(archive))
    return Array(UnsafeRawBufferPointer(start: buffer, count: used))
  }
}
