import CanvassSurvey
import Foundation

/// Names of members that may be shown and matched.
enum MemberName {
  /// The name as NFC text without leading `./`; empty for the archive's own folder `./`.
  ///
  /// Absolute names, `..`, backslashes, control characters and bytes that are not UTF-8 are refused.
  static func checked(
    _ bytes: UnsafeBufferPointer<UInt8>, in path: String
  ) throws(Diagnostic) -> String {
    guard let raw = String(validating: bytes, as: UTF8.self), !raw.isEmpty else {
      throw Diagnostic(
        .badData, "a member's name is empty or not UTF-8", at: path,
        remedy: "pack the files again with a program that writes UTF-8 names")
    }
    var text = raw.precomposedStringWithCanonicalMapping
    let isSafe =
      !text.hasPrefix("/") && !text.contains("\\") && !text.dropFirst().hasPrefix(":")
      && !text.split(separator: "/").contains("..")
      && text.unicodeScalars.allSatisfy(isPlain)
    guard isSafe else {
      throw Diagnostic(
        .badData, "a member's name is not a plain relative path", at: path,
        why: "names that climb out of a folder or hide control characters are refused")
    }
    while text.hasPrefix("./") { text.removeFirst(2) }
    if text == "." {
      throw Diagnostic(.badData, "a member is called '.'", at: path, remedy: "pack files only")
    }
    return text
  }

  /// The same for a name that ends with a zero byte; nil is a name that libarchive could not read.
  static func checked(
    _ name: UnsafePointer<CChar>?, in path: String
  ) throws(Diagnostic) -> String {
    let count = name.map { strlen($0) } ?? 0
    let bytes = UnsafeRawBufferPointer(start: name, count: count)
    return try checked(bytes.bindMemory(to: UInt8.self), in: path)
  }

  /// Neither a control character nor one that turns the direction of writing.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: false
    default: true
    }
  }
}

/// Names seen in one archive; two that some system would take for one are refused.
struct SeenNames {
  private var folded = Set<String>()
  let limits: ArchiveLimits

  init(limits: ArchiveLimits) { self.limits = limits }

  mutating func insert(_ name: String, in path: String) throws(Diagnostic) {
    if folded.count >= min(limits.members, 65_535) {
      throw Diagnostic(
        .badData, "the archive has more than \(limits.members) members", at: path,
        remedy: "if it is meant to, raise 'members' under 'ingest: limits'")
    }
    if name.utf8.count > limits.nameLength {
      throw Diagnostic(
        .badData, "a member's name has more than \(limits.nameLength) bytes", at: path,
        remedy: "if it is meant to, raise 'name_length' under 'ingest: limits'")
    }
    let plain = name.hasSuffix("/") ? String(name.dropLast()) : name
    if !folded.insert(plain.lowercased()).inserted {
      throw Diagnostic(
        .badData, "the archive holds a member twice", at: "\(path):\(name)",
        why: "names that differ in case only count as one")
    }
  }
}
