import CanvassCompute
public import CanvassSurvey
import CanvassWeighting

/// A test of a hypothesis on a survey: its statistic, degrees of freedom and p value.
public struct SurveyTest: Sendable, Hashable {
  /// The statistic on the scale of its distribution.
  public var statistic: Double
  /// Degrees of freedom of the numerator; of t or chi-square itself.
  public var degreesOfFreedom: Double
  /// Degrees of freedom of the denominator of an F statistic; nil for t and chi-square.
  public var denominatorDegrees: Double?
  /// The probability of a statistic at least as extreme under the hypothesis.
  public var pValue: Double

  /// A test's outcome.
  public init(
    statistic: Double, degreesOfFreedom: Double, denominatorDegrees: Double? = nil,
    pValue: Double
  ) {
    self.statistic = statistic
    self.degreesOfFreedom = degreesOfFreedom
    self.denominatorDegrees = denominatorDegrees
    self.pValue = pValue
  }
}

extension Estimator {
  /// Tests that an estimate is 0: t = θ̂/se with two tails; nil without degrees of freedom or error.
  ///
  /// The t test of a difference of two domains is this test of their difference, with the degrees of freedom
  /// of the design less 1 (R survey's `svyttest`).
  ///
  /// - Throws: as `variance(of:)`.
  public func tTest(
    of estimate: Estimate, degreesOfFreedom: Double
  ) throws(Diagnostic) -> SurveyTest? {
    let error = try variance(of: estimate.influence).squareRoot()
    guard error > 0, let student = StudentT(degreesOfFreedom: degreesOfFreedom) else { return nil }
    let t = estimate.value / error
    return SurveyTest(
      statistic: t, degreesOfFreedom: degreesOfFreedom,
      pValue: 2 * student.cumulative(-abs(t)))
  }

  /// Tests that several estimates are all 0: W = θ̂' V̂⁻¹ θ̂ / k against F with k and ν degrees of freedom.
  ///
  /// Adjusted: W (ν − k + 1)/ν against F with k and ν − k + 1 (Fellegi 1980, JASA 75, 261–268), which holds
  /// its level with few sampling units. Nil where V̂ is singular or no degrees are left.
  ///
  /// - Throws: as `variance(of:)`.
  public func waldTest(
    of estimates: [Estimate], designDegrees: Double, adjusted: Bool
  ) throws(Diagnostic) -> SurveyTest? {
    let order = estimates.count
    let covariances = try covariances(of: estimates.map(\.influence))
    let system = SymmetricSystem(covariances.values, order: order)
    guard order > 0, system.rank == order else { return nil }
    let solved = system.solve(estimates.map(\.value))
    let wald = zip(estimates, solved).reduce(0) { $0 + $1.0.value * $1.1 } / Double(order)
    let degrees = Double(order)
    let denominator = adjusted ? designDegrees - degrees + 1 : designDegrees
    let statistic = adjusted ? wald * denominator / designDegrees : wald
    guard
      let distribution = FisherF(numeratorDegrees: degrees, denominatorDegrees: denominator)
    else { return nil }
    return SurveyTest(
      statistic: statistic, degreesOfFreedom: degrees, denominatorDegrees: denominator,
      pValue: distribution.tail(statistic))
  }
}
