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

  /// How rank intervals are found; nil where the file says none, and for a published table without
  /// standard errors.
  func ranks(
    _ value: Located?, confidence: Double, hasErrors: Bool
  ) throws(Diagnostic) -> RankRules? {
    if let value, !hasErrors {
      throw value.error(
        "'ranks' need standard errors, and the published table has none",
        remedy: "name its column with 'se' and its degrees of freedom with 'df', or remove 'ranks'")
    }
    guard hasErrors, value?.isSingle != true else { return nil }
    var rules = RankRules(confidence: confidence)
    if let method = value?["method"].flatMap({ RankMethod(rawValue: $0.text) }) {
      rules.method = method
    }
    if let given = value?["confidence"] {
      guard given.number > 0, given.number < 1 else {
        throw given.error("'confidence' must lie between 0 and 1")
      }
      rules.confidence = given.number
    }
    if let draws = value?["draws"] { rules.draws = Int(draws.number) }
    if let seed = value?["seed"] { rules.seed = UInt64(seed.text) ?? 1 }
    return rules
  }

  /// What is asked of ranks under other assumptions; what is not defined whatever the data is refused.
  func assumptions(
    _ value: Located?, tree: IndexTree, isSurvey: Bool
  ) throws(Diagnostic) -> AssumptionRequest? {
    guard let value else { return nil }
    var node = tree.nodes.indices.first { tree.isRoot($0) } ?? 0
    if let name = value["node"] {
      guard let found = tree.index(of: name.text) else {
        throw name.error(
          "'uncertainty' names a node '\(name.text)' that is not in the structure",
          remedy: Suggestion.phrase(for: name.text, among: tree.nodes.map(\.id)))
      }
      node = found
    }
    guard tree.nodes[node].leaf == nil, tree.nodes[node].averageFirst == .units else {
      throw (value["node"] ?? value).error(
        "'\(tree.nodes[node].id)' is not made of the scores of parts",
        remedy: "name a node that averages units first")
    }
    func unique(_ key: String) throws(Diagnostic) -> [String] {
      let words = value[key]?.texts ?? []
      if let list = value[key], Set(words).count != words.count {
        throw list.error("'\(key)' names an alternative twice")
      }
      return words
    }
    var assumptions = IndexAssumptions()
    let scales = try unique("normalization").compactMap(IndexAssumptions.PartScale.init)
    if !scales.isEmpty { assumptions.scales = scales }
    let means = try unique("aggregation").compactMap(IndexAssumptions.PartMean.init)
    if !means.isEmpty { assumptions.means = means }
    if let spread = value["weights"] {
      guard spread.number >= 0, spread.number <= 1 else {
        throw spread.error(
          "'weights' must lie between 0 and 1", why: "it is a share of each weight")
      }
      assumptions.weightSpread = spread.number
    }
    assumptions.leavesOut = value["leave_out"]?.text == "yes"
    let withSampling = value["sampling"]?.text == "yes"
    if withSampling, !isSurvey, let sampling = value["sampling"] {
      throw sampling.error(
        "'sampling' needs respondents, and 'published' has none",
        why: "published values carry no sampling error here")
    }
    if let coverage = value["coverage"], !(coverage.number > 0 && coverage.number < 1) {
      throw coverage.error("'coverage' must lie between 0 and 1")
    }
    let request = AssumptionRequest(
      node: node, assumptions: assumptions, withSampling: withSampling,
      rows: value["rows"].map { Int($0.number) } ?? 1000,
      coverage: value["coverage"]?.number ?? 0.95,
      seed: value["seed"].flatMap { UInt64($0.text) } ?? 1)
    if request.hasChoice || !withSampling {
      do {
        let parts = tree.parts[node]
        _ = try AssumedIndex(
          assumptions, parts: [], names: parts.map { tree.nodes[$0.node].id },
          weights: parts.map(\.weight), scale: tree.scale, seed: 1)
      } catch {
        throw error.located(at: value.place)
      }
    }
    return request
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
