import CanvassCleaning
import CanvassSurvey

extension PlanReader {
  /// What cleaning is asked to do: `ingest.where` and the rules under `clean`.
  func cleaning(_ ingest: Located) throws(Diagnostic) -> CleaningRequest {
    let clean = root["clean"]
    let key = ingest["respondents"]?["key"]
    var request = CleaningRequest(
      filter: try ingest["where"].map { value throws(Diagnostic) in try expression(value) },
      missing: (clean?["missing"]?.items ?? []).map(missingRule), key: key?.text)
    for check in clean?["checks"]?.items ?? [] { request.checks.append(try self.check(check)) }
    let ids = request.checks.map(\.id)
    if let repeated = ids.first(where: { id in ids.count { $0 == id } > 1 }), let clean {
      throw (clean["checks"] ?? clean).error("two checks are called '\(repeated)'")
    }
    do {
      try request.checks.demandConsistent()
    } catch {
      var located = error
      located.place = error.place.flatMap { stagePlaces()[$0] } ?? error.place
      throw located
    }
    for (name, rule) in clean?["derive"]?.entries ?? [] {
      request.derivations.append(
        Derivation(name: name.text, rule: try derivation(name, rule)))
    }
    if let decisions = clean?["decisions"] {
      guard key != nil else {
        throw decisions.error(
          "'decisions' need a key", remedy: "add 'key:' under 'ingest: respondents'")
      }
      request.decisions = try DecisionsFile(file: decisions).read().decisions
    }
    request.multiSelect = (clean?["multi_select"]?.items ?? []).map {
      MultiSelectBlock(variables: $0["variables"]?.texts ?? [])
    }
    request.codebook = codebookRules(clean?["codebook"])
    if let limit = clean?["stop_above"] {
      guard limit.number >= 0, limit.number <= 1 else {
        throw limit.error("'stop_above' must be a share from 0 to 1")
      }
      request.stopAbove = limit.number
    }
    if let near = clean?["near_duplicates"] {
      let share = near["share"]?.number ?? 0.9
      guard share > 0, share <= 1 else {
        throw (near["share"] ?? near).error("'share' must lie above 0 and not above 1")
      }
      request.nearDuplicates = NearDuplicateRule(
        variables: near["variables"]?.texts ?? [], within: near["within"]?.text ?? "", share: share)
    }
    if let duplicates = clean?["duplicates"] {
      guard key != nil else {
        throw duplicates.error(
          "'duplicates' needs a key", remedy: "add 'key:' under 'ingest: respondents'")
      }
      request.duplicates = .latestBy(duplicates["latest_by"]?.text ?? "")
    }
    return request
  }

  /// What must be done about findings and decisions before anything is published.
  func signOff() throws(Diagnostic) -> SignOff {
    var signOff = SignOff()
    guard let require = root["publish"]?["require"] else { return signOff }
    guard root["ingest"] != nil else {
      throw require.error("'require' needs respondents, and 'published' has none")
    }
    signOff.openFindings = require["open_findings"].map { Int($0.number) }
    signOff.isApprovedByOther = require["approved_by_other"]?.text == "true"
    if let decisions = root["clean"]?["decisions"] {
      signOff.unapproved = try DecisionsFile(file: decisions).read().unapproved
    }
    return signOff
  }

  /// The expression that stands here, with errors located to its column in the file.
  private func expression(_ value: Located) throws(Diagnostic) -> Expression {
    do {
      return try Expression.parse(value.text, at: value.textPlace)
    } catch {
      throw error.located(at: value.place)
    }
  }

  func missingRule(_ value: Located) -> MissingRule {
    var codes: [MissingReason: [String]] = [:]
    for reason in PipelineShape.codedReasons {
      if let texts = value[reason.name]?.texts { codes[reason] = texts }
    }
    return MissingRule(variables: value["variables"]?.texts ?? [], codes: codes)
  }

  private func check(_ value: Located) throws(Diagnostic) -> Check {
    guard let id = value["id"], let require = value["require"] else {
      throw value.error("a check lacks id or require")
    }
    let consequence: Check.Consequence
    switch value["otherwise"]?.text {
    case "drop": consequence = .drop
    case "stop": consequence = .stop
    case "flag": consequence = .flag
    case "set":
      guard let set = value["set"], !set.entries.isEmpty else {
        throw value.error("'otherwise: set' needs 'set'", remedy: "add 'set: {variable: value}'")
      }
      consequence = .set(
        Dictionary(
          set.entries.map { ($0.key.text, $0.value.text) }, uniquingKeysWith: { one, _ in one }))
    default: consequence = .blank(value["blank"]?.texts ?? [])
    }
    if let blank = value["blank"], value["otherwise"]?.text != "blank" {
      throw blank.error("'blank' belongs to 'otherwise: blank'")
    }
    if let set = value["set"], value["otherwise"]?.text != "set" {
      throw set.error("'set' belongs to 'otherwise: set'")
    }
    var check = Check(
      id: id.text, when: try value["when"].map { when throws(Diagnostic) in try expression(when) },
      require: try expression(require), otherwise: consequence)
    check.good = (value["good"]?.items ?? []).map(example)
    check.bad = (value["bad"]?.items ?? []).map(example)
    try check.verifyExamples()
    return check
  }

  /// A row of an example: quoted values are texts, names of reasons are missing, numbers are numbers.
  private func example(_ value: Located) -> RuleExample {
    var cells: [String: RuleExample.Cell] = [:]
    for (name, cell) in value.entries {
      if cell.isQuoted {
        cells[name.text] = .text(cell.text)
      } else if let reason = MissingReason(name: cell.text) {
        cells[name.text] = .missing(reason)
      } else if let number = StrictNumber.parse(cell.text), !cell.isZeroPadded {
        cells[name.text] = .number(number)
      } else {
        cells[name.text] = .text(cell.text)
      }
    }
    return RuleExample(cells: cells, place: value.place)
  }

  private func codebookRules(_ value: Located?) -> CodebookRules {
    var rules = CodebookRules()
    func read(_ key: String, _ rule: inout CodebookRules.Consequence) {
      if let word = value?[key], let known = CodebookRules.Consequence(rawValue: word.text) {
        rule = known
      }
    }
    read("asked_if", &rules.askedIf)
    read("range", &rules.range)
    read("labels", &rules.labels)
    rules.blanksTexts = value?["type"] != nil
    return rules
  }

  private func derivation(_ name: Located, _ value: Located) throws(Diagnostic) -> Derivation.Rule {
    let kinds = ["cut", "recode", "condition", "compute", "first"].filter { value[$0] != nil }
    guard kinds.count == 1, let kind = kinds.first else {
      throw value.error(
        "'\(name.text)' must have one of cut, recode, condition, compute and first",
        why: kinds.isEmpty ? "it has none" : "it has \(kinds.joined(separator: " and "))")
    }
    let allowed = ["cut": ["at", "labels"], "recode": ["map", "otherwise"], "condition": []]
    for (key, _) in value.entries where key.text != kind {
      guard allowed[kind, default: []].contains(key.text) else {
        throw key.error("'\(key.text)' does not belong to '\(kind)'")
      }
    }
    switch kind {
    case "cut":
      guard let at = value["at"] else { throw value.error("'cut' needs 'at'") }
      return .cut(
        of: value["cut"]?.text ?? "", at: at.items.map(\.number), labels: value["labels"]?.texts)
    case "recode":
      guard let map = value["map"] else { throw value.error("'recode' needs a map") }
      return .recode(
        of: value["recode"]?.text ?? "",
        map: Dictionary(
          map.entries.map { ($0.key.text, $0.value.text) }, uniquingKeysWith: { first, _ in first }),
        otherwise: value["otherwise"].flatMap { Derivation.Unlisted(rawValue: $0.text) } ?? .error)
    case "first": return .first(of: value["first"]?.texts ?? [])
    default:
      return .expression(try expression(value["condition"] ?? value["compute"] ?? value))
    }
  }
}
