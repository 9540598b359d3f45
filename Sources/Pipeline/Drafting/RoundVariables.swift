import CanvassIngestion
import CanvassSurvey

/// What is known of the variables of a round: from its data, its codebook, or both.
struct RoundVariables {
  /// A variable as a round has it.
  struct Entry {
    var variable: Variable
    /// The numbers in the data, where they are few.
    var codes: Set<String> = []
    /// Whether the data hold text; nil where there are no data.
    var isText: Bool?

    /// Codes that have a label or a reason.
    var describedCodes: Set<String> {
      Set(variable.valueLabels.keys).union(variable.missingCodes.keys)
    }
  }

  private(set) var names: [String] = []
  private var entries: [String: Entry] = [:]

  subscript(_ name: String) -> Entry? { entries[name] }

  /// The variables of the tables of a drop.
  init(_ tables: [DraftTable]) {
    for column in tables.flatMap(\.table.columns) {
      var entry = Entry(
        variable: column.variable
          ?? Variable(name: column.name, title: LocalizedText(en: column.name)))
      entry.codes = Set(column.codes.map(\.code))
      entry.isText = column.kind == "empty" ? nil : column.kind == "text"
      add(entry)
    }
  }

  /// Adds what a codebook says; its variables join those of the data only where there are no data.
  mutating func complete(by codebook: Codebook, hasData: Bool) {
    for variable in codebook.variables {
      if hasData {
        entries[variable.name]?.variable.complete(by: variable)
      } else {
        add(Entry(variable: variable))
      }
    }
  }

  private mutating func add(_ entry: Entry) {
    let name = entry.variable.name
    if entries[name] == nil { names.append(name) }
    if entries[name] == nil { entries[name] = entry }
  }
}

/// What differs between the variables of two rounds.
struct RoundDifference {
  /// A variable whose codes mean something else, or may.
  struct Recoded {
    let name: String
    let before: String
    let now: String
    /// Codes in the new data that nothing describes.
    var unlabelled: [String] = []
  }

  private(set) var gone: [String] = []
  private(set) var new: [String] = []
  private(set) var recoded: [Recoded] = []

  /// A variable without labels on either side is compared by its codes if it had at most this many.
  private static let mostCodes = 7

  init(old: RoundVariables, new round: RoundVariables) {
    gone = old.names.filter { round[$0] == nil }
    new = round.names.filter { old[$0] == nil }
    for name in round.names {
      guard let before = old[name], let now = round[name] else { continue }
      if let change = RoundDifference.compare(name, before, now) { recoded.append(change) }
    }
  }

  /// Names of gone and recoded variables.
  var goneNames: Set<String> { Set(gone) }
  var recodedNames: Set<String> { Set(recoded.map(\.name)) }

  private static func compare(
    _ name: String, _ before: RoundVariables.Entry, _ now: RoundVariables.Entry
  ) -> Recoded? {
    if let was = before.isText, let isNow = now.isText, was != isNow {
      return Recoded(
        name: name, before: was ? "text" : "numbers", now: isNow ? "text" : "numbers")
    }
    let (old, new) = (before.variable.valueLabels, now.variable.valueLabels)
    if !old.isEmpty, !new.isEmpty {
      let codes = Set(old.keys).union(new.keys).filter { code in
        guard let was = old[code], let isNow = new[code] else { return true }
        return !isSame(was.en, isNow.en) && !isSame(was.vi, isNow.vi)
      }
      if codes.isEmpty { return nil }
      return Recoded(name: name, before: text(codes, old), now: text(codes, new))
    }
    let known = before.describedCodes.union(before.codes)
    let isSmall = !before.describedCodes.isEmpty || before.codes.count <= mostCodes
    let unknown = known.isEmpty || !isSmall ? [] : now.codes.subtracting(known)
    if unknown.isEmpty { return nil }
    return Recoded(
      name: name, before: text(old.isEmpty ? known : Set(old.keys), old), now: text(unknown, new),
      unlabelled: unknown.sorted(by: Column.codePrecedes))
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    func plain(_ text: String) -> String {
      text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return plain(one) == plain(other)
  }

  private static func text(_ codes: Set<String>, _ labels: [String: LocalizedText]) -> String {
    codes.sorted(by: Column.codePrecedes).map { code in
      labels[code].map { "\(code)=\($0.en)" } ?? "\(code)=–"
    }
    .joined(separator: "|")
  }
}
