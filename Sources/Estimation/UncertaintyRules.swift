/// How the degrees of freedom of an interval are counted.
public enum DegreesOfFreedomRule: String, Sendable, CaseIterable, Hashable {
  /// Sampling units with a respondent in the domain − their strata.
  case design
  /// What the strata's own contributions to the variance leave of that (Satterthwaite 1946).
  case satterthwaite
}

/// Where the variance of a unit's number comes from.
public enum VarianceRule: String, Sendable, CaseIterable, Hashable {
  /// The unit's own sampling units.
  case direct
  /// The unit's own respondents, times a design effect that is pooled over all units.
  case pooled
}

/// A variance and the degrees of freedom of the interval that it makes.
public struct Uncertainty: Sendable, Hashable {
  /// The variance of the estimate.
  public var variance: Double
  /// Degrees of freedom for Student's t; no interval is honest where they are 0.
  public var degreesOfFreedom: Double

  /// A variance with its degrees of freedom.
  public init(variance: Double, degreesOfFreedom: Double) {
    self.variance = variance
    self.degreesOfFreedom = degreesOfFreedom
  }
}
