import CMemoryFile
import CNettle
import CanvassSurvey
import Glibc

/// A drop's bytes on disk: opened once, digested, and watched for changes while it is read.
///
/// The descriptor stays open, so that the bytes that are read are those that were digested.
final class DropBytes {
  let path: String
  let descriptor: Int32
  let byteCount: Int
  let sha256: String
  /// The first bytes, enough to tell formats apart.
  let head: [UInt8]
  private let identity: stat

  /// Opens and digests the file at `path`.
  init(_ path: String) throws(Diagnostic) {
    self.path = path
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw Diagnostic(
        errno == ENOENT || errno == ENOTDIR || errno == EACCES ? .missingInput : .inputOutput,
        "the file '\(path)' cannot be opened", why: String(cString: strerror(errno)),
        remedy: "check the path and the right to read it")
    }
    // From here on a failure closes the descriptor by itself: `deinit` runs only for a whole object.
    do {
      let facts = try DropBytes.facts(descriptor, path)
      identity = facts
      byteCount = Int(facts.st_size)
      (sha256, head) = try DropBytes.digest(descriptor, path, expecting: byteCount)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Holds a stream's bytes in memory behind a descriptor: an archive within an archive, a workbook.
  init(holding stream: any ByteStream, path: String) throws(Diagnostic) {
    self.path = path
    descriptor = memfd_create("canvass", CLOSE_ON_EXEC)
    guard descriptor >= 0 else {
      throw Diagnostic(
        .inputOutput, "there is no memory for a member", at: path,
        why: String(cString: strerror(errno)))
    }
    do {
      try DropBytes.fill(descriptor, from: stream, path)
      identity = try DropBytes.facts(descriptor, path)
      byteCount = Int(identity.st_size)
      (sha256, head) = try DropBytes.digest(descriptor, path, expecting: byteCount)
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func fill(
    _ descriptor: Int32, from stream: any ByteStream, _ path: String
  ) throws(Diagnostic) {
    var total = 0
    while true {
      var piece = try stream.next()
      if piece.isEmpty { return }
      total += piece.count
      try MemoryLimit.check(total, "the member", at: path)
      while !piece.isEmpty {
        let count = write(descriptor, piece.baseAddress, piece.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          throw Diagnostic(
            .inputOutput, "the member does not fit the memory", at: path,
            why: String(cString: strerror(errno)))
        }
        piece = UnsafeRawBufferPointer(rebasing: piece[count...])
      }
    }
  }

  deinit { close(descriptor) }

  /// The SHA-256 of bytes in memory, hexadecimal.
  static func digest(of bytes: [UInt8]) -> String {
    var context = sha256_ctx()
    nettle_sha256_init(&context)
    nettle_sha256_update(&context, bytes.count, bytes)
    return hexadecimal(&context)
  }

  private static func hexadecimal(_ context: inout sha256_ctx) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    nettle_sha256_digest(&context, 32, &digest)
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Fills `buffer` from `offset`; fewer bytes only at the end of the file.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(Diagnostic) -> Int {
    try DropBytes.read(descriptor, path, into: buffer, at: offset)
  }

  /// Throws where the file is no longer the one that was digested.
  func verifyUnchanged() throws(Diagnostic) {
    var opened = stat()
    var named = stat()
    guard fstat(descriptor, &opened) == 0, stat(path, &named) == 0,
      opened.st_size == identity.st_size, named.st_ino == identity.st_ino,
      named.st_dev == identity.st_dev, opened.st_mtim.tv_sec == identity.st_mtim.tv_sec,
      opened.st_mtim.tv_nsec == identity.st_mtim.tv_nsec
    else { throw DropBytes.changed(path) }
  }

  private static func facts(_ descriptor: Int32, _ path: String) throws(Diagnostic) -> stat {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw Diagnostic(
        .missingInput, "'\(path)' is not a file", remedy: "name an archive or a table")
    }
    guard facts.st_size > 0 else { throw Diagnostic(.badData, "the file is empty", at: path) }
    return facts
  }

  private static func read(
    _ descriptor: Int32, _ path: String, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(Diagnostic) -> Int {
    var done = 0
    while done < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, offset + done)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw Diagnostic(
          .inputOutput, "the file cannot be read", at: path, why: String(cString: strerror(errno)))
      }
      if count == 0 { break }
      done += count
    }
    return done
  }

  private static func digest(
    _ descriptor: Int32, _ path: String, expecting byteCount: Int
  ) throws(Diagnostic) -> (sha256: String, head: [UInt8]) {
    var context = sha256_ctx()
    nettle_sha256_init(&context)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    var head: [UInt8] = []
    var total = 0
    while true {
      let count = try read(descriptor, path, into: buffer, at: total)
      if count == 0 { break }
      if total == 0 { head = Array(buffer[..<min(count, 512)]) }
      total += count
      nettle_sha256_update(&context, count, buffer.assumingMemoryBound(to: UInt8.self).baseAddress)
    }
    guard total == byteCount else { throw changed(path) }
    return (hexadecimal(&context), head)
  }

  static func changed(_ path: String) -> Diagnostic {
    Diagnostic(
      .badData, "the file changed while it was read", at: path,
      remedy: "wait until it has been written, then run again")
  }
}
