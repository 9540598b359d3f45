import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// The same rows, weights and calibrations, as if every row had been drawn by itself.
  ///
  /// Its influences have one number a row: w e, the row's own term in every estimate and, by the chain
  /// rule, in everything that is made of estimates.
  public func unclustered() -> Unclustered {
    let rows = sample.weights.count
    let design = SampleDesign(
      rowStarts: Array(0...rows), psuStarts: rows == 0 ? [0] : [0, rows],
      stratumNames: rows == 0 ? [] : ["the whole sample"],
      psuNames: [String](repeating: "", count: rows), lonely: .adjust)
    return Unclustered(
      estimator: Estimator(
        WeightedSample(
          table: sample.table, design: design, weights: sample.weights, steps: sample.steps,
          calibrations: sample.calibrations)))
  }
}

/// A sample as if every respondent had been drawn by himself or herself.
public struct Unclustered: Sendable {
  /// Estimates with one influence a row.
  public let estimator: Estimator

  /// V⁰ = n/(n − 1) · s² / n_eff, where s² = Σ w (e W)² / W is the weighted variance of the linearized
  /// value e over the rows that bear on the estimate, W = Σ w and n_eff = W² / Σ w² (Kish 1965).
  ///
  /// For a share without calibration this is p(1 − p)/n_eff, for a mean the weighted variance over n_eff;
  /// for a respondents' mean or a node made of others e comes by the chain rule, so that one definition
  /// serves all. W cancels: V⁰ = n/(n − 1) Σ (w e)²/w · Σ w² / Σ w. Nil for `respondents` n < 2.
  ///
  /// - Parameter influence: of an estimate by ``estimator``.
  public func variance(of influence: Influence, respondents: Int) -> Double? {
    guard respondents > 1 else { return nil }
    var squares = 0.0
    var total = 0.0
    var totalSquares = 0.0
    for (offset, value) in influence.values.enumerated() where value != 0 {
      let weight = estimator.sample.weights[influence.firstUnit + offset]
      squares += value * value / weight
      total += weight
      totalSquares += weight * weight
    }
    guard total > 0 else { return 0 }
    return squares * totalSquares / total * Double(respondents) / Double(respondents - 1)
  }
}
