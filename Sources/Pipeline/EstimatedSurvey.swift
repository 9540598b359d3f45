import CanvassCleaning
import CanvassCompute
import CanvassEstimation
import CanvassIngestion
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// What the stages before scoring make of a survey: the second of the two results that are remembered.
struct EstimatedSurvey: Codable {
  let ingestion: IngestionReport
  let cleaning: CleaningReport
  /// What cleaning's account needs of the rows that came in.
  let rows: RowsRead
  let codebook: Codebook?
  /// The cleaned rows in canonical order, and their design.
  let table: Table
  let design: SampleDesign
  let units: UnitAssignment
  /// By measure, then partition.
  let results: [MeasureResult]
  /// The evening page, where the field period is asked about.
  let fieldwork: [FieldworkTable]
}

/// The keys of the two results that a run remembers; nil where nothing can be.
struct StageKeys: Sendable {
  /// Of the ingested table: what is read, and the digests of the drops and the codebook's file.
  let reading: String?
  /// Of the estimates: the ingested table's key, and everything asked of the respondents.
  let estimation: String?
  /// The digests of the drops.
  let drops: [String]
  /// The digest of the codebook's own file; empty where it has none.
  let codebook: String

  init(_ plan: PipelinePlan, _ request: SurveyRequest) throws(Diagnostic) {
    // A drop that cannot be read is reading's to tell.
    drops = request.ingestion.drops.map { (try? Ingestion.digest(ofDrop: $0)) ?? "" }
    let codebook = StageKeys.codebook(request)
    self.codebook = codebook ?? ""
    reading =
      drops.contains("") || codebook == nil
      ? nil
      : try StageCache.key(
        "reading", [CanonicalText.of(request.ingestion), codebook] + drops)
    // What scoring alone asks: how errors are found, replicates, a table beside the respondents.
    var asked = request
    asked.uncertainty = UncertaintyRules()
    asked.replicates = nil
    asked.table = nil
    asked.cleanedFormats = []
    estimation =
      reading == nil
      ? nil
      : try StageCache.key(
        "estimation",
        [
          reading, CanonicalText.of(asked), CanonicalText.of(plan.units.variable),
          CanonicalText.of(plan.units.places as Any),
          CanonicalText.of(plan.units.crosswalk?.former as Any),
          CanonicalText.of(plan.units.crosswalk?.unitOfFormer as Any),
          CanonicalText.of(plan.fieldwork as Any),
          CanonicalText.of(ScoringPlan(plan.tree, confidence: plan.confidence).measures),
        ])
  }

  /// Nil where the file cannot be read.
  private static func codebook(_ request: SurveyRequest) -> String? {
    guard case .file(let path, _) = request.ingestion.codebook else { return "" }
    return try? SHA256.hex(ofFile: path)
  }

  /// Whether `ingested` is of the files that the keys are of: none was changed between.
  func areOf(_ ingested: Ingested, _ request: SurveyRequest) -> Bool {
    ingested.report.drops.map(\.sha256) == drops && Self.codebook(request) == codebook
  }
}

/// The stages from the drops to the estimates, of which those run whose result is not remembered.
struct SurveyStages {
  let plan: PipelinePlan
  let request: SurveyRequest
  let workers: Workers
  let cache: StageCache
  let progress: @Sendable (RunProgress) -> Void

  /// The estimates of the plan's measures over all partitions, and the weighted sample that they are of.
  ///
  /// Weights are worked out again from remembered rows: they cost little, and what scoring wants of them
  /// (replicates) cannot be kept.
  ///
  /// - Parameter whenCleaned: called as soon as it is known what the rules found.
  func estimated(
    _ clock: inout StageClock, whenCleaned: (CleaningReport, RowsRead) throws -> Void
  ) throws -> (survey: EstimatedSurvey, sample: WeightedSample) {
    guard cache.folder != nil else {
      return try estimate(try read(&clock), &clock, whenCleaned)
    }
    let keys = try StageKeys(plan, request)
    if cache.reads { clock.begin("recalling") }
    if let found = cache.value(EstimatedSurvey.self, for: keys.estimation) {
      try whenCleaned(found.cleaning, found.rows)
      return (found, try weight(found.table, found.design))
    }
    let ingested: Ingested
    if let found = cache.value(Ingested.self, for: keys.reading) {
      ingested = found
    } else {
      ingested = try read(&clock)
      // What was changed while it was read is remembered under no key.
      guard keys.areOf(ingested, request) else {
        return try estimate(ingested, &clock, whenCleaned)
      }
      keep(ingested, keys.reading)
    }
    let estimated = try estimate(ingested, &clock, whenCleaned)
    keep(estimated.survey, keys.estimation)
    return estimated
  }

  private func keep(_ value: some Encodable, _ key: String?) {
    do {
      try cache.keep(value, for: key)
    } catch {
      progress(.note("a result could not be remembered in '\(cache.folder ?? "")': \(error)"))
    }
  }

  private func read(_ clock: inout StageClock) throws -> Ingested {
    clock.begin("reading")
    return try plan.locating("reading") {
      try Ingestion.ingest(request.ingestion, workers: workers) { event in
        progress(.reading(bytes: event.bytesRead, total: event.bytesTotal, rows: event.rows))
      }
    }
  }

  private func weight(_ table: Table, _ design: SampleDesign) throws -> WeightedSample {
    try plan.locating("weighting") {
      try Weighting.weight(table, design: design, steps: request.weighting, workers: workers)
    }
  }

  private func estimate(
    _ ingested: Ingested, _ clock: inout StageClock,
    _ whenCleaned: (CleaningReport, RowsRead) throws -> Void
  ) throws -> (survey: EstimatedSurvey, sample: WeightedSample) {
    let ingested = try plan.locating("collapse") {
      try request.collapsed(ingested, workers: workers)
    }
    try plan.uses.checkNames(
      read: ingested.table.names, derived: request.cleaning.derivations.map(\.name))
    try plan.uses.checkDescribed(
      in: ingested.codebook,
      leaves: Set(
        plan.tree.nodes.compactMap { node in
          node.leaf.flatMap { $0.source == .respondents ? $0.variable : nil }
        }),
      derived: request.cleaning.derivations.map(\.name)
        + request.collapse.flatMap { $0.measures.map(\.name) })
    clock.begin("cleaning")
    var (table, cleaning) = try plan.locating("cleaning") {
      try Cleaning.clean(
        ingested.table, codebook: ingested.codebook, request: request.cleaning, workers: workers)
    }
    let rows = RowsRead(ingested, key: request.ingestion.key, units: plan.units)
    try whenCleaned(cleaning, rows)
    let fieldwork = try plan.fieldwork.map { asked in
      try FieldworkRun.tables(plan, request, asked, ingested, workers: workers)
    }
    guard table.rowCount > 0 else {
      throw Diagnostic(
        .badData, "no respondent is left after cleaning",
        why: "\(ingested.table.rowCount) rows were read", remedy: "look at 'where' and the checks")
    }
    try plan.uses.checkKinds(table)
    _ = try plan.units.assign(&table)
    let cleaned = table
    let (arranged, design) = try plan.locating("design") {
      try cleaned.arranged(by: request.design, key: request.ingestion.key)
    }
    var sorted = arranged
    let units = try plan.units.assign(&sorted)
    clock.begin("weighting")
    let sample = try weight(sorted, design)
    let estimator = Estimator(sample)
    try plan.locating("lonely") { try estimator.checkLonely() }
    clock.begin("estimation")
    let partitions = try Domains.partitions(
      of: sorted, units: units, breakdowns: request.breakdowns)
    let results = try estimator.estimate(
      ScoringPlan(plan.tree, confidence: plan.confidence).measures,
      over: partitions.map(\.partition), workers: workers)
    let survey = EstimatedSurvey(
      ingestion: ingested.report, cleaning: cleaning, rows: rows,
      codebook: ingested.codebook, table: sorted,
      design: design, units: units, results: results, fieldwork: fieldwork ?? [])
    return (survey, sample)
  }
}
