/// How the coefficients of a calibration's residuals are found.
public enum ResidualRule: String, Sendable, CaseIterable, Hashable {
  /// B solves the regression weighted by `regressionWeights` exactly (R survey's `calibrate`).
  case calibrate
  /// Ten sweeps that take the plain mean of each margin's levels out in turn (R survey's `rake`).
  case rake
}

/// A calibration that a linearized estimate must be residualized on: auxiliary variables by group.
///
/// Row i of group `groupOfRow[i]` (−1: outside the step) has the values
/// `valuesOfRow[i · entriesPerRow ..< (i + 1) · entriesPerRow]` (nil: all 1) in the auxiliary columns
/// `columnsOfRow[…]` of the same range and 0 elsewhere; columns are numbered within the group's
/// `auxiliaryCount`, margin by margin. The step turned the weights that entered it into `exitWeights`.
/// With c = w z the weighted linearized value at the end of the weighting, the step's variable is
/// c / exitWeights (so that a later factor such as trimming multiplies z), and
/// B = (Σ q x x')⁻¹ Σ q x c / exitWeights with `regressionWeights` q: the weights d that enter the step,
/// d/v where the distance has a variance v, 1 under the rule `rake`. The matrix may be singular (margins
/// share their total). Rows whose exit weight is 0 take no part.
///
/// Source: Deville & Särndal 1992, JASA 87, 376–382; R survey's `calibrate` and `rake` for the two rules.
public struct CalibrationStep: Sendable {
  /// Number of groups, each a problem of its own.
  public let groupCount: Int
  /// The group of each row, −1 outside.
  public let groupOfRow: [Int32]
  /// Number of auxiliary values that a row lists; one a margin where all are indicators.
  public let entriesPerRow: Int
  /// Number of auxiliary columns in every group.
  public let auxiliaryCount: Int
  /// The auxiliary columns that a row lists, row-major, `entriesPerRow` a row.
  public let columnsOfRow: [Int32]
  /// The values in those columns, likewise; nil where all are 1.
  public let valuesOfRow: [Double]?
  /// The weight q of each row in the regression.
  public let regressionWeights: [Double]
  /// The weight of each row after the step.
  public let exitWeights: [Double]
  /// How the coefficients are found.
  public let rule: ResidualRule

  /// A calibration from its parts.
  public init(
    groupCount: Int, groupOfRow: [Int32], entriesPerRow: Int, auxiliaryCount: Int,
    columnsOfRow: [Int32], valuesOfRow: [Double]? = nil, regressionWeights: [Double],
    exitWeights: [Double], rule: ResidualRule = .calibrate
  ) {
    precondition(
      columnsOfRow.count == groupOfRow.count * entriesPerRow
        && valuesOfRow.map { $0.count == columnsOfRow.count } ?? true
        && regressionWeights.count == groupOfRow.count && exitWeights.count == groupOfRow.count,
      "a calibration describes every row")
    self.groupCount = groupCount
    self.groupOfRow = groupOfRow
    self.entriesPerRow = entriesPerRow
    self.auxiliaryCount = auxiliaryCount
    self.columnsOfRow = columnsOfRow
    self.valuesOfRow = valuesOfRow
    self.regressionWeights = regressionWeights
    self.exitWeights = exitWeights
    self.rule = rule
  }
}
