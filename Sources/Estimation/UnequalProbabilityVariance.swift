import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// The terms of first-stage strata whose units were drawn with unequal probabilities.
  ///
  /// Brewer: n/(n − 1) Σ (1 − π_i) (u_i − ū)². Horvitz–Thompson: Σ Σ Δ̌_ij u_i u_j. Yates–Grundy:
  /// −½ Σ Σ Δ̌_ij (u_i − u_j)². u already carries the weights 1/π. Later stages add nothing.
  ///
  /// Source: Brewer & Donadio 2003, Survey Methodology 29, 189–196; Horvitz & Thompson 1952; Yates &
  /// Grundy 1953. Δ̌ in ``CanvassSurvey/UnequalProbabilitySampling``.
  func unequalProbabilityTerms(
    _ pair: InfluencePair, _ unequal: UnequalProbabilitySampling,
    _ body: (_ degrees: Int, _ term: Double) -> Void
  ) {
    let stage = sample.design.stages[0]
    for stratum in 0..<stage.stratumCount {
      let psus = stage.units(of: stratum)
      let sums = psus.map { pair.sums(over: stage.samplingUnits(of: $0)) }
      guard sums.contains(where: { $0.0 != 0 || $0.1 != 0 }) else { continue }
      let count = Double(psus.count)
      var term = 0.0
      switch (unequal.method, unequal.estimator) {
      case (.brewer, _):
        guard psus.count > 1 else { continue }
        let means = pair.means(of: psus, in: stage)
        for (psu, sum) in zip(psus, sums) {
          term +=
            (1 - unequal.probabilities[psu]) * (sum.0 - means.0) * (sum.1 - means.1)
        }
        term *= count / (count - 1)
      case (_, .horvitzThompson):
        let dependence = unequal.dependence(of: psus, stratum: stratum)
        for row in sums.indices {
          for column in sums.indices {
            term += dependence[row * sums.count + column] * sums[row].0 * sums[column].1
          }
        }
      case (_, .yatesGrundy):
        let dependence = unequal.dependence(of: psus, stratum: stratum)
        for row in sums.indices {
          for column in sums.indices where column != row {
            term -=
              dependence[row * sums.count + column] * (sums[row].0 - sums[column].0)
              * (sums[row].1 - sums[column].1) / 2
          }
        }
      }
      body(max(1, psus.count - 1), term)
    }
  }
}
