/// How a variance is found where first-stage units were drawn with unequal probabilities without replacement.
public enum UnequalProbabilityMethod: String, Sendable, CaseIterable, Hashable, Codable {
  /// Brewer's approximation from the probabilities alone (Brewer & Donadio 2003).
  case brewer
  /// Joint probabilities approximated by Overton's formula (Overton & Stehman 1995).
  case overton
  /// Joint probabilities approximated by Hartley & Rao's formula (Hartley & Rao 1962; Brewer & Donadio 2003).
  case hartleyRao = "hartley_rao"
  /// Joint probabilities that came with the sample.
  case joint
}

/// Which quadratic form of the joint probabilities estimates the variance.
public enum JointProbabilityEstimator: String, Sendable, CaseIterable, Hashable, Codable {
  /// Σ Σ Δ̌_ij u_i u_j (Horvitz & Thompson 1952).
  case horvitzThompson = "horvitz_thompson"
  /// −½ Σ Σ Δ̌_ij (u_i − u_j)² (Yates & Grundy 1953; Sen 1953), for samples of fixed size.
  case yatesGrundy = "yates_grundy"
}

/// Joint selection probabilities of the sampled first-stage units, by their identifiers.
public struct JointProbabilities: Sendable, Hashable {
  /// The identifiers of the units, in the order of the matrix.
  public var units: [String]
  /// π_ij, row-major, π_i on the diagonal.
  public var matrix: [Double]

  /// A matrix of `units.count` squared probabilities.
  public init(units: [String], matrix: [Double]) {
    precondition(matrix.count == units.count * units.count, "a joint probability for every pair")
    self.units = units
    self.matrix = matrix
  }
}

/// Σ π² over all units of a stratum's population, sampled or not.
public enum PopulationSquares: Sendable, Hashable {
  /// One number: the population is one stratum, or all strata have the same sum.
  case number(Double)
  /// A variable that holds the sum of the row's stratum.
  case variable(String)
}

/// Unequal selection probabilities at the first stage, as the pipeline file says it.
public struct UnequalProbabilityRequest: Sendable, Hashable {
  /// The variable that holds the unit's selection probability, above 0 and at most 1.
  public var probability: String
  /// How the variance is found.
  public var method: UnequalProbabilityMethod
  /// The quadratic form, for methods with joint probabilities.
  public var estimator: JointProbabilityEstimator
  /// The joint probabilities, for the method `joint`.
  public var joint: JointProbabilities?
  /// Σ π² of the population, for the method `hartleyRao`; nil: estimated from the sample, by Σ π of its units.
  public var populationSquares: PopulationSquares?

  /// A request; `joint` goes with the method `joint` alone, `populationSquares` with `hartleyRao`.
  public init(
    probability: String, method: UnequalProbabilityMethod,
    estimator: JointProbabilityEstimator = .yatesGrundy, joint: JointProbabilities? = nil,
    populationSquares: PopulationSquares? = nil
  ) {
    self.probability = probability
    self.method = method
    self.estimator = estimator
    self.joint = joint
    self.populationSquares = populationSquares
  }
}
