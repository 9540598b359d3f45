import CanvassSurvey

/// What somebody decided about a finding.
public struct Decision: Sendable, Hashable {
  /// What is to be done.
  public enum Action: String, Sendable, Hashable, CaseIterable {
    /// The value is right: the rule leaves it alone.
    case okay
    /// Another value takes its place.
    case replace
    /// The row is struck out.
    case drop
    /// Somebody in the field has been asked: nothing changes, and the finding stays open.
    case ask
  }

  /// The key of the row.
  public var key: String
  /// The variable; empty for the whole row.
  public var variable: String
  /// The rule that found it.
  public var rule: String
  /// What is to be done.
  public var action: Action
  /// The value that was looked at: as the finding gives it, or the code that stood in the data.
  public var old: String
  /// The value that takes its place: a code, or the name of a reason such as `blank`.
  public var new: String
  /// Where it was written, `file:line`.
  public var place: String

  /// A decision.
  public init(
    key: String, variable: String, rule: String, action: Action, old: String, new: String = "",
    place: String
  ) {
    self.key = key
    self.variable = variable
    self.rule = rule
    self.action = action
    self.old = old
    self.new = new
    self.place = place
  }
}

extension CleaningRequest {
  /// The rules that decisions answer and that are none of this request: misspelt, or no longer there.
  public var rulesWithoutName: [String] {
    let known = Set(checks.map(\.id) + [NearDuplicateRule.name])
    let ofCodebook = ["range ", "labels ", "type ", "asked_if "]
    let given = Set(decisions.map(\.rule)).filter { rule in
      !known.contains(rule) && !ofCodebook.contains { rule.hasPrefix($0) }
    }
    return given.sorted(by: Column.precedes)
  }
}

/// What people decided, by the rows that it is about.
struct Answers: Sendable {
  private struct Subject: Hashable {
    let rule: String
    let row: Int
    let variable: String
  }

  private var decisions: [Subject: [Decision]] = [:]

  /// No decision at all.
  init() {}

  /// Adds a decision about a row of the table that came in.
  mutating func add(_ decision: Decision, row: Int) {
    let subject = Subject(rule: decision.rule, row: row, variable: decision.variable)
    decisions[subject, default: []].append(decision)
  }

  /// What people said of a finding, or nil where they did not; `reopened` where what they spoke of is no
  /// longer there, or where what they decided has not helped.
  func answer(to rule: String, row: Int, variable: String, value: String) -> Finding.State? {
    if decisions.isEmpty { return nil }
    guard let given = decisions[Subject(rule: rule, row: row, variable: variable)] else {
      return nil
    }
    for decision in given where decision.old == value {
      if decision.action == .okay { return .okay }
      if decision.action == .ask { return .asked }
    }
    return .reopened
  }
}
