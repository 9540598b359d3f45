/// A word, number, text or sign of an expression, with its column counted from 1 in characters.
struct Token: Sendable, Hashable {
  /// What a token is.
  enum Kind: Sendable, Hashable {
    /// A name or keyword as it stands.
    case word(String)
    /// A name in backticks: never a keyword.
    case quotedName(String)
    /// A number without sign.
    case number(Double)
    /// A text in single or double quotes, without them.
    case text(String)
    /// One of `( ) , + - * / < <= > >= =`.
    case sign(String)
    /// Behind the last character.
    case end
  }

  let kind: Kind
  let column: Int

  /// The token as a message names it.
  var phrase: String {
    switch kind {
    case .word(let word): "'\(word)'"
    case .quotedName(let name): "'`\(name)`'"
    case .number(let number): "the number \(number)"
    case .text: "a text"
    case .sign(let sign): "'\(sign)'"
    case .end: "the end"
    }
  }
}
