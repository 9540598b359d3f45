import CArchive
import CZlib
import CanvassPublishing
import CanvassSurvey
import Glibc

/// What a run used of its machine, for the record alone.
enum MachineUse {
  /// SHA-256 of the program that runs.
  static let executable = Result { () throws(Diagnostic) in
    try SHA256.hex(ofFile: "/proc/self/exe")
  }

  /// The libraries that a result passes through, with the versions that are loaded.
  static let libraries: [String: String] = [
    "libarchive": archive_version_details().map { String(cString: $0) } ?? "?",
    "zlib": zlibVersion().map { String(cString: $0) } ?? "?",
    "glibc": libraryVersion,
  ]

  /// Program, libraries, processor features, threads, time, memory and the limits that held.
  static func json(
    threads: Int, stages: [(stage: String, seconds: Double)]
  ) throws(Diagnostic) -> JSONValue {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> JSONValue {
      .number(Double(time.tv_sec) + Double(time.tv_usec) * 1e-6)
    }
    return [
      "executable_sha256": .text(try executable.get()),
      "libraries": .object(libraries.mapValues { .text($0) }),
      "threads": .integer(threads),
      "stages": .list(stages.map { ["stage": .text($0.stage), "seconds": .number($0.seconds)] }),
      "processor_seconds": ["user": seconds(usage.ru_utime), "system": seconds(usage.ru_stime)],
      "peak_memory_bytes": .integer(usage.ru_maxrss * 1024),
      "limits": [
        "address_space_bytes": limit(RLIMIT_AS), "open_files": limit(RLIMIT_NOFILE),
        "file_bytes": limit(RLIMIT_FSIZE),
      ],
    ]
  }

  private static var libraryVersion: String {
    var text = [UInt8](repeating: 0, count: 64)
    let length = text.withUnsafeMutableBytes { bytes in
      confstr(
        Int32(_CS_GNU_LIBC_VERSION), bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
        bytes.count)
    }
    return String(decoding: text.prefix(max(0, min(length, text.count) - 1)), as: UTF8.self)
  }

  /// A limit of this process; null where there is none.
  private static func limit(_ resource: __rlimit_resource) -> JSONValue {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0,
      limits.rlim_cur <= UInt(Int.max)
    else { return .null }
    return .integer(Int(limits.rlim_cur))
  }
}
