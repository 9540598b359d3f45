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

  init(
    rows: [Int], variables: AuxiliaryVariables, group: Int, targets: CalibrationTargets,
    weights: [Double], variances: [Double]?, clusterOfRow: [Int32]?, request: CalibrationRequest,
    limits: WeightLimits?
  ) {
    let width = variables.widths[group]
    let entries = variables.entriesPerRow
    var columns: [Int32] = []
    var values: [Double]?
    if let clusterOfRow {
      (itemOfRow, columns, values, self.weights) = CalibrationGroupProblem.averaged(
        rows, variables, width, weights, clusterOfRow)
    } else {
      itemOfRow = nil
      columns.reserveCapacity(rows.count * entries)
      for row in rows { columns += variables.columns[row * entries..<(row + 1) * entries] }
      values = variables.values.map { all in
        rows.flatMap { all[$0 * entries..<($0 + 1) * entries] }
      }
      self.weights = rows.map { weights[$0] }
    }
    let entered = self.weights.reduce(0, +)
    var ofItem: [Double]?
    if let variances {
      var result = [Double](repeating: 1, count: self.weights.count)
      for (position, row) in rows.enumerated() {
        result[itemOfRow?[position] ?? position] = variances[row]
      }
      ofItem = result
    }
    let people = targets.people ?? entered
    let entriesPerItem = clusterOfRow == nil ? entries : width
    // A total of 0 has no relative error: it is measured by what the variable adds up to without signs.
    var sizes = [Double](repeating: 0, count: width)
    for item in self.weights.indices {
      for entry in item * entriesPerItem..<(item + 1) * entriesPerItem {
        sizes[Int(columns[entry])] += self.weights[item] * abs(values?[entry] ?? 1)
      }
    }
    system = CalibrationSystem(
      width: width, entriesPerItem: entriesPerItem, columns: columns,
      values: values, targets: targets.targets,
      scales: (0..<width).map { column in
        if let share = targets.shares[column] { return share * people }
        let target = abs(targets.targets[column])
        return target > 0 ? target : max(sizes[column], .leastNormalMagnitude)
      },
      variances: ofItem, distance: request.distance)
    if let limits {
      bounds = .each(
        lower: zip(rows, self.weights).map { row, weight in
          limits.lower.map { weight > 0 ? $0[row] / weight : 0 } ?? 0
        },
        upper: zip(rows, self.weights).map { row, weight in
          limits.upper.map { weight > 0 ? $0[row] / weight : .infinity } ?? .infinity
        })
    } else {
      bounds = request.bounds.map { .common($0) } ?? .none
    }
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
