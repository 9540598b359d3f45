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
  /// This round, and what has changed since former ones.
  let round: Round
  let changes: [RoundComparison]
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
    _ plan: PipelinePlan, workers: Workers, cache: StageCache = .none,
    progress: @escaping @Sendable (RunProgress) -> Void,
    whenCleaned: (CleaningReport, RowsRead) throws -> Void = { _, _ in }
  ) throws -> Computation {
    switch plan.door {
    case .respondents(let request):
      let stages = SurveyStages(
        plan: plan, request: request, workers: workers, cache: cache, progress: progress)
      return try survey(stages, whenCleaned: whenCleaned)
    case .published(let request):
      return try published(plan, request, workers: workers, progress: progress)
    }
  }

  private static func survey(
    _ stages: SurveyStages, whenCleaned: (CleaningReport, RowsRead) throws -> Void
  ) throws -> Computation {
    let (plan, request, workers) = (stages.plan, stages.request, stages.workers)
    var clock = StageClock(progress: stages.progress)
    let (survey, sample) = try stages.estimated(&clock, whenCleaned: whenCleaned)
    clock.begin("scoring")
    let estimator = Estimator(sample)
    let units = survey.units
    let table = sample.table
    let partitions = try Domains.partitions(
      of: table, units: units, breakdowns: request.breakdowns)
    let scoringPlan = ScoringPlan(plan.tree, confidence: plan.confidence)
    let published = try plan.published(request.table)
    let indexUnits = try plan.indexUnits(units.units, table: published)
    var assembly = RowAssembly(
      tree: plan.tree, units: units.units, confidence: plan.confidence,
      populations: plan.units.populations, estimator: estimator, uncertainty: request.uncertainty,
      merged: published?.merged ?? [])
    let rows = SurveyRows(
      plan: plan, scoringPlan: scoringPlan, partitions: partitions, results: survey.results,
      units: units, indexUnits: indexUnits, published: published, workers: workers)
    if let asked = request.replicates {
      clock.begin("replicates")
      assembly.replicateErrors = try rows.replicateErrors(asked, assembly, published: nil)
      clock.begin("scoring")
    }
    var (gate, ofUnits, linearizations) = try rows.gated(assembly)
    if let asked = request.replicates,
      assembly.replicateErrors?.areOf(gate.publishedUnits) == false
    {
      // National numbers are of published units alone, and units' own errors may have emptied some.
      clock.begin("replicates")
      assembly.replicateErrors = try rows.replicateErrors(
        asked, assembly, published: gate.publishedUnits)
      clock.begin("scoring")
      (gate, ofUnits, linearizations) = try rows.gated(assembly)
    }
    let national = try ofUnits.whole.map { scores in
      try assembly.nationalRows(scores, published: gate.publishedUnits)
    }
    var released = gate.release(adding: national ?? [])
    if let rankRules = plan.ranks, let whole = ofUnits.whole {
      clock.begin("ranking")
      released = try RankAssembly(
        scores: whole, units: units.units, estimator: estimator, rules: rankRules,
        grouping: plan.grouping
      ).ranked(released, workers: workers)
    }
    let assumptions = try plan.assumedRanks(
      released, scores: ofUnits.whole, units: units.units, estimator: estimator, workers: workers)
    var contributions = RoundContributions(sample.design)
    for linearization in linearizations + assembly.linearizations {
      contributions.add(
        linearization.influence, of: sample.design,
        to: RoundContributions.Key(unit: linearization.unit, node: linearization.node))
    }
    let round = Round(
      plan, released: released, codebook: survey.codebook, contributions: contributions)
    let changes = try plan.comparisons(of: round)
    clock.end()
    return Computation(
      plan: plan, units: units.units, released: released, frame: ofUnits.frames.direct,
      assumptions: assumptions, round: round, changes: changes,
      survey: SurveyFacts(
        ingestion: survey.ingestion, cleaning: survey.cleaning, rows: survey.rows,
        codebook: survey.codebook,
        sample: sample, fieldwork: survey.fieldwork),
      notes: plan.revisionNotes(released) + Notes.survey(request, sample: sample)
        + Notes.crosswalk(
          plan.units, merged: published?.merged ?? [], hasRespondents: true)
        + (assembly.replicateErrors.map { ReplicateNotes.notes($0) } ?? [])
        + IndexNotes.notes(
          plan.tree, ofUnits.frames.direct, rankDecimals: plan.rankDecimals)
        + Notes.ranks(released) + changes.flatMap(\.notes),
      warnings: Notes.warnings(request, released: released, index: plan.headline)
        + (assembly.replicateErrors.map { ReplicateNotes.warnings($0) } ?? [])
        + IndexNotes.warnings(plan.tree, ofUnits.frames.direct)
        + (try ObservedEndsWatch.warnings(
          scoringPlan, rows.results(0), by: estimator,
          minimumRespondents: plan.gate.minimumRespondents))
        + ScaleEndsWatch.warnings(plan.tree, table: table)
        + MarginGroups.notes(request.weighting, table: table)
        + Notes.adjusted(sample.design),
      seconds: clock.seconds)
  }

  private static func published(
    _ plan: PipelinePlan, _ request: PublishedRequest, workers: Workers,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Computation {
    var clock = StageClock(progress: progress)
    clock.begin("reading")
    let table = try plan.locating("published") {
      try PublishedTable.read(
        request, units: plan.units, uses: plan.tableUses, counts: plan.tree.countVariables)
    }
    let units = table.units
    clock.begin("scoring")
    let indexUnits = try plan.indexUnits(units, table: table)
    let scores = try plan.locating("scoring") {
      try ScoringPlan(plan.tree).score(published: indexUnits, errors: table.standardErrors)
    }
    var assembly = RowAssembly(
      tree: plan.tree, units: units, confidence: plan.confidence,
      populations: plan.units.populations, estimator: nil,
      publishedDegrees: request.degreesOfFreedom, merged: table.merged)
    let domains = units.indices.map { LabelledPartition.Domain(unit: $0, label: "") }
    let gate = try Gate(
      scores: try assembly.scoreRows(scores, domains: domains),
      indicators: try assembly.indicatorRows(published: table), rules: plan.gate,
      grouping: plan.grouping,
      former: plan.supersedes?.cells ?? .none)
    var released = gate.release(
      adding: try assembly.nationalRows(scores, published: gate.publishedUnits))
    if let rankRules = plan.ranks {
      released = try RankAssembly(
        scores: scores, units: units, estimator: nil, rules: rankRules, grouping: plan.grouping
      ).ranked(released, workers: workers)
    }
    let round = Round(plan, released: released, codebook: nil, contributions: nil)
    let changes = try plan.comparisons(of: round)
    clock.end()
    return Computation(
      plan: plan, units: units, released: released, frame: scores.frame,
      assumptions: try plan.assumedRanks(
        released, scores: scores, units: units, estimator: nil, workers: workers),
      round: round, changes: changes, survey: nil,
      notes: plan.revisionNotes(released) + [
        Notes.publishedValues(withErrors: request.standardError != nil)
      ]
        + Notes.crosswalk(
          plan.units, merged: table.merged, hasRespondents: false)
        + IndexNotes.notes(plan.tree, scores.frame, rankDecimals: plan.rankDecimals)
        + Notes.ranks(released) + changes.flatMap(\.notes),
      warnings: IndexNotes.warnings(plan.tree, scores.frame), seconds: clock.seconds)
  }
}

extension PipelinePlan {
  /// What the release says of the one that it replaces.
  fileprivate func revisionNotes(_ released: ReleasedRows) -> [LocalizedText] {
    guard let supersedes else { return [] }
    return [
      supersedes.note(
        version: version, moved: ErrataFile.count(released, former: supersedes.cells))
    ]
  }

  /// What has changed since the rounds that the file names.
  fileprivate func comparisons(of round: Round) throws -> [RoundComparison] {
    try rounds.map { request in
      do {
        return try RoundComparison(
          of: round, with: try FormerRound.read(request, places: units.places),
          confidence: confidence, gate: gate)
      } catch let error as Diagnostic {
        throw error.located(at: request.place)
      }
    }
  }

  /// The table that some leaves of a survey's index have their values from.
  fileprivate func published(_ request: PublishedRequest?) throws -> PublishedTable.Content? {
    try request.map { request in
      try locating("published") {
        try PublishedTable.read(
          request, units: units, uses: tableUses, counts: tree.countVariables)
      }
    }
  }

  /// What normalization and imputation may refer to.
  fileprivate func indexUnits(
    _ units: [Place], table: PublishedTable.Content?
  ) throws -> IndexUnits {
    var lastRound: [String: [Double?]] = [:]
    if let request = self.lastRound {
      let imputing = tree.nodes.filter { $0.leaf?.imputation == .lastRound }
      let content = try locating("last_round") {
        try PublishedTable.read(
          request, units: self.units, uses: tree.lastRoundUses(places: places),
          counts: Set(imputing.filter { $0.leaf?.isSum == true }.map(\.nameInLastRound)))
      }
      // Without a places file the two tables may name their units in different orders.
      let positions = Dictionary(
        content.units.enumerated().map { ($0.element.code, $0.offset) },
        uniquingKeysWith: { first, _ in first })
      for node in imputing {
        lastRound[node.id] = content.values[node.nameInLastRound].map { values in
          units.map { unit in positions[unit.code].flatMap { values[$0] } }
        }
      }
    }
    return IndexUnits(
      codes: units.map(\.code), groups: units.map { $0.region?.en }, lastRound: lastRound,
      table: table?.values ?? [:], minimumRespondents: gate.minimumRespondents)
  }
}
