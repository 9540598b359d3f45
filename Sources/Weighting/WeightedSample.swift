public import CanvassSurvey

/// One step from base weight to final weight, so that a weight can be read back to its parts.
public struct WeightStep: Sendable {
  /// What the step is called in reports: `base`, `nonresponse`, `post-stratification`, `raking`.
  public let name: String
  /// The factor it applied to each row (1 where it left the weight alone).
  public let factor: [Double]
  /// Kish's design effect 1 + CV² over rows with a positive weight after this step.
  public let kishDesignEffect: Double
  /// Effective number of rows: rows with a positive weight over Kish's design effect.
  public let effectiveCount: Double
  /// Smallest and largest positive weight after this step.
  public let range: ClosedRange<Double>
  /// Largest relative distance of any target before and after, for steps that have targets.
  public let distance: (before: Double, after: Double)?
  /// Sweeps or Newton steps used, for iterative steps.
  public let iterations: Int?
  /// Quantiles of the positive weights after this step.
  public let weightQuantiles: WeightQuantiles
  /// Quantiles of its factor over rows with a positive weight after it.
  public let factorQuantiles: WeightQuantiles
  /// Rows with a negative weight after this step.
  public let negativeCount: Int
  /// Each target before and after, for steps that have targets: over all groups, then group by group.
  public let balance: [CovariateBalance]
}

/// Rows in canonical order with their final weights, design, and how the weights came about.
public struct WeightedSample: Sendable {
  /// All sampled rows that stay in the design, nonrespondents included (their weight is 0).
  public let table: Table
  /// Strata and sampling units over the rows.
  public let design: SampleDesign
  /// The final weight of each row; 0 for a nonrespondent.
  public let weights: [Double]
  /// The steps in order.
  public let steps: [WeightStep]
  /// The calibrations in order, for linearization.
  public let calibrations: [CalibrationStep]
  /// What `reweighted(by:)` carries out again; nil for a sample that was not weighted here.
  let replay: Replay?

  /// A weighted sample from its parts.
  public init(
    table: Table, design: SampleDesign, weights: [Double], steps: [WeightStep] = [],
    calibrations: [CalibrationStep] = []
  ) {
    self.init(
      table: table, design: design, weights: weights, steps: steps, calibrations: calibrations,
      replay: nil)
  }

  init(
    table: Table, design: SampleDesign, weights: [Double], steps: [WeightStep],
    calibrations: [CalibrationStep], replay: Replay?
  ) {
    self.table = table
    self.design = design
    self.weights = weights
    self.steps = steps
    self.calibrations = calibrations
    self.replay = replay
  }
}
