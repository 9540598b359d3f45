/// The least and the greatest weight that each row may have; nil: no such limit.
struct WeightLimits: Sendable {
  let lower: [Double]?
  let upper: [Double]?
}

/// One group's calibration for given weights: the system, and how its items stand for rows.
struct CalibrationGroupProblem: Sendable {
  let system: CalibrationSystem
  /// Σ d of each item.
  let weights: [Double]
  let bounds: CalibrationSystem.Bounds
  /// The item of each row of the group; nil: every row is one.
  let itemOfRow: [Int]?

  /// - Parameter plain: the group's system where no rows share a factor, prepared beforehand.
  init(
    rows: [Int], plain: CalibrationSystem, variables: AuxiliaryVariables, group: Int,
    targets: CalibrationTargets, weights: [Double], clusterOfRow: [Int32]?,
    bounds common: CalibrationBounds?, limits: WeightLimits?
  ) {
    var system = plain
    if let clusterOfRow {
      let averages = CalibrationGroupProblem.averaged(
        rows, variables, plain.width, weights, clusterOfRow)
      var ofItem: [Double]?
      if let variances = plain.variances {
        var result = [Double](repeating: 1, count: averages.weights.count)
        for (item, variance) in zip(averages.items, variances) { result[item] = variance }
        ofItem = result
      }
      itemOfRow = averages.items
      self.weights = averages.weights
      system = CalibrationSystem(
        width: plain.width, entriesPerItem: plain.width, columns: averages.columns,
        values: averages.values, targets: plain.targets, scales: plain.scales, variances: ofItem,
        distance: plain.distance)
    } else {
      itemOfRow = nil
      self.weights = rows.map { weights[$0] }
    }
    system.scales = CalibrationGroupProblem.scales(targets, system, self.weights)
    self.system = system
    if let limits {
      let ofRow = zip(rows, self.weights)
      bounds = .each(
        lower: ofRow.map { row, weight in
          limits.lower.map { weight > 0 ? $0[row] / weight : 0 } ?? 0
        },
        upper: ofRow.map { row, weight in
          limits.upper.map { weight > 0 ? $0[row] / weight : .infinity } ?? .infinity
        })
    } else {
      bounds = common.map { .common($0) } ?? .none
    }
  }

  /// The system of a group's rows, each by itself.
  static func plain(
    rows: [Int], variables: AuxiliaryVariables, group: Int, targets: CalibrationTargets,
    variances: [Double]?, distance: CalibrationDistance
  ) -> CalibrationSystem {
    let entries = variables.entriesPerRow
    func gathered<Element>(_ all: [Element]) -> [Element] {
      var result: [Element] = []
      result.reserveCapacity(rows.count * entries)
      for row in rows { result += all[row * entries..<(row + 1) * entries] }
      return result
    }
    return CalibrationSystem(
      width: variables.widths[group], entriesPerItem: entries, columns: gathered(variables.columns),
      values: variables.values.map(gathered), targets: targets.targets,
      scales: targets.targets.map(abs), variances: variances.map { all in rows.map { all[$0] } },
      distance: distance)
  }

  /// What errors are relative to: a total, or the share of the people.
  private static func scales(
    _ targets: CalibrationTargets, _ system: CalibrationSystem, _ weights: [Double]
  ) -> [Double] {
    var scales = system.targets.map(abs)
    if targets.shares.contains(where: { $0 != nil }) {
      let people = targets.people ?? weights.reduce(0, +)
      for (column, share) in targets.shares.enumerated() {
        if let share { scales[column] = share * people }
      }
    }
    guard scales.contains(0) else { return scales }
    // A total of 0 has no relative error: it is measured by what the variable adds up to without signs.
    var sizes = [Double](repeating: 0, count: system.width)
    for item in weights.indices {
      for entry in item * system.entriesPerItem..<(item + 1) * system.entriesPerItem {
        sizes[Int(system.columns[entry])] += weights[item] * abs(system.values?[entry] ?? 1)
      }
    }
    return zip(scales, sizes).map { $0 > 0 ? $0 : max($1, .leastNormalMagnitude) }
  }

  /// Newton's steps for this problem.
  func fit(tolerance: Double, steps: Int) -> CalibrationSystem.Fit {
    system.fit(weights, bounds: bounds, tolerance: tolerance, maximumSteps: steps)
  }

  /// g of each row of the group.
  func factorOfRow(_ fit: CalibrationSystem.Fit) -> [Double] {
    itemOfRow.map { $0.map { fit.factor[$0] } } ?? fit.factor
  }

  /// Whether some weight became negative, which only the linear distance without bounds can do.
  func isNegative(_ fit: CalibrationSystem.Fit) -> Bool {
    zip(fit.factor, weights).contains { $0 < 0 && $1 > 0 }
  }

  /// x of a row's item in a column, for problems of clusters.
  func value(ofRow position: Int, _ column: Int) -> Double {
    guard let itemOfRow, let values = system.values else { return 0 }
    return values[itemOfRow[position] * system.width + column]
  }

  /// Clusters with Σ d x / Σ d as their auxiliary values, so that Σ d x stays what it is.
  private static func averaged(
    _ rows: [Int], _ variables: AuxiliaryVariables, _ width: Int, _ weights: [Double],
    _ clusterOfRow: [Int32]
  ) -> (items: [Int], columns: [Int32], values: [Double], weights: [Double]) {
    let entries = variables.entriesPerRow
    var number: [Int32: Int] = [:]
    var items: [Int] = []
    for row in rows {
      let item = number[clusterOfRow[row]] ?? number.count
      number[clusterOfRow[row]] = item
      items.append(item)
    }
    var values = [Double](repeating: 0, count: number.count * width)
    var sums = [Double](repeating: 0, count: number.count)
    for (item, row) in zip(items, rows) {
      sums[item] += weights[row]
      for entry in row * entries..<(row + 1) * entries {
        values[item * width + Int(variables.columns[entry])] +=
          weights[row] * (variables.values?[entry] ?? 1)
      }
    }
    for item in sums.indices where sums[item] > 0 {
      for column in 0..<width { values[item * width + column] /= sums[item] }
    }
    let columns = sums.indices.flatMap { _ in (0..<Int32(width)) }
    return (items, columns, values, sums)
  }
}
