import CanvassCleaning
import CanvassPublishing
import CanvassSurvey

/// Reads `decisions.csv`: what people decided about findings, a line each.
struct DecisionsFile {
  /// Where the pipeline file names it.
  let file: Located

  static let columns = [
    "key", "variable", "rule", "action", "old", "new", "reason", "who", "date", "approved_by",
  ]

  /// The decisions, and what is missing for another person's approval of each.
  func read() throws(Diagnostic) -> (decisions: [Decision], unapproved: [String]) {
    let table = try file.table(asText: true)
    for name in DecisionsFile.columns { _ = try file.column(name, of: table) }
    for name in table.names where !DecisionsFile.columns.contains(name) {
      throw Diagnostic(
        .badData, "decisions have an unknown column '\(name)'", at: "\(file.path):1",
        remedy: Suggestion.phrase(for: name, among: DecisionsFile.columns)
          ?? "the columns are \(DecisionsFile.columns.joined(separator: ", "))")
    }
    var decisions: [Decision] = []
    var unapproved: [String] = []
    var placeOfSubject: [[String]: String] = [:]
    for row in 0..<table.rowCount {
      let place = table.place(of: row)
      func text(_ name: String) -> String {
        CommaSeparated.restored(table[name]?.text(at: row) ?? "")
      }
      // A line that names a finding and nothing else is for somebody to fill in.
      if ["action", "new", "reason", "who", "date", "approved_by"].allSatisfy({ text($0).isEmpty })
      {
        continue
      }
      func demand(_ isThere: Bool, _ what: String) throws(Diagnostic) {
        if !isThere { throw Diagnostic(.badData, "a decision \(what)", at: place) }
      }
      let known = Decision.Action.allCases.map(\.rawValue)
      guard let action = Decision.Action(rawValue: text("action")) else {
        throw Diagnostic(
          .badData, "a decision has no known action", at: place,
          why: "the actions are \(known.joined(separator: ", "))",
          remedy: Suggestion.phrase(for: text("action"), among: known))
      }
      try demand(!text("key").isEmpty, "names no key")
      try demand(!text("rule").isEmpty, "names no rule")
      try demand(!text("who").isEmpty, "does not say who made it")
      try demand(!text("reason").isEmpty, "does not say why")
      try demand(Shape.isDate(text("date")), "has no date such as 2026-12-01")
      if action == .replace {
        try demand(!text("variable").isEmpty, "replaces a value and names no variable")
        try demand(!text("new").isEmpty, "replaces a value and names no new one")
      } else {
        try demand(text("new").isEmpty, "names a new value, and its action is not replace")
      }
      let subject = [text("key"), text("variable"), text("rule"), text("old")]
      if let other = placeOfSubject.updateValue(place, forKey: subject) {
        throw Diagnostic(
          .badData, "a finding has two decisions", at: place, why: "the other stands at \(other)",
          remedy: "keep one of them")
      }
      let approver = text("approved_by")
      if approver.isEmpty || approver == text("who") { unapproved.append(place) }
      decisions.append(
        Decision(
          key: text("key"), variable: text("variable"), rule: text("rule"), action: action,
          old: text("old"), new: text("new"), place: place))
    }
    return (decisions, unapproved)
  }
}
