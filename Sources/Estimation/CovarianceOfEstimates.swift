public import CanvassCompute
public import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// The covariances of several estimates of this sample, each by `covariance(of:and:)`.
  ///
  /// Estimates that reach no common stratum of the first stage have the covariance 0 and are not looked
  /// at, except where a rule for lone units (`adjust`, `average`) compares strata.
  ///
  /// - Throws: as `variance(of:)`.
  public func covariances(of influences: [Influence]) throws(Diagnostic) -> CovarianceMatrix {
    var result = CovarianceMatrix(order: influences.count)
    let lonely = sample.design.lonely
    let comparesStrata =
      lonely == .average && (sample.design.lonelyInDomains || variancePlan.hasLonely)
      || lonely == .adjust && variancePlan.hasLonely
    let strata = variancePlan.stages.first?.stratumOfSamplingUnit ?? []
    let reached = influences.map { influence in
      influence.values.isEmpty
        ? nil : strata[influence.start]...strata[influence.end - 1]
    }
    for i in influences.indices {
      guard let own = reached[i] else { continue }
      for j in 0...i {
        guard let other = reached[j], comparesStrata || own.overlaps(other) else { continue }
        result[i, j] = try covariance(of: influences[i], and: influences[j])
      }
    }
    return result
  }
}
