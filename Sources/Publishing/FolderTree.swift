import CanvassSurvey
import Glibc

/// Listing and removing folders, without following links.
enum FolderTree {
  /// Names in a folder in the order of their bytes, without `.` and `..`.
  static func entries(of path: String) throws(Diagnostic) -> [String] {
    guard let folder = opendir(path) else {
      throw CheckedFile.failure(.inputOutput, "the folder cannot be read", path)
    }
    defer { _ = closedir(folder) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    if errno != 0 {
      throw CheckedFile.failure(.inputOutput, "the folder cannot be read", path)
    }
    return names.sorted(by: Column.precedes)
  }

  /// Whether a path is a folder itself, not a link to one.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a path is a file itself, not a link to one.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Removes a file, a link or a folder with all that is in it; nothing there is no error.
  static func remove(_ path: String) throws(Diagnostic) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw CheckedFile.failure(.inputOutput, "the leftover of an earlier run cannot be read", path)
    }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    if isFolder {
      for entry in try entries(of: path) { try remove(path + "/" + entry) }
    }
    guard (isFolder ? rmdir(path) : unlink(path)) == 0 else {
      throw CheckedFile.failure(
        .inputOutput, "the leftover of an earlier run cannot be removed", path)
    }
  }
}
