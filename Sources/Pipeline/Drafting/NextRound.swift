import CanvassCompute
import CanvassIngestion
import CanvassPublishing
import CanvassSurvey
import Yams

/// `canvass init DROP --like OLD.yaml`: the file of the round after another one.
///
/// All that does not depend on the data stays as it is, comments included. Whatever belongs to the former
/// round alone, and whatever rests on a variable that is gone or whose codes changed, is a `?`.
struct NextRound {
  /// A line of the list of changes.
  struct Change {
    let kind: String
    let variable: String
    var title = ""
    var before = ""
    var now = ""
    var place = ""
  }

  private let root: Located
  private let name: String
  private let drop: String
  private let tables: [DraftTable]
  private let old: RoundVariables
  private let new: RoundVariables
  private let difference: RoundDifference
  private let codebook: Codebook?
  private var edit: YAMLEdit
  private var changes: [Change] = []

  /// Drafts the files for the drop at `path`, to lie beside the pipeline file `like`.
  static func make(
    drop path: String, name: String?, like: String, form: String?, workers: Workers
  ) throws -> FirstDraft {
    let text = try DocumentLoader.text(like)
    let root = try DocumentLoader.parse(text, file: like)
    try OpenQuestions.refuse(in: root)
    try PipelineShape.root.check(root, key: "")
    guard let ingest = root["ingest"], let units = root["units"] else {
      throw root.error("the file has no 'ingest'", remedy: "--like needs a survey's pipeline file")
    }
    let reader = PlanReader(
      root: root, drops: [], units: try UnitsReader(value: units).request())
    let written = try reader.source(ingest["respondents"] ?? ingest, members: "*")
    let member = try (ingest["codebook"]?["member"] ?? ingest["codebook"]?["members"]).map {
      value throws(Diagnostic) in
      try reader.source(ingest["codebook"] ?? ingest, members: value.text)
    }
    func inspect(_ path: String) throws -> DropSummary {
      try Ingestion.inspect(path, written: written, codebook: member, workers: workers)
    }
    let summary = try inspect(path)
    let former = try formerDrop(ingest, except: path).map(inspect)
    let oldBook = try former?.codebook ?? formerCodebook(ingest, reader)
    let oldTables = former.map(FirstDraft.tables) ?? []
    var old = RoundVariables(oldTables)
    if let oldBook { old.complete(by: oldBook, hasData: !oldTables.isEmpty) }
    if old.names.isEmpty {
      throw Diagnostic(
        .missingInput, "there is nothing to compare the drop with", at: like,
        why: "neither a drop nor a codebook of the old file is where it says",
        remedy: "put one of them back, or run 'canvass init' without --like")
    }
    let tables = FirstDraft.tables(of: summary)
    var new = RoundVariables(tables)
    let newBook = try form.map { try CodebookFile.read(path: $0) } ?? summary.codebook
    if let newBook { new.complete(by: newBook, hasData: true) }
    guard !new.names.isEmpty else {
      throw Diagnostic(
        .badData, "the drop holds no table with rows", at: path,
        remedy: "run 'canvass inspect' on it")
    }
    let difference = RoundDifference(old: old, new: new)
    var round = NextRound(
      root: root, name: try FirstDraft.checked(name ?? FirstDraft.stem(path)), drop: path,
      tables: tables, old: old, new: new, difference: difference, codebook: oldBook,
      edit: YAMLEdit(text, root: root))
    return try round.files(hasMember: member != nil && summary.codebook != nil)
  }

  private init(
    root: Located, name: String, drop: String, tables: [DraftTable], old: RoundVariables,
    new: RoundVariables, difference: RoundDifference, codebook: Codebook?, edit: YAMLEdit
  ) {
    self.root = root
    self.name = name
    self.drop = drop
    self.tables = tables
    self.old = old
    self.new = new
    self.difference = difference
    self.codebook = codebook
    self.edit = edit
  }

  /// The last drop of the old file that is still there, and is not the new one.
  private static func formerDrop(_ ingest: Located, except path: String) -> String? {
    (ingest["drops"]?.items ?? []).flatMap { InputFile.matches($0.path) }
      .filter { InputFile.isDrop($0) && !InputFile.isSame($0, path) }.last
  }

  private static func formerCodebook(
    _ ingest: Located, _ reader: PlanReader
  ) throws -> Codebook? {
    guard let value = ingest["codebook"], let file = value["file"], InputFile.isFile(file.path)
    else { return nil }
    return try CodebookFile.read(
      path: file.path, written: try reader.source(value, members: "*"))
  }

  private mutating func files(hasMember: Bool) throws(Diagnostic) -> FirstDraft {
    listVariables()
    try replaceSources(from: FirstDraft.folder(of: root.file))
    try askAgain()
    var files: [(name: String, bytes: [UInt8])] = []
    if let value = root["ingest"]?["codebook"], !hasMember {
      files.append(("\(name)-codebook.csv", CodebookWriting.bytes(variables)))
      try edit.replace(
        value, written: "{file: \(YAMLEdit.quoted("\(name)-codebook.csv"))}")
    }
    if let structure = root["index"]?["structure"] {
      if structure.isList {
        for node in structure.items { try askAgain(node) }
      } else {
        files.append(("\(name)-structure.csv", try table(structure)))
        try edit.replace(structure, by: "\(name)-structure.csv")
      }
    }
    for (key, value) in root.entries { try walk(value, key: key.text) }
    let head = """
      # Drafted from \(root.file) for \(drop).
      # \(name)-changes.csv lists what is gone, new and recoded. Every "?" asks again: canvass check lists them.

      """
    files.insert(("\(name).yaml", Array((head + (try edit.text())).utf8)), at: 0)
    files.append(("\(name)-changes.csv", list))
    return FirstDraft(files: files, pipelineName: "\(name).yaml", notes: notes)
  }

  // MARK: Variables

  private mutating func listVariables() {
    for name in difference.gone {
      let title = old[name]?.variable.title.en ?? name
      let heir = difference.new.first { title != name && new[$0]?.variable.title.en == title }
      changes.append(
        Change(
          kind: "gone", variable: name, title: title,
          now: heir.map { "perhaps \($0), which has its title" } ?? ""))
    }
    for name in difference.new {
      changes.append(
        Change(kind: "new", variable: name, title: new[name]?.variable.title.en ?? name))
    }
    for change in difference.recoded {
      changes.append(
        Change(
          kind: "recoded", variable: change.name, title: old[change.name]?.variable.title.en ?? "",
          before: change.before, now: change.now))
    }
  }

  /// The new round's variables: its own labels, completed by the old codebook.
  private var variables: [Variable] {
    new.names.compactMap { name in
      guard var variable = new[name]?.variable else { return nil }
      let change = difference.recoded.first { $0.name == name }
      if var former = codebook?[name] {
        // Labels of the old round would mend what changed.
        if change != nil, !variable.valueLabels.isEmpty { former.valueLabels = [:] }
        variable.complete(by: former)
      }
      for code in change?.unlabelled ?? [] where variable.missingCodes[code] == nil {
        variable.valueLabels[code] = LocalizedText(en: "?")
      }
      if let condition = variable.askedIf, names(condition, difference.goneNames) {
        variable.askedIf = "?"
      }
      return variable
    }
  }

  /// Whether an expression names one of the variables.
  private func names(_ expression: String, _ variables: Set<String>) -> Bool {
    let words = expression.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    return words.contains(where: variables.contains)
      || variables.contains { expression.contains("`\($0)`") }
  }

  // MARK: The pipeline file

  private mutating func replaceSources(from folder: String) throws(Diagnostic) {
    if let value = root["name"] { try edit.replace(value, by: name) }
    if let value = root["ingest"]?["drops"] {
      try edit.replace(value, by: InputFile.path(drop, from: folder))
    }
    if let value = root["ingest"]?["respondents"]?["members"],
      !tables.contains(where: { NamePattern(value.text).matches($0.name) }),
      let respondents = tables.respondents
    {
      try edit.replace(value, by: respondents.name)
      changes.append(
        Change(
          kind: "members", variable: "", before: value.text, now: respondents.name,
          place: value.place))
    }
  }

  /// What belongs to the old round alone.
  private mutating func askAgain() throws(Diagnostic) {
    let publish = root["publish"]
    let values = [
      root["released"], root["version"], root["supersedes"], root["index"]?["year"],
      root["clean"]?["decisions"], publish?["withhold"], publish?["map"]?["looked_at_by"],
    ]
    for case let value? in values where !(value.isList && value.items.isEmpty) { try ask(value) }
    let titles = root["title"].map { $0.isSingle ? [$0] : $0.entries.map(\.value) } ?? []
    for value in titles + [root["ingest"]?["where"]].compactMap({ $0 }) where hasYear(value.text) {
      try ask(value)
    }
    if let status = publish?["status"], status.text != "draft" {
      try edit.replace(status, by: "draft")
    }
  }

  private func hasYear(_ text: String) -> Bool {
    text.split { !$0.isNumber }.contains {
      $0.count == 4 && ($0.hasPrefix("19") || $0.hasPrefix("20"))
    }
  }

  private mutating func ask(_ value: Located, of variable: String = "") throws(Diagnostic) {
    if edit.isReplaced(value) { return }
    try edit.replace(value, by: "?")
    changes.append(
      Change(
        kind: "asked again", variable: variable, before: value.isSingle ? value.text : "",
        place: value.place))
  }

  /// A node of a structure that stands in the file.
  private mutating func askAgain(_ node: Located) throws(Diagnostic) {
    for key in ["variable", "denominator"] {
      guard let value = node[key] else { continue }
      if difference.goneNames.contains(value.text) { try ask(value, of: value.text) }
      guard difference.recodedNames.contains(value.text) else { continue }
      for cell in ["good", "low", "high"].compactMap({ node[$0] }) {
        try ask(cell, of: value.text)
      }
    }
  }

  private static let expressions: Set<String> = [
    "where", "when", "require", "condition", "compute",
  ]

  /// Names and expressions that rest on variables that are gone or recoded, and files that stay.
  private mutating func walk(_ value: Located, key: String) throws(Diagnostic) {
    switch value.node {
    case .mapping:
      let recoded = (value["recode"] ?? value["cut"])?.text
      for (name, entry) in value.entries {
        if ["collapse", "structure", "codebook", "drops"].contains(name.text) { continue }
        let isExample = ["good", "bad"].contains(name.text) && entry.isList
        let isRecoding =
          ["map", "at"].contains(name.text)
          && recoded.map(difference.recodedNames.contains) ?? false
        if isRecoding || (isExample && rests(entry)) {
          try ask(entry, of: recoded ?? "")
        } else {
          try walk(entry, key: name.text)
        }
      }
    case .sequence: for item in value.items { try walk(item, key: key) }
    case .scalar where edit.isReplaced(value): break
    case .scalar:
      let all = difference.goneNames.union(difference.recodedNames)
      if NextRound.expressions.contains(key) {
        if names(value.text, all) { try ask(value) }
      } else if difference.goneNames.contains(value.text), key != "name" {
        try ask(value, of: value.text)
      } else if value.text.contains("."), InputFile.isFile(value.path) {
        changes.append(
          Change(kind: "same file", variable: "", before: value.text, place: value.place))
      }
    case .alias: break
    }
  }

  /// Whether an example gives values of variables that are gone or recoded.
  private func rests(_ examples: Located) -> Bool {
    let all = difference.goneNames.union(difference.recodedNames)
    return examples.items.contains { $0.entries.contains { all.contains($0.key.text) } }
  }

  // MARK: Tables

  /// The structure table with the cells that are asked again.
  private mutating func table(_ located: Located) throws(Diagnostic) -> [UInt8] {
    let table = try located.table(asText: true)
    var file = CommaSeparated(columns: table.names)
    for row in 0..<table.rowCount {
      let used = ["variable", "denominator"].compactMap { table[$0]?.text(at: row) }
      for column in table.columns {
        let text = column.text(at: row) ?? ""
        let isGone =
          ["variable", "denominator"].contains(column.name) && difference.goneNames.contains(text)
        let isRecoded =
          ["good", "low", "high"].contains(column.name) && !text.isEmpty
          && used.contains(where: difference.recodedNames.contains)
        file.add(isGone || isRecoded ? "?" : text)
        if isGone || isRecoded {
          changes.append(
            Change(
              kind: "asked again", variable: used.first ?? "", title: column.name, before: text,
              place: table.place(of: row)))
        }
      }
      file.endLine()
    }
    return file.bytes
  }

  private var list: [UInt8] {
    var file = CommaSeparated(header: "change,variable,title,before,now,place")
    for change in changes {
      for text in [
        change.kind, change.variable, change.title, change.before, change.now, change.place,
      ] {
        file.add(text)
      }
      file.endLine()
    }
    return file.bytes
  }

  /// The lists in few lines.
  private var notes: [String] {
    func line(_ what: String, _ names: [String]) -> String {
      let more = names.count > 10 ? " and \(names.count - 10) more" : ""
      return "\(what): \(names.count)"
        + (names.isEmpty ? "" : " (\(names.prefix(10).joined(separator: ", "))\(more))")
    }
    return [
      line("gone", difference.gone), line("new", difference.new),
      line("recoded", difference.recoded.map(\.name)),
      "asked again: \(changes.count { $0.kind == "asked again" })",
    ]
  }
}
