import CanvassScoring
import CanvassSurvey

/// A variable that the pipeline file or the index's table names, and where it does.
struct VariableUse: Sendable {
  /// What the variable must hold.
  enum Demand: Sendable {
    /// Anything.
    case values
    /// Numbers, for the purpose named.
    case numbers(String)
    /// Codes among which these are, for a share.
    case codes([String])
  }

  let name: String
  let place: String
  var demand = Demand.values
}

extension [VariableUse] {
  /// Checks that every variable is read or derived; the first that is not is an error of its place.
  func checkNames(read: [String], derived: [String]) throws(Diagnostic) {
    let known = read + derived
    let names = Set(known)
    for use in self where !names.contains(use.name) {
      throw Diagnostic(
        .badPipeline, "there is no variable '\(use.name)' in the data", at: use.place,
        why: "the data have \(read.count) variables, and \(derived.count) are derived",
        remedy: Suggestion.phrase(for: use.name, among: known)
          ?? "run 'canvass inspect' on the drop to see its columns")
    }
  }

  /// Checks that a table of values has all of them; the first that it lacks is an error of its place.
  func checkNames(inTable path: String, having names: [String]) throws(Diagnostic) {
    let known = Set(names)
    for use in self where !known.contains(use.name) {
      throw Diagnostic(
        .badPipeline, "there are no values of '\(use.name)' in \(path)", at: use.place,
        why: "it has values of: \(BriefList.text(names))",
        remedy: Suggestion.phrase(for: use.name, among: names))
    }
  }

  /// Checks that a codebook, where there is one, describes every variable of `leaves`: its missing codes
  /// would count as values otherwise.
  func checkDescribed(
    in codebook: Codebook?, leaves: Set<String>, derived: [String]
  ) throws(Diagnostic) {
    guard let codebook else { return }
    for use in self where leaves.contains(use.name) && !derived.contains(use.name) {
      guard codebook[use.name] == nil else { continue }
      throw Diagnostic(
        .badData, "the codebook has no entry for '\(use.name)'", at: use.place,
        why: "its missing codes would count as answers",
        remedy: Suggestion.phrase(for: use.name, among: codebook.variables.map(\.name))
          ?? "add a line for it to the codebook, if only with its name")
    }
  }

  /// Checks that variables hold what their uses demand.
  ///
  /// A column without a single number is an error of the pipeline file; some texts among numbers are an
  /// error of the data, at the first of them.
  func checkKinds(_ table: Table) throws(Diagnostic) {
    for use in self {
      guard let column = table[use.name] else { continue }
      switch (use.demand, column.isNumeric) {
      case (.numbers(let purpose), false):
        let filled = column.reasons.indices.filter { column.reasons[$0] == 0 }
        let texts = filled.filter { StrictNumber.parse(column.text(at: $0) ?? "") == nil }
        guard let first = texts.first, texts.count < filled.count else {
          throw Diagnostic(
            .badPipeline, "'\(use.name)' holds text and cannot be \(purpose)", at: use.place,
            remedy: "name a numeric variable; 'canvass inspect' shows the columns of a drop")
        }
        throw Diagnostic(
          .badData,
          "'\(use.name)' holds text in \(texts.count) \(texts.count == 1 ? "row" : "rows") "
            + "and numbers in the others", at: table.place(of: first),
          why: "it is used as \(purpose) at \(use.place)",
          remedy: "correct the cells, or empty those that mean blank")
      case (.codes(let codes), true):
        for code in codes where StrictNumber.parse(code) == nil {
          throw Diagnostic(
            .badPipeline, "the good answer '\(code)' of '\(use.name)' is not a number",
            at: use.place, why: "the variable holds numbers",
            remedy: "name the answer by its code")
        }
      default: break
      }
    }
  }
}

extension PlanReader {
  /// The variables that the sections about a survey name, in the order of the stages.
  func variableUses() -> [VariableUse] {
    var uses: [VariableUse] = []
    func add(_ value: Located?, _ demand: VariableUse.Demand = .values) {
      for item in value?.items ?? [] {
        uses.append(VariableUse(name: item.text, place: item.place, demand: demand))
      }
    }
    let ingest = root["ingest"]
    add(ingest?["respondents"]?["key"])
    for join in ingest?["join"]?.items ?? [] { add(join["key"]) }
    add(ingest?["text"])
    add(root["units"]?["variable"])
    uses += fieldUses()
    let clean = root["clean"]
    for check in clean?["checks"]?.items ?? [] { add(check["blank"]) }
    for (_, rule) in clean?["derive"]?.entries ?? [] {
      add(rule["cut"], .numbers("cut into bands"))
      add(rule["recode"])
      add(rule["first"])
    }
    add(clean?["duplicates"]?["latest_by"])
    add(clean?["near_duplicates"]?["within"])
    for check in clean?["checks"]?.items ?? [] {
      for (name, _) in check["set"]?.entries ?? [] { add(name) }
    }
    for stage in root["design"]?["stages"]?.items ?? [] {
      add(stage["strata"])
      add(stage["unit"])
      add(stage["population"], .numbers("a number of units"))
      add(stage["fraction"], .numbers("a sampling fraction"))
      add(stage["unequal"]?["probability"], .numbers("a selection probability"))
      if let squares = stage["unequal"]?["population_squares"],
        StrictNumber.parse(squares.text) == nil
      {
        add(squares, .numbers("a sum of squared selection probabilities"))
      }
    }
    for (unit, flag) in root["design"]?["certainty"]?.entries ?? [] {
      add(unit)
      add(flag, .numbers("a sign of certainty, 0 or 1"))
    }
    for step in root["weight"]?.items ?? [] {
      if let base = step["base"] {
        if base.isSingle { add(base, .numbers("a base weight")) }
        add(base["inverse_of"], .numbers("a selection probability"))
        add(base["column"], .numbers("a base weight"))
      }
      add(step["nonresponse"]?["cells"])
      add(step["nonresponse"]?["respondent"], .numbers("a sign of response, 0 or 1"))
      add(step["nonresponse"]?["outcome"])
      for calibration in [step["rake"], step["post_stratify"], step["calibrate"]] {
        add(calibration?["within"])
        for margin in calibration?["over"]?.items ?? [] { add(margin) }
      }
      add(step["calibrate"]?["totals"]?["of"], .numbers("a calibration variable"))
      add(step["calibrate"]?["variance"], .numbers("a variance"))
      add(step["calibrate"]?["equal_within"])
      add(step["trim"]?["within"])
    }
    add(root["estimate"]?["breakdowns"])
    return uses
  }
}

extension PlanReader {
  /// The variables that `fieldwork` names.
  func fieldUses() -> [VariableUse] {
    guard let field = root["fieldwork"] else { return [] }
    let wanted: [(value: Located?, demand: VariableUse.Demand)] =
      ["interviewer", "outcome", "started"].map { (field[$0], .values) } + [
        (field["age"], .numbers("an age")), (field["minutes"], .numbers("a duration")),
        (field["positions"]?["latitude"], .numbers("a position")),
        (field["positions"]?["longitude"], .numbers("a position")),
        (field["positions"]?["cluster"], .values),
      ] + (field["quota"]?.items ?? []).map { ($0["by"], .values) }
    return wanted.compactMap { value, demand in
      value.map { VariableUse(name: $0.text, place: $0.place, demand: demand) }
    }
  }

  /// Where the rules of the stages stand, by the names that the stages' errors give them.
  func stagePlaces() -> [String: String] {
    var places: [String: String] = [:]
    for (number, rule) in (root["clean"]?["missing"]?.items ?? []).enumerated() {
      places["missing rule \(number + 1)"] = (rule["variables"] ?? rule).place
    }
    for (name, rule) in root["clean"]?["derive"]?.entries ?? [] {
      places["derivation \(name.text)"] =
        (rule["cut"] ?? rule["recode"] ?? rule["condition"] ?? rule["compute"] ?? rule["first"]
        ?? name).place
    }
    for (name, group) in root["ingest"]?["collapse"]?.entries ?? [] {
      for (made, text) in group["make"]?.entries ?? [] {
        places["collapse \(name.text) \(made.text)"] = text.place
      }
    }
    for check in root["clean"]?["checks"]?.items ?? [] {
      if let id = check["id"] { places["check \(id.text)"] = id.place }
    }
    if let respondents = root["ingest"]?["respondents"] {
      places["reading"] = (respondents["key"] ?? respondents).place
    }
    if let text = root["ingest"]?["text"] { places["text"] = text.place }
    if let field = root["fieldwork"] {
      places["fieldwork"] = field.place
      for key in ["items", "scales"] { places["fieldwork \(key)"] = field[key]?.place }
    }
    if let published = root["published"] { places["published"] = published.place }
    if let weight = root["weight"] { places["weighting"] = weight.place }
    if let replicates = root["estimate"]?["replicates"] {
      places["replicates"] = replicates.place
    }
    if let design = root["design"] {
      places["design"] = design.place
      places["lonely"] = (design["lonely_psu"] ?? design["stages"] ?? design).place
    }
    if let uncertainty = root["index"]?["uncertainty"] { places["uncertainty"] = uncertainty.place }
    return places
  }
}

extension PipelinePlan {
  /// Runs a stage; an error without a place, or with a name for one, gets its place in the file.
  func locating<Value>(
    _ stage: String, _ body: () throws -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch var error as Diagnostic {
      if let place = places[error.place ?? stage] { error.place = place }
      throw error
    }
  }
}

extension IndexTree {
  /// The variables of the leaves that have their values from `source`, at the places of their lines.
  func variableUses(
    of source: IndexLeaf.Source, places: [String: String]
  ) -> [VariableUse] {
    variableUses(places: places) { $0.source == source }
  }

  /// The variables of the table of published values that add up over units: those of ratios, counts and totals.
  var countVariables: Set<String> {
    Set(
      nodes.flatMap { node -> [String] in
        guard let leaf = node.leaf, leaf.source == .table,
          leaf.statistic == .ratio || leaf.isSum
        else { return [] }
        return [leaf.variable] + (leaf.denominator.map { [$0] } ?? [])
      })
  }

  /// The leaves that take values of the last round, by their identifiers there, at the places of their lines.
  func lastRoundUses(places: [String: String]) -> [VariableUse] {
    nodes.filter { $0.leaf?.imputation == .lastRound }.map { node in
      VariableUse(
        name: node.nameInLastRound, place: places["node \(node.id)"] ?? "",
        demand: .numbers("a value of the last round"))
    }
  }

  /// The variables of the leaves that satisfy a condition, at the places of their lines.
  func variableUses(
    places: [String: String], where isWanted: (IndexLeaf) -> Bool
  ) -> [VariableUse] {
    var uses: [VariableUse] = []
    for node in nodes {
      guard let leaf = node.leaf, isWanted(leaf) else { continue }
      let place = places[node.id] ?? ""
      uses.append(
        VariableUse(
          name: leaf.variable, place: place,
          demand: leaf.good.map { .codes($0) } ?? .numbers("a \(leaf.statistic.rawValue)")))
      if let below = leaf.denominator {
        uses.append(VariableUse(name: below, place: place, demand: .numbers("a denominator")))
      }
    }
    return uses
  }
}

extension IndexNode {
  /// What the last round calls the node.
  var nameInLastRound: String { history.sameAs ?? id }
}
