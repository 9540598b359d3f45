import CanvassIngestion
import CanvassPublishing
import CanvassSurvey

/// The text of a first pipeline file and its tables.
struct PipelineDraft {
  let drop: String
  let name: String
  let respondents: DraftTable
  /// The questionnaire, where it is given.
  var form: Codebook?
  let others: [DraftTable]

  private var columns: [DropSummary.ColumnSummary] { respondents.table.columns }

  /// What is known of every column.
  var variables: [Variable] {
    columns.map { described($0) ?? Variable(name: $0.name, title: LocalizedText(en: $0.name)) }
  }

  /// What is known of a column, from the questionnaire first; a condition of the form that was not
  /// translated is a question.
  private func described(_ column: DropSummary.ColumnSummary) -> Variable? {
    guard let form, var variable = form[column.name] else { return column.variable }
    if let own = column.variable { variable.complete(by: own) }
    if let place = variable.place, form.untranslated.contains(where: { $0.hasPrefix(place + ":") })
    {
      variable.askedIf = "?"
    }
    return variable
  }

  /// The pipeline file.
  var pipeline: String {
    let key: String? = respondents.key ?? (unique.count == 1 ? unique[0] : nil)
    var text = """
      # A first draft for \(comment(drop)).
      # Every "?" is a question that the data do not answer: canvass check \(name).yaml lists them.
      canvass: 1
      name: \(name)
      title: {en: "?", vi: "?"}

      units:
        variable: "?"            # who gets an index\(candidates(units, "few values, many rows"))
      ingest:
        drops: \(quoted(drop))
        respondents:
          members: \(quoted(respondents.name))
          key: \(quoted(key ?? "?"))            # identifies a respondent\(key == nil ? candidates(unique, "different in every row") : ": different in every row")

      """
    if respondents.tool == .surveySolutions, !respondents.isStata {
      text += """
            empty: skipped        # Survey Solutions marks what was asked and not answered
          blank: ["##N/A##", "-999999999"]

        """
    }
    text += "  codebook: {file: \(name)-codebook.csv}\n"
    if respondents.has("review_status") {
      text += "  # where: review_status is \"APPROVED\"     # if only reviewed submissions count\n"
    }
    for other in others { text += noted(other) }
    return text + cleaning + design + """

      index:
        scale: [0, 100]
        structure: \(name)-structure.csv
      publish:
        status: draft

      """
  }

  /// What is said of a table that holds no respondents, or others.
  private func noted(_ other: DraftTable) -> String {
    let rows = "  # \(comment(other.name)) has \(other.table.rowCount) rows"
    if other.isCorrectionLog { return rows + " of corrections that are in the data already\n" }
    if other.isParadata { return rows + ": Survey Solutions' own, no respondents\n" }
    if let parent = other.parentKey {
      return """
        \(rows) of a repeated group; to make variables of them:
          # collapse: {group: {members: \(quoted(other.name)), by: \(comment(parent)), make: {group_rows: count()}}}

        """
    }
    return """
      \(rows)\(shared(other)); to add its columns:
        # join: [{members: \(quoted(other.name)), key: "?"}]

      """
  }

  /// Codes of Survey Solutions in Stata's form, and what the form demands of answers.
  private var cleaning: String {
    let names = Set(columns.map(\.name))
    let constraints = (form?.constraints ?? []).filter { names.contains($0.variable) }
    let marksUnanswered = respondents.tool == .surveySolutions && respondents.isStata
    if constraints.isEmpty, !marksUnanswered { return "" }
    var text = "\nclean:\n"
    if marksUnanswered {
      text += """
          missing:
            - {variables: "*", blank: -999999999}   # Survey Solutions: asked and not answered

        """
    }
    if constraints.isEmpty { return text }
    text += "  # What the form demands of answers besides their range.\n  checks:\n"
    for constraint in constraints {
      text += """
            - id: \(quoted("form-" + constraint.variable))         # \(comment(constraint.place))
              when: \(quoted(FormCondition.quoted(constraint.variable) + " is answered"))
              require: \(quoted(constraint.expression ?? "?"))
              otherwise: flag

        """
    }
    return text
  }

  /// How the sample was drawn: as the file declares it, else questions.
  private var design: String {
    guard let declared = respondents.table.design else {
      return """

        # How the sample was drawn. Without 'design' every respondent counts as drawn independently.
        design:
          stages:
            - {strata: ["?"], unit: "?"}\(candidates(matching(Self.samplingWords), "by their names"))

        # Without 'weight' everybody weighs 1.
        weight:
          - base: "?"\(candidates(matching(Self.weightWords).filter(isNumeric), "by their names"))

        """
    }
    var text = "\n# How the sample was drawn, as svyset declared it in the file.\n"
    let policies = [
      "certainty": "certainty", "scaled": "average", "centered": "adjust", "missing": "fail",
    ]
    if !declared.stages.isEmpty {
      text += "design:\n  stages:\n"
      for stage in declared.stages {
        let strata = stage.stratum.map { "strata: [\(quoted($0))]" }
        let unit = stage.unit.map { "unit: \(quoted($0))" }
        // A fraction and a number of units are one option of svyset; the values tell them apart.
        let isFraction = stage.correction.map(isFraction) ?? false
        let correction = stage.correction.map {
          (isFraction ? "fraction: " : "population: ") + quoted($0)
        }
        let keys = [strata, unit, correction].compactMap { $0 }
        text += "    - {\(keys.joined(separator: ", "))}\n"
      }
      if let policy = declared.loneUnits.flatMap({ policies[$0] }) {
        text += "  lonely_psu: \(policy)\n"
      }
    }
    if let weight = declared.weight { text += "weight:\n  - base: \(quoted(weight))\n" }
    if !declared.others.isEmpty {
      text +=
        "# svyset also declares, which is not taken over: "
        + declared.others.map(comment).joined(separator: ", ") + "\n"
    }
    return text
  }

  private func isFraction(_ name: String) -> Bool {
    guard let column = columns.first(where: { $0.name == name }) else { return false }
    return !column.codes.isEmpty
      && column.codes.allSatisfy { StrictNumber.parse($0.code).map { $0 <= 1 } ?? false }
  }

  /// The structure table: a leaf for every variable with codes; ends of scales come from labelled codes.
  var structure: [UInt8] {
    var file = CommaSeparated(
      header: "node,parent,title_en,title_vi,variable,statistic,good,low,high,direction")
    for cell in ["index", "", "?", "?", "", "", "", "", "", ""] { file.add(cell) }
    file.endLine()
    for column in columns where isItem(column) {
      let variable = described(column)
      let codes = labelledCodes(column)
      file.add(node(column.name))
      file.add("index")
      file.add(variable?.title.en ?? column.name)
      file.add(variable.map { $0.title.vi == $0.title.en ? "" : $0.title.vi } ?? "")
      file.add(column.name)
      file.add("?")
      file.add("")
      file.add(codes.first.map { Column.render($0) } ?? "?")
      file.add(codes.last.map { Column.render($0) } ?? "?")
      file.add("?")
      file.endLine()
    }
    return file.bytes
  }

  /// The codes that have a label and are no missing code, in order; none where there are fewer than two.
  private func labelledCodes(_ column: DropSummary.ColumnSummary) -> [Double] {
    guard let variable = described(column) else { return [] }
    let codes = variable.valueLabels.keys.filter { variable.missingCodes[$0] == nil }
      .compactMap(StrictNumber.parse).sorted()
    return codes.count > 1 ? codes : []
  }

  /// A variable of few whole numbers that is no design variable.
  private func isItem(_ column: DropSummary.ColumnSummary) -> Bool {
    isNumeric(column.name) && column.codes.count > 1
      && !(Self.samplingWords + Self.weightWords).contains { holds(column.name, $0) }
  }

  private func node(_ name: String) -> String {
    name == "index" ? "index_1" : name
  }

  private static let samplingWords = [
    "stratum", "strata", "psu", "upm", "cluster", "village", "commune", "district", "ward", "xã",
    "huyện", "thôn", "ea",
  ]
  private static let unitWords = [
    "province", "region", "country", "pais", "tỉnh", "tinh", "state", "county",
  ]
  private static let weightWords = ["weight", "wt", "pond", "trọng_số", "pw"]

  /// Whether a word of the name is, or begins with, `word`.
  private func holds(_ name: String, _ word: String) -> Bool {
    let parts = name.lowercased().split { !$0.isLetter && $0 != "_" }
      .flatMap { $0.split(separator: "_") }
    return parts.contains { $0 == word || (word.count > 3 && $0.hasPrefix(word)) }
      || name.lowercased() == word
  }

  private func matching(_ words: [String]) -> [String] {
    columns.map(\.name).filter { name in words.contains { holds(name, $0) } }
  }

  /// Columns whose every row has a value of its own.
  private var unique: [String] {
    columns.filter {
      $0.blankCount == 0 && $0.distinctCount == respondents.table.rowCount && $0.kind != "numbers"
    }.map(\.name)
  }

  /// Columns of few values, each for many rows.
  private var units: [String] {
    columns.filter { column in
      column.blankCount == 0 && (2...200).contains(column.distinctCount)
        && column.distinctCount * 20 <= respondents.table.rowCount
        && Self.unitWords.contains { holds(column.name, $0) }
    }.map(\.name)
  }

  private func isNumeric(_ name: String) -> Bool {
    columns.first { $0.name == name }.map { $0.kind.hasSuffix("numbers") } ?? false
  }

  private func shared(_ other: DraftTable) -> String {
    let mine = Set(columns.map(\.name))
    let both = other.table.columns.map(\.name).filter(mine.contains)
    return both.isEmpty ? "" : " and shares \(both.prefix(5).map(comment).joined(separator: ", "))"
  }

  private func candidates(_ names: [String], _ why: String) -> String {
    if names.isEmpty { return "" }
    return "   # perhaps \(names.prefix(5).map(comment).joined(separator: ", ")) (\(why))"
  }

  /// Text for a comment: on one line.
  private func comment(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }

  /// A YAML text in double quotes.
  private func quoted(_ text: String) -> String { YAMLEdit.quoted(text) }
}
