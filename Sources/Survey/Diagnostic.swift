/// An error for the person who reads it: what, where, why, and what to do.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure, which decides the exit code.
  public enum Kind: String, Sendable, Hashable {
    case checkFailed = "check failed"
    case notConverged = "weights did not converge"
    case disclosure = "disclosure control refused"
    case usage = "usage"
    case badData = "bad data"
    case missingInput = "no such input"
    case cannotCreate = "cannot create output"
    case inputOutput = "input/output error"
    case busy = "another run holds the folder"
    case badPipeline = "pipeline file wrong"

    /// The process exit code of the contract (`docs/command-line.md`).
    public var exitCode: Int32 {
      switch self {
      case .checkFailed: 10
      case .notConverged: 11
      case .disclosure: 12
      case .usage: 64
      case .badData: 65
      case .missingInput: 66
      case .cannotCreate: 73
      case .inputOutput: 74
      case .busy: 75
      case .badPipeline: 78
      }
    }
  }

  /// The kind of failure.
  public let kind: Kind
  /// What is wrong, one sentence without a respondent's cell value.
  public let what: String
  /// Where: `archive:member:line:column` or `file:line:column`; nil where no place applies.
  public var place: String?
  /// Why it matters or how it came about; nil where the first sentence says it.
  public let why: String?
  /// What the reader can do about it.
  public let remedy: String?

  /// An error with its parts.
  public init(
    _ kind: Kind, _ what: String, at place: String? = nil, why: String? = nil,
    remedy: String? = nil
  ) {
    self.kind = kind
    self.what = what
    self.place = place
    self.why = why
    self.remedy = remedy
  }

  /// The same error at `place`, unless it already has one.
  public func located(at place: String) -> Diagnostic {
    var copy = self
    if copy.place == nil { copy.place = place }
    return copy
  }

  /// The parts on lines of their own, the place first, as compilers print it.
  public var description: String {
    var text = place.map { "\($0): " } ?? ""
    text += "error: \(what)"
    if let why { text += "\n  why: \(why)" }
    if let remedy { text += "\n  do:  \(remedy)" }
    return text
  }
}
