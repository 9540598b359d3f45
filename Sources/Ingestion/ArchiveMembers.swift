import CArchive
import CanvassSurvey
import Glibc

/// The members of a zip, 7z or tar through libarchive; every warning of libarchive is a failure.
struct ArchiveMembers {
  private let drop: DropBytes
  /// The directory of a zip; nil for a tar or 7z.
  private let directory: [ZipDirectory.Entry]?
  /// The bytes of a tar; nil for a zip or 7z.
  private let feed: TarFeed?

  private let budget: Budget

  init(zip drop: DropBytes, budget: Budget) throws(Diagnostic) {
    self.drop = drop
    self.budget = budget
    let entries = try ZipDirectory.entries(of: drop, limits: budget.limits)
    if entries.isEmpty { throw Diagnostic(.badData, "the archive is empty", at: drop.path) }
    directory = entries
    feed = nil
  }

  init(sevenZip drop: DropBytes, budget: Budget) {
    self.drop = drop
    self.budget = budget
    directory = nil
    feed = nil
  }

  init(tar stream: LookaheadStream, of drop: DropBytes, budget: Budget) {
    self.drop = drop
    self.budget = budget
    directory = nil
    feed = TarFeed(stream)
  }

  /// Calls `visit` for every file; what it does not read is skipped.
  func forEach(_ visit: (DropMember, any ByteStream) throws -> Void) throws {
    guard let archive = archive_read_new() else {
      throw Diagnostic(.inputOutput, "there is no memory for an archive")
    }
    defer { archive_read_free(archive) }
    try withExtendedLifetime(feed) {
      do {
        try open(archive)
        try members(of: archive, visit)
        if let feed { try checkEnd(of: archive, feed) }
      } catch {
        // What went wrong below the archive is the cause.
        throw feed?.failure ?? error
      }
    }
  }

  private func open(_ archive: OpaquePointer) throws(Diagnostic) {
    if let feed {
      archive_read_support_format_tar(archive)
      let code = archive_read_open(
        archive, Unmanaged.passUnretained(feed).toOpaque(), nil,
        { _, context, piece in
          guard let context, let piece else { return -1 }
          return Unmanaged<TarFeed>.fromOpaque(context).takeUnretainedValue().read(into: piece)
        }, nil)
      guard code == ARCHIVE_OK else { throw damaged(archive) }
    } else {
      if directory == nil {
        archive_read_support_format_7zip(archive)
      } else {
        archive_read_support_format_zip_seekable(archive)
      }
      guard lseek(drop.descriptor, 0, SEEK_SET) == 0,
        archive_read_open_fd(archive, drop.descriptor, 1 << 17) == ARCHIVE_OK
      else { throw damaged(archive) }
    }
  }

  private func members(
    of archive: OpaquePointer, _ visit: (DropMember, any ByteStream) throws -> Void
  ) throws {
    var seen = SeenNames(limits: budget.limits)
    var index = 0
    // libarchive turns names into the locale's encoding; they are to be UTF-8 whatever LC_ALL says.
    let names = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
    defer { if let names { freelocale(names) } }
    func named<Result>(_ body: () -> Result) -> Result {
      guard let names else { return body() }
      let former = uselocale(names)
      defer { uselocale(former) }
      return body()
    }
    while true {
      var entry: OpaquePointer?
      let code = named { archive_read_next_header(archive, &entry) }
      if code == ARCHIVE_EOF { break }
      guard code == ARCHIVE_OK, let entry else { throw damaged(archive) }
      let isFolder = archive_entry_filetype(entry) == 0o040000
      let size = Int(archive_entry_size(entry))
      let name: String
      if let directory {
        // libarchive gives members in the order of their data, which is the directory's order here.
        guard index < directory.count else {
          throw damaged(archive, "its members are not those of its directory")
        }
        name = directory[index].name
      } else {
        name = try MemberName.checked(named { archive_entry_pathname(entry) }, in: drop.path)
        if name.isEmpty && isFolder { continue }
        try seen.insert(name, in: drop.path)
      }
      index += 1
      if archive_entry_is_encrypted(entry) != 0 {
        throw Diagnostic(
          .badData, "the member is encrypted", at: "\(drop.path):\(name)",
          remedy: "pack the data without a password")
      }
      let isLink =
        named { archive_entry_hardlink(entry) != nil || archive_entry_symlink(entry) != nil }
      let isPlain =
        archive_entry_filetype(entry) == 0o100000 && archive_entry_sparse_count(entry) == 0
      guard !isLink, isPlain || isFolder else {
        throw Diagnostic(
          .badData, "the archive holds a link or a special file", at: "\(drop.path):\(name)",
          remedy: "pack plain files only")
      }
      // An attribute alone does not make a folder: a member that became one would be lost.
      if isFolder, directory != nil, !name.hasSuffix("/") || size > 0 {
        throw damaged(archive, "'\(name)' is called a folder")
      }
      if isFolder { continue }
      if let directory, directory[index - 1].size != size {
        throw damaged(archive, "the sizes of '\(name)' differ")
      }
      let member = MemberStream(
        archive, place: "\(drop.path):\(name)", stated: size,
        // A packed tar has spent its bytes where it was unpacked.
        budget: feed == nil ? budget : nil)
      try visit(DropMember(name: name), member)
    }
    if let directory, index != directory.count {
      throw damaged(archive, "its members are not those of its directory")
    }
    if index == 0 { throw Diagnostic(.badData, "the archive is empty", at: drop.path) }
  }

  /// A tar ends behind its last member with two blocks of zeros and nothing else.
  private func checkEnd(of archive: OpaquePointer, _ feed: TarFeed) throws(Diagnostic) {
    let end = Int(archive_read_header_position(archive))
    try feed.drain()
    if feed.lastContent > end {
      throw damaged(archive, "something follows its end, and would be lost")
    }
    if feed.byteCount % 512 != 0 || feed.byteCount - end < 1_024 {
      throw damaged(archive, "its end is missing: it may have been cut between two members")
    }
  }

  private func damaged(_ archive: OpaquePointer, _ why: String? = nil) -> Diagnostic {
    Diagnostic(
      .badData, "the archive is damaged", at: drop.path,
      why: why ?? archive_error_string(archive).map { String(cString: $0) },
      remedy: "fetch it again")
  }
}

/// Hands the bytes of a tar to libarchive, and keeps what C cannot carry.
private final class TarFeed {
  private let stream: LookaheadStream
  private(set) var failure: Diagnostic?
  /// Bytes handed over.
  private(set) var byteCount = 0
  /// Where the last byte that is not zero ends.
  private(set) var lastContent = 0

  init(_ stream: LookaheadStream) {
    self.stream = stream
  }

  func read(into piece: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
    do {
      let bytes = try next()
      piece.pointee = bytes.baseAddress
      return bytes.count
    } catch {
      failure = error
      return -1
    }
  }

  func drain() throws(Diagnostic) {
    while try !next().isEmpty {}
  }

  private func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    let piece = try stream.next()
    var last = piece.count
    while last > 0, piece[last - 1] == 0 { last -= 1 }
    if last > 0 { lastContent = byteCount + last }
    byteCount += piece.count
    return piece
  }
}
