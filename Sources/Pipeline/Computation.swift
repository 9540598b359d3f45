import CanvassCleaning
import CanvassCompute
import CanvassEstimation
import CanvassIngestion
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// Everything a run finds out, before a byte is written.
struct Computation {
  let plan: PipelinePlan
  let units: [Place]
  let released: ReleasedRows
  /// What only a survey has.
  let survey: SurveyFacts?
  /// What a reader must know about the numbers.
  let notes: [LocalizedText]
  /// What a reader must beware of.
  let warnings: [LocalizedText]
  /// Seconds by stage; they go to the record alone.
  let seconds: [(stage: String, seconds: Double)]

  /// What a survey's stages report.
  struct SurveyFacts {
    let ingestion: IngestionReport
    let cleaning: CleaningReport
    let codebook: Codebook?
    let sample: WeightedSample
  }

  /// Runs the stages of a plan in memory.
  static func compute(
    _ plan: PipelinePlan, workers: Workers, progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Computation {
    switch plan.door {
    case .respondents(let request):
      return try survey(plan, request, workers: workers, progress: progress)
    case .published(let request):
      return try published(plan, request, progress: progress)
    }
  }

  private static func survey(
    _ plan: PipelinePlan, _ request: SurveyRequest, workers: Workers,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Computation {
    var clock = StageClock(progress: progress)
    clock.begin("reading")
    let ingested = try plan.locating("reading") {
      try Ingestion.ingest(request.ingestion, workers: workers) { event in
        progress(.reading(bytes: event.bytesRead, total: event.bytesTotal, rows: event.rows))
      }
    }
    try plan.uses.checkNames(
      read: ingested.table.names, derived: request.cleaning.derivations.map(\.name))
    try plan.uses.checkDescribed(
      in: ingested.codebook, leaves: Set(plan.tree.nodes.compactMap { $0.leaf?.variable }),
      derived: request.cleaning.derivations.map(\.name))
    clock.begin("cleaning")
    var (table, cleaning) = try plan.locating("cleaning") {
      try Cleaning.clean(
        ingested.table, codebook: ingested.codebook, request: request.cleaning, workers: workers)
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
    let sample = try plan.locating("weighting") {
      try Weighting.weight(sorted, design: design, steps: request.weighting, workers: workers)
    }
    let estimator = Estimator(sample)
    try plan.locating("lonely") { try estimator.checkLonely() }
    clock.begin("estimation")
    let partitions = try Domains.partitions(
      of: sorted, units: units, breakdowns: request.breakdowns)
    let scoringPlan = ScoringPlan(plan.tree)
    let results = try estimator.estimate(
      scoringPlan.measures, over: partitions.map(\.partition), workers: workers)
    clock.begin("scoring")
    let rules = GateRules(minimumRespondents: plan.minimumRespondents)
    let assembly = RowAssembly(
      tree: plan.tree, units: units.units, confidence: plan.confidence, rules: rules,
      populations: plan.units.populations, estimator: estimator, uncertainty: request.uncertainty)
    let rows = try workers.map(partitions.count) { position in
      try PartitionRows(
        partitions[position],
        results: scoringPlan.measures.indices.map { results[$0 * partitions.count + position] },
        plan: scoringPlan, assembly: assembly, withNational: position == 0)
    }
    var scoreRows = rows.flatMap(\.scores)
    var indicatorRows = rows.flatMap(\.indicators)
    markNotSurveyed(&scoreRows, &indicatorRows, units: units)
    let released = Gate.pass(
      scores: scoreRows, indicators: indicatorRows, rules: rules, grouping: plan.grouping)
    clock.end()
    return Computation(
      plan: plan, units: units.units, released: released,
      survey: SurveyFacts(
        ingestion: ingested.report, cleaning: cleaning, codebook: ingested.codebook,
        sample: sample),
      notes: Notes.survey(request, sample: sample),
      warnings: Notes.warnings(request, released: released, index: plan.headline)
        + ScaleEndsWatch.warnings(plan.tree, table: sorted)
        + MarginGroups.notes(request.weighting, table: sorted) + Notes.adjusted(design),
      seconds: clock.seconds)
  }

  private static func published(
    _ plan: PipelinePlan, _ request: PublishedRequest,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Computation {
    var clock = StageClock(progress: progress)
    clock.begin("reading")
    let (units, values) = try plan.locating("published") {
      try PublishedTable.read(request, units: plan.units, uses: plan.uses)
    }
    clock.begin("scoring")
    let scores = try ScoringPlan(plan.tree).score(published: values, unitCount: units.count)
    let rules = GateRules(minimumRespondents: plan.minimumRespondents)
    var assembly = RowAssembly(
      tree: plan.tree, units: units, confidence: plan.confidence, rules: rules,
      populations: plan.units.populations, estimator: nil)
    let domains = units.indices.map { LabelledPartition.Domain(unit: $0, label: "") }
    let released = Gate.pass(
      scores: try assembly.scoreRows(scores, domains: domains) + assembly.nationalRows(scores),
      indicators: assembly.indicatorRows(published: values), rules: rules,
      grouping: plan.grouping)
    clock.end()
    return Computation(
      plan: plan, units: units, released: released, survey: nil,
      notes: [Notes.publishedValues], warnings: [], seconds: clock.seconds)
  }

  /// A unit of the places file without a single row was not in the sample.
  private static func markNotSurveyed(
    _ scores: inout [ScoreRow], _ indicators: inout [IndicatorRow], units: UnitAssignment
  ) {
    var surveyed = [Bool](repeating: false, count: units.units.count)
    for unit in units.unitOfRow { surveyed[Int(unit)] = true }
    let absent = Set(units.units.indices.filter { !surveyed[$0] }.map { units.units[$0].code })
    if absent.isEmpty { return }
    for index in scores.indices where scores[index].isUnit && absent.contains(scores[index].unit) {
      scores[index].status = .notSurveyed
    }
    for index in indicators.indices where absent.contains(indicators[index].unit) {
      indicators[index].status = .notSurveyed
    }
  }
}
