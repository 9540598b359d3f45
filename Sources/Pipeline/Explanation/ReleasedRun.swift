import CanvassIngestion
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// The release of a run, read back from its files.
struct ReleasedRun {
  /// The lines of `scores.csv` about whole units, by unit and then node.
  private(set) var scores: [String: [String: [String: String]]] = [:]
  /// The lines of `indicators.csv` about whole units, likewise.
  private(set) var indicators: [String: [String: [String: String]]] = [:]
  /// Units in the order of the file: code and name.
  private(set) var units: [(code: String, name: String)] = []
  /// The nodes in the order of the file.
  private(set) var nodes: [String] = []
  /// What the nodes mean.
  let definitions: RoundDefinitions
  /// `labels[node]?[property]`: titles, levels, variables; of the whole index under the empty name.
  let labels: [String: [String: String]]
  /// The weights of parts, by the node above and then the part.
  private(set) var weights: [String: [String: Double]] = [:]

  init(_ folder: String) throws {
    func file(_ name: String) throws(Diagnostic) -> String {
      let path = folder + "/release/" + name
      guard InputFile.isFile(path) else {
        throw Diagnostic(
          .missingInput, "'\(folder)' is no run that can be explained", at: path,
          why: InputFile.reason(path), remedy: "name the folder of a run, such as Runs/NAME/latest")
      }
      return path
    }
    (definitions, labels) = try DefinitionsReader.readWithLabels(try file(DefinitionsFile.name))
    try Self.forEachLine(of: try file("scores.csv")) { line in
      guard line["domain"] == nil, let unit = line["unit"], let node = line["node"] else { return }
      if scores[unit] == nil { units.append((unit, line["unit_name"] ?? unit)) }
      if units.count == 1 { nodes.append(node) }
      scores[unit, default: [:]][node] = line
    }
    try Self.forEachLine(of: try file("indicators.csv")) { line in
      guard line["domain"] == nil, let unit = line["unit"], let node = line["indicator"] else {
        return
      }
      indicators[unit, default: [:]][node] = line
    }
    try Self.forEachLine(of: try file("effective-weights.csv")) { line in
      guard let parent = line["parent"], let node = line["node"] else { return }
      weights[parent, default: [:]][node] = line["weight"].flatMap(StrictNumber.parse)
    }
  }

  /// A number of a unit at a node.
  func number(_ unit: String, _ node: String, _ column: String = "score") -> Double? {
    scores[unit]?[node]?[column].flatMap(StrictNumber.parse)
  }

  /// The units without the national numbers.
  var unitsAlone: [(code: String, name: String)] {
    units.filter { !$0.code.hasPrefix(NationalNumber.prefix) }
  }

  /// The lowest and the highest score of units at a node; nil for none.
  func spread(of node: String) -> ClosedRange<Double>? {
    let numbers = unitsAlone.compactMap { number($0.code, node) }
    guard let low = numbers.min(), let high = numbers.max() else { return nil }
    return low...high
  }

  /// The grouping of the release.
  var grouping: Grouping {
    let index = labels[""] ?? [:]
    let names = index["groups"]?.split(separator: "|").map(String.init) ?? []
    if names.isEmpty { return .none }
    guard let cuts = index["group_cuts"] else { return .quartiles(names: names) }
    return .cuts(
      cuts.split(separator: "|").compactMap { StrictNumber.parse(String($0)) }, names: names)
  }

  /// The code of the unit that `text` names, by code or by name in any spelling.
  func unit(_ text: String) throws(Diagnostic) -> String {
    if scores[text] != nil { return text }
    let places = try Places(
      unitsAlone.map { Place(code: $0.code, name: LocalizedText(en: $0.name)) })
    switch places.match(text) {
    case .unit(let index): return places.units[index].code
    case .several(let found):
      throw Diagnostic(
        .usage, "'\(text)' may be one of several units",
        remedy: "give the code: " + found.map { places.units[$0].code }.joined(separator: ", "))
    case .none(let nearest):
      throw Diagnostic(
        .usage, "the run has no unit '\(text)'",
        remedy: nearest.isEmpty
          ? "give a code or a name of scores.csv"
          : "did you mean "
            + nearest.map { "'\(places.units[$0].name.en)'" }.joined(separator: " or ")
      )
    }
  }

  private static func forEachLine(of path: String, _ body: ([String: String]) -> Void) throws {
    let table = try Ingestion.readTable(path: path, asText: true)
    for row in 0..<table.rowCount {
      var line: [String: String] = [:]
      for column in table.columns {
        line[column.name] = column.text(at: row).map(CommaSeparated.restored)
      }
      body(line)
    }
  }
}
