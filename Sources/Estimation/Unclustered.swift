import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// The same rows, weights and calibrations, as if every row had been drawn by itself.
  ///
  /// Its influences have one number a row: w e, the row's own term in every estimate and, by the chain
  /// rule, in everything that is made of estimates. They serve ``Influence/unclusteredVariance(respondents:)``.
  public func unclustered() -> Estimator {
    let rows = sample.weights.count
    let design = SampleDesign(
      rowStarts: Array(0...rows), psuStarts: rows == 0 ? [0] : [0, rows],
      stratumNames: rows == 0 ? [] : ["the whole sample"],
      psuNames: [String](repeating: "", count: rows), lonely: .adjust)
    return Estimator(
      WeightedSample(
        table: sample.table, design: design, weights: sample.weights, steps: sample.steps,
        calibrations: sample.calibrations))
  }
}

extension Influence {
  /// n/(n − 1) Σ (w e)², the variance that an estimate of n independent respondents would have; nil for
  /// n < 2.
  ///
  /// For an influence of an ``Estimator/unclustered()`` estimator, whose values sum to 0 over the domain.
  /// For a share with equal weights this is p(1 − p)/(n − 1); with unequal weights that do not go with
  /// the answers it is about p(1 − p) (1 + CV²)/n, CV being that of the weights.
  public func unclusteredVariance(respondents: Int) -> Double? {
    guard respondents > 1 else { return nil }
    var squares = 0.0
    for value in values { squares += value * value }
    return squares * Double(respondents) / Double(respondents - 1)
  }
}
