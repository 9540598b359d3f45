import CanvassCompute
package import CanvassSurvey

/// Weights beyond limits are set to them; the rest of the group makes up for it.
///
/// The excess is spread in equal parts, as in R survey 4.5's `trimWeights`: over the rows that were never
/// trimmed, so that those which were stay at their limit.
///
/// Source: Potter (1990), A study of procedures to identify and trim extreme sampling weights.
struct Trimming: PreparedStep {
  let name = "trimming"
  private let request: TrimmingRequest
  private let groups: CalibrationGroups
  /// The targets of the last calibration: kept, or looked at to say how far trimming led away from them.
  private let targets: Calibration?

  /// - Parameter last: the calibration that came before, with its targets.
  /// - Throws: `badPipeline` for limits that make no sense and totals to keep where there are none.
  init(
    _ request: TrimmingRequest, keeping last: CalibrationRequest?, table: Table,
    weights: [Double], workers: Workers
  ) throws(Diagnostic) {
    try request.check()
    self.request = request
    groups = try CalibrationGroups(
      table, within: request.within, weights: weights, purpose: name)
    if request.rest == .keepTotals, last?.equalWithin.isEmpty != true {
      throw Diagnostic(
        .badPipeline,
        last == nil
          ? "the trimming is to keep totals, but no step before it meets any"
          : "the trimming cannot keep equal weights within clusters",
        remedy: "trim after raking or calibration, or spread the rest")
    }
    targets = try last.map { last throws(Diagnostic) in
      var last = last
      last.distance = .raking
      last.bounds = nil
      last.variance = nil
      last.equalWithin = []
      return try Calibration(last, table: table, weights: weights, workers: workers)
    }
  }

  var groupOfRow: [Int32] {
    request.rest == .keepTotals ? targets?.groupOfRow ?? groups.groupOfRow : groups.groupOfRow
  }

  func carryOut(on weights: [Double], workers: Workers) throws(Diagnostic) -> StepOutcome {
    if let targets, request.rest == .keepTotals {
      return try targets.carryOut(on: weights, limits: limits(weights), workers: workers)
    }
    var trimmed = weights
    for group in groups.rows.indices {
      guard spread(&trimmed, group) else {
        throw Diagnostic(
          .notConverged, "the weights of \(groups.name(of: group)) cannot be trimmed",
          why: "they sum to more than the limits allow all rows together, or to less",
          remedy: "widen the limits: the mean weight must lie between them")
      }
    }
    var outcome = StepOutcome(factor: zip(trimmed, weights).map { $1 > 0 ? $0 / $1 : 1 })
    if let targets {
      outcome.distance = (targets.error(of: weights), targets.error(of: trimmed))
      outcome.balance = targets.balance(before: weights, after: trimmed)
    }
    return outcome
  }

  func repeatStep(on weights: inout [Double]) -> [(group: Int, name: String)] {
    if let targets, request.rest == .keepTotals {
      return targets.repeatStep(on: &weights, limits: limits(weights))
    }
    var unsolved: [(group: Int, name: String)] = []
    for group in groups.rows.indices {
      let entered = groups.rows[group].map { weights[$0] }
      if !spread(&weights, group) {
        for (row, weight) in zip(groups.rows[group], entered) { weights[row] = weight }
        unsolved.append((group, groups.name(of: group)))
      }
    }
    return unsolved
  }

  /// Cuts a group's weights and spreads the rest; false where no weight is left to take it.
  private func spread(_ weights: inout [Double], _ group: Int) -> Bool {
    let rows = groups.rows[group].filter { weights[$0] > 0 }
    let (lower, upper) = limits(of: rows.map { weights[$0] })
    // Rows once trimmed stay at their limit, so that every pass but the last trims one more at least.
    var isTrimmed = [Bool](repeating: false, count: rows.count)
    for _ in 0...rows.count {
      var excess = 0.0
      var isFound = false
      for (position, row) in rows.enumerated() where weights[row] < lower || weights[row] > upper {
        let limit = weights[row] > upper ? upper : lower
        excess += weights[row] - limit
        weights[row] = limit
        isTrimmed[position] = true
        isFound = true
      }
      if !isFound { return true }
      let free = isTrimmed.count { !$0 }
      guard free > 0, lower <= upper else { return false }
      for (position, row) in rows.enumerated() where !isTrimmed[position] {
        weights[row] += excess / Double(free)
      }
      if request.rest == .once { return !rows.contains { weights[$0] < 0 } }
    }
    return false
  }

  /// The limits of every row.
  private func limits(_ weights: [Double]) -> WeightLimits {
    var lower = [Double](repeating: 0, count: weights.count)
    var upper = [Double](repeating: .infinity, count: weights.count)
    for rows in groups.rows {
      let found = limits(of: rows.map { weights[$0] }.filter { $0 > 0 })
      for row in rows {
        lower[row] = max(0, found.lower)
        upper[row] = found.upper
      }
    }
    return WeightLimits(lower: lower, upper: upper)
  }

  private func limits(of weights: [Double]) -> (lower: Double, upper: Double) {
    let sorted = weights.sorted()
    return (
      request.lower?.value(over: sorted) ?? -.infinity,
      request.upper?.value(over: sorted) ?? .infinity
    )
  }
}

extension WeightLimit {
  /// The limit over a group's positive weights in rising order; infinite where there are none.
  func value(over sorted: [Double]) -> Double {
    guard !sorted.isEmpty else { return .infinity }
    return switch self {
    case .absolute(let weight): weight
    case .timesMedian(let factor): factor * WeightQuantiles.quantile(0.5, of: sorted)
    case .timesMean(let factor): factor * sorted.reduce(0, +) / Double(sorted.count)
    case .quantile(let probability): WeightQuantiles.quantile(probability, of: sorted)
    }
  }
}

extension TrimmingRequest {
  /// - Throws: `badPipeline` where there is no limit, or one or a pair that no weight can keep.
  package func check() throws(Diagnostic) {
    guard upper != nil || lower != nil else {
      throw Diagnostic(
        .badPipeline, "the trimming has no limit", remedy: "give 'above', 'below' or both")
    }
    for limit in [upper, lower].compactMap({ $0 }) {
      let isFine =
        switch limit {
        case .absolute(let number), .timesMedian(let number), .timesMean(let number):
          number > 0 && number.isFinite
        case .quantile(let probability): probability > 0 && probability < 1
        }
      guard isFine else {
        throw Diagnostic(
          .badPipeline, "a limit of the trimming is not above 0, or a quantile not between 0 and 1",
          remedy: "write a weight, '5 * median', '3 * mean' or 'quantile 0.99'")
      }
    }
    if let upper, let lower, lower.liesAbove(upper) {
      throw Diagnostic(
        .badPipeline, "the trimming's 'below' is greater than its 'above'",
        why: "no weight is above the one and below the other",
        remedy: "weights under 'below' are raised to it, weights over 'above' cut to it")
    }
  }
}

extension WeightLimit {
  /// Whether the limit is greater than another of its kind whatever the weights are.
  fileprivate func liesAbove(_ other: WeightLimit) -> Bool {
    switch (self, other) {
    case (.absolute(let own), .absolute(let other)),
      (.timesMedian(let own), .timesMedian(let other)),
      (.timesMean(let own), .timesMean(let other)), (.quantile(let own), .quantile(let other)):
      own > other
    default: false
    }
  }
}
