import CArchive
import CanvassSurvey
import Glibc

/// A member of a drop, as its archive names it.
struct DropMember {
  /// The name; control characters and invalid text were refused before.
  let name: String
}

/// The members of a drop, streamed in the order of the archive: zip, tar, tar.gz, or a single table.
///
/// Formats are told apart by content. Nothing is written to disk.
struct DropMembers {
  let drop: DropBytes
  /// Most members of an archive.
  static let mostMembers = 100_000
  /// Most bytes that an archive may unpack to.
  static let mostBytes = 16 << 30

  /// Calls `visit` for every file in the archive; a member that is not read is skipped.
  func forEach(_ visit: (DropMember, any ByteStream) throws -> Void) throws {
    let head = drop.head
    if head.starts(with: [0x50, 0x4B]) {
      try ZipDirectory.check(drop)
      try zip(visit)
    } else if head.starts(with: [0x1F, 0x8B]) {
      let gzip = try GzipStream(try FileStream(drop.path), path: drop.path)
      let lookahead = try LookaheadStream(gzip)
      if DropMembers.isTar(lookahead.head) {
        try tar(lookahead, visit)
      } else {
        try visit(DropMember(name: baseName(removing: ".gz")), lookahead)
        try lookahead.drain(allowing: nil, path: drop.path)
      }
    } else if DropMembers.isTar(head) {
      try tar(try LookaheadStream(try FileStream(drop.path)), visit)
    } else if let format = DropMembers.unsupported(head) {
      throw Diagnostic(
        .badData, "\(format) archives are not supported", at: drop.path,
        remedy: "pack the data as zip or tar.gz")
    } else {
      let stream = try LookaheadStream(try FileStream(drop.path))
      try visit(DropMember(name: baseName(removing: "")), stream)
      try stream.drain(allowing: nil, path: drop.path)
    }
    try drop.verifyUnchanged()
  }

  private func baseName(removing suffix: String) -> String {
    let name = drop.path.split(separator: "/").last.map(String.init) ?? drop.path
    return name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
  }

  static func isTar(_ head: [UInt8]) -> Bool {
    head.count >= 263 && Array(head[257..<262]) == Array("ustar".utf8)
  }

  private static func unsupported(_ head: [UInt8]) -> String? {
    let magics: [([UInt8], String)] = [
      ([0x37, 0x7A, 0xBC, 0xAF], "7z"), ([0x52, 0x61, 0x72, 0x21], "rar"),
      ([0xFD, 0x37, 0x7A, 0x58], "xz"), ([0x42, 0x5A, 0x68], "bzip2"),
      ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x4D, 0x53, 0x43, 0x46], "cab"),
    ]
    return magics.first { head.starts(with: $0.0) }?.1
  }

  private func zip(_ visit: (DropMember, any ByteStream) throws -> Void) throws {
    guard let archive = archive_read_new() else {
      throw Diagnostic(.inputOutput, "there is no memory for an archive")
    }
    defer { archive_read_free(archive) }
    archive_read_support_format_zip_seekable(archive)
    guard archive_read_open_filename(archive, drop.path, 1 << 16) == ARCHIVE_OK else {
      throw damaged(archive)
    }
    try members(of: archive, visit)
  }

  private func tar(
    _ stream: LookaheadStream, _ visit: (DropMember, any ByteStream) throws -> Void
  ) throws {
    guard let archive = archive_read_new() else {
      throw Diagnostic(.inputOutput, "there is no memory for an archive")
    }
    defer { archive_read_free(archive) }
    archive_read_support_format_tar(archive)
    let feed = TarFeed(stream)
    let code = withExtendedLifetime(feed) {
      archive_read_open(
        archive, Unmanaged.passUnretained(feed).toOpaque(), nil,
        { _, context, piece in
          guard let context, let piece else { return -1 }
          return Unmanaged<TarFeed>.fromOpaque(context).takeUnretainedValue().read(into: piece)
        }, nil)
    }
    try withExtendedLifetime(feed) {
      do {
        guard code == ARCHIVE_OK else { throw damaged(archive) }
        try members(of: archive, visit)
      } catch {
        // What went wrong below the archive is the cause.
        throw feed.failure ?? error
      }
      if let failure = feed.failure { throw failure }
      try stream.drain(allowing: 0, path: drop.path)
      guard stream.trailingZeros >= 1_024 else {
        throw Diagnostic(
          .badData, "the tar archive lacks its end", at: drop.path,
          why: "it may have been cut between two members", remedy: "fetch it again")
      }
    }
  }

  private func members(
    of archive: OpaquePointer, _ visit: (DropMember, any ByteStream) throws -> Void
  ) throws {
    var seen = Set<String>()
    var count = 0
    let budget = Budget(path: drop.path, packed: drop.byteCount)
    while true {
      var entry: OpaquePointer?
      let code = archive_read_next_header(archive, &entry)
      if code == ARCHIVE_EOF { break }
      guard code == ARCHIVE_OK, let entry else { throw damaged(archive) }
      count += 1
      if count > DropMembers.mostMembers {
        throw Diagnostic(
          .badData, "the archive has more than \(DropMembers.mostMembers) members", at: drop.path)
      }
      let name = try MemberName.checked(archive_entry_pathname(entry), in: drop.path)
      let type = archive_entry_filetype(entry)
      if archive_entry_hardlink(entry) != nil || (type != 0o100000 && type != 0o040000) {
        throw Diagnostic(
          .badData, "the archive holds a link or a special file", at: "\(drop.path):\(name)",
          remedy: "pack plain files only")
      }
      if !seen.insert(name.lowercased()).inserted {
        throw Diagnostic(
          .badData, "the archive holds a member twice", at: "\(drop.path):\(name)",
          why: "names that differ in case only count as one")
      }
      if archive_entry_is_encrypted(entry) != 0 {
        throw Diagnostic(
          .badData, "the member is encrypted", at: "\(drop.path):\(name)",
          remedy: "pack the data without a password")
      }
      if type == 0o040000 { continue }
      let member = MemberStream(archive, place: "\(drop.path):\(name)", budget: budget)
      try visit(DropMember(name: name), member)
    }
    if count == 0 { throw Diagnostic(.badData, "the archive is empty", at: drop.path) }
  }

  private func damaged(_ archive: OpaquePointer) -> Diagnostic {
    Diagnostic(
      .badData, "the archive is damaged", at: drop.path,
      why: archive_error_string(archive).map { String(cString: $0) }, remedy: "fetch it again")
  }
}

/// Names of members that may be shown and matched.
enum MemberName {
  /// The name as text; absolute ones, `..`, control characters and invalid text are refused.
  static func checked(_ name: UnsafePointer<CChar>?, in path: String) throws(Diagnostic) -> String {
    guard let name, let text = String(validatingCString: name), !text.isEmpty else {
      throw Diagnostic(.badData, "a member's name is not valid text", at: path)
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isSafe =
      !text.hasPrefix("/") && !parts.contains("..") && !text.contains("\\")
      && text.utf8.count <= 4_096
      && text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    guard isSafe else {
      throw Diagnostic(
        .badData, "a member's name is not a plain relative path", at: path,
        why: "names that climb out of a folder or hide control characters are refused")
    }
    return text
  }
}

/// How much a drop may still unpack to.
final class Budget {
  private let path: String
  private let packed: Int
  private var used = 0

  init(path: String, packed: Int) {
    self.path = path
    self.packed = packed
  }

  func spend(_ count: Int) throws(Diagnostic) {
    used += count
    if used > DropMembers.mostBytes || (used > 100 << 20 && used > 1_000 * packed) {
      throw Diagnostic(
        .badData, "the archive unpacks to more than a survey can hold", at: path,
        why: "the limits are 16 GiB, and a thousand times the packed size beyond 100 MiB")
    }
  }
}

/// The bytes of one member, its checksum verified by the reader at the end.
final class MemberStream: ByteStream {
  private let archive: OpaquePointer
  private let place: String
  private let budget: Budget
  private var expected: Int64 = 0

  init(_ archive: OpaquePointer, place: String, budget: Budget) {
    self.archive = archive
    self.place = place
    self.budget = budget
  }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    var piece: UnsafeRawPointer?
    var count = 0
    var offset: Int64 = 0
    let code = archive_read_data_block(archive, &piece, &count, &offset)
    if code == ARCHIVE_EOF { return UnsafeRawBufferPointer(start: nil, count: 0) }
    guard code == ARCHIVE_OK, offset == expected else {
      throw Diagnostic(
        .badData, "the member is damaged", at: place,
        why: archive_error_string(archive).map { String(cString: $0) },
        remedy: "fetch the archive again")
    }
    if count == 0 { return try next() }
    expected += Int64(count)
    try budget.spend(count)
    return UnsafeRawBufferPointer(start: piece, count: count)
  }
}

/// A stream whose first bytes can be looked at before it is read.
final class LookaheadStream: ByteStream {
  private let source: any ByteStream
  private var first: [UInt8]?
  private let held: UnsafeMutableRawPointer
  private let heldCount: Int
  let head: [UInt8]
  /// Zero bytes at the end of what has been read so far.
  private(set) var trailingZeros = 0

  init(_ source: any ByteStream) throws(Diagnostic) {
    self.source = source
    let piece = try source.next()
    heldCount = piece.count
    held = UnsafeMutableRawPointer.allocate(byteCount: max(1, piece.count), alignment: 16)
    if let base = piece.baseAddress { held.copyMemory(from: base, byteCount: piece.count) }
    head = Array(piece.prefix(512))
    first = []
  }

  deinit { held.deallocate() }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    let piece: UnsafeRawBufferPointer
    if first != nil {
      first = nil
      piece = UnsafeRawBufferPointer(start: held, count: heldCount)
    } else {
      piece = try source.next()
    }
    let zeros = piece.reversed().prefix { $0 == 0 }.count
    trailingZeros = zeros == piece.count ? trailingZeros + zeros : zeros
    return piece
  }

  /// Reads to the end, so that checksums are verified; bytes other than `allowing` are an error.
  func drain(allowing byte: UInt8?, path: String) throws(Diagnostic) {
    while true {
      let piece = try next()
      if piece.isEmpty { return }
      if piece.contains(where: { $0 != byte }) {
        throw Diagnostic(
          .badData, "something follows the end of the archive", at: path,
          why: "a second archive or other bytes would be lost", remedy: "pack the data again")
      }
    }
  }
}

/// Hands the bytes of a stream to libarchive and keeps the error that C cannot carry.
final class TarFeed {
  private let stream: LookaheadStream
  private(set) var failure: Diagnostic?

  init(_ stream: LookaheadStream) {
    self.stream = stream
  }

  func read(into piece: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
    do {
      let bytes = try stream.next()
      piece.pointee = bytes.baseAddress
      return bytes.count
    } catch {
      failure = error
      return -1
    }
  }
}

/// The end of a zip archive must lie where its directory says.
enum ZipDirectory {
  /// Refuses archives with bytes before or after, or whose directory does not end at its end record.
  static func check(_ drop: DropBytes) throws(Diagnostic) {
    let descriptor = open(drop.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Diagnostic(.inputOutput, "the file cannot be opened", at: drop.path)
    }
    defer { close(descriptor) }
    let tailCount = min(drop.byteCount, 65_557)
    var tail = [UInt8](repeating: 0, count: tailCount)
    let start = drop.byteCount - tailCount
    guard pread(descriptor, &tail, tailCount, start) == tailCount else {
      throw Diagnostic(.inputOutput, "the file cannot be read", at: drop.path)
    }
    func number(_ at: Int, _ bytes: Int) -> Int {
      (0..<bytes).reduce(0) { $0 | Int(tail[at + $1]) << (8 * $1) }
    }
    var end = tailCount - 22
    while end >= 0 {
      if number(end, 4) == 0x0605_4B50, end + 22 + number(end + 20, 2) == tailCount { break }
      end -= 1
    }
    guard end >= 0 else {
      throw Diagnostic(
        .badData, "the zip archive has no end record where its bytes end", at: drop.path,
        why: "it is truncated, or something follows it", remedy: "fetch it again")
    }
    let (size, offset) = (number(end + 12, 4), number(end + 16, 4))
    // A zip64 archive keeps these numbers elsewhere; libarchive reads them.
    if size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF || number(end + 10, 2) == 0xFFFF { return }
    guard offset + size == start + end else {
      throw Diagnostic(
        .badData, "the zip archive's directory does not lie where its end record says",
        at: drop.path, why: "two archives glued together, or bytes before the first, read as one",
        remedy: "pack the data again")
    }
  }
}
