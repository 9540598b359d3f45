import CanvassSurvey

/// The rows in which a condition can hold, as far as that can be decided: alternatives, each of which says
/// for some variables what they must hold.
///
/// Comparisons of one variable with numbers or texts are decided; anything else (two variables, arithmetic,
/// functions) counts as possible, so that an empty result means that no row can do it.
struct Satisfiability {
  typealias Row = [String: AnswerSet]

  /// More alternatives than these are not followed up.
  private static let most = 512

  /// The alternatives, or nil where there are too many to tell.
  let rows: [Row]?

  private init(_ rows: [Row]?) { self.rows = rows.flatMap { $0.count > Self.most ? nil : $0 } }

  /// All rows.
  static let everything = Satisfiability([[:]])

  /// The rows in which `expression` holds.
  static func holding(_ expression: Expression) -> Satisfiability {
    Satisfiability(rows(expression.root, isTrue: true))
  }

  /// The rows in which `expression` does not hold; those in which it is unknown are not among them.
  static func failing(_ expression: Expression) -> Satisfiability {
    Satisfiability(rows(expression.root, isTrue: false))
  }

  /// Whether no row is possible.
  var isImpossible: Bool { rows?.isEmpty ?? false }

  /// The rows of both.
  func and(_ other: Satisfiability) -> Satisfiability {
    guard let rows, let others = other.rows else { return Satisfiability(nil) }
    return Satisfiability(Self.product(rows, others))
  }

  private static func product(_ first: [Row], _ second: [Row]) -> [Row]? {
    guard first.count * second.count <= most * 8 else { return nil }
    var rows: [Row] = []
    for one in first {
      for other in second {
        var both = one
        var isPossible = true
        for (name, set) in other {
          let common = both[name]?.intersection(set) ?? set
          both[name] = common
          if common.isEmpty { isPossible = false }
        }
        if isPossible { rows.append(both) }
      }
    }
    return rows
  }

  private static func rows(_ node: SyntaxNode, isTrue: Bool) -> [Row]? {
    func both(_ nodes: [SyntaxNode]) -> [Row]? {
      nodes.reduce([[:]]) { result, node in
        guard let result, let next = rows(node, isTrue: isTrue) else { return nil }
        return product(result, next)
      }
    }
    func either(_ nodes: [SyntaxNode]) -> [Row]? {
      nodes.reduce([]) { result, node in
        guard let result, let next = rows(node, isTrue: isTrue), result.count + next.count <= most
        else { return nil }
        return result + next
      }
    }
    switch node.form {
    case .not(let operand): return rows(operand, isTrue: !isTrue)
    case .and(let left, let right): return isTrue ? both([left, right]) : either([left, right])
    case .or(let left, let right): return isTrue ? either([left, right]) : both([left, right])
    case .any(let nodes): return isTrue ? either(nodes) : both(nodes)
    case .membership(let operand, let alternatives):
      guard case .variable(let name) = operand.form else { return [[:]] }
      let set = answers(alternatives, isTrue: isTrue)
      return set.isEmpty ? [] : [[name: set]]
    case .comparison(let sign, let left, let right):
      if case .variable(let name) = left.form, let set = answers(sign, right) {
        return [[name: isTrue ? set : set.otherValues]]
      }
      if case .variable(let name) = right.form, let set = answers(sign.turned, left) {
        return [[name: isTrue ? set : set.otherValues]]
      }
      return [[:]]
    case .number, .text, .variable, .negated, .arithmetic, .count, .function: return [[:]]
    }
  }

  /// The cells in which a membership is true, or false.
  private static func answers(_ alternatives: [Alternative], isTrue: Bool) -> AnswerSet {
    var set = AnswerSet(
      numbers: [], texts: .init(listed: [], isAllBut: false), reasons: [])
    var namesValues = false
    var takesAnswered = false
    for alternative in alternatives {
      switch alternative.form {
      case .number(let number):
        namesValues = true
        set.numbers.append(.init(low: number, isLowOpen: false, high: number, isHighOpen: false))
      case .range(let low, let high):
        namesValues = true
        set.numbers.append(.init(low: low, isLowOpen: false, high: high, isHighOpen: false))
      case .text(let text):
        namesValues = true
        set.texts.listed.insert(text)
      case .reason(let reason): set.reasons.insert(reason.rawValue)
      case .missing: set.reasons = AnswerSet.allReasons
      case .answered: takesAnswered = true
      }
    }
    if takesAnswered {
      set.numbers = AnswerSet.answered.numbers
      set.texts = AnswerSet.answered.texts
    }
    if isTrue { return set }
    var others = set.otherValues
    // With values in the list a missing cell is unknown; reasons alone are never unknown.
    if !namesValues { others.reasons = AnswerSet.allReasons.subtracting(set.reasons) }
    return others
  }

  /// The values that compare so with a literal; nil where that is not decided.
  private static func answers(_ sign: ComparisonSign, _ literal: SyntaxNode) -> AnswerSet? {
    if case .text(let text) = literal.form {
      guard sign == .equal else { return nil }
      return AnswerSet(numbers: [], texts: .init(listed: [text], isAllBut: false), reasons: [])
    }
    let number: Double
    switch literal.form {
    case .number(let value): number = value
    case .negated(let inner):
      guard case .number(let value) = inner.form else { return nil }
      number = -value
    default: return nil
    }
    let interval: AnswerSet.Interval =
      switch sign {
      case .equal: .init(low: number, isLowOpen: false, high: number, isHighOpen: false)
      case .less: .init(low: -.infinity, isLowOpen: true, high: number, isHighOpen: true)
      case .lessOrEqual: .init(low: -.infinity, isLowOpen: true, high: number, isHighOpen: false)
      case .greater: .init(low: number, isLowOpen: true, high: .infinity, isHighOpen: true)
      case .greaterOrEqual: .init(low: number, isLowOpen: false, high: .infinity, isHighOpen: true)
      }
    return AnswerSet(
      numbers: [interval], texts: .init(listed: [], isAllBut: false), reasons: [])
  }
}

extension ComparisonSign {
  /// The sign with its operands exchanged.
  fileprivate var turned: ComparisonSign {
    switch self {
    case .equal: .equal
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
