import CanvassSurvey

/// Questions with several answers (`select_multiple`): the text of chosen codes, `1 3`, becomes a variable
/// of 1 and 0 for each choice, `q7_1`, `q7_2`, `q7_3`.
///
/// Field tools send the text, 0/1 columns (`q7/1` of Kobo and ODK, `q7_1` of SurveyCTO, `q7__1` of Survey
/// Solutions), or both, which must agree. A question that was not answered leaves all its variables
/// without a value for the same reason: "not chosen" is not "not asked".
struct SelectedCodes {
  private let variable: Variable
  private let codes: [String]
  /// Codes alone that mean a missing answer.
  private let missing: [String: MissingReason]

  /// Splits every variable of the type `codes` that the table has, and describes what it becomes.
  ///
  /// - Throws: `badData` for a code that the codebook does not list, and where text and 0/1 columns differ.
  static func split(
    _ table: Table, codebook: Codebook, rules: [MissingTagRule]
  ) throws(Diagnostic) -> (table: Table, codebook: Codebook) {
    var table = table
    var described: [Variable] = []
    for variable in codebook.variables where variable.kind == .codes {
      let question = SelectedCodes(variable, table, rules)
      let columns = try question.columns(of: table)
      if columns.isEmpty { continue }
      var kept = table.columns.filter { !question.forms.contains($0.name) }
      for column in columns where codebook[column.name] == nil {
        var choice = Variable(name: column.name, title: variable.title)
        let code = String(column.name.dropFirst(variable.name.count + 1))
        if let label = variable.valueLabels[code] {
          choice.title = LocalizedText(
            en: "\(variable.title.en): \(label.en)", vi: "\(variable.title.vi): \(label.vi)")
        }
        choice.kind = .integer
        (choice.low, choice.high) = (0, 1)
        choice.askedIf = variable.askedIf
        choice.isSensitive = variable.isSensitive
        choice.place = variable.place
        described.append(choice)
      }
      kept += columns
      table = Table(columns: kept, origins: table.origins)
    }
    if described.isEmpty { return (table, codebook) }
    return (table, codebook.completed(by: try Codebook(described, givesConditions: false)))
  }

  private init(_ variable: Variable, _ table: Table, _ rules: [MissingTagRule]) {
    self.variable = variable
    var missing = variable.missingCodes
    for rule in rules
    where rule.variables.contains(where: {
      NamePattern($0).matches(variable.name)
    }) {
      missing.merge(rule.reasons) { _, ruled in ruled }
    }
    self.missing = missing
    let listed = variable.valueLabels.keys.filter { missing[$0] == nil }
    var found = Set<String>()
    if listed.isEmpty, let column = table[variable.name] {
      for level in column.grouped().levels where missing[level] == nil {
        found.formUnion(SelectedCodes.parts(level))
      }
    }
    codes = (listed.isEmpty ? Array(found) : listed).sorted(by: Column.codePrecedes)
  }

  private static func parts(_ text: String) -> [String] {
    text.split { $0 == " " || $0 == "|" || $0 == "," || $0 == ";" }.map(String.init)
  }

  /// The names that 0/1 columns of a choice may bear, ours first.
  private func names(_ code: String) -> [String] {
    ["_", "/", "__", "."].map { variable.name + $0 + code }
  }

  /// All names of 0/1 columns.
  private var forms: Set<String> { Set(codes.flatMap(names)) }

  private func columns(of table: Table) throws(Diagnostic) -> [Column] {
    let given = try codes.map { code throws(Diagnostic) -> Column? in
      let found = names(code).compactMap { table[$0] }
      guard found.count < 2 else {
        throw Diagnostic(
          .badData, "a choice of '\(variable.name)' has several columns",
          at: table.origins?.sources.first,
          why: "they are \(found.map(\.name).joined(separator: ", "))", remedy: "keep one of them")
      }
      return found.first
    }
    guard let text = table[variable.name] else {
      return zip(codes, given).compactMap { code, column in
        column?.renamed("\(variable.name)_\(code)")
      }
    }
    var chosen = [[Int16]](
      repeating: [Int16](repeating: 0, count: table.rowCount), count: codes.count)
    let indexOf = Dictionary(uniqueKeysWithValues: zip(codes, codes.indices))
    var reasons = text.reasons
    for row in 0..<table.rowCount {
      guard let answer = text.text(at: row) else { continue }
      if let reason = missing[answer] {
        reasons[row] = reason.rawValue
        continue
      }
      for code in SelectedCodes.parts(answer) where missing[code] == nil {
        guard let index = indexOf[code] else {
          throw Diagnostic(
            .badData, "'\(variable.name)' holds a code that the codebook does not list",
            at: table.place(of: row), remedy: "add the choice to the codebook, or mend the cell")
        }
        chosen[index][row] = 1
      }
    }
    return try codes.indices.map { index throws(Diagnostic) in
      try agree(chosen[index], reasons, given[index], in: table)
      return Column(
        name: "\(variable.name)_\(codes[index])", values: .integers(chosen[index]),
        reasons: reasons)
    }
  }

  /// Text and 0/1 column say the same; beside an empty text stands nothing, or 0.
  private func agree(
    _ chosen: [Int16], _ reasons: [UInt8], _ column: Column?, in table: Table
  ) throws(Diagnostic) {
    guard let column else { return }
    for row in chosen.indices {
      let other = column.text(at: row).map { ["1", "TRUE", "True", "true"].contains($0) ? 1 : 0 }
      if Int(chosen[row]) == other ?? 0, reasons[row] != 0 || other != nil { continue }
      throw Diagnostic(
        .badData, "'\(variable.name)' and its column '\(column.name)' differ",
        at: table.place(of: row), why: "the text of codes says something else than the 0/1 column",
        remedy: "correct one of them, or leave the 0/1 columns out of the file")
    }
  }
}
