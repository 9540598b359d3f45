import CanvassPublishing
import CanvassSurvey
import Foundation
import Glibc

/// Facts about files that a pipeline names.
enum InputFile {
  /// Whether a path is a file that can be read.
  static func isFile(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
  }

  /// Whether a path is a file or a folder that can be read as a drop.
  static func isDrop(_ path: String) -> Bool {
    var facts = stat()
    let isFolder = stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    return isFile(path) || (isFolder && access(path, R_OK | X_OK) == 0)
  }

  /// Whether anything is at a path.
  static func exists(_ path: String) -> Bool {
    var facts = stat()
    return lstat(path, &facts) == 0
  }

  /// Whether two paths lead to one file or folder.
  static func isSame(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_ino == second.st_ino
      && first.st_dev == second.st_dev
  }

  /// `path` as a file in `folder` names it; from another folder than this one, whole.
  static func path(_ path: String, from folder: String) -> String {
    if path.hasPrefix("/") || folder == "." { return path }
    return URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// Why a path cannot be read, in the system's words without a locale.
  static func reason(_ path: String) -> String {
    if access(path, F_OK) != 0 { return "there is no such file" }
    if access(path, R_OK) != 0 { return "the file may not be read by this user" }
    return "it is not a readable file"
  }

  /// The SHA-256 of a small file.
  static func digest(_ path: String) throws(Diagnostic) -> String {
    do {
      return SHA256.hex([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    } catch {
      throw Diagnostic(.inputOutput, "the file cannot be read again", at: path, why: reason(path))
    }
  }

  /// `path`, or where it lies relative to the folder of `file`.
  static func resolve(_ path: String, besideFile file: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }

  /// The files that match a pattern with `*`, `?` or `[…]`, in byte order; a plain path is itself.
  static func matches(_ pattern: String) -> [String] {
    guard pattern.contains(where: { "*?[".contains($0) }) else { return [pattern] }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, GLOB_NOSORT, nil, &found) == 0, let paths = found.gl_pathv else {
      return []
    }
    var files: [String] = []
    for index in 0..<Int(found.gl_pathc) {
      if let path = paths[index] { files.append(String(cString: path)) }
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
