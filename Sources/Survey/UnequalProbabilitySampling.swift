/// Selection probabilities of the PSUs, and how strongly pairs of them depend on each other.
public struct UnequalProbabilitySampling: Sendable, Codable {
  /// The selection probability of each PSU.
  public let probabilities: [Double]
  /// How the variance is found.
  public let method: UnequalProbabilityMethod
  /// The quadratic form, for methods with joint probabilities.
  public let estimator: JointProbabilityEstimator
  /// The given joint probabilities of each stratum's PSUs, row-major; empty for other methods.
  private let joint: [[Double]]

  /// Probabilities of the PSUs in canonical order and, for `joint`, the joint ones of each stratum.
  public init(
    probabilities: [Double], method: UnequalProbabilityMethod,
    estimator: JointProbabilityEstimator, joint: [[Double]] = []
  ) {
    self.probabilities = probabilities
    self.method = method
    self.estimator = estimator
    self.joint = joint
  }

  /// π_ij of the pairs of a stratum's PSUs as they were given, row-major; nil unless the method is `joint`.
  package func givenJointProbabilities(of stratum: Int) -> [Double]? {
    method == .joint ? joint[stratum] : nil
  }

  /// Δ̌_ij = (π_ij − π_i π_j) / π_ij for the pairs of a stratum's PSUs, row-major, 1 − π_i on the diagonal.
  ///
  /// Overton: 1 − (n − (π_i + π_j)/2) / (n − 1). Hartley–Rao: 1 − (n − π_i − π_j + Σπ²/n) / (n − 1),
  /// n and Σ over the stratum's PSUs. Zero off the diagonal under Brewer's method, which knows no pairs.
  public func dependence(of psus: Range<Int>, stratum: Int) -> [Double] {
    let count = Double(psus.count)
    var squares = 0.0
    for psu in psus { squares += probabilities[psu] * probabilities[psu] }
    var result: [Double] = []
    result.reserveCapacity(psus.count * psus.count)
    for (row, first) in psus.enumerated() {
      for (column, second) in psus.enumerated() {
        let sum = probabilities[first] + probabilities[second]
        if first == second {
          result.append(1 - probabilities[first])
          continue
        }
        switch method {
        case .brewer: result.append(0)
        case .overton: result.append(1 - (count - sum / 2) / (count - 1))
        case .hartleyRao: result.append(1 - (count - sum + squares / count) / (count - 1))
        case .joint:
          let pair = joint[stratum][row * psus.count + column]
          result.append((pair - probabilities[first] * probabilities[second]) / pair)
        }
      }
    }
    return result
  }
}
