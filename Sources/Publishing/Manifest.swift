import CanvassSurvey

/// `MANIFEST.sha256`: the digest of every other file of a release, as `sha256sum -c` reads it.
public struct Manifest: Sendable, Hashable {
  /// Its name in `release/`.
  public static let name = "MANIFEST.sha256"
  /// The lines `digest  path`, in the order of the paths' UTF-8 bytes.
  public let bytes: [UInt8]
  /// SHA-256 of the manifest itself, in hexadecimal.
  public let digest: String

  /// The manifest of the files of a release.
  public init(_ files: [RunFile]) {
    let lines = files.sorted { Column.precedes($0.name, $1.name) }
      .map { SHA256.hex($0.bytes) + "  " + $0.name + "\n" }
    bytes = lines.flatMap { Array($0.utf8) }
    digest = SHA256.hex(bytes)
  }
}
