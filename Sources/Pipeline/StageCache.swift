import CanvassPublishing
import CanvassSurvey
import Glibc

/// What a stage made, kept under the hash of all that went into it: program, libraries, request, data.
///
/// `Runs/.cache` holds respondents: mode 0700. An entry is 64 hexadecimal digits, the SHA-256 of its key and
/// its bytes, and the bytes; one that is damaged, cut or copied from another key is found by them, removed
/// and made again. Nothing is ever decided by a time stamp, except which entry is dropped first where the
/// folder grows beyond its limit.
struct StageCache: Sendable {
  /// The folder's name below the folder of all runs.
  static let name = ".cache"
  /// The folder, or nil where nothing is remembered.
  let folder: String?
  /// Whether entries are read; `--fresh` makes them all again.
  var reads = true
  /// Largest size of all entries in bytes.
  var limit = 4 << 30

  /// Nothing is remembered.
  static let none = StageCache(folder: nil)

  /// The cache of a folder of runs.
  static func at(_ root: String, fresh: Bool = false) -> StageCache {
    StageCache(folder: root + "/" + name, reads: !fresh)
  }

  /// The key of a stage's result: the SHA-256 of the program, its libraries and processor, and `parts`.
  ///
  /// Nil where a part has no text of its own; then nothing is remembered.
  static func key(_ stage: String, _ parts: [String?]) throws(Diagnostic) -> String? {
    var text = stage + "\n" + (try MachineUse.executable.get()) + "\n"
    for name in MachineUse.libraries.keys.sorted() {
      text += "\(name) \(MachineUse.libraries[name] ?? "")\n"
    }
    for part in parts {
      guard let part else { return nil }
      text += "\(part.utf8.count)\n\(part)\n"
    }
    return SHA256.hex(Array(text.utf8))
  }

  /// Whether there is a whole entry for a key.
  func holds(_ key: String?) -> Bool { bytes(key) != nil }

  /// What was kept under a key; nil where nothing was, or it is not what was kept.
  func value<Value: Decodable>(_ type: Value.Type, for key: String?) -> Value? {
    guard reads, let key, let bytes = bytes(key) else { return nil }
    if let value = try? FlatReader.value(type, bytes, from: Self.digestLength) { return value }
    remove(key)
    return nil
  }

  /// Keeps a value under a key.
  ///
  /// - Throws: where it cannot be written; a run goes on without, and says so.
  func keep(_ value: some Encodable, for key: String?) throws {
    guard let folder, let key else { return }
    var entry = try FlatWriter.bytes(value, behind: Self.digestLength)
    guard entry.count <= limit else { return }
    try CheckedFile.createFolder(folder, mode: 0o700)
    try makeRoom(for: entry.count, in: folder)
    entry.replaceSubrange(..<Self.digestLength, with: Self.digest(of: entry, key).utf8)
    // No flush: what a power cut leaves of an entry is found by its digest.
    try CheckedFile.replace(entry, at: folder + "/" + key, mode: 0o600, isFlushed: false)
  }

  /// Removes every entry below `root`; how many files and bytes went.
  static func clean(_ root: String) throws(Diagnostic) -> (files: Int, bytes: Int) {
    let folder = root + "/" + name
    let entries = sizes(folder)
    try CheckedFile.removeTree(folder)
    return (entries.count, entries.reduce(0) { $0 + $1.bytes })
  }

  /// The digest and bytes of an entry that is whole; a damaged one is removed.
  private func bytes(_ key: String?) -> [UInt8]? {
    guard let folder, let key, let bytes = try? CheckedFile.bytes(of: folder + "/" + key) else {
      return nil
    }
    guard bytes.count >= Self.digestLength,
      bytes.prefix(Self.digestLength).elementsEqual(Self.digest(of: bytes, key).utf8)
    else {
      remove(key)
      return nil
    }
    // The entry was of use: it is dropped after those that were not.
    utimensat(AT_FDCWD, folder + "/" + key, nil, 0)
    return bytes
  }

  /// Hexadecimal digits at the head of an entry.
  private static let digestLength = 64

  /// The digest of an entry's key and of what stands behind its head.
  private static func digest(of entry: [UInt8], _ key: String) -> String {
    SHA256.hex(pieces: [Array(key.utf8)[...], entry.dropFirst(digestLength)])
  }

  private func remove(_ key: String) {
    if let folder { unlink(folder + "/" + key) }
  }

  private func makeRoom(for bytes: Int, in folder: String) throws(Diagnostic) {
    // What a dead process was writing has no owner; a name is KEY.NUMBER.part.
    for entry in Self.sizes(folder) where entry.name.hasSuffix(".part") {
      let owner = entry.name.split(separator: ".").dropFirst().first.flatMap { pid_t($0) }
      if let owner, kill(owner, 0) != 0, errno == ESRCH { unlink(folder + "/" + entry.name) }
    }
    var entries = Self.sizes(folder).sorted { $0.used < $1.used }
    var total = entries.reduce(bytes) { $0 + $1.bytes }
    while total > limit, !entries.isEmpty {
      let oldest = entries.removeFirst()
      unlink(folder + "/" + oldest.name)
      total -= oldest.bytes
    }
  }

  private static func sizes(_ folder: String) -> [(name: String, bytes: Int, used: Double)] {
    let names = (try? CheckedFile.entries(of: folder)) ?? []
    return names.compactMap { name in
      var facts = stat()
      guard lstat(folder + "/" + name, &facts) == 0 else { return nil }
      let used = Double(facts.st_mtim.tv_sec) + Double(facts.st_mtim.tv_nsec) * 1e-9
      return (name, Int(facts.st_size), used)
    }
  }
}
