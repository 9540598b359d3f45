import CanvassSurvey

/// Why a group's calibration has no solution.
struct CalibrationFailure {
  /// The step, for messages.
  let step: String
  let problem: CalibrationGroupProblem
  let fit: CalibrationSystem.Fit
  let request: CalibrationRequest
  let targets: CalibrationTargets
  let group: String

  /// The reason that can be told apart from others, with the residual of each target.
  var diagnostic: Diagnostic {
    if let column = emptyColumn {
      return Diagnostic(
        .notConverged, "no weighted row of \(group) bears on \(targets.names[column])",
        why: "its target is not 0, and a variable that is 0 everywhere can carry no weight",
        remedy: "leave the target out, or merge its level with a neighbour")
    }
    if fit.isConverged {
      let count = zip(fit.factor, problem.weights).count { $0 < 0 && $1 > 0 }
      return Diagnostic(
        .notConverged, "the calibration of \(group) gives \(count) rows a negative weight",
        why: "the linear distance without bounds does not keep weights above 0",
        remedy: "add 'bounds', take the distance 'raking', or allow negative weights")
    }
    if let contradiction { return contradiction }
    var remedy =
      step == "trimming"
      ? "widen the limits of the trimming, or do without 'rest: keep_totals'"
      : "leave out a target, merge rare levels, or allow more steps"
    var reason = residuals
    if request.bounds != nil, case .common = problem.bounds {
      if let wider = widerBounds {
        reason +=
          "; the bounds \(bracket(request.bounds)) are too tight, \(bracket(wider)) would do"
        remedy = "widen the bounds to \(bracket(wider)) at least, or leave out a target"
      } else {
        reason += "; no bounds would do"
      }
    }
    return Diagnostic(
      .notConverged,
      "the \(step) of \(group) did not converge in \(fit.iterations) steps", why: reason,
      remedy: remedy)
  }

  /// The first column that is 0 in every weighted row, but has a target.
  private var emptyColumn: Int? {
    let system = problem.system
    var isEmpty = [Bool](repeating: true, count: system.width)
    for item in problem.weights.indices where problem.weights[item] > 0 {
      for entry in item * system.entriesPerItem..<(item + 1) * system.entriesPerItem
      where (system.values?[entry] ?? 1) != 0 {
        isEmpty[Int(system.columns[entry])] = false
      }
    }
    return isEmpty.indices.first { isEmpty[$0] && system.targets[$0] != 0 }
  }

  /// A target that the others determine, and to another value.
  private var contradiction: Diagnostic? {
    let system = problem.system
    let others = fit.residuals.indices.filter { !fit.redundant.contains($0) }
    let isMet = others.allSatisfy { abs(fit.residuals[$0]) <= 1e-8 * system.scales[$0] }
    guard isMet,
      let column = fit.redundant.first(where: {
        abs(fit.residuals[$0]) > request.tolerance * system.scales[$0]
      })
    else { return nil }
    let asked = targets.shares[column].map { "a share of \($0)" } ?? "\(system.targets[column])"
    return Diagnostic(
      .notConverged,
      "the targets of \(group) contradict each other: \(targets.names[column]) is to be \(asked)",
      why: "the other targets leave it no choice, and are "
        + "\(BriefNumber.text(abs(fit.residuals[column]))) away from it",
      remedy: "take the totals from one source and date, or leave this one out")
  }

  /// The largest relative residual of each target.
  private var residuals: String {
    let system = problem.system
    let worst = targets.blocks.map { block in
      let column = block.max {
        abs(fit.residuals[$0]) / system.scales[$0] < abs(fit.residuals[$1]) / system.scales[$1]
      }
      guard let column else { return "" }
      let error = abs(fit.residuals[column]) / system.scales[column]
      return "\(targets.names[column]) \(BriefNumber.text(error))"
    }
    return "largest relative residual of each target: " + worst.joined(separator: "; ")
  }

  /// The narrowest bounds that have a solution, the given ones widened about 1 in proportion, to 1 %.
  private var widerBounds: CalibrationBounds? {
    guard let bounds = request.bounds else { return nil }
    func widened(_ scale: Double) -> CalibrationBounds {
      // Rounded outwards to three decimals, so that what is said is what was tried.
      CalibrationBounds(
        lower: max(0, ((1 - scale * (1 - bounds.lower)) * 1000).rounded(.down) / 1000),
        upper: ((1 + scale * (bounds.upper - 1)) * 1000).rounded(.up) / 1000)
    }
    func isSolvable(_ scale: Double) -> Bool {
      problem.system.fit(
        problem.weights, bounds: .common(widened(scale)), tolerance: request.tolerance,
        maximumSteps: max(100, request.maximumSteps)
      ).isConverged
    }
    var low = 1.0
    var high = 2.0
    while !isSolvable(high) {
      low = high
      high *= 2
      if high > 1e6 { return nil }
    }
    while high - low > 0.01 * (high - 1) {
      let middle = (low + high) / 2
      if isSolvable(middle) { high = middle } else { low = middle }
    }
    return widened(high)
  }

  private func bracket(_ bounds: CalibrationBounds?) -> String {
    bounds.map { "[\($0.lower), \($0.upper)]" } ?? ""
  }
}
