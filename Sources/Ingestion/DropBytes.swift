import CNettle
import CanvassSurvey
import Glibc

/// A drop's bytes on disk: opened once, digested, and watched for changes while it is read.
final class DropBytes {
  let path: String
  let byteCount: Int
  let sha256: String
  /// The first bytes, enough to tell formats apart.
  let head: [UInt8]
  private let identity: stat

  /// Opens and digests the file at `path`.
  init(_ path: String) throws(Diagnostic) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Diagnostic(
        errno == ENOENT || errno == ENOTDIR || errno == EACCES ? .missingInput : .inputOutput,
        "the file '\(path)' cannot be opened", why: String(cString: strerror(errno)),
        remedy: "check the path and the right to read it")
    }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw Diagnostic(
        .missingInput, "'\(path)' is not a file", remedy: "name an archive or a table")
    }
    identity = facts
    byteCount = Int(facts.st_size)
    guard byteCount > 0 else { throw Diagnostic(.badData, "the file is empty", at: path) }
    var context = sha256_ctx()
    nettle_sha256_init(&context)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var first: [UInt8] = []
    var total = 0
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw Diagnostic(
          .inputOutput, "the file cannot be read", at: path, why: String(cString: strerror(errno)))
      }
      if count == 0 { break }
      if first.isEmpty { first = Array(buffer[..<min(count, 512)]) }
      total += count
      nettle_sha256_update(&context, count, buffer)
    }
    guard total == byteCount else { throw DropBytes.changed(path) }
    var digest = [UInt8](repeating: 0, count: 32)
    nettle_sha256_digest(&context, 32, &digest)
    let digits = Array("0123456789abcdef".utf8)
    sha256 = String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    head = first
  }

  /// Throws where the file is no longer the one that was digested.
  func verifyUnchanged() throws(Diagnostic) {
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_size == identity.st_size,
      facts.st_ino == identity.st_ino, facts.st_mtim.tv_sec == identity.st_mtim.tv_sec,
      facts.st_mtim.tv_nsec == identity.st_mtim.tv_nsec
    else { throw DropBytes.changed(path) }
  }

  private static func changed(_ path: String) -> Diagnostic {
    Diagnostic(
      .badData, "the file changed while it was read", at: path,
      remedy: "wait until it has been written, then run again")
  }
}
