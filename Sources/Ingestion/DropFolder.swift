import CNettle
import CanvassSurvey
import Foundation
import Glibc

/// A drop: a file, or a folder of files whose digest is that of their digests and names.
struct Drop {
  let path: String
  let sha256: String
  let byteCount: Int
  /// The file, or nil for a folder.
  let file: DropBytes?
  /// The files of a folder in byte order of their names.
  let files: [(name: String, sha256: String)]

  init(_ path: String) throws(Diagnostic) {
    self.path = path
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
      let bytes = try DropBytes(path)
      (file, files, sha256, byteCount) = (bytes, [], bytes.sha256, bytes.byteCount)
      return
    }
    var found: [(name: String, sha256: String)] = []
    var total = 0
    for name in try Drop.names(in: path) {
      let bytes = try DropBytes(path + "/" + name)
      found.append((name, bytes.sha256))
      total += bytes.byteCount
    }
    if found.isEmpty { throw Diagnostic(.badData, "the folder holds no file", at: path) }
    let listing = found.map { "\($0.sha256)  \($0.name)\n" }.joined()
    (file, files, byteCount) = (nil, found, total)
    sha256 = DropBytes.digest(of: Array(listing.utf8))
  }

  /// The names of the plain files below a folder; hidden ones are left out, links refused.
  private static func names(in path: String) throws(Diagnostic) -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: path) else {
      throw Diagnostic(.missingInput, "the folder cannot be read", at: path)
    }
    var names: [String] = []
    for case let name as String in walk {
      if name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { continue }
      var facts = stat()
      guard lstat(path + "/" + name, &facts) == 0 else {
        throw Diagnostic(.inputOutput, "a file of the folder cannot be read", at: "\(path)/\(name)")
      }
      switch facts.st_mode & S_IFMT {
      case S_IFDIR: continue
      case S_IFREG: names.append(name)
      default:
        throw Diagnostic(
          .badData, "the folder holds a link or a special file", at: "\(path)/\(name)",
          remedy: "put plain files there")
      }
    }
    return names.sorted(by: Column.precedes)
  }
}

extension Ingestion {
  /// The SHA-256 of a drop as the report of reading it gives it.
  public static func digest(ofDrop path: String) throws -> String { try Drop(path).sha256 }
}
