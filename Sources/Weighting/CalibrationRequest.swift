/// A known population total of a numeric variable, by group; the empty group is the whole sample.
public struct PopulationTotal: Sendable {
  /// The variable.
  public var variable: String
  /// Σ over the population of each group.
  public var targets: [String: Double]

  /// A known total.
  public init(variable: String, targets: [String: Double]) {
    self.variable = variable
    self.targets = targets
  }
}

/// Calibration of weights to known totals (Deville & Särndal 1992).
public struct CalibrationRequest: Sendable {
  /// Each value of this variable is a problem of its own; nil: one problem over all rows.
  public var within: String?
  /// The number of people by group (an intercept); nil: not asked for.
  public var population: [String: Double]?
  /// Totals of numeric variables.
  public var totals: [PopulationTotal]
  /// Counts or shares by levels, one-way or crossed.
  public var margins: [Margin]
  /// The distance that is minimized.
  public var distance: CalibrationDistance
  /// Bounds on g; nil: none. The logit distance needs them.
  public var bounds: CalibrationBounds?
  /// A positive variable v: a row's factor depends on x'λ / v; nil: 1.
  public var variance: String?
  /// Rows with the same values of these variables get one factor: x is averaged over them; empty: none.
  public var equalWithin: [String]
  /// Whether weights may become negative (linear distance without bounds), as they may in R survey.
  public var allowsNegative: Bool
  /// Largest relative error of any target.
  public var tolerance: Double
  /// Most Newton steps.
  public var maximumSteps: Int

  /// A calibration; only the targets have no default.
  public init(
    within: String? = nil, population: [String: Double]? = nil, totals: [PopulationTotal] = [],
    margins: [Margin] = [], distance: CalibrationDistance = .linear,
    bounds: CalibrationBounds? = nil, variance: String? = nil, equalWithin: [String] = [],
    allowsNegative: Bool = false, tolerance: Double = 1e-10, maximumSteps: Int = 200
  ) {
    self.within = within
    self.population = population
    self.totals = totals
    self.margins = margins
    self.distance = distance
    self.bounds = bounds
    self.variance = variance
    self.equalWithin = equalWithin
    self.allowsNegative = allowsNegative
    self.tolerance = tolerance
    self.maximumSteps = maximumSteps
  }
}
