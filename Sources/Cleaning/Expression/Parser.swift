import CanvassSurvey

/// Reads an expression by recursive descent; the grammar stands at `Expression`.
struct Parser {
  private let tokens: [Token]
  private var position = 0
  private var depth = 0

  /// Nesting beyond this is refused, so that no pipeline file can exhaust the stack.
  static let deepest = 100

  private init(_ tokens: [Token]) {
    self.tokens = tokens
  }

  /// The tree of the whole `text`.
  static func parse(_ text: String) throws(Diagnostic) -> SyntaxNode {
    var parser = Parser(try Lexer.tokens(of: text))
    if parser.tokens.count > Expression.mostTokens {
      throw parser.fault(
        "the expression has more than \(Expression.mostTokens) words and signs",
        remedy: "split it into several checks or derivations")
    }
    if parser.current.kind == .end { throw parser.fault("the expression is empty") }
    let node = try parser.disjunction()
    guard parser.current.kind == .end else {
      throw parser.fault("\(parser.current.phrase) does not continue the expression")
    }
    return node
  }

  private var current: Token { tokens[position] }

  private func ahead(_ distance: Int) -> Token {
    tokens[min(position + distance, tokens.count - 1)]
  }

  private mutating func accept(word: String) -> Bool {
    guard current.kind == .word(word) else { return false }
    position += 1
    return true
  }

  private mutating func accept(sign: String) -> Bool {
    guard current.kind == .sign(sign) else { return false }
    position += 1
    return true
  }

  private func fault(_ what: String, at column: Int? = nil, remedy: String? = nil) -> Diagnostic {
    Diagnostic(.badPipeline, what, at: "column \(column ?? current.column)", remedy: remedy)
  }

  private mutating func nested(
    _ parse: (inout Parser) throws(Diagnostic) -> SyntaxNode
  ) throws(Diagnostic) -> SyntaxNode {
    depth += 1
    defer { depth -= 1 }
    if depth > Parser.deepest {
      throw fault("the expression is nested more than \(Parser.deepest) deep")
    }
    return try parse(&self)
  }

  // MARK: conditions

  private mutating func disjunction() throws(Diagnostic) -> SyntaxNode {
    var node = try conjunction()
    while case .word("or") = current.kind {
      let column = current.column
      position += 1
      node = SyntaxNode(form: .or(node, try conjunction()), column: column)
    }
    return node
  }

  private mutating func conjunction() throws(Diagnostic) -> SyntaxNode {
    var node = try negation()
    while case .word("and") = current.kind {
      let column = current.column
      position += 1
      node = SyntaxNode(form: .and(node, try negation()), column: column)
    }
    return node
  }

  private mutating func negation() throws(Diagnostic) -> SyntaxNode {
    let column = current.column
    guard accept(word: "not") else { return try comparison() }
    let node = try nested { (parser) throws(Diagnostic) in try parser.negation() }
    return SyntaxNode(form: .not(node), column: column)
  }

  private mutating func comparison() throws(Diagnostic) -> SyntaxNode {
    let left = try sum()
    let column = current.column
    let node: SyntaxNode
    if accept(word: "is") {
      let isNegated = accept(word: "not")
      let positive = try equality(left, column)
      node = isNegated ? SyntaxNode(form: .not(positive), column: column) : positive
    } else if accept(sign: "=") {
      node = try equality(left, column)
    } else if case .sign(let text) = current.kind, let sign = ComparisonSign(rawValue: text) {
      position += 1
      node = SyntaxNode(form: .comparison(sign, left, try sum()), column: column)
    } else {
      return left
    }
    if isComparison(current) {
      throw fault(
        "a comparison cannot follow another",
        remedy: "join them: 'a < b and b < c', or 'b is 18 to 30'")
    }
    return node
  }

  // MARK: what follows `is`

  private mutating func equality(_ left: SyntaxNode, _ column: Int) throws(Diagnostic) -> SyntaxNode
  {
    guard alternativeLength(at: 0) != nil else {
      return SyntaxNode(form: .comparison(.equal, left, try sum()), column: column)
    }
    var alternatives = [try alternative()]
    while case .word("or") = current.kind, alternativeLength(at: 1) != nil {
      position += 1
      alternatives.append(try alternative())
    }
    return SyntaxNode(form: .membership(left, alternatives), column: column)
  }

  /// The number of tokens of a literal that is a member of a set, or nil where none begins.
  ///
  /// A literal which a comparison or arithmetic sign follows begins something else.
  private func alternativeLength(at distance: Int) -> Int? {
    var length = 1
    switch ahead(distance).kind {
    case .text: break
    case .number: break
    case .sign("-"):
      guard case .number = ahead(distance + 1).kind else { return nil }
      length = 2
    case .word(let word):
      guard word == "missing" || word == "answered" || MissingReason(name: word) != nil else {
        return nil
      }
    default: return nil
    }
    let following = ahead(distance + length)
    if isComparison(following) { return nil }
    if case .sign(let sign) = following.kind, ArithmeticSign(rawValue: sign) != nil { return nil }
    return length
  }

  private func isComparison(_ token: Token) -> Bool {
    switch token.kind {
    case .word("is"): true
    case .sign(let sign): ComparisonSign(rawValue: sign) != nil
    default: false
    }
  }

  private mutating func alternative() throws(Diagnostic) -> Alternative {
    let column = current.column
    if case .word(let word) = current.kind {
      position += 1
      if word == "missing" { return Alternative(form: .missing, column: column) }
      if word == "answered" { return Alternative(form: .answered, column: column) }
      guard let reason = MissingReason(name: word) else {
        throw fault("'\(word)' is no reason for a missing answer", at: column)
      }
      return Alternative(form: .reason(reason), column: column)
    }
    if case .text(let text) = current.kind {
      position += 1
      if case .word("to") = current.kind {
        throw fault("a range runs between numbers, not texts", at: column)
      }
      return Alternative(form: .text(text), column: column)
    }
    let low = try signedNumber()
    guard accept(word: "to") else { return Alternative(form: .number(low), column: column) }
    let high = try signedNumber()
    guard low <= high else {
      throw fault(
        "a range ends below its beginning and holds no number", at: column,
        remedy: "write the smaller number first")
    }
    return Alternative(form: .range(low, high), column: column)
  }

  private mutating func signedNumber() throws(Diagnostic) -> Double {
    let isNegative = accept(sign: "-")
    guard case .number(let number) = current.kind else {
      throw fault("a number must stand here, not \(current.phrase)")
    }
    position += 1
    return isNegative ? -number : number
  }

  // MARK: values

  private mutating func sum() throws(Diagnostic) -> SyntaxNode {
    var node = try product()
    while case .sign(let text) = current.kind, let sign = ArithmeticSign(rawValue: text),
      sign == .plus || sign == .minus
    {
      let column = current.column
      position += 1
      node = SyntaxNode(form: .arithmetic(sign, node, try product()), column: column)
    }
    return node
  }

  private mutating func product() throws(Diagnostic) -> SyntaxNode {
    var node = try signed()
    while case .sign(let text) = current.kind, let sign = ArithmeticSign(rawValue: text),
      sign == .times || sign == .divided
    {
      let column = current.column
      position += 1
      node = SyntaxNode(form: .arithmetic(sign, node, try signed()), column: column)
    }
    return node
  }

  private mutating func signed() throws(Diagnostic) -> SyntaxNode {
    let column = current.column
    guard accept(sign: "-") else { return try primary() }
    let node = try nested { (parser) throws(Diagnostic) in try parser.signed() }
    return SyntaxNode(form: .negated(node), column: column)
  }

  private mutating func primary() throws(Diagnostic) -> SyntaxNode {
    let token = current
    switch token.kind {
    case .number(let number):
      position += 1
      return SyntaxNode(form: .number(number), column: token.column)
    case .text(let text):
      position += 1
      return SyntaxNode(form: .text(text), column: token.column)
    case .quotedName(let name):
      position += 1
      return SyntaxNode(form: .variable(name), column: token.column)
    case .sign("("):
      position += 1
      let node = try nested { (parser) throws(Diagnostic) in try parser.disjunction() }
      guard accept(sign: ")") else {
        throw fault("')' is missing: the '(' of column \(token.column) is open")
      }
      return node
    case .word(let word) where ahead(1).kind == .sign("("):
      position += 2
      return try function(word, token.column)
    case .word(let word) where !["and", "or", "not", "is", "to"].contains(word):
      position += 1
      return SyntaxNode(form: .variable(word), column: token.column)
    default:
      throw fault(
        "a value or variable must stand here, not \(token.phrase)",
        remedy: "a variable whose name is a keyword stands in backticks")
    }
  }

  private mutating func function(_ name: String, _ column: Int) throws(Diagnostic) -> SyntaxNode {
    let known = ["count", "any"] + NumberFunction.allCases.map(\.rawValue)
    guard known.contains(name) else {
      throw fault(
        "there is no function '\(name)'", at: column,
        remedy: Suggestion.phrase(for: name, among: known)
          ?? "the functions are \(known.joined(separator: ", "))")
    }
    var arguments: [SyntaxNode] = []
    repeat {
      arguments.append(try nested { (parser) throws(Diagnostic) in try parser.disjunction() })
    } while accept(sign: ",")
    guard accept(sign: ")") else {
      throw fault("')' is missing after the arguments of \(name)")
    }
    if let function = NumberFunction(rawValue: name) {
      if function.isUnary, arguments.count != 1 {
        throw fault("\(name) takes one value, not \(arguments.count)", at: column)
      }
      return SyntaxNode(form: .function(function, arguments), column: column)
    }
    return SyntaxNode(form: name == "count" ? .count(arguments) : .any(arguments), column: column)
  }
}
