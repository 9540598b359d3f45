public import CanvassCompute
public import CanvassScoring

/// The whole units of one node that are ranked together, as the gate left them.
public struct RankField: Sendable, Hashable {
  /// The node.
  public let node: String
  /// Codes of the units with a published score and standard error, in the order of the rows.
  public let units: [String]
  /// Their scores, as ranks compare them.
  public let scores: [Double]
  /// Their standard errors.
  public let standardErrors: [Double]
  /// Their degrees of freedom; infinite where a published table gives none.
  public let degreesOfFreedom: [Double]
  /// Whether all variances were pooled over units.
  public let isPooled: Bool
  /// Scores of published units without a standard error.
  public let others: [Double]

  /// The scores with a covariance matrix that has the published standard errors and the correlations of
  /// `direct`, the covariances of the units' linearizations in the order of `units`.
  ///
  /// Where variances are direct that is `direct` itself; pooled ones keep its correlations, which are 0
  /// between units that share no stratum. Degrees of freedom below 1 never pass the gate.
  public func uncertainScores(direct: CovarianceMatrix) -> UncertainScores {
    let knowledge: UncertainScores.VarianceKnowledge
    if isPooled, let degrees = degreesOfFreedom.min() {
      knowledge = .together(degreesOfFreedom: degrees)
    } else {
      knowledge = .separately(degreesOfFreedom: degreesOfFreedom)
    }
    return UncertainScores(
      scores, covariance: direct.scaled(toErrors: standardErrors), knowledge: knowledge)
  }
}

/// What sampling error leaves of the ranks and groups of one node.
public struct RankAssessment: Sendable, Hashable {
  /// The units that were compared.
  public let field: RankField
  /// The intervals, by unit of the field.
  public let intervals: RankIntervals
  /// The probability of each group, by unit and then from the lowest group up; empty without groups.
  public let groupProbabilities: [[Double]]
  /// Names of the groups from the lowest up.
  public let groups: [String]

  /// Compares the units of a field.
  public init(
    _ field: RankField, direct: CovarianceMatrix, rules: RankRules, grouping: Grouping
  ) {
    self.field = field
    let scores = field.uncertainScores(direct: direct)
    intervals = RankIntervals(scores, incomparable: field.others.count, rules: rules)
    groups = grouping.names
    groupProbabilities =
      groups.isEmpty
      ? []
      : grouping.probabilities(
        of: scores, others: field.others, draws: rules.draws, seed: rules.seed)
  }
}

extension ReleasedRows {
  /// The whole units of `node` that have a rank.
  public func rankField(node: String) -> RankField {
    var measured: [ScoreRow] = []
    var others: [Double] = []
    for row in scores where row.isUnit && row.node == node && row.domain.isEmpty {
      guard let score = rules.compared(row.score) else { continue }
      if row.standardError != nil {
        measured.append(row)
      } else {
        others.append(score)
      }
    }
    return RankField(
      node: node, units: measured.map(\.unit),
      scores: measured.compactMap { rules.compared($0.score) },
      standardErrors: measured.compactMap(\.standardError),
      degreesOfFreedom: measured.map { $0.degreesOfFreedom ?? .infinity },
      isPooled: measured.allSatisfy { $0.standardErrorMethod == "pooled" }, others: others)
  }

  /// The same rows with the rank intervals of `assessments`, which the release then carries.
  public func ranked(_ assessments: [RankAssessment], rules: RankRules) -> ReleasedRows {
    var places: [String: [String: (RankAssessment, Int)]] = [:]
    for assessment in assessments {
      for (index, unit) in assessment.field.units.enumerated() {
        places[assessment.field.node, default: [:]][unit] = (assessment, index)
      }
    }
    let scores = scores.map { row in
      guard row.isUnit, row.domain.isEmpty, row.rank != nil,
        let (assessment, index) = places[row.node]?[row.unit]
      else { return row }
      var row = row
      row.rankInterval = assessment.intervals.marginal[index]
      row.simultaneousRankInterval = assessment.intervals.simultaneous[index]
      return row
    }
    return ReleasedRows(
      scores: scores, indicators: indicators, rules: self.rules, tally: tally,
      ranks: ReleasedRanks(rules: rules, assessments: assessments))
  }
}

/// The assessments of a release and the rules that held.
public struct ReleasedRanks: Sendable, Hashable {
  /// Method, confidence, draws and seed.
  public let rules: RankRules
  /// One a node, in the order of the tree.
  public let assessments: [RankAssessment]

  /// The assessment of a node.
  public subscript(node: String) -> RankAssessment? {
    assessments.first { $0.field.node == node }
  }
}
