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
    _ plan: PipelinePlan, workers: Workers, cache: StageCache = .none,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Computation {
    switch plan.door {
    case .respondents(let request):
      return try survey(plan, request, workers: workers, cache: cache, progress: progress)
    case .published(let request):
      return try published(plan, request, progress: progress)
    }
  }

  private static func survey(
    _ plan: PipelinePlan, _ request: SurveyRequest, workers: Workers, cache: StageCache,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Computation {
    var clock = StageClock(progress: progress)
    let stages = SurveyStages(
      plan: plan, request: request, workers: workers, cache: cache, progress: progress)
    let (survey, sample) = try stages.estimated(&clock)
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
      populations: plan.units.populations, estimator: estimator, uncertainty: request.uncertainty)
    @Sendable func results(_ position: Int) -> [MeasureResult] {
      scoringPlan.measures.indices.map { survey.results[$0 * partitions.count + position] }
    }
    // The units come first: they may set ends, moments and weights for everything else.
    let assembled = assembly
    let ofUnits = try plan.locating("scoring") {
      try PartitionRows(
        partitions[0], results: results(0), plan: scoringPlan, units: indexUnits,
        assembly: assembled)
    }
    let rows =
      [ofUnits]
      + (try workers.map(partitions.count - 1) { position in
        try PartitionRows(
          partitions[position + 1], results: results(position + 1), plan: scoringPlan,
          units: indexUnits, assembly: assembled, frames: ofUnits.frames)
      })
    var scoreRows = rows.flatMap(\.scores)
    var indicatorRows = rows.flatMap(\.indicators)
    if let published { indicatorRows += try assembly.indicatorRows(published: published) }
    markNotSurveyed(&scoreRows, &indicatorRows, units: units)
    let gate = try Gate(
      scores: scoreRows, indicators: indicatorRows, rules: plan.gate, grouping: plan.grouping,
      former: plan.supersedes?.cells ?? .none)
    let national = try rows[0].kept.map { kept in
      try assembly.nationalRows(kept, published: gate.publishedUnits)
    }
    let released = gate.release(adding: national ?? [])
    clock.end()
    return Computation(
      plan: plan, units: units.units, released: released, frame: ofUnits.frames.direct,
      survey: SurveyFacts(
        ingestion: survey.ingestion, cleaning: survey.cleaning, codebook: survey.codebook,
        sample: sample),
      notes: plan.revisionNotes(released) + Notes.survey(request, sample: sample)
        + IndexNotes.notes(
          plan.tree, ofUnits.frames.direct, rankDecimals: plan.rankDecimals),
      warnings: Notes.warnings(request, released: released, index: plan.headline)
        + IndexNotes.warnings(plan.tree, ofUnits.frames.direct)
        + ScaleEndsWatch.warnings(plan.tree, table: table)
        + MarginGroups.notes(request.weighting, table: table)
        + Notes.adjusted(sample.design),
      seconds: clock.seconds)
  }

  private static func published(
    _ plan: PipelinePlan, _ request: PublishedRequest,
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
    var assembly = RowAssembly(
      tree: plan.tree, units: units, confidence: plan.confidence,
      populations: plan.units.populations, estimator: nil,
      publishedDegrees: request.degreesOfFreedom)
    let domains = units.indices.map { LabelledPartition.Domain(unit: $0, label: "") }
    let gate = try Gate(
      scores: try assembly.scoreRows(scores, domains: domains),
      indicators: try assembly.indicatorRows(published: table), rules: plan.gate,
      grouping: plan.grouping,
      former: plan.supersedes?.cells ?? .none)
    let released = gate.release(
      adding: try assembly.nationalRows(scores, published: gate.publishedUnits))
    clock.end()
    return Computation(
      plan: plan, units: units, released: released, frame: scores.frame, survey: nil,
      notes: plan.revisionNotes(released) + [
        Notes.publishedValues(withErrors: request.standardError != nil)
      ]
        + IndexNotes.notes(plan.tree, scores.frame, rankDecimals: plan.rankDecimals),
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
  /// What the release says of the one that it replaces.
  fileprivate func revisionNotes(_ released: ReleasedRows) -> [LocalizedText] {
    guard let supersedes else { return [] }
    return [
      supersedes.note(
        version: version, moved: ErrataFile.count(released, former: supersedes.cells))
    ]
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
      table: table?.values ?? [:], minimumRespondents: gate.minimumRespondents)
  }
}
