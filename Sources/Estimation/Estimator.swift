import CanvassSurvey
public import CanvassWeighting

/// Everything that is asked of the respondents, estimated item by item for all domains at once.
public struct Estimator: Sendable {
  /// The sample.
  public let sample: WeightedSample
  /// The sampling unit of each row.
  let unitOfRow: [Int32]
  /// What linearized values are residualized on, in the order of the weighting.
  let residualization: Residualization
  /// What each stratum of each stage contributes to a variance.
  let variancePlan: VariancePlan
  /// Whether a rule for lone units asks where a domain is present. After a calibration a domain's residuals
  /// reach every unit of its groups, and all count as present (as in R survey).
  package let asksForReach: Bool

  /// An estimator over a weighted sample; factorizes the calibrations once.
  public init(_ sample: WeightedSample) {
    self.sample = sample
    let design = sample.design
    precondition(
      sample.weights.count == sample.table.rowCount
        && design.rowStarts.last ?? 0 == sample.table.rowCount,
      "a sample has one weight a row and a design over all rows")
    var units = [Int32](repeating: 0, count: sample.weights.count)
    for unit in 0..<design.samplingUnitCount {
      for row in design.rowStarts[unit]..<design.rowStarts[unit + 1] { units[row] = Int32(unit) }
    }
    unitOfRow = units
    residualization = Residualization(sample, unitOfRow: units)
    variancePlan = VariancePlan(design)
    asksForReach =
      sample.calibrations.isEmpty
      && (design.lonelyInDomains
        || [.adjust, .average].contains(design.lonely) && variancePlan.hasLonely)
  }
}
