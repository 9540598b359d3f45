import CArchive
import Glibc

/// Archives that libarchive writes, for formats that are tedious by hand.
public enum PackedArchive {
  /// An archive format.
  public enum Format: CaseIterable, Sendable { case zip, sevenZip, tar, raw }
  /// What the archive is packed by.
  public enum Filter: CaseIterable, Sendable { case none, gzip, xz, bzip2, zstd }

  /// The archive's bytes, or nothing where libarchive cannot make it.
  public static func bytes(
    _ members: [SmallArchive.Member], _ format: Format, _ filter: Filter = .none
  ) -> [UInt8] {
    // Names are converted by way of the locale's encoding.
    let names = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
    let former = names.map { uselocale($0) }
    defer {
      if let former { uselocale(former) }
      if let names { freelocale(names) }
    }
    guard let archive = archive_write_new(), let entry = archive_entry_new() else { return [] }
    defer {
      archive_entry_free(entry)
      archive_write_free(archive)
    }
    switch format {
    case .zip: archive_write_set_format_zip(archive)
    case .sevenZip: archive_write_set_format_7zip(archive)
    case .tar: archive_write_set_format_pax_restricted(archive)
    case .raw: archive_write_set_format_raw(archive)
    }
    switch filter {
    case .none: archive_write_add_filter_none(archive)
    case .gzip: archive_write_add_filter_gzip(archive)
    case .xz: archive_write_add_filter_xz(archive)
    case .bzip2: archive_write_add_filter_bzip2(archive)
    case .zstd: archive_write_add_filter_zstd(archive)
    }
    archive_write_set_bytes_in_last_block(archive, 1)
    let size = members.reduce(1 << 20) { $0 + 2 * $1.bytes.count + 512 }
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    defer { buffer.deallocate() }
    var used = 0
    guard archive_write_open_memory(archive, buffer, size, &used) == ARCHIVE_OK else { return [] }
    for member in members {
      archive_entry_clear(entry)
      archive_entry_set_pathname_utf8(entry, member.name)
      archive_entry_set_size(entry, Int64(member.bytes.count))
      archive_entry_set_filetype(entry, 0o100000)
      archive_entry_set_perm(entry, 0o644)
      archive_entry_set_mtime(entry, 315_532_800, 0)
      archive_write_header(archive, entry)
      _ = member.bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    }
    archive_write_close(archive)
    return Array(UnsafeRawBufferPointer(start: buffer, count: used))
  }
}
