public import CanvassCompute

/// Scores of units with the covariances of their sampling errors: what rank intervals are made of.
public struct UncertainScores: Sendable, Hashable {
  /// How well the variances themselves are known; it decides between normal and t-based critical values.
  public enum VarianceKnowledge: Sendable, Hashable {
    /// As good as known: normal critical values.
    case known
    /// All estimated together, with one number of degrees of freedom (a pooled design effect).
    case together(degreesOfFreedom: Double)
    /// Each unit's own, with its own degrees of freedom.
    case separately(degreesOfFreedom: [Double])
  }

  /// One score a unit.
  public let values: [Double]
  /// The covariances of their errors.
  public let covariance: CovarianceMatrix
  /// How well the variances are known.
  public let knowledge: VarianceKnowledge

  /// Scores with their covariances; degrees of freedom must be above 0, and one a unit where separate.
  public init(
    _ values: [Double], covariance: CovarianceMatrix, knowledge: VarianceKnowledge = .known
  ) {
    precondition(values.count == covariance.order, "one variance a score")
    if case .separately(let degrees) = knowledge {
      precondition(degrees.count == values.count, "one number of degrees of freedom a score")
    }
    self.values = values
    self.covariance = covariance
    self.knowledge = knowledge
  }

  /// t² = (θ_j − θ_k)² / V(θ_j − θ_k); 0 for equal scores, ∞ for others without sampling error.
  func squaredStatistic(_ j: Int, _ k: Int) -> Double {
    let difference = values[j] - values[k]
    if difference == 0 { return 0 }
    return difference * difference / covariance.varianceOfDifference(j, k)
  }

  /// The degrees of freedom of a difference: all of them together, or (V_j + V_k)² / (V_j²/ν_j + V_k²/ν_k)
  /// where each variance has its own (Welch 1947).
  func degreesOfFreedom(_ j: Int, _ k: Int) -> Double {
    switch knowledge {
    case .known: return .infinity
    case .together(let degrees): return degrees
    case .separately(let degrees):
      let (first, second) = (covariance[j, j], covariance[k, k])
      let sum = first + second
      guard sum > 0 else { return min(degrees[j], degrees[k]) }
      return sum * sum / (first * first / degrees[j] + second * second / degrees[k])
    }
  }

  /// The same units from the highest score down, with their places in the given order.
  ///
  /// Random numbers go by this order, so that the order in which units are given changes nothing.
  func descending() -> (scores: UncertainScores, order: [Int]) {
    let order = values.indices.sorted { first, second in
      if values[first] != values[second] { return values[first] > values[second] }
      let (a, b) = (covariance[first, first], covariance[second, second])
      return a == b ? first < second : a < b
    }
    var sorted = knowledge
    if case .separately(let degrees) = knowledge {
      sorted = .separately(degreesOfFreedom: order.map { degrees[$0] })
    }
    return (
      UncertainScores(
        order.map { values[$0] }, covariance: covariance.permuted(order), knowledge: sorted), order
    )
  }
}
