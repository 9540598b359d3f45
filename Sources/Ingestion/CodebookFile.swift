import CanvassCompute
package import CanvassSurvey

/// The codebook as a table of variables.
package enum CodebookFile {
  /// The columns that a codebook may have.
  package static let columns = [
    "variable", "title_en", "title_vi", "dont_know", "refused", "skipped", "not_selected", "blank",
    "values", "values_vi", "type", "low", "high", "asked_if", "sensitive",
  ]

  /// The codebook in the file at `path`, or in its only member where it is packed.
  package static func read(
    path: String, written source: MemberRequest = MemberRequest(members: "*")
  ) throws -> Codebook {
    var codebooks: [Codebook] = []
    try DropMembers(drop: try Drop(path)).forEach { member, stream in
      codebooks.append(try read(stream, name: member.name, place: path, written: source))
    }
    guard let codebook = codebooks.first, codebooks.count == 1 else {
      throw Diagnostic(.badData, "a codebook is one file", at: path)
    }
    return codebook
  }

  /// The codebook in a stream: DDI where the name ends in `.xml`, an XLSForm, else a table.
  static func read(
    _ stream: any ByteStream, name: String, place: String, written source: MemberRequest
  ) throws -> Codebook {
    if name.lowercased().hasSuffix(".xml") {
      return try DocumentedCodebook.read(stream, place: place)
    }
    let settings = ReadingSettings(
      place: place, name: name, sheet: source.sheet, dialect: source.dialect, text: source.text,
      isAllText: true)
    let stream = try LookaheadStream(stream)
    let member: MemberTable
    if DropMembers.isZip(stream.head) {
      let book = try Workbook(stream, place: place)
      if source.sheet == nil, FormDefinition.isForm(book) {
        return try FormDefinition(book, place: place).codebook()
      }
      member = try MemberTable.read(book, settings: settings)
    } else {
      member = try MemberTable.read(stream, settings: settings)
    }
    let assembly = TableAssembly(members: [member])
    return try read(try assembly.table(texts: assembly.texts), place: place)
  }

  /// The codebook; unknown columns and values without `=` are errors of the data.
  static func read(_ table: Table, place: String) throws(Diagnostic) -> Codebook {
    for name in table.names where !columns.contains(name) {
      throw Diagnostic(
        .badData, "the codebook has an unknown column '\(name)'", at: "\(place):1",
        why: "known columns: \(columns.joined(separator: ", "))",
        remedy: Suggestion.phrase(for: name, among: columns))
    }
    var variables: [Variable] = []
    for row in 0..<table.rowCount {
      guard let name = table["variable"]?.text(at: row) else {
        throw Diagnostic(
          .badData, "a line of the codebook has no variable", at: table.place(of: row))
      }
      let english = table["title_en"]?.text(at: row)
      var variable = Variable(
        name: name, title: LocalizedText(en: english ?? name, vi: table["title_vi"]?.text(at: row)))
      for reason in MissingReason.allCases where reason != .struckOut {
        for code in CodebookText.items(table[reason.name]?.text(at: row)) where !code.isEmpty {
          let code = CodebookText.unescaped(code)
          if let other = variable.missingCodes.updateValue(reason, forKey: code),
            other != reason
          {
            throw Diagnostic(
              .badData, "a code of '\(name)' has two reasons", at: table.place(of: row),
              remedy: "keep one of \(other.name) and \(reason.name)")
          }
        }
      }
      let vietnamese = try labels(table["values_vi"]?.text(at: row), table.place(of: row))
      for (code, label) in try labels(table["values"]?.text(at: row), table.place(of: row)) {
        variable.valueLabels[code] = LocalizedText(en: label, vi: vietnamese[code])
      }
      try describe(&variable, table, row)
      variables.append(variable)
    }
    do {
      return try Codebook(variables, givesConditions: table.contains("asked_if"))
    } catch {
      throw error.located(at: place)
    }
  }

  /// Adds what the variable may hold and who is asked.
  private static func describe(
    _ variable: inout Variable, _ table: Table, _ row: Int
  ) throws(Diagnostic) {
    let place = table.place(of: row)
    variable.place = place
    variable.askedIf = table["asked_if"]?.text(at: row)
    if let type = table["type"]?.text(at: row) {
      variable.kind = Variable.Kind(rawValue: type)
      if variable.kind == nil {
        let known = Variable.Kind.allCases.map(\.rawValue)
        throw Diagnostic(
          .badData, "'\(variable.name)' has an unknown type", at: place,
          why: "known types: \(known.joined(separator: ", "))",
          remedy: Suggestion.phrase(for: type, among: known))
      }
    }
    for (column, end) in [("low", \Variable.low), ("high", \Variable.high)] {
      guard let text = table[column]?.text(at: row) else { continue }
      guard let number = Array(text.utf8).withUnsafeBufferPointer(NumberText.parse) else {
        throw Diagnostic(.badData, "'\(column)' of '\(variable.name)' is no number", at: place)
      }
      variable[keyPath: end] = number
    }
    if let low = variable.low, let high = variable.high, low > high {
      throw Diagnostic(
        .badData, "the range of '\(variable.name)' ends below its beginning", at: place,
        remedy: "exchange 'low' and 'high'")
    }
    switch table["sensitive"]?.text(at: row) {
    case nil, "no": break
    case "yes": variable.isSensitive = true
    case .some:
      throw Diagnostic(.badData, "'sensitive' must be yes or no", at: place)
    }
  }

  private static func labels(_ text: String?, _ place: String) throws(Diagnostic) -> [String:
    String]
  {
    var labels: [String: String] = [:]
    for part in CodebookText.items(text) where !part.isEmpty {
      guard let sign = CodebookText.firstSign(in: part) else {
        throw Diagnostic(
          .badData, "a value label has no '='", at: place, remedy: "write labels as 1=Yes|2=No")
      }
      labels[CodebookText.unescaped(part[..<sign])] = CodebookText.unescaped(
        part[part.index(after: sign)...])
    }
    return labels
  }
}

/// How several codes and labels stand in one cell: `1=Yes|2=No`, with `\\` before a `|`, `=` or `\\` that
/// belongs to a code or label.
package enum CodebookText {
  /// The items between the bars. An apostrophe that keeps a spreadsheet from taking the cell for a
  /// formula is no part of the first.
  static func items(_ text: String?) -> [Substring] {
    guard var rest = text?[...] else { return [] }
    if rest.first == "'", let next = rest.dropFirst().first, "=+-@".contains(next) {
      rest = rest.dropFirst()
    }
    var items: [Substring] = []
    var start = rest.startIndex
    var index = start
    var isEscaped = false
    while index < rest.endIndex {
      if rest[index] == "|", !isEscaped {
        items.append(rest[start..<index])
        start = rest.index(after: index)
      }
      isEscaped = rest[index] == "\\" && !isEscaped
      index = rest.index(after: index)
    }
    return items + [rest[start...]]
  }

  static func firstSign(in item: Substring) -> Substring.Index? {
    var isEscaped = false
    for index in item.indices {
      if item[index] == "=", !isEscaped { return index }
      isEscaped = item[index] == "\\" && !isEscaped
    }
    return nil
  }

  static func unescaped(_ text: Substring) -> String {
    var plain = ""
    var isEscaped = false
    for character in text {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        plain.append(character)
        isEscaped = false
      }
    }
    return plain
  }

  /// The text with its special characters escaped.
  package static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      if "|=\\".contains(character) { escaped.append("\\") }
      escaped.append(character == "\n" || character == "\r\n" ? " " : character)
    }
  }
}
