/// What a variable means: titles, missing codes with their reason, value labels.
public struct Variable: Sendable, Hashable {
  /// The column's name in the data.
  public var name: String
  /// What the question asks.
  public var title: LocalizedText
  /// Codes that stand for a missing answer, as text in the form that `Column.text` gives.
  public var missingCodes: [String: MissingReason]
  /// Labels of the codes.
  public var valueLabels: [String: LocalizedText]
  /// Missing codes whose reason is an assumption: a data file declares them without a reason.
  public var assumedCodes: Set<String> = []

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

extension Variable {
  /// Adds what `other` says besides; a title that is only the name gives way.
  public mutating func complete(by other: Variable) {
    if title.en == name { title = other.title }
    valueLabels.merge(other.valueLabels) { own, _ in own }
    for (code, reason) in other.missingCodes where missingCodes[code] == nil {
      missingCodes[code] = reason
      if other.assumedCodes.contains(code) { assumedCodes.insert(code) }
    }
  }
}

/// The variables of a survey by name.
public struct Codebook: Sendable {
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

  /// The codebook with what `file` says besides, the metadata of a data file: this one's titles, labels
  /// and reasons stand, and variables, labels and codes that only `file` has are added.
  public func completed(by file: Codebook) -> Codebook {
    var merged = variables
    for variable in file.variables {
      guard let index = indexOfName[variable.name] else {
        merged.append(variable)
        continue
      }
      merged[index].complete(by: variable)
    }
    return Codebook(distinct: merged)
  }

  private init(distinct variables: [Variable]) {
    self.variables = variables
    var index: [String: Int] = [:]
    for (position, variable) in variables.enumerated() { index[variable.name] = position }
    indexOfName = index
  }

  /// The variable `name`, or nil.
  public subscript(_ name: String) -> Variable? {
    indexOfName[name].map { variables[$0] }
  }
}
