public import CanvassSurvey
import Glibc
import Synchronization

/// The folder `<root>/<name>` of one index, held for this process until the value is released.
///
/// A run is written to a staging folder beside the others, flushed, and renamed as a whole; then the
/// link `latest` is replaced. Killed at any instant, the runs and the link that were there stay whole.
public final class RunFolder: Sendable {
  /// A moment of publishing, for tests that fail or die there.
  package enum Step: String, Sendable, CaseIterable {
    case stage, release, manifest, internalFiles, record, rename, flush, link, swap
  }

  /// What a test makes of a step.
  package enum Fault: Sendable {
    /// The step fails, as on a full disk.
    case fails
    /// The process ends here, tidying nothing.
    case dies
  }

  /// The folder.
  public let path: String
  private let lock: Int32
  private var staging: String { "\(path)/.staging-\(getpid())" }

  /// The staging folders that this process is filling.
  private static let filling = Mutex<Set<String>>([])

  private init(path: String, lock: Int32) {
    self.path = path
    self.lock = lock
  }

  deinit {
    // Unlocking by hand frees the folder even where a child process still holds a copy of the descriptor.
    _ = flock(lock, LOCK_UN)
    _ = close(lock)
  }

  /// Makes the folder where it is missing, takes its lock, and removes what dead processes left.
  ///
  /// - Throws: `busy` (exit 75) where another process holds it, `cannotCreate` (exit 73) where it
  ///   cannot be made, `badPipeline` where the name cannot be a folder's.
  public static func acquire(root: String, name: String) throws(Diagnostic) -> RunFolder {
    try RunFiles.check(name: name, of: "the index")
    let path = root + "/" + name
    try makeFolders(path)
    let lock = open(path + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else {
      throw CheckedFile.failure(.cannotCreate, "the lock of the folder cannot be made", path)
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      _ = close(lock)
      errno = code
      if code == EWOULDBLOCK {
        throw Diagnostic(
          .busy, "another run is writing to this folder", at: path,
          remedy: "wait until it has finished, or write elsewhere with --output DIR")
      }
      throw CheckedFile.failure(.inputOutput, "the folder cannot be locked", path)
    }
    let folder = RunFolder(path: path, lock: lock)
    // Whoever holds the lock is alone here: a staging folder, whatever its number, has no owner.
    for entry in try FolderTree.entries(of: path)
    where entry.hasPrefix(".staging-") || entry.hasPrefix(".latest-") {
      try FolderTree.remove(path + "/" + entry)
    }
    return folder
  }

  /// Takes the folder, publishes and lets go of it.
  public static func publish(
    root: String, name: String, files: RunFiles
  ) throws(Diagnostic) -> PublishedRun {
    try acquire(root: root, name: name).publish(files)
  }

  /// Removes what this process was writing, for an interruption after which it ends at once.
  ///
  /// What cannot be removed now is removed at the next start; finished runs are not touched.
  public static func removeStaging() {
    for folder in filling.withLock({ $0 }) { try? FolderTree.remove(folder) }
  }

  /// The run that `latest` points to, by its name; nil where there is none.
  public var latest: String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let length = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { readlink(path + "/latest", $0, bytes.count) } ?? -1
    }
    return length > 0 ? String(decoding: buffer[0..<length], as: UTF8.self) : nil
  }

  /// Writes the files as the next run and points `latest` to it.
  ///
  /// - Throws: `cannotCreate` or `inputOutput` with the place; before the final rename nothing is left
  ///   behind, and `latest` is never without a whole run.
  public func publish(_ files: RunFiles) throws(Diagnostic) -> PublishedRun {
    try publish(files) { _ in nil }
  }

  /// The same with faults at chosen steps.
  package func publish(
    _ files: RunFiles, fault: (Step) -> Fault?
  ) throws(Diagnostic) -> PublishedRun {
    var dead = false
    func reach(_ step: Step) throws(Diagnostic) {
      guard let fault = fault(step) else { return }
      dead = fault == .dies
      throw Diagnostic(.inputOutput, "a fault was asked for", at: step.rawValue)
    }
    try files.check()
    let manifest = Manifest(files.release)
    let sequence = String(try highestSequence() + 1)
    let padded = String(repeating: "0", count: max(0, 4 - sequence.count)) + sequence
    let id = padded + "-" + manifest.digest.prefix(12)
    let folder = staging
    Self.filling.withLock { _ = $0.insert(folder) }
    defer { Self.filling.withLock { _ = $0.remove(folder) } }
    do throws(Diagnostic) {
      try reach(.stage)
      try Self.makeFolder(staging, mode: 0o755)
      try reach(.release)
      try write(
        files.release, to: "release",
        reached: { () throws(Diagnostic) in
          try reach(.manifest)
        }, last: RunFile(Manifest.name, manifest.bytes))
      try reach(.internalFiles)
      try write(files.internal, to: "internal", folderMode: 0o700, fileMode: 0o600)
      try reach(.record)
      try write(files.record, to: "record")
      try CheckedFile.flushFolder(staging)
      try reach(.rename)
      guard rename(staging, path + "/" + id) == 0 else {
        throw CheckedFile.failure(
          .cannotCreate, "the finished run cannot be put in place", path + "/" + id)
      }
      try reach(.flush)
      try CheckedFile.flushFolder(path)
      try reach(.link)
      let link = "\(path)/.latest-\(getpid())"
      guard symlink(id, link) == 0 else {
        throw CheckedFile.failure(.cannotCreate, "the link 'latest' cannot be made", path)
      }
      try reach(.swap)
      guard rename(link, path + "/latest") == 0 else {
        let failure = CheckedFile.failure(
          .cannotCreate, "the link 'latest' cannot be replaced", path + "/latest")
        _ = unlink(link)
        throw failure
      }
      try CheckedFile.flushFolder(path)
    } catch {
      // The first error is the one to tell; what cannot be tidied now is tidied at the next start.
      if !dead { try? FolderTree.remove(staging) }
      throw error
    }
    return PublishedRun(path: path + "/" + id, id: id, manifestDigest: manifest.digest)
  }

  private func write(
    _ files: [RunFile], to part: String, folderMode: UInt32 = 0o755, fileMode: UInt32 = 0o644,
    reached: () throws(Diagnostic) -> Void = {}, last: RunFile? = nil
  ) throws(Diagnostic) {
    let folder = staging + "/" + part
    try Self.makeFolder(folder, mode: folderMode)
    for file in files {
      try CheckedFile.write(file.bytes, to: folder + "/" + file.name, mode: fileMode)
    }
    try reached()
    if let last {
      try CheckedFile.write(last.bytes, to: folder + "/" + last.name, mode: fileMode)
    }
    try CheckedFile.flushFolder(folder)
  }

  /// The highest number that a run in the folder bears; 0 where there is none.
  private func highestSequence() throws(Diagnostic) -> Int {
    try FolderTree.entries(of: path).compactMap { entry in
      let parts = entry.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].count >= 4, parts[1].count == 12 else { return nil }
      return Int(parts[0])
    }.max() ?? 0
  }

  static func makeFolders(_ path: String) throws(Diagnostic) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      let parent = made.isEmpty ? "/" : made
      made += "/" + part
      var status = stat()
      if stat(made, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
      try makeFolder(made, mode: 0o755)
      try CheckedFile.flushFolder(parent)
    }
  }

  private static func makeFolder(_ path: String, mode: UInt32) throws(Diagnostic) {
    if mkdir(path, mode_t(mode)) != 0 {
      throw CheckedFile.failure(.cannotCreate, "the folder cannot be created", path)
    }
  }
}
