import CanvassCleaning
import CanvassIngestion
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// Lowers a checked pipeline file to the requests of the stages, reading the tables that it names.
struct PlanReader {
  /// The root of the file.
  let root: Located
  /// Drops given on the command line instead of the file's.
  let drops: [String]
  /// Who gets an index: groups of margins are matched with the same places.
  let units: UnitsRequest

  /// The plan of the pipeline file at `path`, with other drops if any are given.
  static func read(_ path: String, drops: [String] = []) throws(Diagnostic) -> PipelinePlan {
    let root = try DocumentLoader.load(path)
    try OpenQuestions.refuse(in: root)
    try PipelineShape.root.check(root, key: "")
    guard let units = root["units"] else { throw root.error("the file lacks units") }
    return try PlanReader(
      root: root, drops: drops, units: try UnitsReader(value: units).request()
    ).plan()
  }

  private func plan() throws(Diagnostic) -> PipelinePlan {
    guard let name = root["name"], let units = root["units"], let index = root["index"] else {
      throw root.error("the file lacks name, units or index")
    }
    guard !name.text.isEmpty, name.text.utf8.count <= 100, !name.text.hasPrefix("."),
      !name.text.hasPrefix("-"),
      name.text.utf8.allSatisfy({ byte in
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
          || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
          || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "-")
          || byte == UInt8(ascii: "_")
      })
    else {
      throw name.error("'name' must be letters, digits, - and _", why: "it names a folder")
    }
    let (tree, places, indexInputs) = try self.tree(index)
    try checkConstants(tree, places: places)
    try checkCuts(index["groups"], tree: tree)
    try checkGroupImputation(tree, places: places)
    let door: PipelinePlan.Door
    switch (root["ingest"], root["published"]) {
    case (let ingest?, let published):
      door = .respondents(try survey(ingest, table: try published.map(publishedBesideSurvey)))
    case (nil, let published?):
      for key in ["clean", "design", "weight"] where root[key] != nil {
        throw root.error("'\(key)' needs respondents, and 'published' has none")
      }
      if root["estimate"]?["breakdowns"] != nil {
        throw root.error("'breakdowns' need respondents, and 'published' has none")
      }
      if root["estimate"]?["replicates"] != nil {
        throw root.error("'replicates' need respondents, and 'published' has none")
      }
      if let cleaned = root["publish"]?["cleaned"] {
        throw cleaned.error("'cleaned' needs respondents, and 'published' has none")
      }
      if !drops.isEmpty {
        throw Diagnostic(.usage, "--drop needs a pipeline with 'ingest'", at: root.file)
      }
      door = .published(try publishedRequest(published))
    case (nil, nil):
      throw root.error(
        "the file has neither 'ingest' nor 'published'", remedy: "say where the values come from")
    }
    let lastRound = try index["last_round"].map { value throws(Diagnostic) in
      try publishedRequest(value)
    }
    let imputing = tree.nodes.first { $0.leaf?.imputation == .lastRound }
    if let value = index["last_round"], imputing == nil {
      throw value.error("'last_round' is given, but no leaf has 'impute: last-round'")
    }
    if let imputing, lastRound == nil {
      throw Diagnostic(
        .badPipeline, "'\(imputing.id)' takes values of the last round, which is not named",
        at: places[imputing.id], remedy: "name its table with 'last_round:' under 'index'")
    }
    let confidence = root["estimate"]?["confidence"]
    if let confidence, !(confidence.number > 0 && confidence.number < 1) {
      throw confidence.error("'confidence' must lie between 0 and 1")
    }
    let supersedes = try supersession()
    let rounds = try self.rounds(root["rounds"])
    try checkHistory(tree, rounds, places: places)
    return PipelinePlan(
      file: root.file, name: name.text, title: title(root["title"]) ?? LocalizedText(en: name.text),
      released: root["released"]?.text, study: try study(), version: root["version"]?.text,
      supersedes: supersedes,
      units: self.units, door: door, tree: tree,
      uses: (root["ingest"] == nil ? [] : variableUses())
        + tree.variableUses(of: .respondents, places: places),
      tableUses: tree.variableUses(of: .table, places: places),
      places: stagePlaces().merging(
        places.map { ("node \($0.key)", $0.value) }, uniquingKeysWith: { first, _ in first }),
      lastRound: lastRound, rankDecimals: index["rank_decimals"].map { Int($0.number) },
      grouping: try grouping(index["groups"]),
      groupTitles: groupTitles(index["groups"]), confidence: confidence?.number ?? 0.95,
      ranks: try ranks(
        root["estimate"]?["ranks"], confidence: confidence?.number ?? 0.95,
        hasErrors: root["ingest"] != nil || root["published"]?["se"] != nil),
      assumptions: try assumptions(
        index["uncertainty"], tree: tree, isSurvey: root["ingest"] != nil),
      gate: try gateRules(
        tree, rankDecimals: index["rank_decimals"].map { Int($0.number) }),
      status: root["publish"]?["status"].flatMap { PublicationStatus(rawValue: $0.text) } ?? .draft,
      languages: root["publish"]?["languages"]?.texts ?? ["en", "vi"], rounds: rounds,
      map: try map(), year: index["year"].flatMap { Int($0.text) }, signOff: try signOff(),
      fieldwork: try fieldwork(),
      sheets: try sheets(),
      inputs: inputs(units: units)
        + (supersedes.map { [("superseded scores", $0.scoresPath)] } ?? []) + indexInputs
        + rounds.flatMap { round in round.files.map { ("round", $0) } })
  }

  func title(_ value: Located?) -> LocalizedText? {
    guard let value else { return nil }
    if value.isSingle { return LocalizedText(en: value.text) }
    return LocalizedText(en: value["en"]?.text, vi: value["vi"]?.text)
  }

  private func inputs(units: Located) -> [(role: String, path: String)] {
    var inputs: [(role: String, path: String)] = [("pipeline", root.file)]
    if let places = units["places"] { inputs.append(("places", places.path)) }
    if let file = units["crosswalk"]?["file"] { inputs.append(("crosswalk", file.path)) }
    if let file = units["population"]?["file"] { inputs.append(("population", file.path)) }
    if let file = root["clean"]?["decisions"] { inputs.append(("decisions", file.path)) }
    if let file = root["ingest"]?["codebook"]?["file"] { inputs.append(("codebook", file.path)) }
    if let file = root["published"]?["file"] { inputs.append(("published", file.path)) }
    if let file = root["index"]?["last_round"]?["file"] {
      inputs.append(("last_round", file.path))
    }
    if let file = root["publish"]?["map"]?["file"] { inputs.append(("map", file.path)) }
    for stage in root["design"]?["stages"]?.items ?? [] {
      if let file = stage["unequal"]?["joint"] {
        inputs.append(("joint probabilities", file.path))
      }
    }
    for step in root["weight"]?.items ?? [] {
      for kind in ["rake", "post_stratify", "calibrate"] {
        if let file = step[kind]?["margins"] { inputs.append(("margins", file.path)) }
      }
      if let file = step["calibrate"]?["totals"]?["file"] { inputs.append(("totals", file.path)) }
    }
    return inputs
  }

  /// Checks that units have regions where a leaf takes the mean of its region.
  private func checkGroupImputation(
    _ tree: IndexTree, places: [String: String]
  ) throws(Diagnostic) {
    let imputing = tree.nodes.first { $0.leaf?.imputation == .group }
    guard let imputing, units.places?.units.contains(where: { $0.region != nil }) != true else {
      return
    }
    throw Diagnostic(
      .badPipeline, "'\(imputing.id)' takes the mean of its group, and no unit has one",
      at: places[imputing.id], why: "the group of a unit is its region in the places file",
      remedy: "fill 'region' in the places file, or impute the mean or the median of all units")
  }

  private func publishedRequest(_ value: Located) throws(Diagnostic) -> PublishedRequest {
    guard let file = value["file"], let unit = value["unit"] else {
      throw value.error("'published' lacks file or unit")
    }
    var long: (variable: String, value: String)?
    switch (value["variable"], value["value"]) {
    case (let variable?, let column?): long = (variable.text, column.text)
    case (nil, nil): break
    default: throw value.error("a long table needs both 'variable' and 'value'")
    }
    let error = value["se"]
    if let error, long == nil {
      throw error.error("'se' needs a long table, with 'variable' and 'value'")
    }
    if (error == nil) != (value["df"] == nil) {
      throw (value["df"] ?? value).error("'se' and 'df' belong together")
    }
    if let degrees = value["df"], degrees.number < 1 {
      throw degrees.error("'df' must be at least 1")
    }
    return PublishedRequest(
      path: file.path, unit: unit.text, long: long, standardError: error?.text,
      degreesOfFreedom: value["df"]?.number)
  }

  /// The table from which some leaves of a survey's index take their values.
  private func publishedBesideSurvey(_ value: Located) throws(Diagnostic) -> PublishedRequest {
    if let error = value["se"] {
      throw error.error(
        "a survey's index cannot take standard errors of a table",
        why: "their covariances with the sample are unknown")
    }
    guard units.places != nil else {
      throw value.error(
        "a table beside respondents needs a places file",
        why: "both must name the same units", remedy: "add 'places:' under 'units'")
    }
    return try publishedRequest(value)
  }
}
