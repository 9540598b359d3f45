public import CanvassSurvey
import Glibc

/// Files written so that a full disk, a failing disk or an interrupted call cannot pass unnoticed.
public enum CheckedFile {
  /// Writes a new file, flushes it to the disk and closes it, checking each step.
  ///
  /// - Throws: `cannotCreate` where the file exists or cannot be made, `inputOutput` where bytes cannot
  ///   be written, flushed or closed.
  public static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, isFlushed: Bool = true
  ) throws(Diagnostic) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
    guard file >= 0 else {
      throw failure(.cannotCreate, "the file cannot be created", path)
    }
    do throws(Diagnostic) {
      try write(bytes, to: file, named: path)
      guard Privacy.grant(file, mode) else {
        throw failure(.inputOutput, "the file's rights cannot be set", path)
      }
      guard !isFlushed || fsync(file) == 0 else {
        throw failure(.inputOutput, "the file cannot be flushed to the disk", path)
      }
    } catch {
      _ = close(file)
      throw error
    }
    guard close(file) == 0 else {
      throw failure(.inputOutput, "the file cannot be closed", path)
    }
  }

  /// Writes a file in the place of an older one at once: readers see the old bytes or the new ones.
  public static func replace(
    _ bytes: [UInt8], at path: String, mode: UInt32 = 0o644, isFlushed: Bool = true
  ) throws(Diagnostic) {
    let draft = "\(path).\(getpid()).part"
    try FolderTree.remove(draft)
    do throws(Diagnostic) {
      try write(bytes, to: draft, mode: mode, isFlushed: isFlushed)
      guard rename(draft, path) == 0 else {
        throw failure(.cannotCreate, "the file cannot be put in place", path)
      }
    } catch {
      _ = unlink(draft)
      throw error
    }
    guard isFlushed else { return }
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    try flushFolder(parent.isEmpty ? "/" : parent)
  }

  /// Makes a folder and those above it where they are missing.
  public static func createFolder(_ path: String, mode: UInt32 = 0o755) throws(Diagnostic) {
    try RunFolder.makeFolders(path, mode: mode)
  }

  /// Names in a folder in the order of their bytes.
  public static func entries(of folder: String) throws(Diagnostic) -> [String] {
    try FolderTree.entries(of: folder)
  }

  /// Removes a folder with all that is in it; none there is no error.
  public static func removeTree(_ path: String) throws(Diagnostic) {
    try FolderTree.remove(path)
  }

  /// Flushes a folder's entries (new, renamed, removed names) to the disk.
  public static func flushFolder(_ path: String) throws(Diagnostic) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else {
      throw failure(.inputOutput, "the folder cannot be opened", path)
    }
    defer { _ = close(folder) }
    // Some file systems cannot flush folders and say so with EINVAL: nothing more can be done there.
    if fsync(folder) != 0, errno != EINVAL {
      throw failure(.inputOutput, "the folder cannot be flushed to the disk", path)
    }
  }

  /// Reads a file to its end, handing each piece to `take`.
  ///
  /// - Throws: `missingInput` where it is not there, `inputOutput` where it cannot be read.
  package static func read(
    _ path: String, take: (UnsafeBufferPointer<UInt8>) -> Void
  ) throws(Diagnostic) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      let kind: Diagnostic.Kind = errno == ENOENT || errno == ENOTDIR ? .missingInput : .inputOutput
      throw failure(kind, "the file cannot be opened", path)
    }
    defer { _ = close(file) }
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = piece.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      if count == 0 { return }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(.inputOutput, "the file cannot be read", path)
      }
      piece.withUnsafeBufferPointer { take(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }
  }

  /// All bytes of a file.
  ///
  /// - Throws: `missingInput` where it is not there, `inputOutput` where it cannot be read.
  public static func bytes(of path: String) throws(Diagnostic) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(path) { bytes += $0 }
    return bytes
  }

  /// Writes all bytes to an open file, over interrupted and short writes.
  static func write(_ bytes: [UInt8], to file: Int32, named place: String) throws(Diagnostic) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(file, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count > 0 {
        written += count
      } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
        throw failure(.inputOutput, "the output cannot be written", place)
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, -1)
      }
    }
  }

  /// The system's last error as a diagnostic.
  static func failure(_ kind: Diagnostic.Kind, _ what: String, _ place: String) -> Diagnostic {
    let code = errno
    let remedy: String? =
      switch code {
      case ENOSPC, EDQUOT: "free space on the disk, or write to another one with --output DIR"
      case EACCES, EPERM, EROFS: "make the folder writable, or choose another with --output DIR"
      case EPIPE: "keep the reader of the output open until it is complete"
      case ENOTDIR, EEXIST: "move away what lies there, or choose another folder with --output DIR"
      default: nil
      }
    // strerror follows LC_MESSAGES only after setlocale, which nobody here calls.
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return Diagnostic(kind, what, at: place, why: reason, remedy: remedy)
  }
}
