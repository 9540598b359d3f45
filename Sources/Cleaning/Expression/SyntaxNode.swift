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
    case .count(let nodes), .any(let nodes): for node in nodes { node.collect(into: &names) }
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
