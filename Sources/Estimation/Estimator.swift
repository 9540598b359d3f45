import CanvassSurvey
public import CanvassWeighting

/// Everything that is asked of the respondents, estimated item by item for all domains at once.
public struct Estimator: Sendable {
  /// The sample.
  public let sample: WeightedSample
  /// The PSU of each row.
  let psuOfRow: [Int32]
  /// What linearized values are residualized on, in the order of the weighting.
  let residualization: Residualization
  /// Strata with a single PSU, in order.
  let lonelyStrata: [Int]

  /// An estimator over a weighted sample; factorizes the calibrations once.
  public init(_ sample: WeightedSample) {
    self.sample = sample
    let design = sample.design
    precondition(
      sample.weights.count == sample.table.rowCount
        && design.rowStarts.last ?? 0 == sample.table.rowCount,
      "a sample has one weight a row and a design over all rows")
    var psus = [Int32](repeating: 0, count: sample.weights.count)
    for psu in 0..<design.psuCount {
      for row in design.rows(of: psu) { psus[row] = Int32(psu) }
    }
    psuOfRow = psus
    residualization = Residualization(sample, psuOfRow: psus)
    lonelyStrata = (0..<design.stratumCount).filter { design.psus(of: $0).count == 1 }
  }
}
