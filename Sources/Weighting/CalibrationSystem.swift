import CanvassCompute

/// One group's calibration: find λ so that Σ d F(x'λ / v) x meets the targets.
///
/// Newton's method on the convex dual, whose gradient is Σ w x − T and whose matrix is Σ (d/v) F'(u) x x';
/// a step is shortened until the slope along it has at least halved. Items are rows, or clusters whose rows
/// share one factor.
///
/// Source: Deville & Särndal 1992, JASA 87, 376–382, section 3.
struct CalibrationSystem: Sendable {
  /// Auxiliary columns and the entries that each item lists.
  let width: Int
  let entriesPerItem: Int
  let columns: [Int32]
  /// nil where every entry is 1.
  let values: [Double]?
  /// What Σ w x must be.
  let targets: [Double]
  /// What an error of each target is relative to.
  var scales: [Double]
  /// v of each item; nil: 1.
  let variances: [Double]?
  let distance: CalibrationDistance

  /// Bounds on the factor of each item.
  enum Bounds: Sendable {
    case none
    case common(CalibrationBounds)
    /// Least and greatest factor of each item.
    case each(lower: [Double], upper: [Double])
  }

  /// How a fit went.
  struct Fit: Sendable {
    /// g of each item.
    var factor: [Double]
    /// Σ w x − T in each column.
    var residuals: [Double]
    /// Largest relative error of any target before and after.
    var before: Double
    var after: Double
    var iterations = 0
    var isConverged = false
    /// Columns that the others determine in the rows as they enter.
    var redundant: [Int] = []
  }

  /// Newton's steps until the largest relative error of any target is at most `tolerance`.
  func fit(
    _ weights: [Double], bounds: Bounds, tolerance: Double, maximumSteps: Int
  ) -> Fit {
    var multipliers = [Double](repeating: 0, count: width)
    var state = evaluate(multipliers, weights, bounds)
    var fit = Fit(
      factor: [], residuals: [], before: worst(state.residuals), after: worst(state.residuals))
    var isPolished = false
    while fit.iterations < maximumSteps {
      if fit.after <= tolerance {
        // One step more than asked for: Newton's method doubles the digits, and they are cheap here.
        if isPolished || fit.after < 1e-14 { break }
        isPolished = true
      }
      let system = SymmetricSystem(matrix(state.slopes, weights), order: width)
      if fit.iterations == 0 { fit.redundant = system.redundant }
      let direction = system.solve(state.residuals.map { -$0 })
      let start = product(direction, state.residuals)
      guard start < 0 else { break }
      // Later steps search the line closely, so that cut-off factors cannot make them go in circles.
      let demand = fit.iterations < 15 ? 0.5 : 0.01
      var next = state
      var trial = multipliers
      var length = 1.0
      var low = (length: 0.0, slope: start)
      var high: (length: Double, slope: Double)?
      for _ in 0..<60 {
        for column in 0..<width { trial[column] = multipliers[column] + length * direction[column] }
        next = evaluate(trial, weights, bounds)
        let slope = product(direction, next.residuals)
        if worst(next.residuals) < fit.after * 0.5 || abs(slope) <= demand * -start { break }
        if slope < 0 {
          guard high != nil else { break }
          low = (length, slope)
        } else {
          high = (length, slope)
        }
        guard let high else { break }
        let part = -low.slope / (high.slope - low.slope)
        length =
          low.length + (high.length - low.length) * (part.isFinite ? max(0.1, min(0.9, part)) : 0.1)
      }
      fit.iterations += 1
      let error = worst(next.residuals)
      if isPolished && !(error < fit.after) { break }
      if trial == multipliers { break }
      multipliers = trial
      state = next
      fit.after = error
    }
    fit.factor = state.factor
    fit.residuals = state.residuals
    fit.isConverged = fit.after <= tolerance
    return fit
  }

  private struct State {
    var factor: [Double]
    var slopes: [Double]
    var residuals: [Double]
  }

  private func evaluate(
    _ multipliers: [Double], _ weights: [Double], _ bounds: Bounds
  ) -> State {
    var state = State(
      factor: [Double](repeating: 1, count: weights.count),
      slopes: [Double](repeating: 0, count: weights.count), residuals: targets.map { -$0 })
    let (lowest, highest) =
      switch bounds {
      case .common(let common): (common.lower, common.upper)
      case .none, .each: (distance == .linear ? -.infinity : 0.0, Double.infinity)
      }
    columns.withUnsafeBufferPointer { columns in
      for item in weights.indices where weights[item] > 0 {
        let range = item * entriesPerItem..<(item + 1) * entriesPerItem
        var u = 0.0
        if let values {
          for entry in range { u += multipliers[Int(columns[entry])] * values[entry] }
        } else {
          for entry in range { u += multipliers[Int(columns[entry])] }
        }
        if let variances { u /= variances[item] }
        var (lower, upper) = (lowest, highest)
        if case .each(let lowers, let uppers) = bounds {
          (lower, upper) = (lowers[item], uppers[item])
        }
        let (g, slope) = distance.factor(u, lower, upper)
        state.factor[item] = g
        state.slopes[item] = variances.map { slope / $0[item] } ?? slope
        let weight = weights[item] * g
        if let values {
          for entry in range { state.residuals[Int(columns[entry])] += weight * values[entry] }
        } else {
          for entry in range { state.residuals[Int(columns[entry])] += weight }
        }
      }
    }
    return state
  }

  /// Σ (d/v) F'(u) x x'; where the bounds hold back all rows of a column, its rows count as free.
  private func matrix(_ slopes: [Double], _ weights: [Double]) -> [Double] {
    var matrix = products(zip(weights, slopes).map { $0 * $1 })
    let free = variances.map { zip(weights, $0).map { $0 / $1 } } ?? weights
    var diagonal = [Double](repeating: 0, count: width)
    for item in weights.indices where weights[item] > 0 {
      for entry in item * entriesPerItem..<(item + 1) * entriesPerItem {
        let value = values?[entry] ?? 1
        diagonal[Int(columns[entry])] += free[item] * value * value
      }
    }
    let isHeldBack = (0..<width).contains {
      diagonal[$0] > 0 && matrix[$0 * width + $0] <= 1e-9 * diagonal[$0]
    }
    if isHeldBack {
      for (index, product) in products(free).enumerated() { matrix[index] += 0.01 * product }
    }
    return matrix
  }

  /// Σ q x x' over the items with a positive weight q, row-major; the lower half is what is read.
  private func products(_ weights: [Double]) -> [Double] {
    var matrix = [Double](repeating: 0, count: width * width)
    matrix.withUnsafeMutableBufferPointer { matrix in
      columns.withUnsafeBufferPointer { columns in
        for item in weights.indices where weights[item] > 0 {
          let range = item * entriesPerItem..<(item + 1) * entriesPerItem
          for entry in range {
            let row = Int(columns[entry]) * width
            let value = weights[item] * (values?[entry] ?? 1)
            for other in range {
              matrix[row + Int(columns[other])] += value * (values?[other] ?? 1)
            }
          }
        }
      }
    }
    return matrix
  }

  /// The largest relative error of any target with weights as they are.
  func error(of weights: [Double]) -> Double {
    var residuals = targets.map { -$0 }
    for item in weights.indices {
      for entry in item * entriesPerItem..<(item + 1) * entriesPerItem {
        residuals[Int(columns[entry])] += weights[item] * (values?[entry] ?? 1)
      }
    }
    return worst(residuals)
  }

  /// The largest relative error of any target; NaN counts as infinite.
  func worst(_ residuals: [Double]) -> Double {
    var worst = 0.0
    for column in residuals.indices {
      let error = abs(residuals[column]) / scales[column]
      if !(error <= worst) { worst = error.isNaN ? .infinity : error }
    }
    return worst
  }

  private func product(_ first: [Double], _ second: [Double]) -> Double {
    var sum = 0.0
    for index in first.indices { sum += first[index] * second[index] }
    return sum
  }
}
