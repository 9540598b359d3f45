import CArchive
import CanvassSurvey

/// The bytes that an xz, bzip2 or zstd file holds, through libarchive, checksums verified.
///
/// Several streams behind one another are one, as their own programs read them; anything else behind the
/// last one is refused.
final class FilteredStream: ByteStream {
  private let archive: OpaquePointer
  private let source: FileFeed
  private let path: String
  private var ended = false

  /// The filters by the first bytes of their files, with the endings of names that they add.
  static let formats: [(magic: [UInt8], suffix: String)] = [
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], ".xz"), ([0x42, 0x5A, 0x68], ".bz2"),
    ([0x28, 0xB5, 0x2F, 0xFD], ".zst"),
  ]

  /// The ending that a file of this beginning has, or nil where no filter made it.
  static func suffix(of head: [UInt8]) -> String? {
    formats.first {
      head.starts(with: $0.magic)
        && ($0.suffix != ".bz2"
          || head.count > 9 && (0x31...0x39).contains(head[3])
            && (head[4] == 0x31 || head[4] == 0x17))
    }?.suffix
  }

  init(_ drop: DropBytes) throws(Diagnostic) {
    path = drop.path
    source = FileFeed(drop)
    guard let archive = archive_read_new() else {
      throw Diagnostic(.inputOutput, "there is no memory for an archive")
    }
    self.archive = archive
    archive_read_support_filter_xz(archive)
    archive_read_support_filter_bzip2(archive)
    archive_read_support_filter_zstd(archive)
    archive_read_support_format_raw(archive)
    let code = archive_read_open(
      archive, Unmanaged.passUnretained(source).toOpaque(), nil,
      { _, context, piece in
        guard let context, let piece else { return -1 }
        return Unmanaged<FileFeed>.fromOpaque(context).takeUnretainedValue().read(into: piece)
      }, nil)
    var entry: OpaquePointer?
    guard code == ARCHIVE_OK, archive_read_next_header(archive, &entry) == ARCHIVE_OK else {
      throw damaged()
    }
    // One filter, and the file itself.
    guard archive_filter_count(archive) == 2 else {
      throw Diagnostic(
        .badData, "packed data lie within packed data", at: path,
        remedy: "pack the tables themselves with one program")
    }
  }

  deinit { archive_read_free(archive) }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    while !ended {
      var piece: UnsafeRawPointer?
      var count = 0
      var offset: Int64 = 0
      let code = archive_read_data_block(archive, &piece, &count, &offset)
      if code == ARCHIVE_EOF {
        ended = true
        guard archive_filter_bytes(archive, -1) == Int64(source.byteCount) else {
          throw Diagnostic(
            .badData, "something follows the packed data", at: path, why: "it would be lost",
            remedy: "fetch the file again, or pack the data again")
        }
        break
      }
      guard code == ARCHIVE_OK else { throw damaged() }
      if count > 0 { return UnsafeRawBufferPointer(start: piece, count: count) }
    }
    return UnsafeRawBufferPointer(start: nil, count: 0)
  }

  private func damaged() -> Diagnostic {
    source.failure
      ?? Diagnostic(
        .badData, "the packed data are damaged", at: path,
        why: archive_error_string(archive).map { String(cString: $0) },
        remedy: "fetch the file again")
  }
}

/// Hands a file to libarchive, and keeps what C cannot carry.
private final class FileFeed {
  private let stream: FileStream
  let byteCount: Int
  private(set) var failure: Diagnostic?

  init(_ drop: DropBytes) {
    stream = FileStream(drop)
    byteCount = drop.byteCount
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

/// A stream that spends a budget.
final class BudgetedStream: ByteStream {
  private let source: any ByteStream
  private let budget: Budget

  init(_ source: any ByteStream, budget: Budget) {
    self.source = source
    self.budget = budget
  }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    let piece = try source.next()
    try budget.spend(piece.count)
    return piece
  }
}
