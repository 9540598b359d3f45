import CanvassSurvey

/// Cuts the text of an expression into tokens.
///
/// Names are letters of any script, digits, `_` and `.`, not beginning with a digit; any other name stands
/// in backticks. Text stands in single or double quotes, a quote inside it is written twice.
struct Lexer {
  private let characters: [Character]
  private var position = 0

  init(_ text: String) {
    characters = Array(text)
  }

  /// All tokens, `end` last.
  static func tokens(of text: String) throws(Diagnostic) -> [Token] {
    var lexer = Lexer(text)
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private mutating func next() throws(Diagnostic) -> Token {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
    let start = position
    guard position < characters.count else { return Token(kind: .end, column: start + 1) }
    let character = characters[position]
    let kind: Token.Kind =
      switch character {
      case "'", "\"", "`": try quoted(by: character)
      case "0"..."9": try number()
      case ".": try number()
      case "(", ")", ",", "+", "-", "*", "/": sign(1)
      case "<", ">": sign(peek(1) == "=" ? 2 : 1)
      case "=": sign(peek(1) == "=" ? 2 : 1)
      default: try word()
      }
    return Token(kind: kind, column: start + 1)
  }

  private func peek(_ distance: Int) -> Character? {
    position + distance < characters.count ? characters[position + distance] : nil
  }

  private mutating func sign(_ length: Int) -> Token.Kind {
    let sign = String(characters[position..<position + length])
    position += length
    return .sign(sign == "==" ? "=" : sign)
  }

  private mutating func quoted(by quote: Character) throws(Diagnostic) -> Token.Kind {
    let start = position
    position += 1
    var text = ""
    while position < characters.count {
      let character = characters[position]
      position += 1
      if character != quote {
        text.append(character)
      } else if position < characters.count, characters[position] == quote {
        text.append(quote)
        position += 1
      } else {
        if quote != "`" { return .text(text) }
        guard !text.isEmpty else { throw fault("a name in backticks is empty", start) }
        return .quotedName(text)
      }
    }
    throw fault(
      "the quote that begins here is never closed", start,
      remedy: "close it with \(quote); a quote inside is written twice")
  }

  private mutating func number() throws(Diagnostic) -> Token.Kind {
    let start = position
    digits()
    if peek(0) == "." {
      position += 1
      digits()
    }
    if let exponent = peek(0), exponent == "e" || exponent == "E" {
      position += 1
      if let sign = peek(0), sign == "+" || sign == "-" { position += 1 }
      digits()
    }
    while let character = peek(0), Lexer.isPartOfName(character) { position += 1 }
    guard let number = Double(String(characters[start..<position])), number.isFinite else {
      throw fault(
        "this is neither a number nor a name", start,
        remedy: "numbers look like 18 or 0.5; a name that begins with a digit stands in backticks")
    }
    return .number(number)
  }

  private mutating func digits() {
    while let character = peek(0), ("0"..."9").contains(character) { position += 1 }
  }

  private mutating func word() throws(Diagnostic) -> Token.Kind {
    let start = position
    while let character = peek(0), Lexer.isPartOfName(character) { position += 1 }
    guard position > start else {
      let remedy =
        switch characters[start] {
        case "!": "write 'is not', or 'not' before a condition"
        case "&": "write 'and'"
        case "|": "write 'or'"
        case "≤": "write '<='"
        case "≥": "write '>='"
        case "≠": "write 'is not'"
        default: "a name with other characters than letters, digits, _ and . stands in backticks"
        }
      throw fault("'\(characters[start])' has no meaning here", start, remedy: remedy)
    }
    return .word(String(characters[start..<position]))
  }

  private static func isPartOfName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "."
  }

  private func fault(_ what: String, _ start: Int, remedy: String? = nil) -> Diagnostic {
    Diagnostic(.badPipeline, what, at: "column \(start + 1)", remedy: remedy)
  }
}
