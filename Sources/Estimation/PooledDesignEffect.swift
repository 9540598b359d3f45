/// One number's design effect, pooled over the units of a survey.
///
/// d = Σ_u f_u (V_u / V⁰_u) / Σ_u f_u, where V_u is the unit's direct variance, f_u its design degrees of
/// freedom and V⁰_u the variance that its respondents would give if they had been drawn one by one. The
/// variance of a unit is then d · V⁰_u. It rests on the assumption that clustering costs about the same
/// share of precision in every unit, and gives units of two or three degrees of freedom the steadiness
/// of all. Compare generalized variance functions: Wolter 2007, Introduction to Variance Estimation, ch. 7.
public struct PooledDesignEffect: Sendable, Hashable {
  /// What a unit offers to the pool.
  public struct Contribution: Sendable, Hashable {
    /// The unit's direct variance and the degrees of freedom of its own interval.
    public var direct: Uncertainty
    /// The unit's design degrees of freedom, its weight in the pool.
    public var designDegrees: Int
    /// The variance of as many independent respondents.
    public var unclustered: Double

    /// A unit's contribution.
    public init(direct: Uncertainty, designDegrees: Int, unclustered: Double) {
      self.direct = direct
      self.designDegrees = designDegrees
      self.unclustered = unclustered
    }
  }

  /// The pooled design effect.
  public let value: Double
  /// The degrees of freedom of all units that entered, together.
  public let degreesOfFreedom: Double

  /// Pools units in their order; nil where none has a degree of freedom and a variance above 0.
  public init?(_ contributions: [Contribution]) {
    var sum = 0.0
    var weights = 0.0
    var degrees = 0.0
    for unit in contributions
    where unit.designDegrees > 0 && unit.unclustered > 0 && unit.direct.variance.isFinite {
      let weight = Double(unit.designDegrees)
      sum += weight * unit.direct.variance / unit.unclustered
      weights += weight
      degrees += unit.direct.degreesOfFreedom
    }
    guard weights > 0 else { return nil }
    value = sum / weights
    degreesOfFreedom = degrees
  }

  /// The pooled uncertainty of a unit whose independent respondents would have the variance `unclustered`.
  public func uncertainty(unclustered: Double) -> Uncertainty {
    Uncertainty(variance: value * unclustered, degreesOfFreedom: degreesOfFreedom)
  }
}
