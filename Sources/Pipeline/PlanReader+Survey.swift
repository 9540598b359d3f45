import CanvassCleaning
import CanvassEstimation
import CanvassIngestion
import CanvassSurvey
import CanvassWeighting

extension PlanReader {
  /// What is asked of a survey: ingestion, cleaning, design, weighting, breakdowns.
  func survey(_ ingest: Located, table: PublishedRequest?) throws(Diagnostic) -> SurveyRequest {
    let uncertainty = uncertainty(root["design"], root["estimate"])
    let repeats = try repeats(ingest)
    var ingestion = try ingestion(ingest)
    ingestion.repeats = repeats.read
    return SurveyRequest(
      ingestion: ingestion, collapse: repeats.collapse, cleaning: try cleaning(ingest),
      design: try design(root["design"]), weighting: try weighting(root["weight"]),
      breakdowns: try breakdowns(root["estimate"]?["breakdowns"]),
      cleanedFormats: try cleanedFormats(root["publish"]?["cleaned"]),
      uncertainty: uncertainty,
      replicates: try replicates(
        root["estimate"]?["replicates"], design: root["design"],
        variance: uncertainty.variance), table: table)
  }

  private func ingestion(_ ingest: Located) throws(Diagnostic) -> IngestionRequest {
    guard let respondents = ingest["respondents"], let members = respondents["members"] else {
      throw ingest.error("'ingest' lacks respondents")
    }
    var paths: [String] = drops
    if drops.isEmpty {
      for drop in ingest["drops"]?.items ?? [] {
        let found = InputFile.matches(drop.path)
        if found.isEmpty {
          throw Diagnostic(
            .missingInput, "no file matches '\(drop.text)'", at: drop.place,
            remedy: "paths are relative to the pipeline file; or give --drop ARCHIVE")
        }
        if let absent = found.first(where: { !InputFile.isDrop($0) }) {
          throw Diagnostic(
            .missingInput, "the drop '\(absent)' cannot be read", at: drop.place,
            why: InputFile.reason(absent),
            remedy: "paths are relative to the pipeline file; or give --drop ARCHIVE")
        }
        paths += found
      }
    } else if let absent = drops.first(where: { !InputFile.isDrop($0) }) {
      throw Diagnostic(
        .missingInput, "the drop '\(absent)' cannot be read", at: "--drop",
        why: InputFile.reason(absent), remedy: "check the path")
    }
    let key = respondents["key"]?.text
    if paths.count > 1, key == nil {
      throw respondents.error(
        "several drops need a key", why: "later drops replace respondents of earlier ones by key",
        remedy: "add 'key:' under 'respondents'")
    }
    var request = IngestionRequest(
      drops: paths,
      respondents: try source(respondents, members: members.text),
      key: key, blankText: ingest["blank"]?.texts ?? [],
      textVariables: ingest["text"]?.texts ?? [],
      codebook: try ingest["codebook"].map { value throws(Diagnostic) in try codebook(value) },
      join: try (ingest["join"]?.items ?? []).map { value throws(Diagnostic) in
        JoinRequest(
          source: try source(value, members: value["members"]?.text ?? ""),
          key: value["key"]?.text ?? "")
      },
      missingTags: (root["clean"]?["missing"]?.items ?? []).map(missingTags))
    request.limits = limits(ingest["limits"])
    request.opensNested = ingest["nested"]?.text == "true"
    return request
  }

  private func codebook(_ value: Located) throws(Diagnostic) -> CodebookRequest {
    let given = ["member", "members", "file"].filter { value[$0] != nil }
    guard given.count == 1 else {
      throw value.error(
        "the codebook needs one of member and file", remedy: "add 'member: codebook.csv'")
    }
    if let file = value["file"] {
      guard InputFile.isFile(file.path) else {
        throw Diagnostic(
          .missingInput, "the codebook '\(file.text)' cannot be read", at: file.place,
          why: InputFile.reason(file.path), remedy: "paths are relative to the pipeline file")
      }
      return .file(file.path, try source(value, members: "*"))
    }
    let name = (value["member"] ?? value["members"])?.text ?? ""
    return .member(try source(value, members: name))
  }

  /// The members that a mapping names, and how it says that they are written.
  func source(_ value: Located, members: String) throws(Diagnostic) -> MemberRequest {
    let text: TextRequest
    do {
      text = try TextRequest(
        encodingName: value["encoding"]?.text,
        replacesUndecodable: value["undecodable"]?.text == "replace")
    } catch {
      throw error.located(at: (value["encoding"] ?? value).place)
    }
    var request = MemberRequest(
      members: members, dialect: dialect(value), text: text)
    request.sheet = value["sheet"]?.text
    return request
  }

  private func limits(_ value: Located?) -> ArchiveLimits {
    var limits = ArchiveLimits()
    func set(_ key: String, _ path: WritableKeyPath<ArchiveLimits, Int>) {
      if let number = value?[key].flatMap({ Int($0.text) }) { limits[keyPath: path] = number }
    }
    set("members", \.members)
    set("bytes", \.bytes)
    set("ratio", \.ratio)
    set("name_length", \.nameLength)
    set("seconds", \.seconds)
    return limits
  }

  /// The codes of a rule for missing codes, which ingestion needs where codes are tags or stand among others.
  private func missingTags(_ value: Located) -> MissingTagRule {
    var reasons: [String: MissingReason] = [:]
    for reason in PipelineShape.codedReasons {
      for code in value[reason.name]?.texts ?? [] { reasons[code] = reason }
    }
    return MissingTagRule(variables: value["variables"]?.texts ?? [], reasons: reasons)
  }

  private func dialect(_ value: Located) -> DialectRequest {
    var dialect = DialectRequest(delimiter: delimiter(value))
    dialect.decimal = value["decimal"].flatMap { DialectRequest.Decimal(rawValue: $0.text) }
    dialect.hasHeader = value["header"]?.text != "none"
    dialect.groupSeparator = value["group_separator"]?.text.first
    if value["empty"]?.text == MissingReason.skipped.name { dialect.emptyCell = .skipped }
    return dialect
  }

  private func delimiter(_ value: Located) -> Character? {
    switch value["delimiter"]?.text {
    case "tab": "\t"
    case let text?: text.first
    case nil: nil
    }
  }

  private func uncertainty(_ design: Located?, _ estimate: Located?) -> UncertaintyRules {
    var rules = UncertaintyRules()
    if let name = estimate?["share_interval"],
      let method = ShareIntervalMethod(rawValue: name.text)
    {
      rules.shareInterval = method
    }
    if let name = design?["variance"], let rule = VarianceRule(rawValue: name.text) {
      rules.variance = rule
    }
    if let name = design?["df"], let rule = DegreesOfFreedomRule(rawValue: name.text) {
      rules.degreesOfFreedom = rule
    }
    return rules
  }

  private func cleanedFormats(_ value: Located?) throws(Diagnostic) -> [String] {
    let formats = value?.texts ?? []
    if let value, Set(formats).count != formats.count {
      throw value.error("a format is given twice")
    }
    return formats
  }

  private func breakdowns(_ value: Located?) throws(Diagnostic) -> [String] {
    let names = value?.texts ?? []
    if let value, Set(names).count != names.count {
      throw value.error("a breakdown is given twice")
    }
    return names
  }
}
