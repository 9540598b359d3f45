public import CanvassSurvey
import Glibc
import Synchronization

/// The folder `<root>/<name>` of one index, held for this process until the value is released.
///
/// A run is written to a staging folder beside the others and flushed; under the ledger's lock it gets
/// its line, is renamed as a whole, the line is appended, and the link `latest` is replaced. Killed at any
/// instant, the runs and the link that were there stay whole, and the next run repairs the ledger.
public final class RunFolder: Sendable {
  /// A moment of publishing, for tests that fail or die there.
  package enum Step: String, Sendable, CaseIterable {
    case stage, release, manifest, internalFiles, record, checkpoint, rename, flush, append, link
    case swap
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
  /// The folder of all runs, where the ledger lies.
  private let root: String
  private let name: String
  private let lock: Int32
  private var staging: String { "\(path)/.staging-\(getpid())" }

  /// The staging folders that this process is filling.
  private static let filling = Mutex<Set<String>>([])

  private init(root: String, name: String, path: String, lock: Int32) {
    self.root = root
    self.name = name
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
    _ = Privacy.grant(lock, 0o644)
    let folder = RunFolder(root: root, name: name, path: path, lock: lock)
    // Whoever holds the lock is alone here: a staging folder, whatever its number, has no owner.
    for entry in try FolderTree.entries(of: path)
    where entry.hasPrefix(".staging-") || entry.hasPrefix(".latest-") {
      try FolderTree.remove(path + "/" + entry)
    }
    // A ledger that cannot be continued is told before the work, not after it.
    _ = try LedgerFile.acquire(root: root)
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
    let release = Manifest(files.release)
    let inside = Manifest(files.internal)
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
        }, last: RunFile(Manifest.name, release.bytes))
      try reach(.internalFiles)
      try write(
        files.internal, to: "internal", folderMode: 0o700, fileMode: 0o600,
        last: RunFile(Manifest.name, inside.bytes))
      try reach(.record)
      try write(files.record, to: "record")
      // From here on one run of all: the ledger gives the number, and the number the name.
      var ledger = try LedgerFile.acquire(root: root)
      let sequence = ledger.ledger.lines.count + 1
      let line = LedgerLine(
        sequence: sequence, name: name, run: Self.id(sequence, manifest: release.digest),
        release: release.digest, internal: inside.digest,
        record: Dictionary(
          files.record.map { ($0.name, SHA256.hex($0.bytes)) }, uniquingKeysWith: { $1 }),
        previous: ledger.ledger.head)
      try reach(.checkpoint)
      try CheckedFile.write(Checkpoint.bytes(line), to: "\(staging)/record/\(Checkpoint.name)")
      try CheckedFile.flushFolder(staging + "/record")
      try CheckedFile.flushFolder(staging)
      try reach(.rename)
      guard rename(staging, path + "/" + line.run) == 0 else {
        throw CheckedFile.failure(
          .cannotCreate, "the finished run cannot be put in place", path + "/" + line.run)
      }
      try reach(.flush)
      try CheckedFile.flushFolder(path)
      try reach(.append)
      try ledger.append(line)
      try reach(.link)
      let link = "\(path)/.latest-\(getpid())"
      guard symlink(line.run, link) == 0 else {
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
      return PublishedRun(
        path: path + "/" + line.run, id: line.run, manifestDigest: release.digest,
        ledgerHead: LedgerHead(sequence: sequence, digest: line.head))
    } catch {
      // The first error is the one to tell; what cannot be tidied now is tidied at the next start.
      if !dead { try? FolderTree.remove(staging) }
      throw error
    }
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

  /// `<ledger sequence>-<12 hexadecimal digits of the release manifest's digest>`.
  static func id(_ sequence: Int, manifest digest: String) -> String {
    let number = String(sequence)
    return String(repeating: "0", count: max(0, 4 - number.count)) + number + "-"
      + digest.prefix(12)
  }

  /// The ledger sequence in the name of a run's folder; nil where the name is not a run's.
  static func sequence(of entry: String) -> Int? {
    let parts = entry.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count >= 4, parts[1].count == 12, let number = Int(parts[0]),
      number > 0
    else { return nil }
    return number
  }

  /// The folders of runs below a root, as `name/run`, in order of their bytes.
  static func runs(in root: String) throws(Diagnostic) -> [String] {
    var found: [String] = []
    for name in try FolderTree.entries(of: root) where !name.hasPrefix(".") {
      guard FolderTree.isFolder(root + "/" + name) else { continue }
      for entry in try FolderTree.entries(of: root + "/" + name)
      where sequence(of: entry) != nil && FolderTree.isFolder("\(root)/\(name)/\(entry)") {
        found.append(name + "/" + entry)
      }
    }
    return found
  }

  /// The line of a run that follows from a ledger's last one and is not in it yet; nil where there is
  /// none.
  static func run(after ledger: Ledger, in root: String) throws(Diagnostic) -> LedgerLine? {
    let next = ledger.lines.count + 1
    for run in try runs(in: root) {
      let parts = run.split(separator: "/").map(String.init)
      guard sequence(of: parts[1]) == next, access("\(root)/\(run)/record/checkpoint", F_OK) == 0,
        let line = try Checkpoint.line(of: root + "/" + run), line.sequence == next,
        line.previous == ledger.head, line.name == parts[0], line.run == parts[1]
      else { continue }
      return line
    }
    return nil
  }

  static func makeFolders(_ path: String, mode: UInt32 = 0o755) throws(Diagnostic) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      let parent = made.isEmpty ? "/" : made
      made += "/" + part
      var status = stat()
      if stat(made, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
      try makeFolder(made, mode: mode)
      try CheckedFile.flushFolder(parent)
    }
  }

  private static func makeFolder(_ path: String, mode: UInt32) throws(Diagnostic) {
    // Another run may have made it in between.
    if mkdir(path, mode_t(mode)) != 0, !(errno == EEXIST && FolderTree.isFolder(path)) {
      throw CheckedFile.failure(.cannotCreate, "the folder cannot be created", path)
    }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else {
      throw CheckedFile.failure(.cannotCreate, "the new folder cannot be opened", path)
    }
    defer { _ = close(folder) }
    guard Privacy.grant(folder, mode) else {
      throw CheckedFile.failure(.cannotCreate, "the folder's rights cannot be set", path)
    }
  }
}
