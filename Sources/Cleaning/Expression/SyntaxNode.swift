import CanvassSurvey

/// A node of a parsed expression with the column where it begins (of an operation: its sign).
struct SyntaxNode: Sendable, Hashable {
  /// What a node does; numbers, texts and conditions are told apart by the type checker.
  indirect enum Form: Sendable, Hashable {
    case number(Double)
    case text(String)
    case variable(String)
    case negated(SyntaxNode)
    case arithmetic(ArithmeticSign, SyntaxNode, SyntaxNode)
    case comparison(ComparisonSign, SyntaxNode, SyntaxNode)
    case membership(SyntaxNode, [Alternative])
    case not(SyntaxNode)
    case and(SyntaxNode, SyntaxNode)
    case or(SyntaxNode, SyntaxNode)
    case count([SyntaxNode])
    case function(NumberFunction, [SyntaxNode])
    case any([SyntaxNode])
  }

  let form: Form
  let column: Int

  /// The variables in the order in which they are first mentioned.
  var variables: [String] {
    var names: [String] = []
    collect(into: &names)
    return names
  }

  private func collect(into names: inout [String]) {
    switch form {
    case .number, .text: break
    case .variable(let name): if !names.contains(name) { names.append(name) }
    case .negated(let node), .not(let node), .membership(let node, _): node.collect(into: &names)
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right),
      .and(let left, let right), .or(let left, let right):
      left.collect(into: &names)
      right.collect(into: &names)
    case .count(let nodes), .any(let nodes), .function(_, let nodes):
      for node in nodes { node.collect(into: &names) }
    }
  }
}

/// What a value is compared with after `is`: one member of a set.
struct Alternative: Sendable, Hashable {
  /// A value, a range with both ends, or a statement about the reason of a missing answer.
  enum Form: Sendable, Hashable {
    case number(Double)
    case text(String)
    case range(Double, Double)
    case reason(MissingReason)
    case missing
    case answered
  }

  let form: Form
  let column: Int
}

/// A function that yields a number.
enum NumberFunction: String, Sendable, Hashable, CaseIterable {
  /// The sum of the operands that have a value.
  case sum
  /// Their mean.
  case mean
  /// The least of them.
  case least
  /// The greatest of them.
  case greatest
  /// The first of them.
  case first
  /// The operand without its sign.
  case abs
  /// The day of a date or point in time, counted from 1 January 1970.
  case days
  /// Minutes from the beginning of that day; a time zone in the text is allowed for.
  case minutes
  /// The hour of the day as the text gives it, minutes as a fraction.
  case hour

  /// Whether the operand is a text that holds a date.
  var readsDate: Bool { self == .days || self == .minutes || self == .hour }
  /// Whether it takes one operand alone.
  var isUnary: Bool { self == .abs || readsDate }
}

/// A sign of arithmetic.
enum ArithmeticSign: String, Sendable, Hashable {
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divided = "/"
}

/// A sign of comparison; `is` is `equal`.
enum ComparisonSign: String, Sendable, Hashable {
  case equal = "="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  /// Whether the comparison holds for two operands of which the first is less, equal or greater.
  func holds(isLess: Bool, isEqual: Bool) -> Bool {
    switch self {
    case .equal: isEqual
    case .less: isLess
    case .lessOrEqual: isLess || isEqual
    case .greater: !isLess && !isEqual
    case .greaterOrEqual: !isLess
    }
  }
}
