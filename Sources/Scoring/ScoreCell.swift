import CanvassEstimation

/// Why a number has no linearized standard error although the answers below it have one.
public enum ErrorObstacle: String, Sendable, CaseIterable, Hashable {
  /// A rank, percentile rank or Borda count.
  case rank
  /// A value that winsorization moved.
  case winsorized
  /// A value at a bound that it was brought back to.
  case clamped
  /// A median of parts.
  case median
  /// A Copeland score.
  case copeland
  /// A value that the units with answers lent.
  case imputed
  /// A published figure without a standard error, in a table that gives them.
  case unknown
  /// Several published figures whose covariances are unknown.
  case covariances
}

/// A node's number in one domain, and whether its influence tells its standard error.
struct ScoreCell: Sendable {
  /// The number; without influence where there is an obstacle.
  var estimate: Estimate
  /// Why there is no standard error.
  var obstacle: ErrorObstacle?

  init(_ estimate: Estimate, obstacle: ErrorObstacle? = nil) {
    self.estimate = estimate
    self.obstacle = obstacle
  }

  var value: Double { estimate.value }

  /// Whether the number has sampling error, known or not.
  var isUncertain: Bool { obstacle != nil || !estimate.influence.values.isEmpty }

  /// A number made of `sources` in a way that is not smooth.
  static func notSmooth(
    _ value: Double, _ reason: ErrorObstacle, of sources: [ScoreCell]
  ) -> ScoreCell {
    ScoreCell(.constant(value), obstacle: sources.contains(where: \.isUncertain) ? reason : nil)
  }

  /// A smooth function of cells: obstacles of any of them stay.
  static func smooth(_ estimate: Estimate, of sources: [ScoreCell]) -> ScoreCell {
    guard let obstacle = sources.lazy.compactMap(\.obstacle).first else {
      return ScoreCell(estimate)
    }
    return ScoreCell(.constant(estimate.value), obstacle: obstacle)
  }
}
