import CanvassSurvey

/// A condition of an XLSForm (the XPath of `relevant` and `constraint`) as an expression of Canvass.
///
/// Read are `${name}` and `.`, numbers, texts, `and`, `or`, `not()`, `selected()`, comparisons, `+ - * div`
/// and brackets. What XPath says of an empty answer is kept: `!=` and `not()` hold for it. Anything else
/// is not translated, and said so: half of a condition is another condition.
package struct FormCondition {
  /// What a question of the form holds.
  enum Kind: Equatable {
    case number, text
    /// One code of a list.
    case one
    /// Several codes of a list.
    case several([String])
  }

  /// Why a condition was not translated.
  struct Untranslated: Error { let why: String }

  private indirect enum Term {
    case name(String), number(String), text(String)
    case arithmetic(String, Term, Term)
    case comparison(String, Term, Term)
    case selected(String, String)
    case not(Term), and(Term, Term), or(Term, Term)
  }

  private var tokens: [String]
  private var position = 0
  /// The question that `.` means.
  private let own: String
  private let kindOf: (String) -> Kind?

  /// The expression, such as `q1 is 2 and q7_3 is 1`.
  static func translate(
    _ text: String, own: String, kindOf: @escaping (String) -> Kind?
  ) throws(Untranslated) -> String {
    var parser = FormCondition(
      tokens: try tokens(of: Array(text.unicodeScalars)), own: own, kindOf: kindOf)
    let term = try parser.either(depth: 0)
    guard parser.position == parser.tokens.count else {
      throw Untranslated(why: "'\(parser.tokens[parser.position])' is not expected")
    }
    return try parser.condition(term, isNegated: false)
  }

  private init(tokens: [String], own: String, kindOf: @escaping (String) -> Kind?) {
    self.tokens = tokens
    self.own = own
    self.kindOf = kindOf
  }

  // MARK: Reading

  private static func tokens(of text: [Unicode.Scalar]) throws(Untranslated) -> [String] {
    var tokens: [String] = []
    var index = 0
    func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(text[range])) }
    while index < text.count {
      let scalar = text[index]
      let start = index
      index += 1
      switch scalar {
      case " ", "\t", "\n", "\r", "\u{A0}": continue
      case "'", "\"":
        guard let end = text[index...].firstIndex(of: scalar) else {
          throw Untranslated(why: "a text does not end")
        }
        tokens.append("'" + string(index..<end))
        index = end + 1
        continue
      case "$":
        guard let end = text[start...].firstIndex(of: "}"), index < text.count, text[index] == "{"
        else { throw Untranslated(why: "'$' does not begin a name") }
        let name = string(index + 1..<end).filter { $0 != " " }
        tokens.append("$" + name)
        index = end + 1
        continue
      case "<", ">", "!":
        if index < text.count, text[index] == "=" { index += 1 }
      case "0"..."9":
        while index < text.count, ("0"..."9").contains(text[index]) || text[index] == "." {
          index += 1
        }
      case "a"..."z", "A"..."Z", "_":
        while index < text.count, isNamePart(text[index]) { index += 1 }
      default: break
      }
      tokens.append(string(start..<index))
    }
    return tokens
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "-" || scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
      || ("0"..."9").contains(scalar)
  }

  private mutating func take(_ token: String) -> Bool {
    guard position < tokens.count, tokens[position] == token else { return false }
    position += 1
    return true
  }

  private mutating func demand(_ token: String) throws(Untranslated) {
    if !take(token) { throw Untranslated(why: "'\(token)' is missing") }
  }

  private mutating func either(depth: Int) throws(Untranslated) -> Term {
    if depth > 100 { throw Untranslated(why: "it nests too deep") }
    var term = try both(depth)
    while take("or") { term = .or(term, try both(depth)) }
    return term
  }

  private mutating func both(_ depth: Int) throws(Untranslated) -> Term {
    var term = try compared(depth)
    while take("and") { term = .and(term, try compared(depth)) }
    return term
  }

  private mutating func compared(_ depth: Int) throws(Untranslated) -> Term {
    let left = try sum(depth)
    for sign in ["=", "!=", "<=", ">=", "<", ">"] where take(sign) {
      return .comparison(sign, left, try sum(depth))
    }
    return left
  }

  private mutating func sum(_ depth: Int) throws(Untranslated) -> Term {
    var term = try product(depth)
    while position < tokens.count, ["+", "-"].contains(tokens[position]) {
      let sign = tokens[position]
      position += 1
      term = .arithmetic(sign, term, try product(depth))
    }
    return term
  }

  private mutating func product(_ depth: Int) throws(Untranslated) -> Term {
    var term = try atom(depth)
    while position < tokens.count, ["*", "div"].contains(tokens[position]) {
      let sign = tokens[position] == "div" ? "/" : "*"
      position += 1
      term = .arithmetic(sign, term, try atom(depth))
    }
    return term
  }

  private mutating func atom(_ depth: Int) throws(Untranslated) -> Term {
    guard position < tokens.count else { throw Untranslated(why: "it ends too early") }
    let token = tokens[position]
    position += 1
    switch token {
    case "(":
      let term = try either(depth: depth + 1)
      try demand(")")
      return term
    case ".": return .name(own)
    case "-":
      guard case .number(let number) = try atom(depth + 1) else {
        throw Untranslated(why: "'-' is not expected")
      }
      return .number("-" + number)
    case "not":
      try demand("(")
      let term = try either(depth: depth + 1)
      try demand(")")
      return .not(term)
    case "selected":
      try demand("(")
      guard case .name(let name) = try atom(depth) else {
        throw Untranslated(why: "'selected' needs a question")
      }
      try demand(",")
      let code: String
      switch try atom(depth) {
      case .text(let text): code = text
      case .number(let number): code = number
      default: throw Untranslated(why: "'selected' needs a code")
      }
      try demand(")")
      return .selected(name, code)
    default:
      if token.hasPrefix("'") { return .text(String(token.dropFirst())) }
      if token.hasPrefix("$") { return .name(String(token.dropFirst())) }
      if isNumber(token) { return .number(token) }
      throw Untranslated(why: "'\(token)' is not translated")
    }
  }

  // MARK: Writing

  private func condition(_ term: Term, isNegated: Bool) throws(Untranslated) -> String {
    switch term {
    case .not(let inner): return try condition(inner, isNegated: !isNegated)
    case .and(let left, let right), .or(let left, let right):
      var isAnd = isNegated
      if case .and = term { isAnd = !isNegated }
      let parts = [
        try condition(left, isNegated: isNegated), try condition(right, isNegated: isNegated),
      ]
      return isAnd
        ? parts.joined(separator: " and ") : "(" + parts.joined(separator: " or ") + ")"
    case .selected(let name, let code):
      if case .several(let codes) = try kind(name) {
        guard codes.contains(code) else {
          throw Untranslated(why: "'\(name)' has no choice '\(code)'")
        }
        return equality(FormCondition.quoted("\(name)_\(code)"), "1", isNegated: isNegated)
      }
      return equality(
        FormCondition.quoted(name), try literal(code, for: name), isNegated: isNegated)
    case .comparison(let sign, let left, let right):
      return try comparison(sign, left, right, isNegated: isNegated)
    case .name, .number, .text, .arithmetic:
      throw Untranslated(why: "a value stands where a condition should")
    }
  }

  /// XPath takes an empty answer for different from everything.
  private func equality(_ name: String, _ value: String, isNegated: Bool) -> String {
    isNegated ? "(\(name) is not \(value) or \(name) is missing)" : "\(name) is \(value)"
  }

  private func comparison(
    _ sign: String, _ left: Term, _ right: Term, isNegated: Bool
  ) throws(Untranslated) -> String {
    if sign == "=" || sign == "!=" {
      let isDifferent = (sign == "!=") != isNegated
      for (one, other) in [(left, right), (right, left)] {
        guard case .name(let name) = one else { continue }
        let own = FormCondition.quoted(name)
        if case .several = try kind(name) {
          throw Untranslated(why: "'\(name)' holds several codes: 'selected' asks for one")
        }
        switch other {
        case .text(""): return "\(own) is \(isDifferent ? "answered" : "missing")"
        case .text(let text), .number(let text):
          return equality(own, try literal(text, for: name), isNegated: isDifferent)
        default: continue
        }
      }
      if isDifferent { throw Untranslated(why: "two computed values are compared") }
      return "\(try value(left)) = \(try value(right))"
    }
    let opposite = ["<": ">=", "<=": ">", ">": "<=", ">=": "<"]
    guard isNegated, let turned = opposite[sign] else {
      return "\(try value(left)) \(sign) \(try value(right))"
    }
    guard case .name(let name) = left, case .number = right else {
      throw Untranslated(why: "'not' stands before a comparison of computed values")
    }
    let own = FormCondition.quoted(name)
    return "(\(own) \(turned) \(try value(right)) or \(own) is missing)"
  }

  private func value(_ term: Term) throws(Untranslated) -> String {
    switch term {
    case .name(let name):
      if case .several = try kind(name) {
        throw Untranslated(why: "'\(name)' holds several codes")
      }
      return FormCondition.quoted(name)
    case .number(let number): return number
    case .text(let text):
      if isNumber(text) { return text }
      throw Untranslated(why: "a text is compared by size")
    case .arithmetic(let sign, let left, let right):
      return "(\(try value(left)) \(sign) \(try value(right)))"
    default: throw Untranslated(why: "a condition stands where a value should")
    }
  }

  private func literal(_ text: String, for name: String) throws(Untranslated) -> String {
    if isNumber(text), try kind(name) != .text { return text }
    if text.contains("\"") { throw Untranslated(why: "a text holds a quote") }
    return "\"\(text)\""
  }

  private func kind(_ name: String) throws(Untranslated) -> Kind {
    guard let kind = kindOf(name) else {
      throw Untranslated(why: "the form has no question '\(name)' at this level")
    }
    return kind
  }

  private func isNumber(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer(NumberText.parse) != nil
  }

  /// A variable's name as an expression takes it.
  package static func quoted(_ name: String) -> String {
    let words: Set<String> = [
      "and", "or", "not", "is", "to", "any", "count", "missing", "answered",
    ]
    let isPlain =
      !words.contains(name) && !MissingReason.allCases.contains { $0.name == name }
      && name.unicodeScalars.first.map { !("0"..."9").contains($0) } ?? false
      && name.unicodeScalars.allSatisfy { isNamePart($0) && $0 != "-" }
    return isPlain ? name : "`\(name)`"
  }
}
