public import CanvassSurvey

/// Stata's extended missing values `.a` to `.z`, which ingestion turns into reasons.
enum MissingTags {
  /// The raw value that a cell with `.a` has until its reason is known.
  static let first: UInt8 = 101

  /// The raw value of a tag: `a` to `z`, in any case.
  static func raw(_ tag: UInt8) -> UInt8 {
    let small = tag | 0x20
    return (0x61...0x7A).contains(small) ? first + small - 0x61 : MissingReason.blank.rawValue
  }

  /// The code that codebooks and pipeline files write: `.a`.
  static func code(_ raw: UInt8) -> String {
    "." + String(Unicode.Scalar(raw - first + 0x61))
  }

  /// Gives every tagged cell its reason: from the rules of the pipeline file, else from the codebook,
  /// else blank.
  static func resolve(
    _ table: Table, codebook: Codebook?, rules: [MissingTagRule]
  ) -> Table {
    var table = table
    for column in table.columns where column.reasons.contains(where: { $0 >= first }) {
      var reasonOfRaw = (0...255).map { UInt8($0) }
      for raw in first..<first + 26 {
        let code = code(raw)
        let ruled = rules.last { rule in
          rule.reasons[code] != nil
            && rule.variables.contains { NamePattern($0).matches(column.name) }
        }?.reasons[code]
        let reason = ruled ?? codebook?[column.name]?.missingCodes[code] ?? .blank
        reasonOfRaw[Int(raw)] = reason.rawValue
      }
      var resolved = column
      resolved.reasons = column.reasons.map { reasonOfRaw[Int($0)] }
      table.set(resolved)
    }
    return table
  }
}

/// What the pipeline file says that missing codes mean, Stata's `.a` to `.z` among them.
public struct MissingTagRule: Sendable {
  /// Names of variables, with `*` for any characters.
  public var variables: [String]
  /// The reason of each code such as `.a` or `98`.
  public var reasons: [String: MissingReason]

  /// A rule.
  public init(variables: [String], reasons: [String: MissingReason]) {
    self.variables = variables
    self.reasons = reasons
  }
}
