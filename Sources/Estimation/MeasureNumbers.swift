public import CanvassSurvey
public import CanvassWeighting

extension Measure {
  /// The numerator y and the denominator x of each row as the estimates use them, nil where a row takes no
  /// part: for whoever wants to compute the same elsewhere.
  ///
  /// The denominator is nil as a whole where it is 1 everywhere.
  ///
  /// - Throws: `badPipeline` for measures that the data cannot answer.
  public func numbers(
    in sample: WeightedSample
  ) throws(Diagnostic) -> (numerator: [Double?], denominator: [Double?]?) {
    let evaluation = try MeasureEvaluation(self, in: sample.table, weights: sample.weights)
    return (
      evaluation.y.map { $0.isNaN ? nil : $0 },
      evaluation.x.map { $0.map { $0.isNaN ? nil : $0 } }
    )
  }
}
