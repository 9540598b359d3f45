/// Known population totals by the levels of one variable (or a cross of several), in a group.
public struct Margin: Sendable {
  /// The variables whose combination of levels is the margin's cell.
  public var variables: [String]
  /// The target of each group and cell: `targets[group]?[levels]`; the empty group is the whole sample.
  ///
  /// `group` and each level are values as `Column.text` gives them. A group without weighted rows is left
  /// alone; a level on one side only, in a group that has rows, is an error, and so are totals of 1 or
  /// less within groups, which are shares.
  public var targets: [String: [[String]: Double]]

  /// A margin.
  public init(variables: [String], targets: [String: [[String]: Double]]) {
    self.variables = variables
    self.targets = targets
  }
}

/// A weighting step as the pipeline file asks for it.
public enum WeightingRequest: Sendable {
  /// The base weight is this column.
  case column(String)
  /// The base weight is the inverse of the product of these probabilities.
  case inverseOf([String])
  /// Within each combination of `cells`, rows for which `respondent` holds 1 carry the weight of all.
  case nonresponse(cells: [String], respondent: String)
  /// Post-stratification to the cells of one margin within the groups of a variable (nil: over all).
  case postStratify(within: String?, margin: Margin)
  /// Raking (iterative proportional fitting) over margins within the groups of a variable.
  case rake(within: String?, margins: [Margin], tolerance: Double, maximumSweeps: Int)
}
