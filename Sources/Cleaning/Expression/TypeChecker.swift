import CanvassSurvey

/// Tells numbers, texts and conditions apart, and names the variable where they do not fit.
struct TypeChecker {
  /// What a node yields.
  enum Kind {
    case number
    case text
    case unanswered
    case condition
  }

  let schema: Schema

  /// Checks that the whole expression is a condition, or a number where `allowsNumber`.
  func check(_ node: SyntaxNode, allowsNumber: Bool) throws(Diagnostic) -> Kind {
    let kind = try self.kind(of: node)
    if allowsNumber, kind == .number { return kind }
    try demandCondition(node, kind)
    return kind
  }

  private func kind(of node: SyntaxNode) throws(Diagnostic) -> Kind {
    switch node.form {
    case .number: return .number
    case .text: return .text
    case .variable(let name):
      switch schema[name] {
      case .number: return .number
      case .text: return .text
      case .unanswered: return .unanswered
      case nil: throw schema.unknown(name).located(at: "column \(node.column)")
      }
    case .negated(let operand):
      try demandNumber(operand)
      return .number
    case .arithmetic(_, let left, let right):
      try demandNumber(left)
      try demandNumber(right)
      return .number
    case .comparison(_, let left, let right):
      try demandComparable(left, right, at: node.column)
      return .condition
    case .membership(let operand, let alternatives):
      try check(operand, alternatives)
      return .condition
    case .not(let operand):
      try demandCondition(operand)
      return .condition
    case .and(let left, let right), .or(let left, let right):
      try demandCondition(left)
      try demandCondition(right)
      return .condition
    case .any(let operands):
      for operand in operands { try demandCondition(operand) }
      return .condition
    case .count(let operands):
      for operand in operands {
        if case .variable = operand.form {
          _ = try kind(of: operand)
        } else {
          try demandCondition(operand)
        }
      }
      return .number
    case .function(let function, let operands):
      for operand in operands {
        if function.readsDate {
          try demandText(operand, function)
        } else {
          try demandNumber(operand)
        }
      }
      return .number
    }
  }

  private func demandText(
    _ node: SyntaxNode, _ function: NumberFunction
  ) throws(Diagnostic) {
    switch node.form {
    case .text, .variable: break
    default: throw fault("\(function.rawValue) reads a text such as '2026-12-01'", node)
    }
    switch try kind(of: node) {
    case .text, .unanswered: return
    case .number, .condition:
      throw fault(
        "\(function.rawValue) reads a text such as '2026-12-01', and this holds numbers", node)
    }
  }

  private func check(
    _ operand: SyntaxNode, _ alternatives: [Alternative]
  ) throws(Diagnostic) {
    let kind = try self.kind(of: operand)
    if kind == .condition { throw fault("a condition cannot be compared", operand) }
    for alternative in alternatives {
      switch alternative.form {
      case .number, .range:
        if kind == .text {
          throw mismatch(operand, "texts", "a number", alternative.column, quoted: true)
        }
      case .text:
        if kind == .number { throw mismatch(operand, "numbers", "a text", alternative.column) }
      case .reason(let reason):
        guard case .variable = operand.form else {
          throw Diagnostic(
            .badPipeline, "only a variable can be '\(reason.name)'",
            at: "column \(alternative.column)",
            remedy: "write 'is missing' for a computed value, or name the variable")
        }
      case .missing, .answered: break
      }
    }
  }

  private func demandCondition(_ node: SyntaxNode) throws(Diagnostic) {
    try demandCondition(node, try kind(of: node))
  }

  private func demandCondition(_ node: SyntaxNode, _ kind: Kind) throws(Diagnostic) {
    if kind == .condition { return }
    if case .variable(let name) = node.form {
      throw Diagnostic(
        .badPipeline, "'\(name)' alone is no condition", at: "column \(node.column)",
        remedy: "say what it is compared with, such as '\(name) is 1' or '\(name) is answered'")
    }
    throw fault("a condition must stand here, such as 'age >= 18'", node)
  }

  private func demandNumber(_ node: SyntaxNode) throws(Diagnostic) {
    switch try kind(of: node) {
    case .number, .unanswered: return
    case .condition: throw fault("arithmetic needs numbers, and this is a condition", node)
    case .text:
      if case .variable(let name) = node.form {
        throw fault("arithmetic needs numbers, and '\(name)' holds texts", node)
      }
      throw fault("arithmetic needs numbers, and this is a text", node)
    }
  }

  private func demandComparable(
    _ left: SyntaxNode, _ right: SyntaxNode, at column: Int
  ) throws(Diagnostic) {
    let first = try kind(of: left)
    let second = try kind(of: right)
    switch (first, second) {
    case (.condition, _): throw fault("a condition cannot be compared", left)
    case (_, .condition): throw fault("a condition cannot be compared", right)
    case (.text, .number): throw mismatch(left, "texts", phrase(right), column, quoted: true)
    case (.number, .text): throw mismatch(left, "numbers", phrase(right), column)
    default: return
    }
  }

  private func phrase(_ node: SyntaxNode) -> String {
    switch node.form {
    case .variable(let name):
      "'\(name)', which holds \(schema[name] == .text ? "texts" : "numbers")"
    case .text: "a text"
    default: "a number"
    }
  }

  private func mismatch(
    _ operand: SyntaxNode, _ kind: String, _ other: String, _ column: Int, quoted: Bool = false
  ) -> Diagnostic {
    let what =
      switch operand.form {
      case .variable(let name): "'\(name)' holds \(kind) and cannot be compared with \(other)"
      default: "a value of \(kind) cannot be compared with \(other)"
      }
    return Diagnostic(
      .badPipeline, what, at: "column \(column)",
      remedy: quoted
        ? "write the code in quotes, or find out which cells are no numbers"
        : "write numbers without quotes")
  }

  private func fault(_ what: String, _ node: SyntaxNode) -> Diagnostic {
    Diagnostic(.badPipeline, what, at: "column \(node.column)")
  }
}
