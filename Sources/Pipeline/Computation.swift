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
  /// Weights of parts, and what was done to the values of units.
  let frame: ScoringFrame
  /// Ranks under other assumptions.
  let assumptions: [AssumedRanks]
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
    let rows: RowsRead
    let codebook: Codebook?
    let sample: WeightedSample
    /// The evening page, where the field period is asked about.
    let fieldwork: [FieldworkTable]
  }

  /// Runs the stages of a plan in memory.
  ///
  /// `whenCleaned` is called as soon as the rules have run, so that what they found is known even where a later
  /// stage fails because of it; what it throws stops the run.
  static func compute(
    _ plan: PipelinePlan, workers: Workers,
    progress: @escaping @Sendable (RunProgress) -> Void,
    whenCleaned: (CleaningReport, RowsRead) throws -> Void = { _, _ in }
  ) throws -> Computation {
    switch plan.door {
    case .respondents(let request):
      return try survey(
        plan, request, workers: workers, progress: progress, whenCleaned: whenCleaned)
    case .published(let request):
      return try published(plan, request, workers: workers, progress: progress)
    }
  }

  private static func survey(
    _ plan: PipelinePlan, _ request: SurveyRequest, workers: Workers,
    progress: @escaping @Sendable (RunProgress) -> Void,
    whenCleaned: (CleaningReport, RowsRead) throws -> Void
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
      in: ingested.codebook,
      leaves: Set(
        plan.tree.nodes.compactMap { node in
          node.leaf.flatMap { $0.source == .respondents ? $0.variable : nil }
        }),
      derived: request.cleaning.derivations.map(\.name))
    clock.begin("cleaning")
    var (table, cleaning) = try plan.locating("cleaning") {
      try Cleaning.clean(
        ingested.table, codebook: ingested.codebook, request: request.cleaning, workers: workers)
    }
    let rowsRead = RowsRead(ingested, key: request.ingestion.key, units: plan.units)
    try whenCleaned(cleaning, rowsRead)
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
    let sample = try plan.locating("weighting") {
      try Weighting.weight(sorted, design: design, steps: request.weighting, workers: workers)
    }
    let estimator = Estimator(sample)
    try plan.locating("lonely") { try estimator.checkLonely() }
    clock.begin("estimation")
    let partitions = try Domains.partitions(
      of: sorted, units: units, breakdowns: request.breakdowns)
    let scoringPlan = ScoringPlan(plan.tree, confidence: plan.confidence)
    let estimates = try estimator.estimate(
      scoringPlan.measures, over: partitions.map(\.partition), workers: workers)
    clock.begin("scoring")
    let rules = plan.gateRules
    let published = try plan.published(request.table)
    let indexUnits = try plan.indexUnits(units.units, table: published)
    var assembly = RowAssembly(
      tree: plan.tree, units: units.units, confidence: plan.confidence, rules: rules,
      populations: plan.units.populations, estimator: estimator, uncertainty: request.uncertainty)
    @Sendable func results(_ position: Int) -> [MeasureResult] {
      scoringPlan.measures.indices.map { estimates[$0 * partitions.count + position] }
    }
    if let asked = request.replicates {
      clock.begin("replicates")
      assembly.replicateErrors = try plan.locating("replicates") {
        try ReplicateErrors.find(
          asked, scoringPlan, by: estimator, over: partitions.map(\.partition),
          estimates: estimates, units: indexUnits, assembly: assembly, workers: workers)
      }
      clock.begin("scoring")
    }
    // The units come first: they may set ends, moments and weights for everything else.
    let assembled = assembly
    let ofUnits = try plan.locating("scoring") {
      try PartitionRows(
        partitions[0], at: 0, results: results(0), plan: scoringPlan, units: indexUnits,
        assembly: assembled)
    }
    let rows =
      [ofUnits]
      + (try workers.map(partitions.count - 1) { position in
        try PartitionRows(
          partitions[position + 1], at: position + 1, results: results(position + 1),
          plan: scoringPlan, units: indexUnits, assembly: assembled, frames: ofUnits.frames)
      })
    var scoreRows = rows.flatMap(\.scores)
    var indicatorRows = rows.flatMap(\.indicators)
    if let published { indicatorRows += try assembly.indicatorRows(published: published) }
    markNotSurveyed(&scoreRows, &indicatorRows, units: units)
    var released = Gate.pass(
      scores: scoreRows, indicators: indicatorRows, rules: rules, grouping: plan.grouping)
    if let rankRules = plan.ranks, let whole = ofUnits.whole {
      clock.begin("ranking")
      released = try RankAssembly(
        scores: whole, units: units.units, estimator: estimator, rules: rankRules,
        grouping: plan.grouping
      ).ranked(released, workers: workers)
    }
    let assumptions = try plan.assumedRanks(
      released, scores: ofUnits.whole, units: units.units, estimator: estimator, workers: workers)
    clock.end()
    return Computation(
      plan: plan, units: units.units, released: released, frame: ofUnits.frames.direct,
      assumptions: assumptions,
      survey: SurveyFacts(
        ingestion: ingested.report, cleaning: cleaning,
        rows: rowsRead,
        codebook: ingested.codebook,
        sample: sample, fieldwork: fieldwork ?? []),
      notes: Notes.survey(request, sample: sample)
        + (assembly.replicateErrors.map { ReplicateNotes.notes($0) } ?? [])
        + IndexNotes.notes(
          plan.tree, ofUnits.frames.direct, rankDecimals: plan.rankDecimals)
        + Notes.ranks(released),
      warnings: Notes.warnings(request, released: released, index: plan.headline)
        + (assembly.replicateErrors.map { ReplicateNotes.warnings($0) } ?? [])
        + IndexNotes.warnings(plan.tree, ofUnits.frames.direct)
        + ScaleEndsWatch.warnings(plan.tree, table: sorted)
        + MarginGroups.notes(request.weighting, table: sorted) + Notes.adjusted(design),
      seconds: clock.seconds)
  }

  private static func published(
    _ plan: PipelinePlan, _ request: PublishedRequest, workers: Workers,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Computation {
    var clock = StageClock(progress: progress)
    clock.begin("reading")
    let table = try plan.locating("published") {
      try PublishedTable.read(request, units: plan.units, uses: plan.tableUses)
    }
    let units = table.units
    clock.begin("scoring")
    let indexUnits = try plan.indexUnits(units, table: table)
    let scores = try plan.locating("scoring") {
      try ScoringPlan(plan.tree).score(published: indexUnits, errors: table.standardErrors)
    }
    let rules = plan.gateRules
    var assembly = RowAssembly(
      tree: plan.tree, units: units, confidence: plan.confidence, rules: rules,
      populations: plan.units.populations, estimator: nil,
      publishedDegrees: request.degreesOfFreedom)
    let domains = units.indices.map { LabelledPartition.Domain(unit: $0, label: "") }
    var released = Gate.pass(
      scores: try assembly.scoreRows(scores, domains: domains) + assembly.nationalRows(scores),
      indicators: try assembly.indicatorRows(published: table), rules: rules,
      grouping: plan.grouping)
    if let rankRules = plan.ranks {
      released = try RankAssembly(
        scores: scores, units: units, estimator: nil, rules: rankRules, grouping: plan.grouping
      ).ranked(released, workers: workers)
    }
    clock.end()
    return Computation(
      plan: plan, units: units, released: released, frame: scores.frame,
      assumptions: try plan.assumedRanks(
        released, scores: scores, units: units, estimator: nil, workers: workers),
      survey: nil,
      notes: [Notes.publishedValues(withErrors: request.standardError != nil)]
        + IndexNotes.notes(plan.tree, scores.frame, rankDecimals: plan.rankDecimals)
        + Notes.ranks(released),
      warnings: IndexNotes.warnings(plan.tree, scores.frame), seconds: clock.seconds)
  }

  /// A unit of the places file without a single row was not in the sample.
  private static func markNotSurveyed(
    _ scores: inout [ScoreRow], _ indicators: inout [IndicatorRow], units: UnitAssignment
  ) {
    var surveyed = [Bool](repeating: false, count: units.units.count)
    for unit in units.unitOfRow { surveyed[Int(unit)] = true }
    let absent = Set(units.units.indices.filter { !surveyed[$0] }.map { units.units[$0].code })
    if absent.isEmpty { return }
    for index in scores.indices
    where scores[index].isUnit && scores[index].respondents != nil
      && absent.contains(scores[index].unit)
    {
      scores[index].status = .notSurveyed
    }
    for index in indicators.indices
    where indicators[index].respondents != nil && absent.contains(indicators[index].unit) {
      indicators[index].status = .notSurveyed
    }
  }
}

extension PipelinePlan {
  /// The gate's rules.
  fileprivate var gateRules: GateRules {
    GateRules(minimumRespondents: minimumRespondents, rankDecimals: rankDecimals)
  }

  /// The table that some leaves of a survey's index have their values from.
  fileprivate func published(_ request: PublishedRequest?) throws -> PublishedTable.Content? {
    try request.map { request in
      try locating("published") {
        try PublishedTable.read(request, units: units, uses: tableUses)
      }
    }
  }

  /// What normalization and imputation may refer to.
  fileprivate func indexUnits(
    _ units: [Place], table: PublishedTable.Content?
  ) throws -> IndexUnits {
    var lastRound: [String: [Double?]] = [:]
    if let request = self.lastRound {
      let imputed = tree.variableUses(
        places: [:], where: { $0.imputation == .lastRound })
      let content = try locating("last_round") {
        try PublishedTable.read(request, units: self.units, uses: imputed)
      }
      // Without a places file the two tables may name their units in different orders.
      let positions = Dictionary(
        content.units.enumerated().map { ($0.element.code, $0.offset) },
        uniquingKeysWith: { first, _ in first })
      lastRound = content.values.mapValues { values in
        units.map { unit in positions[unit.code].flatMap { values[$0] } }
      }
    }
    return IndexUnits(
      codes: units.map(\.code), groups: units.map { $0.region?.en }, lastRound: lastRound,
      table: table?.values ?? [:], minimumRespondents: minimumRespondents)
  }
}
