import CanvassSurvey

/// The central directory of a zip, read strictly: one zip, every byte accounted for, no overlap.
///
/// Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.6 to 4.5.3.
struct ZipDirectory {
  /// A member as the directory describes it.
  struct Entry {
    var name: String
    var nameBytes: [UInt8]
    var size: Int
    var packed: Int
    var offset: Int
    var flags: Int
    var method: Int
    var checksum: Int
  }

  private let drop: DropBytes
  private let limits: ArchiveLimits

  /// Whether the zip is an Excel workbook, which is a table and no archive of tables.
  static func isWorkbook(_ drop: DropBytes) throws(Diagnostic) -> Bool {
    // Excel and every program that writes its format put one of these first.
    let names = ["[Content_Types].xml", "_rels/.rels", "docProps/", "xl/", "mimetype"]
    guard drop.head.count > 60 else { return false }
    let length = Int(drop.head[26]) | Int(drop.head[27]) << 8
    let first = String(decoding: drop.head[30...].prefix(length), as: UTF8.self)
    guard names.contains(where: { first.hasPrefix($0) }) else { return false }
    return try entries(of: drop).contains { $0.name == "xl/workbook.xml" }
  }

  /// The entries in the order of their data.
  ///
  /// - Throws: `badData` for bytes before, between or behind members, members that overlap, several
  ///   disks, encryption, methods other than stored and deflate, and unsafe or repeated names.
  static func entries(
    of drop: DropBytes, limits: ArchiveLimits = ArchiveLimits()
  ) throws(Diagnostic) -> [Entry] {
    let directory = ZipDirectory(drop: drop, limits: limits)
    let (count, start, end) = try directory.place()
    let entries = try directory.central(count, from: start, to: end)
    try directory.checkLayout(entries, end: start)
    return entries
  }

  /// Number of entries, and where the directory begins and ends.
  private func place() throws(Diagnostic) -> (count: Int, start: Int, end: Int) {
    let tailStart = max(0, drop.byteCount - 65_557)
    let tail = try bytes(tailStart, drop.byteCount - tailStart)
    var end = tail.count - 22
    while end >= 0 {
      if tail.number(end, 4) == 0x0605_4B50, tail.number(end + 20, 2) == tail.count - end - 22 {
        break
      }
      end -= 1
    }
    guard end >= 0 else { throw refuse("its directory is missing, or bytes follow it") }
    var count = tail.number(end + 10, 2)
    var size = tail.number(end + 12, 4)
    var start = tail.number(end + 16, 4)
    var directoryEnd = tailStart + end
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      // Zip64: a locator stands before the end record, and the long end record before the locator.
      let locator = try bytes(directoryEnd - 20, 20)
      let at = locator.number(8, 8)
      guard locator.number(0, 4) == 0x0706_4B50, at == directoryEnd - 76 else {
        throw refuse("its zip64 end record is missing")
      }
      let record = try bytes(at, 56)
      guard record.number(0, 4) == 0x0606_4B50, record.number(4, 8) == 44,
        record.number(24, 8) == record.number(32, 8)
      else { throw refuse("its zip64 end record is damaged") }
      (count, size, start) = (record.number(32, 8), record.number(40, 8), record.number(48, 8))
      directoryEnd = at
    } else if tail.number(end + 4, 4) != 0 || tail.number(end + 8, 2) != count {
      throw refuse("it is split into several files")
    }
    guard start >= 0, size >= 0, start <= directoryEnd, start + size == directoryEnd else {
      throw refuse("bytes lie around its directory: two archives glued together read as one")
    }
    if count > min(limits.members, 65_535) {
      throw Diagnostic(
        .badData, "the archive has more than \(limits.members) members", at: drop.path,
        remedy: "if it is meant to, raise 'members' under 'ingest: limits'")
    }
    return (count, start, directoryEnd)
  }

  private func central(
    _ count: Int, from start: Int, to end: Int
  ) throws(Diagnostic) -> [Entry] {
    let directory = try bytes(start, end - start)
    var entries: [Entry] = []
    var seen = SeenNames(limits: limits)
    var at = 0
    for _ in 0..<count {
      guard at + 46 <= directory.count, directory.number(at, 4) == 0x0201_4B50 else {
        throw refuse("its directory is damaged")
      }
      let nameEnd = at + 46 + directory.number(at + 28, 2)
      let extraEnd = nameEnd + directory.number(at + 30, 2)
      let next = extraEnd + directory.number(at + 32, 2)
      guard next <= directory.count else { throw refuse("its directory is damaged") }
      let nameBytes = Array(directory[at + 46..<nameEnd])
      let name = try nameBytes.withUnsafeBufferPointer { bytes throws(Diagnostic) in
        try MemberName.checked(bytes, in: drop.path)
      }
      try seen.insert(name, in: drop.path)
      var entry = Entry(
        name: name, nameBytes: nameBytes, size: directory.number(at + 24, 4),
        packed: directory.number(at + 20, 4), offset: directory.number(at + 42, 4),
        flags: directory.number(at + 8, 2), method: directory.number(at + 10, 2),
        checksum: directory.number(at + 16, 4))
      try widen(&entry, by: Array(directory[nameEnd..<extraEnd]))
      if entry.flags & 0x2041 != 0 {
        throw Diagnostic(
          .badData, "the member is encrypted", at: "\(drop.path):\(name)",
          remedy: "pack the data without a password")
      }
      if entry.method != 0 && entry.method != 8 {
        throw Diagnostic(
          .badData, "the member is packed by a method that is not supported",
          at: "\(drop.path):\(name)", why: "method \(entry.method); stored and deflate are",
          remedy: "pack the data again")
      }
      entries.append(entry)
      at = next
    }
    guard at == directory.count else { throw refuse("its directory is damaged") }
    return entries.sorted { $0.offset < $1.offset }
  }

  /// Takes sizes and the offset from the zip64 field where 32 bits do not hold them.
  private func widen(_ entry: inout Entry, by extra: [UInt8]) throws(Diagnostic) {
    let paths: [WritableKeyPath<Entry, Int>] = [\.size, \.packed, \.offset]
    let wide = paths.filter { entry[keyPath: $0] == 0xFFFF_FFFF }
    if wide.isEmpty { return }
    var at = 0
    while at + 4 <= extra.count {
      let length = extra.number(at + 2, 2)
      if extra.number(at, 2) == 1, length >= 8 * wide.count, at + 4 + length <= extra.count {
        for (index, path) in wide.enumerated() {
          let value = extra.number(at + 4 + 8 * index, 8)
          guard value >= 0 else { throw refuse("its directory is damaged") }
          entry[keyPath: path] = value
        }
        return
      }
      at += 4 + length
    }
    throw refuse("a zip64 field is missing")
  }

  /// Members follow one another from the first byte to the directory, with equal headers.
  private func checkLayout(_ entries: [Entry], end: Int) throws(Diagnostic) {
    var expected = 0
    for (index, entry) in entries.enumerated() {
      guard entry.offset == expected else {
        throw refuse("members overlap, or bytes lie between them")
      }
      let local = try bytes(entry.offset, 30)
      let nameLength = local.number(26, 2)
      guard local.number(0, 4) == 0x0403_4B50, nameLength == entry.nameBytes.count,
        try bytes(entry.offset + 30, nameLength) == entry.nameBytes,
        local.number(6, 2) == entry.flags, local.number(8, 2) == entry.method
      else { throw refuse("a member's two headers differ") }
      let following = index + 1 < entries.count ? entries[index + 1].offset : end
      let (dataEnd, overflows) =
        (entry.offset + 30 + nameLength + local.number(28, 2)).addingReportingOverflow(entry.packed)
      // A data descriptor has 12 bytes, 20 with long sizes, and 4 more with its mark.
      let isTight =
        entry.flags & 8 != 0
        ? [12, 16, 20, 24].contains(following - dataEnd) : following == dataEnd
      guard !overflows, isTight else {
        throw refuse("members overlap, or bytes lie between them")
      }
      expected = following
    }
    guard expected == end else { throw refuse("bytes lie before its directory") }
  }

  private func bytes(_ offset: Int, _ count: Int) throws(Diagnostic) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= drop.byteCount - count else {
      throw refuse("it points outside of itself")
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 1)
    defer { buffer.deallocate() }
    let window = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
    guard try drop.read(into: window, at: offset) == count else {
      throw refuse("it ends too early")
    }
    return Array(window)
  }

  private func refuse(_ why: String) -> Diagnostic {
    Diagnostic(
      .badData, "the zip archive is damaged or not of a plain kind", at: drop.path, why: why,
      remedy: "fetch it again, or pack the data again")
  }
}

extension [UInt8] {
  /// The little-endian number of `count` bytes at `offset`.
  fileprivate func number(_ offset: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
  }
}
