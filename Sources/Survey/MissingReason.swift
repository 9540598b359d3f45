/// Why a cell holds no value; zero in a column's reasons means that it holds one.
public enum MissingReason: UInt8, CaseIterable, Sendable, Hashable, Codable {
  /// Left blank, nobody knows why.
  case blank = 1
  /// Never asked: the questionnaire skipped it for this respondent.
  case skipped = 2
  /// The respondent said that he or she does not know.
  case dontKnow = 3
  /// The respondent refused to answer.
  case refused = 4
  /// Not selected for a random part of the questionnaire.
  case notSelected = 5
  /// Struck out by a cleaning check.
  case struckOut = 6

  /// The name in pipeline files, codebooks, expressions and reports.
  public var name: String {
    switch self {
    case .blank: "blank"
    case .skipped: "skipped"
    case .dontKnow: "dont_know"
    case .refused: "refused"
    case .notSelected: "not_selected"
    case .struckOut: "struck_out"
    }
  }

  /// The reason with this `name`, or nil.
  public init?(name: String) {
    guard let reason = MissingReason.allCases.first(where: { $0.name == name }) else { return nil }
    self = reason
  }
}
