import CanvassSurvey

/// Files that a tool of field work lays beside the answers.
package enum FieldToolFiles {
  /// Whether a member holds Survey Solutions' own records (`interview__actions.tab`, `assignment__actions.tab`,
  /// …): of them no row is a respondent.
  package static func isParadata(_ member: String) -> Bool {
    let base = member.split(separator: "/").last ?? ""
    return base.hasPrefix("interview__") || base.hasPrefix("assignment__")
  }
}
