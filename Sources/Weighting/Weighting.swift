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
    let base = try baseWeights(steps, of: table, design)
    var weights = base
    var done: [WeightStep] = []
    if !steps.isEmpty {
      done.append(try WeightStep(named: "base", StepOutcome(factor: base), after: base))
    }
    var prepared: [any PreparedStep] = []
    var calibrations: [CalibrationStep] = []
    var targets: CalibrationRequest?
    for request in steps.dropFirst() {
      guard !weights.contains(where: { $0 < 0 }) else {
        throw Diagnostic(
          .badPipeline, "a weighting step follows a calibration that gave negative weights",
          why: "such weights can be estimated with, but not adjusted further",
          remedy: "make the calibration the last step, or give it bounds")
      }
      let step = try prepare(
        request, table, weights: weights, keeping: targets, workers: workers)
      targets = request.targets ?? targets
      let outcome = try step.carryOut(on: weights, workers: workers)
      weights = zip(weights, outcome.factor).map { $0 * $1 }
      prepared.append(step)
      if let calibration = outcome.calibration { calibrations.append(calibration) }
      done.append(try WeightStep(named: step.name, outcome, after: weights))
    }
    return WeightedSample(
      table: table, design: design, weights: weights, steps: done, calibrations: calibrations,
      replay: Replay(base: base, steps: prepared))
  }

  /// The weights that the first step gives; exactly one step does.
  private static func baseWeights(
    _ steps: [WeightingRequest], of table: Table, _ design: SampleDesign
  ) throws(Diagnostic) -> [Double] {
    for (position, request) in steps.enumerated() where request.isBase != (position == 0) {
      throw Diagnostic(
        .badPipeline,
        position == 0
          ? "the weighting does not begin with base weights"
          : "step \(position + 1) of the weighting is a second base weight",
        why: "later steps multiply the base weight, they never replace it",
        remedy: "list exactly one 'base' step, first")
    }
    switch steps.first {
    case .column(let name, let missingIsZero):
      return try BaseWeights.column(name, of: table, missingIsZero: missingIsZero)
    case .inverseOf(let names):
      return try BaseWeights.inverse(of: names, in: table)
    case .design:
      return try BaseWeights.inverse(of: design, in: table)
    default:
      return [Double](repeating: 1, count: table.rowCount)
    }
  }

  /// A step after the base, its levels and targets found for the rows that have a weight.
  ///
  /// - Parameter targets: those of the last step before that has some.
  private static func prepare(
    _ request: WeightingRequest, _ table: Table, weights: [Double],
    keeping targets: CalibrationRequest?, workers: Workers
  ) throws(Diagnostic) -> any PreparedStep {
    switch request {
    case .nonresponse(let cells, let codes):
      return try NonresponseClasses(cells: cells, by: codes, in: table, weights: weights)
    case .postStratify(let within, let margin):
      return try Raking(
        named: "post-stratification", within: within, margins: [margin], tolerance: 1e-10,
        maximumSweeps: 1, residuals: .calibrate, table: table, weights: weights, workers: workers)
    case .rake(let within, let margins, let tolerance, let maximumSweeps, let residuals):
      return try Raking(
        named: "raking", within: within, margins: margins, tolerance: tolerance,
        maximumSweeps: maximumSweeps, residuals: residuals, table: table, weights: weights,
        workers: workers)
    case .calibrate(let request):
      return try Calibration(request, table: table, weights: weights, workers: workers)
    case .trim(let request):
      return try Trimming(
        request, keeping: targets, table: table, weights: weights, workers: workers)
    case .column, .inverseOf, .design:
      preconditionFailure("base weights are checked to come first")
    }
  }
}
