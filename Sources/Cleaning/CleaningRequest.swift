public import CanvassSurvey

/// What cleaning is to do, in the order in which it happens.
///
/// Decisions → missing codes → filter → codebook (type, range, labels, asked-if) → derivations → checks in
/// their order → duplicates. A check that changes a
/// variable has everything derived from it derived again before the next check, so that no derived value
/// is stale. The cells of filtered rows count as they came in, their missing codes as values.
public struct CleaningRequest: Sendable, Hashable {
  /// Rows to keep: a subset that was asked for, counted apart from losses; unknown does not keep a row.
  public var filter: Expression?
  /// Missing codes of many variables at once, besides those of the codebook.
  public var missing: [MissingRule]
  /// Checks in the order in which they run.
  public var checks: [Check]
  /// New variables in the order in which they are made; one may use those before it.
  public var derivations: [Derivation]
  /// The variable that identifies a row; without one no duplicates are looked for.
  public var key: String?
  /// What to do with rows that share a key and differ.
  public var duplicates: DuplicateRule
  /// Questions with several answers, one variable each.
  public var multiSelect: [MultiSelectBlock] = []
  /// Interviews that are nearly alike to be looked for after duplicates, or nil.
  public var nearDuplicates: NearDuplicateRule?
  /// What happens to cells that the codebook does not allow.
  public var codebook = CodebookRules()
  /// What people decided about findings; they need a key.
  public var decisions: [Decision] = []
  /// The greatest share of rows, and of cells, that rules may strike out; more stops the run.
  public var stopAbove: Double?

  /// A request; by default nothing is changed.
  public init(
    filter: Expression? = nil, missing: [MissingRule] = [], checks: [Check] = [],
    derivations: [Derivation] = [], key: String? = nil, duplicates: DuplicateRule = .fail
  ) {
    self.filter = filter
    self.missing = missing
    self.checks = checks
    self.derivations = derivations
    self.key = key
    self.duplicates = duplicates
  }
}

/// Codes that mean a missing answer in every variable that a pattern names.
public struct MissingRule: Sendable, Hashable {
  /// Names of variables; `*` stands for any characters, `?` for one.
  public var variables: [String]
  /// The codes of each reason, as text: numbers compare by value, texts as they are.
  public var codes: [MissingReason: [String]]

  /// A rule for the variables that any of the patterns names.
  public init(variables: [String], codes: [MissingReason: [String]]) {
    self.variables = variables
    self.codes = codes
  }
}

/// A statement about every row: `when` a condition holds, another is required.
///
/// Where `when` is no or unknown the check does not apply. Where `require` is unknown because a value is
/// missing the row does not fail: to demand an answer, require `x is answered`.
public struct Check: Sendable, Hashable {
  /// What happens to a row that fails.
  public enum Consequence: Sendable, Hashable {
    /// The row is struck out.
    case drop
    /// Variables become `struck_out`: those listed, or where none are those that `require` mentions.
    case blank([String])
    /// Variables take other values: numbers or texts as they stand in the cleaned data, or the name of a
    /// reason such as `skipped`.
    case set([String: String])
    /// The run stops with the check's name (exit code 10).
    case stop
    /// The row is counted, nothing changes.
    case flag
  }

  /// The name in messages and reports, distinct among the checks.
  public var id: String
  /// Where the check applies; nil means everywhere.
  public var when: Expression?
  /// What must hold.
  public var require: Expression
  /// What happens to a row that fails.
  public var otherwise: Consequence
  /// Rows that pass.
  public var good: [RuleExample] = []
  /// Rows that fail.
  public var bad: [RuleExample] = []

  /// A check.
  public init(
    id: String, when: Expression? = nil, require: Expression, otherwise: Consequence
  ) {
    self.id = id
    self.when = when
    self.require = require
    self.otherwise = otherwise
  }
}

/// What to do with rows that share a key; rows that agree in every column always become one, counted.
public enum DuplicateRule: Sendable, Hashable {
  /// Differing rows are an error of the data.
  case fail
  /// The row with the greatest value of a variable stays (text by UTF-8 bytes, so ISO times work; a row
  /// without value loses); differing rows that tie are an error of the data.
  case latestBy(String)
}

/// A new variable made from others.
public struct Derivation: Sendable, Hashable {
  /// What to do with a value that a recode does not list.
  public enum Unlisted: String, Sendable, Hashable, CaseIterable {
    /// It stays as it is.
    case keep
    /// It becomes `blank`.
    case blank
    /// It is an error of the data where a row that passed all checks has it.
    case error
  }

  /// How the values come about.
  public enum Rule: Sendable, Hashable {
    /// Intervals of a number, each with its lower end: `at: [18, 25]` gives `<18`, `18-24`, `25+`.
    ///
    /// Cut points that are not whole and non-negative give `0.5 to <1.5` instead. With one label more
    /// than cut points every interval has one; with as many, none lies below the first cut point, and a
    /// row that passed all checks with a value there is an error of the data.
    case cut(of: String, at: [Double], labels: [String]?)
    /// New codes for old ones; numbers compare by value. The result holds numbers where all that can
    /// come out are numbers, else texts.
    case recode(of: String, map: [String: String], otherwise: Unlisted)
    /// The first of several variables of one kind that has a value.
    case first(of: [String])
    /// A condition as 1 or 0, or a number; unknown and no value are `blank`.
    case expression(Expression)
  }

  /// The new variable's name, which nothing else bears.
  public var name: String
  /// How its values come about; a missing source stays missing for the same reason.
  public var rule: Rule

  /// A new variable.
  public init(name: String, rule: Rule) {
    self.name = name
    self.rule = rule
  }

  /// The variables that it is made from.
  public var sources: [String] {
    switch rule {
    case .cut(let source, _, _), .recode(let source, _, _): [source]
    case .first(let sources): sources
    case .expression(let expression): expression.variables
    }
  }
}
