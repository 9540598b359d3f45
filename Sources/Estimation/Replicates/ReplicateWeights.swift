public import CanvassCompute
public import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// The weight of each row in a replicate: with the weighting carried out again where the replicates ask for it.
  ///
  /// - Parameter replicate: from 0.
  public func weights(of replicate: Int, _ replicates: Replicates) -> [Double] {
    let multipliers = replicates.scheme.multipliers(of: replicate)
    if replicates.scheme.isByRow { return multipliers }
    if replicates.reweights {
      return sample.reweighted(
        by: sample.design.psuOfSamplingUnit.map { multipliers[Int($0)] }
      ).weights
    }
    var weights = sample.weights
    for psu in multipliers.indices where multipliers[psu] != 1 {
      for row in sample.design.rows(of: psu) { weights[row] *= multipliers[psu] }
    }
    return weights
  }

  /// Any statistics of the weights in every replicate: `result[r][k]`, the k-th of replicate r.
  ///
  /// The way in for what is no ratio of sums; `statistics` gets one weight a row.
  public func replicate(
    _ replicates: Replicates, workers: Workers,
    statistics: @Sendable ([Double]) throws(Diagnostic) -> [Double]
  ) throws(Diagnostic) -> [[Double]] {
    try workers.diagnosing(replicates.count) { replicate throws(Diagnostic) in
      try statistics(self.weights(of: replicate, replicates))
    }
  }
}
