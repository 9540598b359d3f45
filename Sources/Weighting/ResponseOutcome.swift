/// What became of a sampled row.
public enum ResponseOutcome: String, Sendable, CaseIterable, Hashable {
  /// Eligible, and interviewed.
  case respondent
  /// Eligible, but not interviewed.
  case nonrespondent
  /// Not of the population that is asked about: an empty house, a person too young.
  case ineligible
  /// Nobody knows whether the row is eligible.
  case unknown
}

/// The variable that holds each row's outcome, and which of its values mean what.
///
/// Source: AAPOR Standard Definitions (10th edition 2023), which keep the four outcomes apart.
public struct OutcomeCodes: Sendable {
  /// The variable.
  public var variable: String
  /// The values of each outcome, as `Column.text` gives them.
  public var values: [ResponseOutcome: [String]]

  /// Codes of a variable.
  public init(variable: String, values: [ResponseOutcome: [String]]) {
    self.variable = variable
    self.values = values
  }

  /// A variable that is 1 for respondents and 0 for nonrespondents.
  public static func indicator(_ variable: String) -> OutcomeCodes {
    OutcomeCodes(variable: variable, values: [.respondent: ["1"], .nonrespondent: ["0"]])
  }
}
