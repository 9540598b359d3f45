import CanvassSurvey

/// A member of a drop, as its archive names it.
struct DropMember {
  /// The name in NFC; unsafe and invalid ones were refused before.
  let name: String
}

/// The members of a drop, streamed in the order of the archive: zip, 7z, tar, plain or packed by one
/// program, a single table, or the files of a folder.
///
/// Formats are told apart by content. Nothing is written to disk.
struct DropMembers {
  let drop: Drop
  var limits = ArchiveLimits()
  /// Whether archives within the archive are opened, one level deep.
  var opensNested = false

  /// Calls `visit` for every file; a member that is not read is skipped.
  func forEach(_ visit: (DropMember, any ByteStream) throws -> Void) throws {
    var seen = SeenNames(limits: limits)
    func single(_ member: DropMember, _ stream: any ByteStream) throws {
      guard opensNested else { return try visit(member, stream) }
      let stream = try LookaheadStream(stream)
      guard DropMembers.isPacked(stream.head) else { return try visit(member, stream) }
      let inner = try DropBytes(holding: stream, path: "\(drop.path):\(member.name)")
      try forEach(in: inner, outer: member.name + "/") { member, stream in
        try seen.insert(member.name, in: drop.path)
        try visit(member, stream)
      }
    }
    if let file = drop.file {
      try forEach(in: file, outer: "", single)
      try file.verifyUnchanged()
      return
    }
    for listed in drop.files {
      let file = try DropBytes(drop.path + "/" + listed.name)
      guard file.sha256 == listed.sha256 else { throw DropBytes.changed(file.path) }
      try single(DropMember(name: listed.name), FileStream(file))
      try file.verifyUnchanged()
    }
  }

  private func forEach(
    in file: DropBytes, outer: String, _ visit: (DropMember, any ByteStream) throws -> Void
  ) throws {
    let head = file.head
    let budget = Budget(path: file.path, packed: file.byteCount, limits: limits)
    func named(_ member: DropMember, _ stream: any ByteStream) throws {
      try visit(DropMember(name: outer + member.name), stream)
    }
    func unpacked(_ packed: any ByteStream, suffix: String) throws {
      let stream = try LookaheadStream(BudgetedStream(packed, budget: budget))
      if DropMembers.isTar(stream.head) {
        try ArchiveMembers(tar: stream, of: file, budget: budget).forEach(named)
      } else {
        try DropMembers.refusePacked(stream.head, at: file.path, isNested: true)
        try named(DropMember(name: baseName(file, removing: suffix)), stream)
      }
    }
    if DropMembers.isZip(head) {
      if try ZipDirectory.isWorkbook(file) {
        try named(DropMember(name: baseName(file, removing: "")), FileStream(file))
      } else {
        try ArchiveMembers(zip: file, budget: budget).forEach(named)
      }
    } else if head.starts(with: SevenZipHeader.magic) {
      try SevenZipHeader.check(file)
      try ArchiveMembers(sevenZip: file, budget: budget).forEach(named)
    } else if head.starts(with: [0x1F, 0x8B]) {
      try unpacked(try GzipStream(FileStream(file), path: file.path), suffix: ".gz")
    } else if let suffix = FilteredStream.suffix(of: head) {
      try unpacked(try FilteredStream(file), suffix: suffix)
    } else if DropMembers.isTar(head) {
      let stream = try LookaheadStream(FileStream(file))
      try ArchiveMembers(tar: stream, of: file, budget: budget).forEach(named)
    } else {
      try DropMembers.refusePacked(head, at: file.path, isNested: false)
      try named(DropMember(name: baseName(file, removing: "")), FileStream(file))
    }
  }

  private func baseName(_ file: DropBytes, removing suffix: String) -> String {
    let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
    return name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
  }

  static func isZip(_ head: [UInt8]) -> Bool {
    head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6])
  }

  /// Whether an archive, or one packed file, begins here.
  private static func isPacked(_ head: [UInt8]) -> Bool {
    isZip(head) || head.starts(with: SevenZipHeader.magic) || head.starts(with: [0x1F, 0x8B])
      || FilteredStream.suffix(of: head) != nil || isTar(head)
  }

  /// Whether the bytes begin with a tar header, whose checksum tells it in every dialect, or with the
  /// zeros of an empty tar.
  static func isTar(_ head: [UInt8]) -> Bool {
    guard head.count >= 512 else { return false }
    if head[..<512].allSatisfy({ $0 == 0 }) { return true }
    let field = head[148..<156].drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    if field.isEmpty { return false }
    let stated = field.reduce(0) { $0 * 8 + Int($1 - 0x30) }
    return stated == (0..<512).reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(head[$1])) }
  }

  /// Throws where the bytes begin like a packed format that is not read here.
  static func refusePacked(
    _ head: [UInt8], at place: String, isNested: Bool
  ) throws(Diagnostic) {
    let magics: [([UInt8], String)] = [
      ([0x50, 0x4B, 3, 4], "zip"), ([0x50, 0x4B, 5, 6], "zip"), ([0x1F, 0x8B], "gzip"),
      ([0x50, 0x4B, 7, 8], "split zip"), ([0x37, 0x7A, 0xBC, 0xAF], "7z"),
      ([0x52, 0x61, 0x72, 0x21], "rar"), ([0x4D, 0x53, 0x43, 0x46], "cab"),
      ([0x1F, 0x9D], "compress (.Z)"), ([0x04, 0x22, 0x4D, 0x18], "lz4"),
      ([0x4C, 0x5A, 0x49, 0x50], "lzip"), ([0x89, 0x4C, 0x5A, 0x4F], "lzop"),
      ([0x21, 0x3C, 0x61, 0x72, 0x63, 0x68], "ar"), ([0x30, 0x37, 0x30, 0x37, 0x30], "cpio"),
      ([0xD0, 0xCF, 0x11, 0xE0], "old Excel (.xls)"), ([0x25, 0x50, 0x44, 0x46], "PDF"),
    ]
    guard
      let format = magics.first(where: { head.starts(with: $0.0) })?.1
        ?? FilteredStream.suffix(of: head)
    else { return }
    throw Diagnostic(
      .badData,
      isNested ? "packed data lie within packed data" : "\(format) files are not supported",
      at: place, why: isNested ? "the inner format is \(format)" : nil,
      remedy: isNested
        ? "pack the tables themselves, or say 'nested: true' under 'ingest'"
        : "pack the tables themselves as zip, 7z or tar.gz")
  }
}
