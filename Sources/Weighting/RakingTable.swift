import CanvassSurvey

/// One group's weights on the table of its cells: rows with the same levels share one factor.
///
/// Source: Deming & Stephan (1940), Annals of Mathematical Statistics 11, 427–444.
struct RakingTable: Sendable {
  let margins: [MarginTable]
  /// The cell of each row of the group.
  let cellOfRow: [Int32]
  let cellCount: Int
  /// The column of each cell in each margin, row-major; columns are numbered margin by margin.
  private let columnOfCell: [Int32]
  /// First column of each margin, and the number of columns at the end.
  let columnStarts: [Int]
  /// The target of each column: a count, or a share of the total.
  private let targets: [Double]
  private let isShare: [Bool]

  /// Classifies a group's rows by the cross of all margins.
  init(_ margins: [MarginTable], rowCount: Int) {
    var keys = [Int](repeating: 0, count: rowCount)
    var dense = DenseCodes(keys, bound: 1, where: { _ in true })
    for margin in margins {
      for row in keys.indices {
        keys[row] =
          Int(dense.codeOfRow[row]) * margin.levels.count + Int(margin.levelOfRow[row])
      }
      dense = DenseCodes(
        keys, bound: max(1, dense.distinct.count * margin.levels.count), where: { _ in true })
    }
    self.margins = margins
    cellOfRow = dense.codeOfRow
    cellCount = dense.distinct.count
    var starts = [0]
    for margin in margins { starts.append(starts[starts.count - 1] + margin.levels.count) }
    columnStarts = starts
    var columns = [Int32](repeating: 0, count: cellCount * margins.count)
    for row in 0..<rowCount {
      let cell = Int(dense.codeOfRow[row])
      for (index, margin) in margins.enumerated() {
        columns[cell * margins.count + index] = Int32(starts[index]) + margin.levelOfRow[row]
      }
    }
    columnOfCell = columns
    targets = margins.flatMap(\.targets)
    isShare = margins.map(\.isShare)
  }

  /// The same cells for some of the rows, by their positions in the group.
  func condensed(to positions: [Int]) -> RakingTable {
    RakingTable(self, cellOfRow: positions.map { cellOfRow[$0] })
  }

  private init(_ other: RakingTable, cellOfRow: [Int32]) {
    margins = other.margins
    self.cellOfRow = cellOfRow
    cellCount = other.cellCount
    columnOfCell = other.columnOfCell
    columnStarts = other.columnStarts
    targets = other.targets
    isShare = other.isShare
  }

  /// How a fit went.
  struct Fit: Sendable {
    /// g of each cell.
    var factor: [Double]
    /// Largest relative error of any target before the first and after the last sweep.
    var before: Double
    var after: Double
    var sweeps = 0
    /// Whether the errors stopped shrinking before the last sweep.
    var isStalled = false
    var isConverged = false
  }

  /// The total that the group should have: that of the first margin of counts, else of what entered.
  func total(of entered: Double) -> Double {
    margins.first { !$0.isShare }?.total ?? entered
  }

  /// Sweeps over the margins until the largest relative error of any target is at most `tolerance`.
  ///
  /// - Parameter entry: Σ w of each cell as it enters.
  func fit(_ entry: [Double], tolerance: Double, maximumSweeps: Int) -> Fit {
    let targets = targets(for: entry)
    var sums = [Double](repeating: 0, count: targets.count)
    var fit = Fit(factor: [Double](repeating: 1, count: cellCount), before: 0, after: 0)
    fit.before = error(entry, fit.factor, targets, &sums)
    fit.after = fit.before
    // Errors at the last two powers of two: at least half of the sweeps lie after `earlier`.
    var earlier = Double.infinity
    var middle = Double.infinity
    repeat {
      for margin in margins.indices { scale(margin, entry, &fit.factor, targets, &sums) }
      fit.sweeps += 1
      fit.after = error(entry, fit.factor, targets, &sums)
      if fit.sweeps & (fit.sweeps - 1) == 0 {
        earlier = middle
        middle = fit.after
      }
    } while fit.after > tolerance && fit.after < .infinity && fit.sweeps < maximumSweeps
    fit.isConverged = fit.after <= tolerance
    fit.isStalled = !(fit.after < 0.9 * earlier)
    return fit
  }

  /// The largest relative error of each margin and the level it belongs to.
  func errors(_ entry: [Double], _ fit: Fit) -> [(error: Double, level: Int)] {
    let targets = targets(for: entry)
    var sums = [Double](repeating: 0, count: targets.count)
    _ = error(entry, fit.factor, targets, &sums)
    return margins.indices.map { margin in
      var worst = (error: 0.0, level: 0)
      for column in columnStarts[margin]..<columnStarts[margin + 1] {
        let error = abs(sums[column] - targets[column]) / targets[column]
        if !(error <= worst.error) {
          worst = (error.isNaN ? .infinity : error, column - columnStarts[margin])
        }
      }
      return worst
    }
  }

  /// Shares become counts of the total.
  private func targets(for entry: [Double]) -> [Double] {
    guard isShare.contains(true) else { return targets }
    let total = total(of: entry.reduce(0, +))
    var result = targets
    for margin in margins.indices where isShare[margin] {
      for column in columnStarts[margin]..<columnStarts[margin + 1] { result[column] *= total }
    }
    return result
  }

  /// One margin's levels set to their targets.
  private func scale(
    _ margin: Int, _ entry: [Double], _ factor: inout [Double], _ targets: [Double],
    _ sums: inout [Double]
  ) {
    let width = margins.count
    for column in columnStarts[margin]..<columnStarts[margin + 1] { sums[column] = 0 }
    for cell in 0..<cellCount {
      sums[Int(columnOfCell[cell * width + margin])] += entry[cell] * factor[cell]
    }
    for column in columnStarts[margin]..<columnStarts[margin + 1] {
      sums[column] = targets[column] / sums[column]
    }
    for cell in 0..<cellCount where entry[cell] > 0 {
      factor[cell] *= sums[Int(columnOfCell[cell * width + margin])]
    }
  }

  /// The largest relative error of any target; NaN counts as infinite.
  private func error(
    _ entry: [Double], _ factor: [Double], _ targets: [Double], _ sums: inout [Double]
  ) -> Double {
    let width = margins.count
    for column in sums.indices { sums[column] = 0 }
    for cell in 0..<cellCount {
      let weight = entry[cell] * factor[cell]
      for margin in 0..<width { sums[Int(columnOfCell[cell * width + margin])] += weight }
    }
    var worst = 0.0
    for column in sums.indices {
      // An emptied level can carry no weight, whatever the factors.
      let error =
        sums[column] > 0 ? abs(sums[column] - targets[column]) / targets[column] : .infinity
      if !(error <= worst) { worst = error.isNaN ? .infinity : error }
    }
    return worst
  }
}
