import CanvassSurvey

/// How much an archive may hold before it is refused.
public struct ArchiveLimits: Sendable, Hashable {
  /// Most members; the origin of a row holds 16 bits for its member.
  public var members = 65_535
  /// Most bytes that it may unpack to.
  public var bytes = 16 << 30
  /// Most bytes for each packed byte, once it has unpacked to `ratioBegins`.
  public var ratio = 200
  /// Longest name of a member in bytes.
  public var nameLength = 1_024
  /// Longest time that reading the archive may take, in seconds.
  public var seconds = 600

  /// Unpacked bytes from which the ratio counts.
  public static let ratioBegins = 64 << 20

  /// The default limits.
  public init() {}
}

/// What a drop has used of its limits.
final class Budget {
  let limits: ArchiveLimits
  private let path: String
  private let packed: Int
  private let begin = ContinuousClock.now
  private var used = 0

  init(path: String, packed: Int, limits: ArchiveLimits) {
    self.path = path
    self.packed = packed
    self.limits = limits
  }

  func spend(_ count: Int) throws(Diagnostic) {
    used += count
    if used > limits.bytes {
      throw refuse("it unpacks to more than \(limits.bytes) bytes", "bytes")
    }
    if used > ArchiveLimits.ratioBegins, used / max(1, packed) >= limits.ratio {
      throw refuse("it unpacks to more than \(limits.ratio) times its size", "ratio")
    }
    if begin.duration(to: .now) > .seconds(limits.seconds) {
      throw refuse("reading it takes more than \(limits.seconds) seconds", "seconds")
    }
  }

  private func refuse(_ why: String, _ key: String) -> Diagnostic {
    Diagnostic(
      .badData, "the archive unpacks to more than its limits allow", at: path, why: why,
      remedy: "if it is meant to, raise '\(key)' under 'ingest: limits'")
  }
}
