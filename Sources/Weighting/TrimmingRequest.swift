/// A limit on weights within a group of rows.
public enum WeightLimit: Sendable, Hashable {
  /// This weight.
  case absolute(Double)
  /// So many times the median of the group's positive weights.
  case timesMedian(Double)
  /// So many times their mean.
  case timesMean(Double)
  /// Their quantile (type 7, unweighted).
  case quantile(Double)
}

/// Trimming of extreme weights.
public struct TrimmingRequest: Sendable, Hashable {
  /// What becomes of the weight that is cut off (or filled up).
  public enum Rest: String, Sendable, CaseIterable, Hashable {
    /// Added in equal parts to the rows that were not trimmed, once: some may then exceed the limit (R
    /// survey's `trimWeights`).
    case once
    /// The same again until no weight exceeds a limit (`strict = TRUE` there).
    case strict
    /// The weights are calibrated to the totals of the last calibration, within the limits.
    case keepTotals
  }

  /// Limits and sums are found within each value of this variable; nil: over all.
  public var within: String?
  /// No weight above this.
  public var upper: WeightLimit?
  /// No positive weight below this.
  public var lower: WeightLimit?
  /// What becomes of the rest.
  public var rest: Rest

  /// A trimming.
  public init(
    within: String? = nil, upper: WeightLimit? = nil, lower: WeightLimit? = nil,
    rest: Rest = .strict
  ) {
    self.within = within
    self.upper = upper
    self.lower = lower
    self.rest = rest
  }
}
