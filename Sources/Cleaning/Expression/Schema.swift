public import CanvassSurvey

/// The names and kinds of a table's variables: all that expressions need to be checked before rows are read.
public struct Schema: Sendable, Hashable {
  /// What the cells of a variable hold.
  public enum Kind: String, Sendable, Hashable {
    /// Numbers.
    case number
    /// Texts.
    case text
    /// Nothing yet: no cell has a value, so that both comparisons make sense.
    case unanswered
  }

  /// The names in column order.
  public private(set) var names: [String]
  private var kinds: [String: Kind]

  /// A schema without variables.
  public init() {
    names = []
    kinds = [:]
  }

  /// The schema of a table; a column without any value is `unanswered`.
  public init(_ table: Table) {
    self.init(table, kindsOf: table.names)
  }

  /// The schema of a table which knows the kinds of `variables` only: telling whether a column is
  /// unanswered may need all its rows.
  init(_ table: Table, kindsOf variables: [String]) {
    names = table.names
    kinds = [:]
    for name in variables {
      guard let column = table[name] else { continue }
      let isUnanswered = !column.reasons.contains(0)
      kinds[name] = isUnanswered ? .unanswered : column.isNumeric ? .number : .text
    }
  }

  /// Adds a variable, or changes the kind of one that is there.
  public mutating func add(_ name: String, _ kind: Kind) {
    if kinds.updateValue(kind, forKey: name) == nil { names.append(name) }
  }

  /// The kind of the variable `name`, or nil where there is none.
  public subscript(_ name: String) -> Kind? { kinds[name] }

  /// The error for a name that does not exist, with a near one.
  func unknown(_ name: String) -> Diagnostic {
    Diagnostic(
      .badPipeline, "there is no variable '\(name)' in the data",
      remedy: Suggestion.phrase(for: name, among: names)
        ?? "run 'canvass inspect' on the drop to see its columns")
  }
}
