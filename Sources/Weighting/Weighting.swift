public import CanvassCompute
public import CanvassSurvey

/// Weights from the sampling design to the population, step by step.
public enum Weighting {
  /// Applies `steps` to rows in canonical order; without steps every row weighs 1.
  ///
  /// The first step, and only the first, gives the base weight; each later one multiplies. Nonrespondents
  /// stay in the sample with the weight 0. Groups of a calibration are solved in parallel; the result does
  /// not depend on `workers`.
  ///
  /// - Throws: `badPipeline` for steps that make no sense, `badData` for weights, probabilities or cells
  ///   that cannot be used, `notConverged` where targets cannot be met, with the reason.
  public static func weight(
    _ table: Table, design: SampleDesign, steps: [WeightingRequest], workers: Workers
  ) throws(Diagnostic) -> WeightedSample {
    precondition(
      design.rowStarts.last ?? 0 == table.rowCount, "a design covers the rows of its table")
    var weights = [Double](repeating: 1, count: table.rowCount)
    var done: [WeightStep] = []
    var calibrations: [CalibrationStep] = []
    for (position, request) in steps.enumerated() {
      guard request.isBase == (position == 0) else {
        throw Diagnostic(
          .badPipeline,
          position == 0
            ? "the weighting does not begin with base weights"
            : "step \(position + 1) of the weighting is a second base weight",
          why: "later steps multiply the base weight, they never replace it",
          remedy: "list exactly one 'base' step, first")
      }
      switch request {
      case .column(let name):
        weights = try BaseWeights.column(name, of: table)
        done.append(try WeightStep(named: "base", factor: weights, after: weights))
      case .inverseOf(let names):
        weights = try BaseWeights.inverse(of: names, in: table)
        done.append(try WeightStep(named: "base", factor: weights, after: weights))
      case .nonresponse(let cells, let respondent):
        let factor = try NonresponseAdjustment.factor(
          cells: cells, respondent: respondent, in: table, weights: weights)
        weights = zip(weights, factor).map { $0 * $1 }
        done.append(try WeightStep(named: "nonresponse", factor: factor, after: weights))
      case .postStratify(let within, let margin):
        let problem = CalibrationProblem(
          name: "post-stratification", within: within, margins: [margin], tolerance: 1e-10,
          maximumSweeps: 1)
        let outcome = try problem.solve(table, weights: weights, workers: workers)
        weights = zip(weights, outcome.factor).map { $0 * $1 }
        calibrations.append(outcome.calibration)
        done.append(
          try WeightStep(
            named: problem.name, factor: outcome.factor, after: weights,
            distance: outcome.distance))
      case .rake(let within, let margins, let tolerance, let maximumSweeps):
        let problem = CalibrationProblem(
          name: "raking", within: within, margins: margins, tolerance: tolerance,
          maximumSweeps: maximumSweeps)
        let outcome = try problem.solve(table, weights: weights, workers: workers)
        weights = zip(weights, outcome.factor).map { $0 * $1 }
        calibrations.append(outcome.calibration)
        done.append(
          try WeightStep(
            named: problem.name, factor: outcome.factor, after: weights,
            distance: outcome.distance, iterations: outcome.iterations))
      }
    }
    return WeightedSample(
      table: table, design: design, weights: weights, steps: done, calibrations: calibrations)
  }
}

extension WeightingRequest {
  /// Whether the step gives the base weight.
  var isBase: Bool {
    switch self {
    case .column, .inverseOf: true
    case .nonresponse, .postStratify, .rake: false
    }
  }
}
