/// A weighting step as the pipeline file asks for it.
public enum WeightingRequest: Sendable {
  /// The base weight is this column; a row without a value is an error, or has the weight 0.
  case column(String, missingIsZero: Bool = false)
  /// The base weight is the inverse of the product of these probabilities.
  case inverseOf([String])
  /// The base weight is the product of the inverse sampling fractions of the design's stages.
  case design
  /// Within each combination of `cells`, respondents carry the weight of all eligible rows.
  case nonresponse(cells: [String], by: OutcomeCodes)
  /// Post-stratification to the cells of one margin within the groups of a variable (nil: over all).
  case postStratify(within: String?, margin: Margin)
  /// Raking (iterative proportional fitting) over margins within the groups of a variable.
  case rake(
    within: String?, margins: [Margin], tolerance: Double, maximumSweeps: Int,
    residuals: ResidualRule = .calibrate)
  /// Calibration to totals and margins by a distance.
  case calibrate(CalibrationRequest)
  /// Trimming of extreme weights.
  case trim(TrimmingRequest)

  /// Whether the step gives the base weight.
  var isBase: Bool {
    switch self {
    case .column, .inverseOf, .design: true
    case .nonresponse, .postStratify, .rake, .calibrate, .trim: false
    }
  }

  /// The targets that the step meets, as a calibration; nil for steps without targets.
  package var targets: CalibrationRequest? {
    switch self {
    case .postStratify(let within, let margin):
      CalibrationRequest(within: within, margins: [margin])
    case .rake(let within, let margins, let tolerance, _, _):
      CalibrationRequest(within: within, margins: margins, tolerance: tolerance)
    case .calibrate(let request): request
    case .column, .inverseOf, .design, .nonresponse, .trim: nil
    }
  }
}
