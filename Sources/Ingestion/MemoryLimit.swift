import CanvassSurvey
import Glibc
import Synchronization

/// How much memory tables may take: half of what the machine, or the group of processes, may have.
enum MemoryLimit {
  /// The limit in bytes.
  static let bytes: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    let machine = pages > 0 && size > 0 ? pages * size : 8 << 30
    return min(machine, ofGroup ?? machine) / 2
  }()

  /// What a container may have, as its control group says.
  private static var ofGroup: Int? {
    guard let file = fopen("/sys/fs/cgroup/memory.max", "r") else { return nil }
    defer { fclose(file) }
    var value = 0
    return withVaList([withUnsafeMutablePointer(to: &value) { $0 }]) { vfscanf(file, "%ld", $0) }
      == 1 ? value : nil
  }

  /// Refuses what would take more than the limit.
  static func check(
    _ wanted: Int, _ what: String, at place: String, limit: Int = bytes
  ) throws(Diagnostic) {
    if wanted <= limit { return }
    throw Diagnostic(
      .badData, "\(what) needs more than half of the memory", at: place,
      why: "it takes at least \(wanted >> 20) MiB, and \(limit >> 20) MiB are half of it",
      remedy: "read it on a larger machine, or split it into several drops with fewer columns")
  }
}

/// The memory that the tables of a request take, all together, while they are read.
final class TableMemory: Sendable {
  private let taken = Mutex(0)
  private let limit: Int

  init(limit: Int = MemoryLimit.bytes) { self.limit = limit }

  /// Counts a piece of a table.
  func add(_ chunk: TableChunk) {
    let bytes = chunk.byteCount
    taken.withLock { $0 += bytes }
  }

  /// Refuses a table that has grown beyond the limit, or would with `bytes` more.
  func check(at place: String, adding bytes: Int = 0) throws(Diagnostic) {
    try MemoryLimit.check(taken.withLock { $0 } + bytes, "the table", at: place, limit: limit)
  }
}

extension TableChunk {
  /// Bytes that its cells take.
  fileprivate var byteCount: Int {
    columns.reduce(lines.count * 4) { sum, column in
      let cells =
        switch column.values {
        case .integers(let values): values.count * 2
        case .numbers(let values): values.count * 8
        case .text(let codes, let texts):
          texts.reduce(codes.count * 4) { $0 + MemoryLayout<String>.stride + $1.utf8.count }
        }
      return sum + cells + column.reasons.count
    }
  }
}
