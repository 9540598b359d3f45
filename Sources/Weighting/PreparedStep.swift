import CanvassCompute
import CanvassSurvey

/// A weighting step after the base, prepared on its rows so that it can be carried out on any weights.
///
/// Levels, crossings and targets are found once; the weights that enter may then be those of the sample or of
/// a replicate, as long as rows without weight at the preparation have none later.
protocol PreparedStep: Sendable {
  /// What the step is called in reports.
  var name: String { get }

  /// The factor of each row, and what a report and the linearization need to know.
  ///
  /// - Throws: `notConverged` or `badData` with the reason where a group has no solution.
  func carryOut(on weights: [Double], workers: Workers) throws(Diagnostic) -> StepOutcome

  /// Multiplies a replicate's weights; the names of groups without solution are returned, by their number.
  ///
  /// Such a group keeps the weights that enter, scaled to the total that it should have.
  func repeatStep(on weights: inout [Double]) -> [(group: Int, name: String)]

  /// The group of each row by the numbers of `repeatStep`, −1 outside.
  var groupOfRow: [Int32] { get }

  /// Cells of rows whose weights the step always multiplies alike; nil where every row may have its own
  /// factor.
  var cellOfRow: [Int32]? { get }

  /// The same step on a few rows that stand for all, each for rows of its own cell; only for steps with cells.
  func condensed(to rows: [Int]) -> any PreparedStep
}

extension PreparedStep {
  var cellOfRow: [Int32]? { nil }

  func condensed(to rows: [Int]) -> any PreparedStep {
    preconditionFailure("only steps with cells are condensed")
  }
}

/// What a step did to the weights.
struct StepOutcome {
  /// The factor of each row, 1 where the step left the weight alone.
  let factor: [Double]
  /// What a linearized estimate is residualized on; nil for steps whose factors count as fixed.
  var calibration: CalibrationStep?
  /// Largest relative distance of any target before and after.
  var distance: (before: Double, after: Double)?
  /// Sweeps or Newton steps, for iterative steps.
  var iterations: Int?
  /// Each target before and after, for steps that have targets.
  var balance: [CovariateBalance] = []
}
