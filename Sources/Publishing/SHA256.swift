import CNettle
public import CanvassSurvey
import Glibc

/// SHA-256 of bytes, by Nettle.
public enum SHA256 {
  /// The digest as 64 hexadecimal digits in lower case.
  public static func hex(_ bytes: [UInt8]) -> String {
    hex(pieces: [bytes[...]])
  }

  /// The digest of pieces as if they were one.
  package static func hex(pieces: [ArraySlice<UInt8>]) -> String {
    var context = sha256_ctx()
    nettle_sha256_init(&context)
    for piece in pieces {
      piece.withUnsafeBufferPointer { buffer in
        if let start = buffer.baseAddress { nettle_sha256_update(&context, buffer.count, start) }
      }
    }
    return finish(&context)
  }

  /// The digest of a file's bytes, read piece by piece.
  public static func hex(ofFile path: String) throws(Diagnostic) -> String {
    var context = sha256_ctx()
    nettle_sha256_init(&context)
    try CheckedFile.read(path) { piece in
      if let start = piece.baseAddress { nettle_sha256_update(&context, piece.count, start) }
    }
    return finish(&context)
  }

  private static func finish(_ context: inout sha256_ctx) -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
    nettle_sha256_digest(&context, digest.count, &digest)
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Whether a text has the form of a digest: 64 hexadecimal digits in lower case.
  public static func isDigest(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
