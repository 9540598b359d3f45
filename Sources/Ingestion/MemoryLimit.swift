import CanvassSurvey
import Glibc

/// How much memory a table may take: half of what the machine has.
enum MemoryLimit {
  /// The limit in bytes.
  static let bytes: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && size > 0 ? pages * size / 2 : 4 << 30
  }()

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
