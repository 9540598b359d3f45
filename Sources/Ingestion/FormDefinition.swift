import CanvassSurvey
import Foundation

/// The questionnaire of ODK, Kobo and SurveyCTO: the sheets `survey` and `choices` of an XLSForm.
///
/// Every question becomes a variable: labels in both languages, the choices as codes, `integer`,
/// `decimal`, `date` as its type, ends of the form `. >= 18 and . <= 120` of a `constraint` as its range,
/// and `relevant`, its own and that of the groups around it, as the condition under which it is asked.
/// Devices, phone numbers and positions are sensitive. Source: the XLSForm specification, xlsform.org.
struct FormDefinition {
  /// The variables in the form's order.
  private(set) var variables: [Variable] = []
  /// Constraints that no range says.
  private(set) var constraints: [AnswerConstraint] = []
  /// Conditions that were not translated: where, and why.
  private(set) var untranslated: [String] = []

  private let survey: FormSheet
  private let place: String
  private var choices: [String: [(code: String, label: LocalizedText)]] = [:]
  private var kinds: [String: (kind: FormCondition.Kind, level: [String])] = [:]

  /// Whether the workbook is a form.
  static func isForm(_ book: Workbook) -> Bool {
    let names = Set(book.sheets.map(\.name))
    return names.contains("survey") && names.contains("choices")
  }

  /// Reads the form.
  ///
  /// - Throws: `badData` for a question without a name, a list that is not there, groups that do not close.
  init(_ book: Workbook, place: String) throws(Diagnostic) {
    self.place = place
    survey = try FormSheet(book, "survey", required: ["type", "name"], place: place)
    try readChoices(FormSheet(book, "choices", required: [], place: place))
    var level: [String] = []
    for row in survey.rows { try note(row, &level) }
    try readQuestions()
  }

  /// The form as a codebook.
  func codebook() throws(Diagnostic) -> Codebook {
    do {
      var book = try Codebook(
        variables,
        givesConditions: untranslated.isEmpty && variables.contains { $0.askedIf != nil })
      book.untranslated = untranslated
      book.constraints = constraints
      return book
    } catch {
      throw error.located(at: place)
    }
  }

  private mutating func readChoices(_ sheet: FormSheet) throws(Diagnostic) {
    for row in sheet.rows {
      guard let list = row["list_name"] ?? row["list name"] ?? row["listname"] else { continue }
      guard let code = row["name"] ?? row["value"] else {
        throw Diagnostic(
          .badData, "a choice has no name", at: row.place, remedy: "fill in its column 'name'")
      }
      choices[list, default: []].append((code, row.label(or: code)))
    }
  }

  /// The words of a type, `begin group` and `begin_group` alike.
  private static func words(_ row: FormSheet.Row) -> [String] {
    (row["type"] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
      .flatMap { word in
        ["begin_group", "end_group", "begin_repeat", "end_repeat"].contains(word.lowercased())
          ? word.lowercased().split(separator: "_").map(String.init) : [word]
      }
  }

  private static func isRepeat(_ words: [String]) -> Bool {
    words.dropFirst().first?.lowercased() == "repeat"
  }

  /// Notes what a question holds and in which repeats it lies, which conditions need to know.
  private mutating func note(
    _ row: FormSheet.Row, _ level: inout [String]
  ) throws(Diagnostic) {
    let words = FormDefinition.words(row)
    switch words.first?.lowercased() {
    case nil: return
    case "begin" where FormDefinition.isRepeat(words): level.append(row["name"] ?? "")
    case "end" where FormDefinition.isRepeat(words): _ = level.popLast()
    case "begin", "end", "note": return
    default:
      if let name = row["name"] { kinds[name] = (try kind(words, row), level) }
    }
  }

  private func kind(
    _ words: [String], _ row: FormSheet.Row
  ) throws(Diagnostic) -> FormCondition.Kind {
    switch words.first?.lowercased() {
    case "select_one", "select1", "select_one_from_file": .one
    case "select_multiple": .several(try list(words, row).map(\.code))
    case "integer", "decimal", "range", "calculate": .number
    default: .text
    }
  }

  private func list(
    _ words: [String], _ row: FormSheet.Row
  ) throws(Diagnostic) -> [(code: String, label: LocalizedText)] {
    guard words.count > 1, let list = choices[words[1]] else {
      throw Diagnostic(
        .badData, "the list of choices is not in the sheet 'choices'", at: row.place,
        remedy: words.count > 1
          ? Suggestion.phrase(for: words[1], among: choices.keys.sorted(by: Column.precedes))
            ?? "add its choices" : "name a list behind the type")
    }
    return words.last == "or_other"
      ? list + [("other", LocalizedText(en: "Other", vi: "Khác"))] : list
  }

  private mutating func readQuestions() throws(Diagnostic) {
    var groups: [(isRepeat: Bool, relevant: String?)] = []
    var level: [String] = []
    for row in survey.rows {
      let words = FormDefinition.words(row)
      guard let type = words.first?.lowercased() else { continue }
      if type == "begin" {
        let isRepeat = FormDefinition.isRepeat(words)
        groups.append((isRepeat, row["relevant"] ?? row["relevance"]))
        if isRepeat { level.append(row["name"] ?? "") }
        continue
      }
      if type == "end" {
        guard let last = groups.popLast(), last.isRepeat == FormDefinition.isRepeat(words) else {
          throw Diagnostic(.badData, "a group ends that did not begin", at: row.place)
        }
        if last.isRepeat { level.removeLast() }
        continue
      }
      if type == "note" || type == "audit" { continue }
      guard let name = row["name"] else {
        throw Diagnostic(
          .badData, "a question has no name", at: row.place, remedy: "fill in its column 'name'")
      }
      // The condition of a repeat says whether it has rows, not what stands in them.
      let inner = groups.lastIndex { $0.isRepeat }.map { groups[($0 + 1)...] } ?? groups[...]
      let conditions = inner.compactMap(\.relevant) + [row["relevant"] ?? row["relevance"]]
      try add(name, type, words, row, conditions.compactMap { $0 }, level)
    }
    if !groups.isEmpty {
      throw Diagnostic(
        .badData, "a group does not end", at: place, remedy: "add its row 'end group'")
    }
  }

  private mutating func add(
    _ name: String, _ type: String, _ words: [String], _ row: FormSheet.Row,
    _ conditions: [String], _ level: [String]
  ) throws(Diagnostic) {
    var variable = Variable(name: name, title: row.label(or: name))
    variable.place = row.place
    switch type {
    case "integer": variable.kind = .integer
    case "decimal", "range": variable.kind = .number
    case "text", "barcode": variable.kind = .text
    case "date", "datetime", "start", "end", "today": variable.kind = .date
    case "select_one", "select1": variable.kind = .code
    case "select_multiple": variable.kind = .codes
    case "deviceid", "phonenumber", "phone_number", "simserial", "subscriberid", "username",
      "email", "geopoint", "geotrace", "geoshape", "start-geopoint", "image", "audio", "video":
      variable.isSensitive = true
    default: break
    }
    if type == "select_one" || type == "select1" || type == "select_multiple" {
      for (code, label) in try list(words, row) { variable.valueLabels[code] = label }
    }
    let translated = conditions.map { translate($0, own: name, level: level, at: row.place) }
    if !translated.isEmpty, !translated.contains(where: { $0 == nil }) {
      variable.askedIf = translated.compactMap { $0 }.joined(separator: " and ")
    }
    if let constraint = row["constraint"] { constrain(&variable, constraint, level, row.place) }
    variables.append(variable)
    if words.last == "or_other" {
      let other = "\(name)_other"
      var text = Variable(name: other, title: LocalizedText(en: "\(variable.title.en): other"))
      text.kind = .text
      text.place = row.place
      variables.append(text)
    }
  }

  private mutating func translate(
    _ condition: String, own: String, level: [String], at place: String
  ) -> String? {
    do throws(FormCondition.Untranslated) {
      let kinds = kinds
      return try FormCondition.translate(condition, own: own) { name in
        kinds[name].flatMap { $0.level == level ? $0.kind : nil }
      }
    } catch {
      untranslated.append("\(place): \(error.why)")
      return nil
    }
  }

  /// Takes the ends of a range from `. >= 18 and . <= 120`; anything else is a constraint of its own.
  private mutating func constrain(
    _ variable: inout Variable, _ text: String, _ level: [String], _ place: String
  ) {
    var isRange = variable.kind == .integer || variable.kind == .number
    var (low, high) = (variable.low, variable.high)
    for part in text.components(separatedBy: " and ") {
      let match = part.filter { !$0.isWhitespace }
      guard
        let sign = [".>=", ".<=", ".>", ".<"].first(where: { match.hasPrefix($0) }),
        let end = Array(match.dropFirst(sign.count).utf8).withUnsafeBufferPointer(NumberText.parse),
        sign.count == 3 || variable.kind == .integer
      else {
        isRange = false
        break
      }
      switch sign {
      case ".>=": low = end
      case ".>": low = end.rounded(.down) + 1
      case ".<=": high = end
      default: high = end.rounded(.up) - 1
      }
    }
    if isRange, (low ?? -.infinity) <= (high ?? .infinity) {
      (variable.low, variable.high) = (low, high)
      return
    }
    let kinds = kinds
    let expression = try? FormCondition.translate(text, own: variable.name) { name in
      kinds[name].flatMap { $0.level == level ? $0.kind : nil }
    }
    constraints.append(
      AnswerConstraint(variable: variable.name, expression: expression, place: place))
  }
}

/// A sheet of a form: rows of named cells.
struct FormSheet {
  struct Row {
    /// `file:sheet:row`.
    let place: String
    fileprivate let cells: [String: String]

    /// The cell in the column of that name, in small letters.
    subscript(_ name: String) -> String? { cells[name] }

    /// The labels by language: `label`, `label::English (en)`, `label::Tiếng Việt (vi)`.
    func label(or name: String) -> LocalizedText {
      var (english, vietnamese, other): (String?, String?, String?)
      for (column, text) in cells.sorted(by: { Column.precedes($0.key, $1.key) })
      where column == "label" || column.hasPrefix("label:") {
        let language = column.dropFirst(5)
        if ["(vi)", "viet", "việt"].contains(where: { language.contains($0) }) {
          vietnamese = text
        } else if language.isEmpty || language.contains("en") {
          english = language.isEmpty ? english ?? text : text
        } else {
          other = other ?? text
        }
      }
      return LocalizedText(en: english ?? other ?? vietnamese ?? name, vi: vietnamese)
    }
  }

  private(set) var rows: [Row] = []

  init(
    _ book: Workbook, _ name: String, required: [String], place: String
  ) throws(Diagnostic) {
    var header: [Int: String] = [:]
    for row in try book.rows(sheet: name) where !row.cells.isEmpty {
      let place = "\(place):\(name):\(row.number)"
      if header.isEmpty {
        for (column, text) in row.cells {
          header[column] =
            text.lowercased().trimmingCharacters(in: .whitespaces)
            .precomposedStringWithCanonicalMapping
        }
        for name in required where !header.values.contains(name) {
          throw Diagnostic(.badData, "the sheet has no column '\(name)'", at: place)
        }
        continue
      }
      var cells: [String: String] = [:]
      for (column, text) in row.cells {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
          .precomposedStringWithCanonicalMapping
        if let name = header[column], !text.isEmpty { cells[name] = text }
      }
      rows.append(Row(place: place, cells: cells))
    }
  }
}
