public import CanvassCompute
public import CanvassSurvey

/// A condition or computation over the variables of a row: `age >= 18 and sex is 1 or 2 and d5 is skipped`.
///
/// From loose to tight: `or`, `and`, `not`, comparison, `+ -`, `* /`, sign. Comparisons do not chain.
///
///     condition  = condition "or" condition | condition "and" condition | "not" condition
///                | value ("is" | "is not" | "=" | "==") (set | value)
///                | value ("<" | "<=" | ">" | ">=") value | "any(" condition, … ")" | "(" condition ")"
///     set        = member { "or" member }
///     member     = number | number "to" number | text | reason | "missing" | "answered"
///     value      = number | text | variable | arithmetic | "count(" variable, … ")" | "(" value ")"
///
/// After `is` an `or` continues the set if a member follows that no comparison or arithmetic sign follows
/// in turn: `sex is 1 or 2 and d5 is skipped` is (sex in {1, 2}) and (d5 skipped), while `sex is 1 or
/// age > 3` and `x is 1 or 2 < y` are two conditions each. A range holds both its ends.
///
/// Logic has three values. A comparison with a missing value is unknown; `not` unknown is unknown; false
/// `and` unknown is false, true `or` unknown is true; a variable in a set with reasons is true where the
/// reason is listed and else unknown. `is missing`, `is answered` and sets of reasons are never unknown;
/// they are the way to demand an answer. Arithmetic with a missing value, a division by zero and a result
/// that is not finite have no value. `count` is the number of answered variables; `any(a, b)` is `a or b`.
/// Texts compare by canonical equivalence (composed and decomposed letters agree), their order is that of
/// their UTF-8 bytes. Errors say `column N`, in characters from 1.
public struct Expression: Sendable, Hashable, CustomStringConvertible {
  /// The text as it was written.
  public let text: String
  /// Where it was written, `file:line:column`, or nil.
  public let origin: String?
  let root: SyntaxNode

  /// More tokens than any person writes: a bound on stack and time.
  static let mostTokens = 1_000

  private init(text: String, origin: String?, root: SyntaxNode) {
    self.text = text
    self.origin = origin
    self.root = root
  }

  /// Reads an expression; the place of an error, now or later, is `column N`, counted on from the column
  /// of `origin` (`file:line:column`) if that is given.
  public static func parse(
    _ text: String, at origin: String? = nil
  ) throws(Diagnostic) -> Expression {
    do {
      return Expression(text: text, origin: origin, root: try Parser.parse(text))
    } catch {
      throw error.behind(origin)
    }
  }

  /// Expressions are equal where their texts are, wherever they stand.
  public static func == (first: Expression, second: Expression) -> Bool {
    first.text == second.text
  }

  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// The variables in the order in which they are first mentioned.
  public var variables: [String] { root.variables }

  /// The text as it was written.
  public var description: String { text }

  /// Checks names and kinds of a condition against a table, without looking at its values.
  public func check(against table: Table) throws(Diagnostic) {
    try check(against: Schema(table, kindsOf: variables))
  }

  /// Checks names and kinds of a condition.
  public func check(against schema: Schema) throws(Diagnostic) {
    _ = try kind(in: schema, allowsNumber: false)
  }

  /// Checks names and kinds, and says what the expression yields.
  func kind(in schema: Schema, allowsNumber: Bool) throws(Diagnostic) -> TypeChecker.Kind {
    do {
      return try TypeChecker(schema: schema).check(root, allowsNumber: allowsNumber)
    } catch {
      throw error.behind(origin)
    }
  }

  /// The truth of a condition in every row: the raw values of `Truth`, one byte a row.
  public func truth(in table: Table, workers: Workers = Workers(1)) throws(Diagnostic) -> [UInt8] {
    try check(against: table)
    let program = try Compiler(table: table).condition(root)
    return Expression.run(table.rowCount, workers) { rows in program.run(rows) }
  }

  /// The column `name` of an expression's values: a condition is 1 or 0, unknown and no value are `blank`.
  public func column(
    named name: String, in table: Table, workers: Workers = Workers(1)
  ) throws(Diagnostic) -> Column {
    let kind = try kind(in: Schema(table, kindsOf: variables), allowsNumber: true)
    guard kind == .number else {
      let truth = try truth(in: table, workers: workers)
      return Column(
        name: name, values: .integers(truth.map { $0 == Truth.yes.rawValue ? 1 : 0 }),
        reasons: truth.map { $0 == Truth.unknown.rawValue ? MissingReason.blank.rawValue : 0 })
    }
    let program = try Compiler(table: table).number(root)
    let cells: [Double?] = Expression.run(table.rowCount, workers) { rows in
      let vector = program.run(rows)
      return vector.values.indices.map { vector.isKnown[$0] == 1 ? vector.values[$0] : nil }
    }
    return Column(name: name, numbers: cells)
  }

  /// Rows a task works on at once: its vectors stay in the cache.
  private static let chunk = 16_384

  private static func run<Cell: Sendable>(
    _ rowCount: Int, _ workers: Workers, _ body: @Sendable (Range<Int>) -> [Cell]
  ) -> [Cell] {
    let chunks = (rowCount + chunk - 1) / chunk
    if chunks == 1 { return body(0..<rowCount) }
    let parts = workers.collect(chunks) { index in
      body(index * chunk..<min(rowCount, (index + 1) * chunk))
    }
    var cells: [Cell] = []
    cells.reserveCapacity(rowCount)
    for part in parts { cells.append(contentsOf: part) }
    return cells
  }
}

extension Workers {
  /// `map` for a body that cannot fail.
  func collect<Output: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Output
  ) -> [Output] {
    do {
      return try map(count) { index in body(index) }
    } catch {
      preconditionFailure("a body without errors threw one")
    }
  }
}

extension Diagnostic {
  /// The same error at its place in the file: `column N` counted on from where the text begins.
  func behind(_ origin: String?) -> Diagnostic {
    guard let origin else { return self }
    var copy = self
    copy.place = origin
    if let place, place.hasPrefix("column "), let column = Int(place.dropFirst(7)),
      let colon = origin.lastIndex(of: ":"), let start = Int(origin[origin.index(after: colon)...])
    {
      copy.place = "\(origin[...colon])\(start + column - 1)"
    }
    return copy
  }
}
