import CanvassSurvey

/// Reads a codebook from a table of variables.
enum CodebookFile {
  private static let columns = [
    "variable", "title_en", "title_vi", "dont_know", "refused", "skipped", "not_selected", "blank",
    "values", "values_vi",
  ]

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
        for code in table[reason.name]?.text(at: row)?.split(separator: "|") ?? [] {
          if let other = variable.missingCodes.updateValue(reason, forKey: String(code)),
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
      variables.append(variable)
    }
    do {
      return try Codebook(variables)
    } catch {
      throw error.located(at: place)
    }
  }

  private static func labels(_ text: String?, _ place: String) throws(Diagnostic) -> [String:
    String]
  {
    var labels: [String: String] = [:]
    for part in text?.split(separator: "|") ?? [] {
      guard let sign = part.firstIndex(of: "=") else {
        throw Diagnostic(
          .badData, "a value label has no '='", at: place, remedy: "write labels as 1=Yes|2=No")
      }
      labels[String(part[..<sign])] = String(part[part.index(after: sign)...])
    }
    return labels
  }
}
