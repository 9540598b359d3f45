import CanvassSurvey

/// The missing codes of one column, resolved: numbers by value, texts by canonical equivalence.
struct MissingCodes: Sendable {
  private(set) var numbers: [(code: Double, reason: MissingReason)] = []
  private(set) var texts: [String: MissingReason] = [:]
  /// Whether a text column holds nothing but numbers besides its codes, and becomes numeric.
  private(set) var makesNumbers = false

  var isEmpty: Bool { numbers.isEmpty && texts.isEmpty }

  /// The codes of every column of the table from the codebook and the rules, in column order.
  ///
  /// A column of numbers in which one drop writes `DK` comes in as text; without its codes it is numeric
  /// again, so that a rule means the same whether or not the code occurs.
  ///
  /// - Throws: `badPipeline` where a pattern fits no variable or a code has two reasons.
  static func resolve(
    _ rules: [MissingRule], codebook: Codebook?, table: Table
  ) throws(Diagnostic) -> [MissingCodes] {
    let schema = Schema(table)
    var namesOfRule: [Set<String>] = []
    for (number, rule) in rules.enumerated() {
      do {
        namesOfRule.append(try NamePattern.names(rule.variables, in: schema))
      } catch {
        throw error.located(at: "missing rule \(number + 1)")
      }
    }
    var codes: [MissingCodes] = []
    for (name, column) in zip(schema.names, table.columns) {
      var own = MissingCodes()
      let book = codebook?[name]?.missingCodes ?? [:]
      let assumed = codebook?[name]?.assumedCodes ?? []
      let ruled = Set(
        zip(rules, namesOfRule).filter { $1.contains(name) }
          .flatMap { $0.0.codes.values.joined() })
      for (code, reason) in book.sorted(by: { Column.precedes($0.key, $1.key) })
      where !(assumed.contains(code) && ruled.contains(code)) {
        try own.add(code, reason, to: name, isText: schema[name] == .text)
      }
      for (rule, names) in zip(rules, namesOfRule) where names.contains(name) {
        for reason in MissingReason.allCases {
          for code in rule.codes[reason] ?? [] {
            try own.add(code, reason, to: name, isText: schema[name] == .text)
          }
        }
      }
      own.makesNumbers = own.leavesNumbers(in: column)
      codes.append(own)
    }
    return codes
  }

  private func leavesNumbers(in column: Column) -> Bool {
    guard case .text(_, let dictionary) = column.values, !texts.isEmpty else { return false }
    let rest = dictionary.filter { texts[$0] == nil }
    return !rest.isEmpty && rest.count < dictionary.count && rest.allSatisfy(CodeNumber.isNumber)
  }

  private mutating func add(
    _ code: String, _ reason: MissingReason, to variable: String, isText: Bool
  ) throws(Diagnostic) {
    // A text is no code of a variable that holds numbers in this drop; it may be in another.
    var others: [MissingReason?] = []
    if isText { others.append(texts.updateValue(reason, forKey: code)) }
    if let number = CodeNumber.parse(code) {
      let other = numbers.first { $0.code == number }?.reason
      if other == nil { numbers.append((number, reason)) }
      if !isText { others.append(other) }
    }
    for case let other? in others where other != reason {
      throw Diagnostic(
        .badPipeline,
        "the code '\(code)' of '\(variable)' means both \(other.name) and \(reason.name)",
        remedy: "keep one meaning in the codebook and the rules for missing codes")
    }
  }

  /// The reason that the code in `row` stands for, or nil.
  func reason(of column: Column, at row: Int) -> MissingReason? {
    if let number = column.number(at: row) {
      return numbers.first { $0.code == number }?.reason
    }
    return column.text(at: row).flatMap { texts[$0] }
  }

  /// Empties the cells of `column` that hold a code; the number of them by raw value of the reason.
  func apply(to column: inout Column) -> [Int] {
    var cells = [Int](repeating: 0, count: 7)
    if isEmpty { return cells }
    if makesNumbers, case .text(let codes, let dictionary) = column.values {
      let reasonOfCode = dictionary.map { texts[$0]?.rawValue ?? 0 }
      for row in column.reasons.indices where column.reasons[row] == 0 {
        column.reasons[row] = reasonOfCode[Int(codes[row])]
        cells[Int(column.reasons[row])] += 1
      }
      let numberOfCode = dictionary.map { CodeNumber.parse($0) ?? 0 }
      let reasons = column.reasons
      column = Column(
        name: column.name,
        numbers: codes.indices.map { reasons[$0] == 0 ? numberOfCode[Int(codes[$0])] : nil })
      column.reasons = reasons
    }
    var reasons = column.reasons
    switch column.values {
    case .integers(let buffer):
      var reasonOfValue = [UInt8](repeating: 0, count: 65_536)
      for (code, reason) in numbers {
        if let small = Int16(exactly: code) {
          reasonOfValue[Int(small) + 32_768] = reason.rawValue
        }
      }
      for row in reasons.indices where reasons[row] == 0 {
        reasons[row] = reasonOfValue[Int(buffer[row]) + 32_768]
        cells[Int(reasons[row])] += 1
      }
    case .numbers(let buffer):
      for row in reasons.indices where reasons[row] == 0 {
        for (code, reason) in numbers where code == buffer[row] { reasons[row] = reason.rawValue }
        cells[Int(reasons[row])] += 1
      }
    case .text(let codes, let dictionary):
      let reasonOfCode = dictionary.map { texts[$0]?.rawValue ?? 0 }
      for row in reasons.indices where reasons[row] == 0 {
        reasons[row] = reasonOfCode[Int(codes[row])]
        cells[Int(reasons[row])] += 1
      }
    }
    column.reasons = reasons
    cells[0] = 0
    return cells
  }
}

/// Reads the numbers that stand for codes in pipeline files and codebooks.
enum CodeNumber {
  /// The finite decimal number that the whole of `text` is, or nil.
  static func parse(_ text: String) -> Double? {
    let isPlain = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }
    guard isPlain, let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// Whether `text` is a number rather than an identifier such as `007`.
  static func isNumber(_ text: String) -> Bool {
    let digits = text.utf8.drop { $0 == 0x2D }
    let isPadded = digits.first == 0x30 && digits.dropFirst().first.map { $0 >= 0x30 } ?? false
    return parse(text) != nil && !isPadded
  }

  /// Whether `text` is a number in the form in which columns render it, so that nothing is lost.
  static func isCanonical(_ text: String) -> Bool {
    parse(text).map { Column.render($0) == text } ?? false
  }
}
