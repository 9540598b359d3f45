import CanvassSurvey

/// Binds a checked expression to the buffers of a table.
struct Compiler {
  let table: Table

  func condition(_ node: SyntaxNode) throws(Diagnostic) -> ConditionProgram {
    switch node.form {
    case .not(let operand): return .not(try condition(operand))
    case .and(let left, let right): return .and(try condition(left), try condition(right))
    case .or(let left, let right): return .or(try condition(left), try condition(right))
    case .any(let operands):
      var program = ConditionProgram.constant(.no)
      for operand in operands { program = .or(program, try condition(operand)) }
      return program
    case .comparison(let sign, let left, let right): return try comparison(sign, left, right)
    case .membership(let operand, let alternatives): return try membership(operand, alternatives)
    case .number, .text, .variable, .negated, .arithmetic, .count, .function:
      preconditionFailure("the type checker lets no value stand for a condition")
    }
  }

  func number(_ node: SyntaxNode) throws(Diagnostic) -> NumberProgram {
    switch node.form {
    case .number(let number): return .constant(number)
    case .variable(let name): return .column(try table.column(name))
    case .negated(let operand): return .negated(try number(operand))
    case .arithmetic(let sign, let left, let right):
      return .arithmetic(sign, try number(left), try number(right))
    case .count(let operands):
      var reasons: [[UInt8]] = []
      var conditions: [ConditionProgram] = []
      for operand in operands {
        if case .variable(let name) = operand.form {
          reasons.append(try table.column(name).reasons)
        } else {
          conditions.append(try condition(operand))
        }
      }
      return .count(reasons, holding: conditions)
    case .function(let function, let operands):
      if function.readsDate, let operand = operands.first { return try date(function, operand) }
      var programs: [NumberProgram] = []
      for operand in operands { programs.append(try number(operand)) }
      return .function(function, programs)
    case .text, .not, .and, .or, .comparison, .membership, .any:
      preconditionFailure("the type checker lets nothing else stand for a number")
    }
  }

  private func date(
    _ function: NumberFunction, _ operand: SyntaxNode
  ) throws(Diagnostic) -> NumberProgram {
    switch try textOperand(operand) {
    case .literal(let text):
      return DateText(text)?.value(function).map { .constant($0) } ?? .nothing
    case .column(let codes, let dictionary, let reasons):
      return .textTable(
        codes, reasons: reasons, values: dictionary.map { DateText($0)?.value(function) })
    case nil: return .nothing
    }
  }

  // MARK: comparisons

  /// A text operand: a literal or a column that holds text.
  private enum TextOperand {
    case literal(String)
    case column(codes: [UInt32], dictionary: [String], reasons: [UInt8])
  }

  private func textOperand(_ node: SyntaxNode) throws(Diagnostic) -> TextOperand? {
    switch node.form {
    case .text(let text): return .literal(text)
    case .variable(let name):
      let column = try table.column(name)
      guard case .text(let codes, let dictionary) = column.values else { return nil }
      return .column(codes: codes, dictionary: dictionary, reasons: column.reasons)
    default: return nil
    }
  }

  private func comparison(
    _ sign: ComparisonSign, _ left: SyntaxNode, _ right: SyntaxNode
  ) throws(Diagnostic) -> ConditionProgram {
    switch (try textOperand(left), try textOperand(right)) {
    case (.literal(let first), .literal(let second)):
      return .constant(holds(sign, first, second) ? .yes : .no)
    case (.column(let codes, let dictionary, let reasons), .literal(let text)):
      let truth = dictionary.map { holds(sign, $0, text) ? UInt8(1) : 0 }
      return .textTable(codes, reasons: reasons, truth: truth)
    case (.literal(let text), .column(let codes, let dictionary, let reasons)):
      let truth = dictionary.map { holds(sign, text, $0) ? UInt8(1) : 0 }
      return .textTable(codes, reasons: reasons, truth: truth)
    case (
      .column(let codes, let dictionary, let reasons),
      .column(let otherCodes, let otherDictionary, let otherReasons)
    ):
      let rank = ranks(dictionary, otherDictionary)
      return .textComparison(
        sign,
        .init(codes: codes, reasons: reasons, rankOfCode: dictionary.map { rank[$0] ?? -1 }),
        .init(
          codes: otherCodes, reasons: otherReasons,
          rankOfCode: otherDictionary.map { rank[$0] ?? -1 }))
    case (nil, nil): return .comparison(sign, try number(left), try number(right))
    case (nil, _), (_, nil):
      // Kinds that differ pass the type checker only where one of the two has no value anywhere.
      return .constant(.unknown)
    }
  }

  private func holds(_ sign: ComparisonSign, _ first: String, _ second: String) -> Bool {
    let isEqual = first == second
    return sign.holds(isLess: !isEqual && Column.precedes(first, second), isEqual: isEqual)
  }

  private func ranks(_ first: [String], _ second: [String]) -> [String: Int32] {
    let union = Set(first).union(second).sorted(by: Column.precedes)
    var rank: [String: Int32] = [:]
    for (position, text) in union.enumerated() { rank[text] = Int32(position) }
    return rank
  }

  // MARK: sets

  private func membership(
    _ operand: SyntaxNode, _ alternatives: [Alternative]
  ) throws(Diagnostic) -> ConditionProgram {
    var values: [Double] = []
    var ranges: [ClosedRange<Double>] = []
    var texts = Set<String>()
    var reasonTruth = [UInt8](repeating: 0, count: 256)
    var namesReason = false
    for alternative in alternatives {
      switch alternative.form {
      case .number(let number): values.append(number)
      case .range(let low, let high): ranges.append(low...high)
      case .text(let text): texts.insert(text)
      case .reason(let reason):
        namesReason = true
        reasonTruth[Int(reason.rawValue)] = 1
      case .missing:
        namesReason = true
        for reason in 1..<256 { reasonTruth[reason] = 1 }
      case .answered:
        namesReason = true
        reasonTruth[0] = 1
      }
    }
    let hasValues = !values.isEmpty || !ranges.isEmpty || !texts.isEmpty
    var programs: [ConditionProgram] = []
    if hasValues {
      switch try textOperand(operand) {
      case .column(let codes, let dictionary, let reasons):
        programs.append(
          .textTable(
            codes, reasons: reasons, truth: dictionary.map { texts.contains($0) ? 1 : 0 }))
      case .literal(let text): programs.append(.constant(texts.contains(text) ? .yes : .no))
      case nil:
        programs.append(.numberSet(try number(operand), values: values, ranges: ranges))
      }
    }
    if namesReason { programs.append(try reasons(of: operand, reasonTruth)) }
    var program = programs[0]
    for other in programs.dropFirst() { program = .or(program, other) }
    return program
  }

  private func reasons(
    of operand: SyntaxNode, _ truth: [UInt8]
  ) throws(Diagnostic) -> ConditionProgram {
    if case .variable(let name) = operand.form {
      return .reasonTable(try table.column(name).reasons, truth: truth)
    }
    // A computed value is only answered or missing; a literal is always answered.
    let isKnown: ConditionProgram
    if case .text = operand.form {
      isKnown = .constant(.yes)
    } else {
      isKnown = .isKnown(try number(operand))
    }
    switch (truth[0] == 1, truth[1] == 1) {
    case (true, true): return .constant(.yes)
    case (true, false): return isKnown
    case (false, _): return .not(isKnown)
    }
  }
}
