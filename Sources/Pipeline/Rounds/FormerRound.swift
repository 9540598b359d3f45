import CanvassIngestion
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// Reads a round that was made before: a run's folder, or a table of published scores.
enum FormerRound {
  /// The files of a run that a comparison reads.
  static func files(run folder: String) -> [String] {
    let influences = folder + "/internal/" + InfluencesFile.name
    return ["/release/scores.csv", "/release/" + DefinitionsFile.name].map { folder + $0 }
      + (InputFile.isFile(influences) ? [influences] : [])
  }

  /// The round that a pipeline file names; its units are found by the same places as the file's own.
  static func read(_ request: RoundRequest, places: Places?) throws -> Round {
    var round: Round
    switch request.source {
    case .run(let folder):
      round = try read(
        run: folder, name: request.name, withContributions: request.sharesSamplingUnits)
    case .release(let path):
      round = Round(
        name: request.name, definitions: RoundDefinitions(),
        scores: try scores(path) { try code(of: $0, at: $1, in: places) }, contributions: nil)
    }
    round.definitions.year = request.year ?? round.definitions.year
    return round
  }

  /// The nodes that a round knows: those of its definitions, or those that its table scores.
  static func nodes(_ request: RoundRequest, places: Places?) throws -> Set<String> {
    switch request.source {
    case .run(let folder): Set(try DefinitionsReader.read(files(run: folder)[1]).nodes.keys)
    case .release(let path):
      Set(try scores(path) { try code(of: $0, at: $1, in: places) }.map(\.node))
    }
  }

  /// The round of a table of published scores whose units are called as those of a later round, by code or name.
  static func read(table path: String, name: String, unitsOf round: Round) throws -> Round {
    var seen = Set<String>()
    let units = round.scores.filter {
      !$0.unit.hasPrefix(NationalNumber.prefix) && seen.insert($0.unit).inserted
    }
    // Where one name means several units, codes alone say which.
    let places = try? Places(units.map { Place(code: $0.unit, name: $0.name) })
    return Round(
      name: name, definitions: RoundDefinitions(),
      scores: try scores(path) { name, _ in
        guard !seen.contains(name), let index = places?.index(of: name) else { return name }
        return places?.units[index].code ?? name
      }, contributions: nil)
  }

  /// The code of the unit that a published table names.
  private static func code(
    of name: String, at place: String, in places: Places?
  ) throws(Diagnostic) -> String {
    guard let places else { return name }
    guard let index = places.index(of: name) else {
      throw Diagnostic(
        .badData, "'\(name)' is no unit of the places file", at: place,
        remedy: "correct the name, or add it as an alias")
    }
    return places.units[index].code
  }

  /// The round in the folder of a run.
  static func read(run folder: String, name: String, withContributions: Bool) throws -> Round {
    let files = files(run: folder)
    if let absent = files.first(where: { !InputFile.isFile($0) }) {
      throw Diagnostic(
        .missingInput, "'\(folder)' is no run that can be compared", at: absent,
        why: InputFile.reason(absent), remedy: remedy(folder))
    }
    try checkManifest(folder + "/release", files: ["scores.csv", DefinitionsFile.name])
    try checkManifest(folder + "/internal", files: [InfluencesFile.name])
    return Round(
      name: name, definitions: try DefinitionsReader.read(files[1]),
      scores: try scores(files[0]) { name, _ in name },
      contributions: withContributions && files.count > 2 ? try InfluencesFile.read(files[2]) : nil)
  }

  /// The newest run of the folder, where the folder holds runs.
  private static func remedy(_ folder: String) -> String {
    let latest = folder + "/latest"
    return files(run: latest).allSatisfy(InputFile.isFile)
      ? "name one of its runs, such as \(latest)"
      : "name the folder of a run, such as Runs/NAME/latest"
  }

  /// Compares files of a run with the manifest of their folder.
  ///
  /// - Throws: `badData` for one that was changed, or taken away, after the run. A run that is handed on without
  ///   its internal folder has nothing to be compared there.
  private static func checkManifest(_ folder: String, files: [String]) throws(Diagnostic) {
    let path = folder + "/" + Manifest.name
    guard InputFile.isFile(path) else { return }
    guard let listed = Manifest.digests(try CheckedFile.bytes(of: path)) else {
      throw Diagnostic(.badData, "the manifest is not one that a run wrote", at: path)
    }
    for (name, digest) in listed where files.contains(name) {
      let file = folder + "/" + name
      guard InputFile.isFile(file), try SHA256.hex(ofFile: file) == digest else {
        throw Diagnostic(
          .badData, "the former run was changed after it was written", at: file,
          why: "its manifest has another digest",
          remedy: "see what 'canvass verify' says of the run")
      }
    }
  }

  /// The scores of whole units in a table with the columns unit, node and score; `domain`, `unit_name`,
  /// `level`, `se` and `df` are read where they are there.
  ///
  /// - Parameter code: the code of the unit that a line at a place names.
  private static func scores(
    _ path: String, _ code: (_ name: String, _ place: String) throws -> String
  ) throws -> [Round.Score] {
    let table = try Ingestion.readTable(path: path, asText: true)
    for name in ["unit", "node", "score"] where !table.contains(name) {
      throw Diagnostic(
        .badData, "the table of published scores has no column '\(name)'", at: path,
        why: "it has: \(table.names.joined(separator: ", "))",
        remedy: "its columns are those of scores.csv; unit, node and score are enough")
    }
    guard table.rowCount > 0 else {
      throw Diagnostic(
        .badData, "the table of published scores has no rows", at: path,
        remedy: "name the file that has the scores of the former round")
    }
    let (units, nodes) = (try table.column("unit"), try table.column("node"))
    let domains = table["domain"]
    var seen = Set<RoundContributions.Key>()
    var scores: [Round.Score] = []
    for row in 0..<table.rowCount where domains?.text(at: row) == nil {
      guard let name = units.text(at: row).map(CommaSeparated.restored),
        let node = nodes.text(at: row).map(CommaSeparated.restored)
      else {
        throw Diagnostic(
          .badData, "a published score has no unit or no node", at: table.place(of: row))
      }
      let unit =
        name.hasPrefix(NationalNumber.prefix) ? name : try code(name, table.place(of: row))
      guard seen.insert(RoundContributions.Key(unit: unit, node: node)).inserted else {
        throw Diagnostic(
          .badData, "the score of '\(node)' is given twice for one unit", at: table.place(of: row))
      }
      scores.append(
        Round.Score(
          unit: unit, name: LocalizedText(en: table["unit_name"]?.text(at: row) ?? name),
          node: node, level: table["level"]?.text(at: row) ?? "",
          value: try number("score", in: table, at: row),
          standardError: try number("se", in: table, at: row),
          degreesOfFreedom: try number("df", in: table, at: row)))
    }
    return scores
  }

  private static func number(_ name: String, in table: Table, at row: Int) throws(Diagnostic)
    -> Double?
  {
    guard let text = table[name]?.text(at: row) else { return nil }
    guard let number = StrictNumber.parse(text), name == "score" || number >= 0 else {
      throw Diagnostic(
        .badData, "'\(name)' is not a number that it can be", at: table.place(of: row))
    }
    return number
  }
}

/// Reads `definitions.csv`.
enum DefinitionsReader {
  /// What the nodes mean.
  static func read(_ path: String) throws -> RoundDefinitions {
    try readWithLabels(path).definitions
  }

  /// The same with what nodes are called, `labels[node]?[property]`; of the whole index under the empty name.
  static func readWithLabels(
    _ path: String
  ) throws -> (definitions: RoundDefinitions, labels: [String: [String: String]]) {
    let table = try Ingestion.readTable(path: path, asText: true)
    let nodes = try table.column("node")
    let properties = try table.column("property")
    let values = try table.column("value")
    var result = RoundDefinitions()
    var labels: [String: [String: String]] = [:]
    for row in 0..<table.rowCount {
      guard let property = properties.text(at: row),
        let value = values.text(at: row).map(CommaSeparated.restored)
      else {
        throw Diagnostic(
          .badData, "a definition lacks its property or value", at: table.place(of: row))
      }
      guard let node = nodes.text(at: row).map(CommaSeparated.restored) else {
        labels["", default: [:]][property] = value
        switch property {
        case "year": result.year = Int(value)
        case "vintage": result.vintage = value
        default: break
        }
        continue
      }
      var definition = result.nodes[node] ?? NodeDefinition()
      switch property {
      case "same_as": definition.sameAs = value
      case "break_since": definition.breakSince = Int(value)
      case "break_reason": definition.breakReason = value
      case let label where DefinitionsFile.labels.contains(label):
        labels[node, default: [:]][label] = value
      default: definition.properties[property] = value
      }
      result.nodes[node] = definition
    }
    return (result, labels)
  }
}
