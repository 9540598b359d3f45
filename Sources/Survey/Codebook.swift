/// What a variable means: titles, missing codes with their reason, value labels, what it may hold and
/// who is asked.
public struct Variable: Sendable, Hashable, Codable {
  /// What the answers are.
  public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    /// Codes, each with a label.
    case code
    /// Several codes of a list, separated by blanks, as `select_multiple` gives them.
    case codes
    /// Whole numbers.
    case integer
    /// Numbers.
    case number
    /// Texts.
    case text
    /// Calendar days or points in time as ISO 8601 writes them.
    case date
  }

  /// The column's name in the data.
  public var name: String
  /// What the question asks.
  public var title: LocalizedText
  /// Codes that stand for a missing answer, as text in the form that `Column.text` gives.
  public var missingCodes: [String: MissingReason]
  /// Labels of the codes.
  public var valueLabels: [String: LocalizedText]
  /// What the answers are, or nil where nobody says.
  public var kind: Kind?
  /// The least answer, or nil.
  public var low: Double?
  /// The greatest answer, or nil.
  public var high: Double?
  /// The condition under which the question is asked, as an expression over other variables; nil: of all.
  public var askedIf: String?
  /// Whether its values stay out of the files of a run, the internal ones included.
  public var isSensitive = false
  /// Where the codebook describes it, `file:line`, or nil.
  public var place: String?
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
    kind = kind ?? other.kind
    low = low ?? other.low
    high = high ?? other.high
    askedIf = askedIf ?? other.askedIf
    isSensitive = isSensitive || other.isSensitive
    valueLabels.merge(other.valueLabels) { own, _ in own }
    for (code, reason) in other.missingCodes where missingCodes[code] == nil {
      missingCodes[code] = reason
      if other.assumedCodes.contains(code) { assumedCodes.insert(code) }
    }
  }
}

/// The variables of a survey by name.
public struct Codebook: Sendable, Codable {
  /// The variables in the codebook's order.
  public let variables: [Variable]
  /// Whether it says of every variable who is asked, so that one without a condition is asked of all.
  public let givesConditions: Bool
  /// Conditions of a form that could not be taken over: where, and why.
  public var untranslated: [String] = []
  /// Constraints of a form that no range says.
  public var constraints: [AnswerConstraint] = []
  private let indexOfName: [String: Int]

  /// A codebook; a variable given twice is an error of the data. It gives conditions if any variable has
  /// one, unless `givesConditions` says otherwise.
  public init(_ variables: [Variable], givesConditions: Bool? = nil) throws(Diagnostic) {
    self.variables = variables
    self.givesConditions = givesConditions ?? variables.contains { $0.askedIf != nil }
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
    var whole = Codebook(distinct: merged, givesConditions: givesConditions)
    whole.untranslated = untranslated + file.untranslated
    whole.constraints = constraints + file.constraints
    return whole
  }

  private init(distinct variables: [Variable], givesConditions: Bool) {
    self.variables = variables
    self.givesConditions = givesConditions
    var index: [String: Int] = [:]
    for (position, variable) in variables.enumerated() { index[variable.name] = position }
    indexOfName = index
  }

  /// The variable `name`, or nil.
  public subscript(_ name: String) -> Variable? {
    indexOfName[name].map { variables[$0] }
  }
}

/// What a form demands of an answer besides its range.
public struct AnswerConstraint: Sendable, Codable {
  /// The variable that is answered.
  public let variable: String
  /// The condition as an expression, or nil where it was not translated.
  public let expression: String?
  /// Where it stands.
  public let place: String

  /// A constraint.
  public init(variable: String, expression: String?, place: String) {
    self.variable = variable
    self.expression = expression
    self.place = place
  }
}
