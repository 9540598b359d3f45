import CanvassSurvey

/// A member of a drop, as its archive names it.
struct DropMember {
  /// The name in NFC; unsafe and invalid ones were refused before.
  let name: String
}

/// The members of a drop, streamed in the order of the archive: zip, tar, tar.gz, or a single table.
///
/// Formats are told apart by content. Nothing is written to disk.
struct DropMembers {
  let drop: DropBytes
  /// Most members of an archive; the origin of a row holds 16 bits for its member.
  static let mostMembers = 65_535
  /// Most bytes that an archive may unpack to.
  static let mostBytes = 16 << 30

  /// Calls `visit` for every file in the archive; a member that is not read is skipped.
  func forEach(_ visit: (DropMember, any ByteStream) throws -> Void) throws {
    let head = drop.head
    if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
      try ArchiveMembers(zip: drop).forEach(visit)
    } else if head.starts(with: [0x1F, 0x8B]) {
      let stream = try LookaheadStream(try GzipStream(FileStream(drop), path: drop.path))
      if DropMembers.isTar(stream.head) {
        try ArchiveMembers(tar: stream, of: drop).forEach(visit)
      } else {
        try DropMembers.refusePacked(stream.head, at: drop.path, isNested: true)
        try visit(DropMember(name: baseName(removing: ".gz")), stream)
      }
    } else if DropMembers.isTar(head) {
      try ArchiveMembers(tar: try LookaheadStream(FileStream(drop)), of: drop).forEach(visit)
    } else {
      try DropMembers.refusePacked(head, at: drop.path, isNested: false)
      try visit(DropMember(name: baseName(removing: "")), FileStream(drop))
    }
    try drop.verifyUnchanged()
  }

  private func baseName(removing suffix: String) -> String {
    let name = drop.path.split(separator: "/").last.map(String.init) ?? drop.path
    return name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
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
      ([0x52, 0x61, 0x72, 0x21], "rar"), ([0xFD, 0x37, 0x7A, 0x58], "xz"),
      ([0x42, 0x5A, 0x68, 0x31], "bzip2"), ([0x42, 0x5A, 0x68, 0x39], "bzip2"),
      ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x4D, 0x53, 0x43, 0x46], "cab"),
    ]
    guard let format = magics.first(where: { head.starts(with: $0.0) })?.1 else { return }
    throw Diagnostic(
      .badData,
      isNested ? "packed data lie within packed data" : "\(format) files are not supported",
      at: place, why: isNested ? "the inner format is \(format)" : nil,
      remedy: "pack the tables themselves as zip or tar.gz")
  }
}
