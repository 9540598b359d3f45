import CanvassSurvey

/// `MANIFEST.sha256`: the digest of every other file of a folder, as `sha256sum -c` reads it.
public struct Manifest: Sendable, Hashable {
  /// Its name in `release/` and `internal/`.
  public static let name = "MANIFEST.sha256"
  /// The lines `digest  path`, in the order of the paths' UTF-8 bytes.
  public let bytes: [UInt8]
  /// SHA-256 of the manifest itself, in hexadecimal.
  public let digest: String

  /// The manifest of the files of a folder.
  public init(_ files: [RunFile]) {
    let lines = files.sorted { Column.precedes($0.name, $1.name) }
      .map { SHA256.hex($0.bytes) + "  " + $0.name + "\n" }
    bytes = lines.flatMap { Array($0.utf8) }
    digest = SHA256.hex(bytes)
  }

  /// The digests by name that the bytes of a manifest hold; nil where they are not a manifest's.
  package static func digests(_ bytes: [UInt8]) -> [(name: String, digest: String)]? {
    var entries: [(name: String, digest: String)] = []
    var lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast()?.isEmpty == true else { return nil }
    for line in lines {
      let digest = line.prefix(64)
      guard SHA256.isDigest(digest), line.dropFirst(64).hasPrefix("  ") else { return nil }
      entries.append((String(line.dropFirst(66)), String(digest)))
    }
    return entries
  }
}
