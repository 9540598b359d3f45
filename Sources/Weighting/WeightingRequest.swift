/// A weighting step as the pipeline file asks for it.
public enum WeightingRequest: Sendable {
  /// The base weight is this column; a row without a value is an error, or has the weight 0.
  case column(String, missingIsZero: Bool = false)
  /// The base weight is the inverse of the product of these probabilities.
  case inverseOf([String])
  /// Within each combination of `cells`, respondents carry the weight of all eligible rows.
  case nonresponse(cells: [String], by: OutcomeCodes)
  /// Post-stratification to the cells of one margin within the groups of a variable (nil: over all).
  case postStratify(within: String?, margin: Margin)
  /// Raking (iterative proportional fitting) over margins within the groups of a variable.
  case rake(
    within: String?, margins: [Margin], tolerance: Double, maximumSweeps: Int,
    residuals: ResidualRule = .calibrate)

  /// Whether the step gives the base weight.
  var isBase: Bool {
    switch self {
    case .column, .inverseOf: true
    case .nonresponse, .postStratify, .rake: false
    }
  }
}
