import CArchive
import CZlib
public import CanvassPublishing
import Glibc

/// What this machine offers a run: libraries, versions, disk, locale, limits.
public enum MachineReport {
  /// One thing that was looked at.
  public struct Finding: Sendable {
    /// What was looked at.
    public let name: String
    /// What was found.
    public let value: String
    /// Whether a run can work with it.
    public let isFine: Bool
  }

  /// Everything that was looked at, for runs into the folder `output` on `threads` threads.
  public static func findings(output: String, threads: Int) -> [Finding] {
    var findings = [
      Finding(name: "canvass", value: Version.number, isFine: true),
      Finding(name: "compiler", value: compiler, isFine: true),
      Finding(name: "system", value: system, isFine: true),
      Finding(
        name: "libarchive", value: archive_version_details().map { String(cString: $0) } ?? "?",
        isFine: archive_version_number() >= 3_006_000),
      Finding(
        name: "zlib", value: zlibVersion().map { String(cString: $0) } ?? "?", isFine: true),
      Finding(name: "threads", value: String(threads), isFine: true),
      memory, disk(output),
      limit("open files", __rlimit_resource_t(RLIMIT_NOFILE.rawValue), least: 64),
      limit("file size", __rlimit_resource_t(RLIMIT_FSIZE.rawValue), least: 1 << 30),
      limit("address space", __rlimit_resource_t(RLIMIT_AS.rawValue), least: 1 << 30),
    ]
    for name in ["LC_ALL", "LANG", "TZ", "NO_COLOR"] {
      let value = getenv(name).map { String(cString: $0) } ?? "not set"
      findings.append(Finding(name: name, value: "\(value) (moves no number)", isFine: true))
    }
    return findings
  }

  /// The findings as one JSON object.
  public static func json(_ findings: [Finding]) -> JSONValue {
    .object([
      "fine": .boolean(findings.allSatisfy(\.isFine)),
      "findings": .list(
        findings.map {
          ["name": .text($0.name), "value": .text($0.value), "fine": .boolean($0.isFine)]
        }),
    ])
  }

  private static var compiler: String {
    #if swift(>=6.4)
      "Swift 6.4 or later"
    #elseif swift(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2 or earlier"
    #endif
  }

  private static var system: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    func text<Value>(_ field: Value) -> String {
      withUnsafeBytes(of: field) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    return "\(text(names.sysname)) \(text(names.release)) \(text(names.machine))"
  }

  private static var memory: Finding {
    let bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return Finding(name: "memory", value: size(UInt64(max(0, bytes))), isFine: bytes > 1 << 29)
  }

  private static func disk(_ output: String) -> Finding {
    var folder = output
    while access(folder, F_OK) != 0 {
      guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else {
        folder = folder.hasPrefix("/") ? "/" : "."
        break
      }
      folder = String(folder[..<slash])
    }
    var facts = statvfs()
    guard statvfs(folder, &facts) == 0 else {
      return Finding(name: "disk", value: "'\(folder)' cannot be looked at", isFine: false)
    }
    let free = UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
    let writable = access(folder, W_OK) == 0
    return Finding(
      name: "disk", value: "\(size(free)) free in '\(folder)'" + (writable ? "" : ", not writable"),
      isFine: writable && free > 100 << 20)
  }

  private static func limit(_ name: String, _ resource: __rlimit_resource_t, least: UInt64)
    -> Finding
  {
    var limits = rlimit()
    guard getrlimit(resource, &limits) == 0 else {
      return Finding(name: name, value: "unknown", isFine: false)
    }
    let unlimited = limits.rlim_cur == UInt.max
    return Finding(
      name: name, value: unlimited ? "unlimited" : String(limits.rlim_cur),
      isFine: unlimited || limits.rlim_cur >= least)
  }

  private static func size(_ bytes: UInt64) -> String {
    let tenths = bytes / (1 << 30 / 10)
    return "\(tenths / 10).\(tenths % 10) GiB"
  }
}
