import CanvassCleaning
public import CanvassCompute
import CanvassIngestion
public import CanvassPublishing
import CanvassSurvey

/// `canvass fieldwork`: the evening page of a survey director.
public enum FieldworkRun {
  /// The page: its tables as text in both languages and as JSON.
  public struct Page: Sendable {
    /// The tables, then what changed from drop to drop.
    let tables: [FieldworkTable]

    /// The page for a terminal.
    public func text(_ language: ReleaseLanguage) -> String {
      tables.map { FieldworkText.render($0, language) }.joined(separator: "\n")
    }

    /// The page as one object, a list of lines for each table.
    public var json: JSONValue {
      .object(
        Dictionary(
          tables.map { ($0.name, FieldworkText.json($0)) }, uniquingKeysWith: { one, _ in one }))
    }
  }

  /// Reads the drops of the pipeline file at `path`; nothing is written.
  ///
  /// - Throws: a `Diagnostic` whose kind gives the exit code.
  public static func run(
    _ path: String, drops: [String] = [], workers: Workers,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Page {
    defer { progress(.done) }
    let plan = try PlanReader.read(path, drops: drops)
    guard let fieldwork = plan.fieldwork else {
      throw Diagnostic(
        .badPipeline, "the file has no key 'fieldwork'", at: path,
        why: "it says which variables tell of the field period",
        remedy: "add 'fieldwork: {interviewer: …}'; see docs/fieldwork.md")
    }
    guard case .respondents(let survey) = plan.door else {
      throw Diagnostic(
        .badPipeline, "field work needs respondents, and 'published' has none", at: path)
    }
    progress(.stage("reading"))
    let read = try plan.locating("reading") {
      try survey.collapsed(
        try Ingestion.ingest(survey.ingestion, workers: workers), workers: workers)
    }
    try plan.uses.checkNames(
      read: read.table.names, derived: survey.cleaning.derivations.map(\.name))
    progress(.stage("looking at the interviews"))
    return Page(tables: try tables(plan, survey, fieldwork, read, workers: workers))
  }

  /// The tables over what was read.
  static func tables(
    _ plan: PipelinePlan, _ survey: SurveyRequest, _ fieldwork: FieldworkPlan, _ read: Ingested,
    workers: Workers
  ) throws -> [FieldworkTable] {
    // Codes become missing for their reason; no rule strikes anything out of this page. Of the derivations
    // those run that it needs: each may use the ones before it.
    let derivations = survey.cleaning.derivations
    let names = Set(fieldwork.uses.map(\.name))
    let needed = derivations.lastIndex { names.contains($0.name) }.map { derivations[...$0] } ?? []
    var coding = CleaningRequest(
      filter: survey.cleaning.filter, missing: survey.cleaning.missing, derivations: Array(needed))
    coding.multiSelect = survey.cleaning.multiSelect
    coding.codebook.blanksTexts = true
    var table = try plan.locating("cleaning") {
      try Cleaning.clean(
        read.table, codebook: read.codebook, request: coding, workers: workers
      ).table
    }
    try fieldwork.uses.checkKinds(table)
    plan.units.writeCodes(&table)
    var tables = try plan.locating("fieldwork") {
      try Fieldwork.tables(table, request: fieldwork.request)
    }
    if survey.ingestion.drops.count > 1, let key = survey.ingestion.key {
      tables.append(try DropHistory.table(survey.ingestion, key: key, workers: workers))
    }
    return tables
  }
}

extension UnitsRequest {
  /// Writes the code of the unit in place of its name where the places file knows it.
  func writeCodes(_ table: inout Table) {
    guard let places, let column = table[variable] else { return }
    let (levelOfRow, levels) = column.grouped()
    let codes = levels.map { level in
      places.index(of: level).map { places.units[$0].code } ?? level
    }
    let named = Column(name: variable, strings: codes + [nil])
    table.set(named.gathering(levelOfRow.map { Int($0) }))
  }
}
