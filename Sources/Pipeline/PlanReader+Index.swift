import CanvassScoring
import CanvassSurvey

extension PlanReader {
  /// The tree of the index, the place of each node, and the files it was read from.
  func tree(
    _ value: Located
  ) throws(Diagnostic) -> (
    tree: IndexTree, places: [String: String], inputs: [(role: String, path: String)]
  ) {
    guard let structure = value["structure"] else { throw value.error("'index' lacks a structure") }
    var inputs: [(role: String, path: String)] = []
    let rows: [StructureRow]
    if structure.isList {
      rows = structure.items.map { item in
        StructureRow(
          cells: Dictionary(
            item.entries.map { ($0.key.text, $0.value.text) },
            uniquingKeysWith: { first, _ in first }),
          place: item.place,
          cellPlaces: Dictionary(
            item.entries.map { ($0.key.text, $0.value.place) },
            uniquingKeysWith: { first, _ in first }))
      }
    } else {
      inputs.append(("structure", structure.path))
      rows = try structureRows(structure)
    }
    var levels: [String: LevelRules] = [:]
    for (level, rules) in value["aggregate"]?.entries ?? [] {
      levels[level.text] = LevelRules(
        cells: Dictionary(
          rules.entries.map { ($0.key.text, $0.value.text) },
          uniquingKeysWith: { first, _ in first }))
    }
    var ends = 1.0...10.0
    if let scale = value["scale"] {
      let numbers = scale.items.map(\.number)
      guard numbers.count == 2, numbers[0] < numbers[1] else {
        throw scale.error("'scale' must be two rising numbers", remedy: "such as [1, 10]")
      }
      ends = numbers[0]...numbers[1]
    }
    do {
      let (tree, places) = try checkedTree(
        try StructureYears.rows(rows, year: value["year"]), levels: levels, scale: ends)
      return (tree, places, inputs)
    } catch {
      throw error.located(at: structure.place)
    }
  }

  /// The tree of lines; an error of a node gets the place of its line.
  private func checkedTree(
    _ rows: [StructureRow], levels: [String: LevelRules], scale: ClosedRange<Double>
  ) throws(Diagnostic) -> (tree: IndexTree, places: [String: String]) {
    let (nodes, places) = try StructureReader(
      levels: levels, source: root["ingest"] == nil ? .table : .respondents,
      hasTable: root["published"] != nil
    ).nodes(rows)
    do {
      return (try IndexTree(nodes, scale: scale), places)
    } catch {
      guard let place = error.place, place.hasPrefix("node "),
        let located = places[String(place.dropFirst(5))]
      else { throw error }
      var moved = error
      moved.place = located
      throw moved
    }
  }

  private func structureRows(_ structure: Located) throws(Diagnostic) -> [StructureRow] {
    let table = try structure.table(asText: true)
    for name in table.names where !StructureColumns.names.contains(name) {
      throw structure.error(
        "the structure table has an unknown column '\(name)'",
        why: "known columns: \(StructureColumns.names.joined(separator: ", "))",
        remedy: Suggestion.phrase(for: name, among: StructureColumns.names))
    }
    return (0..<table.rowCount).map { row in
      var cells: [String: String] = [:]
      var places: [String: String] = [:]
      let place = table.place(of: row)
      for (position, column) in table.columns.enumerated() {
        guard let text = column.text(at: row) else { continue }
        cells[column.name] = text
        places[column.name] = "\(place):\(position + 1)"
      }
      return StructureRow(cells: cells, place: place, cellPlaces: places)
    }
  }

  /// The titles of named groups from the lowest up; the files carry the English ones.
  func groupTitles(_ value: Located?) -> [LocalizedText] {
    guard let names = value?["names"] else { return [] }
    return names.items.compactMap(title)
  }

  /// How units are grouped; quartiles where the file does not say.
  func grouping(_ value: Located?) throws(Diagnostic) -> Grouping {
    guard let value else { return .quartiles(names: Grouping.quartileNames) }
    if value.isSingle {
      return value.text == "none" ? .none : .quartiles(names: Grouping.quartileNames)
    }
    let names = groupTitles(value).map(\.en)
    guard let cuts = value["cuts"] else {
      guard names.count == 4 else {
        throw value.error("quartiles have four names, from the lowest group up")
      }
      return .quartiles(names: names)
    }
    let numbers = cuts.items.map(\.number)
    guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw cuts.error("the cuts must rise")
    }
    guard names.count == numbers.count + 1 else {
      throw value.error(
        "\(numbers.count) cuts make \(numbers.count + 1) groups, and there are \(names.count) names"
      )
    }
    return .cuts(numbers, names: names)
  }
}
