import CanvassSurvey
import Glibc

/// `Runs/ledger.jsonl`, held under its lock: one process at a time repairs it and appends to it.
struct LedgerFile: ~Copyable {
  /// The folder of all runs.
  let root: String
  /// The chain as it is on the disk, whole.
  private(set) var ledger: Ledger
  private let lock: Int32

  static func path(_ root: String) -> String { root + "/" + Ledger.name }

  /// Waits for the lock, then repairs what a sudden death left: half a line at the end is cut off, and
  /// the line of a run that was put in place without one is appended from its checkpoint.
  ///
  /// - Throws: `inputOutput` where the chain is broken: nothing is appended to a ledger that was changed.
  static func acquire(root: String) throws(Diagnostic) -> LedgerFile {
    var file = LedgerFile(root: root, lock: try locked(root + "/.ledger.lock"))
    try file.repair()
    return file
  }

  private init(root: String, lock: Int32) {
    self.root = root
    self.lock = lock
    ledger = Ledger([])
  }

  private mutating func repair() throws(Diagnostic) {
    ledger = try Self.read(root)
    if ledger.cutBytes > 0 { try Self.truncate(root, by: ledger.cutBytes) }
    while let missing = try RunFolder.run(after: ledger, in: root) { try append(missing) }
  }

  deinit {
    _ = flock(lock, LOCK_UN)
    _ = close(lock)
  }

  /// The chain at `root`; none where no run has been made.
  static func read(_ root: String) throws(Diagnostic) -> Ledger {
    guard access(path(root), F_OK) == 0 else { return Ledger([]) }
    let ledger = Ledger(try CheckedFile.bytes(of: path(root)))
    if let broken = ledger.broken {
      throw Diagnostic(
        .inputOutput, broken.what, at: "\(path(root)):\(broken.line)",
        why: "a run adds nothing to a ledger that is not the chain it should be",
        remedy: "put the ledger back from a copy, or move it away: the runs' checkpoints restore it"
      )
    }
    return ledger
  }

  /// Appends a line that follows from the head, and flushes it.
  mutating func append(_ line: LedgerLine) throws(Diagnostic) {
    precondition(line.previous == ledger.head && line.sequence == ledger.lines.count + 1)
    let path = Self.path(root)
    let isNew = access(path, F_OK) != 0
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw CheckedFile.failure(.cannotCreate, "the ledger cannot be opened", path)
    }
    do throws(Diagnostic) {
      if isNew { _ = Privacy.grant(file, 0o644) }
      try CheckedFile.write(line.bytes + [0x0A], to: file, named: path)
      guard fsync(file) == 0 else {
        throw CheckedFile.failure(.inputOutput, "the ledger cannot be flushed to the disk", path)
      }
    } catch {
      _ = close(file)
      throw error
    }
    guard close(file) == 0 else {
      throw CheckedFile.failure(.inputOutput, "the ledger cannot be closed", path)
    }
    if isNew { try CheckedFile.flushFolder(root) }
    ledger.add(line)
  }

  private static func locked(_ path: String) throws(Diagnostic) -> Int32 {
    let lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else {
      throw CheckedFile.failure(.cannotCreate, "the lock of the ledger cannot be made", path)
    }
    while flock(lock, LOCK_EX) != 0 {
      if errno == EINTR { continue }
      let failure = CheckedFile.failure(.inputOutput, "the ledger cannot be locked", path)
      _ = close(lock)
      throw failure
    }
    return lock
  }

  private static func truncate(_ root: String, by bytes: Int) throws(Diagnostic) {
    let path = path(root)
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw CheckedFile.failure(.inputOutput, "the ledger cannot be repaired", path)
    }
    defer { _ = close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0, ftruncate(file, facts.st_size - bytes) == 0, fsync(file) == 0
    else { throw CheckedFile.failure(.inputOutput, "the ledger cannot be repaired", path) }
  }
}

/// `record/checkpoint` of a run: its line of the ledger and that line's digest.
enum Checkpoint {
  static let name = "checkpoint"

  static func bytes(_ line: LedgerLine) -> [UInt8] {
    line.bytes + [0x0A] + Array(line.head.utf8) + [0x0A]
  }

  /// The line that a run's checkpoint holds; nil where the file is not what a run wrote.
  static func line(of run: String) throws(Diagnostic) -> LedgerLine? {
    let bytes = try CheckedFile.bytes(of: run + "/record/" + name)
    guard let line = LedgerLine(bytes.prefix { $0 != 0x0A }), Self.bytes(line) == bytes else {
      return nil
    }
    return line
  }
}
