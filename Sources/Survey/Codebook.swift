/// What a variable means: titles, missing codes with their reason, value labels.
public struct Variable: Sendable, Hashable, Codable {
  /// The column's name in the data.
  public var name: String
  /// What the question asks.
  public var title: LocalizedText
  /// Codes that stand for a missing answer, as text in the form that `Column.text` gives.
  public var missingCodes: [String: MissingReason]
  /// Labels of the codes.
  public var valueLabels: [String: LocalizedText]

  /// A variable with its codes.
  public init(
    name: String, title: LocalizedText, missingCodes: [String: MissingReason] = [:],
    valueLabels: [String: LocalizedText] = [:]
  ) {
    self.name = name
    self.title = title
    self.missingCodes = missingCodes
    self.valueLabels = valueLabels
  }
}

/// The variables of a survey by name.
public struct Codebook: Sendable, Codable {
  /// The variables in the codebook's order.
  public let variables: [Variable]
  private let indexOfName: [String: Int]

  /// A codebook; a variable given twice is an error of the data.
  public init(_ variables: [Variable]) throws(Diagnostic) {
    self.variables = variables
    var index: [String: Int] = [:]
    for (position, variable) in variables.enumerated() {
      if index.updateValue(position, forKey: variable.name) != nil {
        throw Diagnostic(
          .badData, "the codebook describes '\(variable.name)' twice",
          remedy: "keep one row for each variable")
      }
    }
    indexOfName = index
  }

  /// The variable `name`, or nil.
  public subscript(_ name: String) -> Variable? {
    indexOfName[name].map { variables[$0] }
  }
}
