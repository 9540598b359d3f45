/// A mean with its standard error and a confidence interval by Student's t.
public struct MeanWithInterval: Sendable, Hashable {
  /// Σ w y / Σ w over the rows with a value.
  public let estimate: Double
  /// The linearized standard error under the sample's design and calibrations.
  public let standardError: Double
  /// Satterthwaite's degrees of freedom, at most the design's.
  public let degreesOfFreedom: Double
  /// estimate ± t · standard error; nil without a degree of freedom.
  public let interval: ClosedRange<Double>?
}

extension Estimator {
  /// The mean of a numeric variable over all rows of the sample that have a value, nil where none has.
  ///
  /// - Parameter confidence: of the interval, between 0 and 1.
  /// - Throws: `badPipeline` for a variable that is not there or holds text, `badData` for lone sampling
  ///   units under the policy `fail`.
  public func mean(
    of variable: String, confidence: Double = 0.95
  ) throws(Diagnostic) -> MeanWithInterval? {
    let everyone = Partition(
      id: "all", domainOfRow: [Int32](repeating: 0, count: sample.weights.count), domainCount: 1)
    let measure = Measure(id: variable, kind: .mean(ItemRule(variable: variable)))
    let result = try estimate([measure], over: [everyone], workers: Workers(1))[0].domains[0]
    guard let mean = result.estimate else { return nil }
    let uncertainty = try uncertainty(
      of: mean.influence, designDegrees: result.support.degreesOfFreedom, rule: .satterthwaite)
    let error = uncertainty.variance.squareRoot()
    let critical = StudentT(degreesOfFreedom: uncertainty.degreesOfFreedom)?
      .criticalValue(confidence: confidence)
    return MeanWithInterval(
      estimate: mean.value, standardError: error,
      degreesOfFreedom: uncertainty.degreesOfFreedom,
      interval: critical.map { mean.value - $0 * error...mean.value + $0 * error })
  }
}
