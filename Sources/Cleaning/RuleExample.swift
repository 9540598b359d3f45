public import CanvassSurvey

/// A row that shows what a check lets pass, or what it finds: its documentation and its test.
public struct RuleExample: Sendable, Hashable {
  /// A cell of the example.
  public enum Cell: Sendable, Hashable {
    /// A number.
    case number(Double)
    /// A text.
    case text(String)
    /// No answer, for a reason.
    case missing(MissingReason)
  }

  /// The cells that are not blank, by variable.
  public var cells: [String: Cell]
  /// Where it was written, `file:line:column`.
  public var place: String

  /// An example.
  public init(cells: [String: Cell], place: String) {
    self.cells = cells
    self.place = place
  }
}

extension Check {
  /// Runs the check on its own examples.
  ///
  /// - Throws: `badPipeline` at the first example that does not do what it stands for, or that names a
  ///   variable which the check does not look at.
  public func verifyExamples() throws(Diagnostic) {
    for example in good where try fails(example) {
      throw Diagnostic(
        .badPipeline, "a good example of check '\(id)' fails it", at: example.place,
        why: "the check requires: \(require.text)", remedy: "correct the example or the check")
    }
    for example in bad {
      if try fails(example) { continue }
      throw Diagnostic(
        .badPipeline, "a bad example of check '\(id)' passes it", at: example.place,
        why: "the check requires: \(require.text)" + (`when`.map { ", when \($0.text)" } ?? "")
          + "; a condition that needs a missing value does not fail",
        remedy: "correct the example or the check")
    }
  }

  private func fails(_ example: RuleExample) throws(Diagnostic) -> Bool {
    let known = Set((`when`?.variables ?? []) + require.variables)
    for name in example.cells.keys.sorted(by: Column.precedes) where !known.contains(name) {
      throw Diagnostic(
        .badPipeline, "check '\(id)' does not look at '\(name)'", at: example.place,
        remedy: Suggestion.phrase(for: name, among: known.sorted(by: Column.precedes)))
    }
    var columns = known.sorted(by: Column.precedes).map { name in
      switch example.cells[name] {
      case .number(let number): return Column(name: name, numbers: [number])
      case .text(let text): return Column(name: name, strings: [text])
      case .missing(let reason):
        return Column(name: name, values: .integers([0]), reasons: [reason.rawValue])
      case nil: return Column(name: name, numbers: [nil])
      }
    }
    if columns.isEmpty { columns = [Column(name: "", numbers: [nil])] }
    let row = Table(columns: columns)
    do {
      if let applies = try `when`?.truth(in: row), applies[0] != Truth.yes.rawValue { return false }
      return try require.truth(in: row)[0] == Truth.no.rawValue
    } catch {
      throw Diagnostic(
        .badPipeline, error.what, at: example.place, why: "an example of check '\(id)'",
        remedy: "quote values that are texts, and leave numbers unquoted")
    }
  }
}
