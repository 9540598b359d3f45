import CanvassCompute
import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// What the pipeline file asks of ranks under other assumptions.
struct AssumptionRequest {
  /// The node whose parts are combined otherwise.
  let node: Int
  let assumptions: IndexAssumptions
  /// Whether the analysis is made a second time with draws of the parts.
  let withSampling: Bool
  /// Rows of the Monte Carlo matrices.
  let rows: Int
  /// The share of combinations that a band holds.
  let coverage: Double
  let seed: UInt64

  /// Whether anything but sampling may vary.
  var hasChoice: Bool {
    assumptions.scales.count > 1 || assumptions.means.count > 1 || assumptions.weightSpread > 0
      || assumptions.leavesOut
  }
}

/// Makes a node of its published parts under other assumptions.
struct AssumptionAssembly {
  let request: AssumptionRequest
  let scores: Scores
  let units: [Place]
  /// The estimator, or nil behind the door of published tables.
  let estimator: Estimator?

  /// Levels of sampling.
  private static let samplingLevels = 1000

  /// The analyses of a release: assumptions alone, then with sampling, as asked; none with fewer than two
  /// units that have a score and every part.
  ///
  /// - Throws: `badPipeline` for combinations that are not defined.
  func analyses(_ released: ReleasedRows, workers: Workers) throws -> [AssumedRanks] {
    let tree = scores.tree
    let node = tree.nodes[request.node]
    let parts = tree.parts[request.node]
    var rows: [String: [String: ScoreRow]] = [:]
    let names = Set(parts.map { tree.nodes[$0.node].id } + [node.id])
    for row in released.scores
    where row.isUnit && row.domain.isEmpty && names.contains(row.node) && row.score != nil {
      rows[row.node, default: [:]][row.unit] = row
    }
    let chosen = units.indices.filter { unit in
      names.allSatisfy { rows[$0]?[units[unit].code] != nil }
    }
    guard chosen.count > 1 else { return [] }
    let cells = chosen.flatMap { unit in
      parts.compactMap { part in
        rows[tree.nodes[part.node].id]?[units[unit].code].map { (unit, part.node, $0) }
      }
    }
    let reference = chosen.compactMap { rows[node.id]?[units[$0].code]?.score }
    func analysis(
      _ source: AssumedRanks.Source, _ sampling: (covariance: CovarianceMatrix, draws: Int)?
    ) throws -> AssumedRanks {
      let index = try AssumedIndex(
        request.assumptions, parts: cells.compactMap { $0.2.score },
        names: parts.map { tree.nodes[$0.node].id }, weights: parts.map(\.weight),
        scale: tree.scale, sampling: sampling, seed: request.seed)
      return AssumedRanks(
        node: ReportNode(id: node.id, title: node.title), source: source,
        units: chosen.map { (units[$0].code, units[$0].name) }, coverage: request.coverage,
        ranks: try RankUncertainty(
          index.choices, reference: reference, coverage: request.coverage, rows: request.rows,
          seed: request.seed, workers: workers, scores: index.scores))
    }
    var analyses: [AssumedRanks] = []
    if request.hasChoice { analyses.append(try analysis(.assumptions, nil)) }
    if request.withSampling, let estimator {
      let direct = try estimator.covariances(
        of: cells.map { scores.estimate($0.1, $0.0)?.influence ?? .none })
      let covariance = direct.scaled(toErrors: cells.map { $0.2.standardError ?? 0 })
      analyses.append(
        try analysis(.samplingAndAssumptions, (covariance, Self.samplingLevels)))
    }
    return analyses
  }
}

extension PipelinePlan {
  /// The analyses that the file asks for, errors located there.
  func assumedRanks(
    _ released: ReleasedRows, scores: Scores?, units: [Place], estimator: Estimator?,
    workers: Workers
  ) throws -> [AssumedRanks] {
    guard let request = assumptions, let scores else { return [] }
    return try locating("uncertainty") {
      try AssumptionAssembly(
        request: request, scores: scores, units: units, estimator: estimator
      ).analyses(released, workers: workers)
    }
  }
}
