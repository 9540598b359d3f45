import CanvassSurvey

/// A question of which several answers may be chosen, one variable for each of them.
///
/// Where somebody answered at least one of the variables, those left blank were `not_selected`; where nobody
/// answered any they stay blank.
public struct MultiSelectBlock: Sendable, Hashable {
  /// Names of the variables; `*` stands for any characters, `?` for one.
  public var variables: [String]

  /// A block of variables.
  public init(variables: [String]) { self.variables = variables }
}

extension MultiSelectBlock {
  /// Gives the reason to the cells that were left blank; no value changes.
  func run(_ sheet: inout Worksheet) throws(Diagnostic) {
    let names = try NamePattern.names(variables, in: Schema(sheet.table))
    var columns = sheet.table.columns.filter { names.contains($0.name) }
    var isAnswered = [Bool](repeating: false, count: sheet.table.rowCount)
    for column in columns {
      for row in isAnswered.indices where column.reasons[row] == 0 { isAnswered[row] = true }
    }
    for index in columns.indices {
      for row in isAnswered.indices
      where isAnswered[row] && columns[index].reasons[row] == MissingReason.blank.rawValue {
        columns[index].reasons[row] = MissingReason.notSelected.rawValue
      }
      sheet.table.set(columns[index])
    }
  }
}
