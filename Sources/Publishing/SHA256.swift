import CNettle

/// SHA-256 of bytes, by Nettle.
public enum SHA256 {
  /// The digest as 64 hexadecimal digits in lower case.
  public static func hex(_ bytes: [UInt8]) -> String {
    var context = sha256_ctx()
    nettle_sha256_init(&context)
    bytes.withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { nettle_sha256_update(&context, buffer.count, start) }
    }
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
    nettle_sha256_digest(&context, digest.count, &digest)
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
