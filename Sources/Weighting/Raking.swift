import CanvassSurvey
import RealModule

/// Iterative proportional fitting of one group's weights to its margins, on the table of their cells.
///
/// Source: Deming & Stephan (1940), Annals of Mathematical Statistics 11, 427–444.
struct Raking {
  /// The step and the group, for messages.
  let step: String
  let group: String
  let tables: [MarginTable]
  /// The weights that enter, one a row of the group.
  let weights: [Double]

  /// The factors of a group's rows and how they were found.
  struct Solution: Sendable {
    /// g of each row.
    let factor: [Double]
    /// The auxiliary column of each row and margin, row-major.
    let columns: [Int32]
    let columnCount: Int
    let sweeps: Int
    let before: Double
    let after: Double
  }

  /// Sweeps over the margins until the largest relative error of any target is at most `tolerance`.
  ///
  /// - Throws: `notConverged` with the reason and the residual of each margin.
  func solve(tolerance: Double, maximumSweeps: Int) throws(Diagnostic) -> Solution {
    try checkTotals()
    // Rows with the same levels share one factor: the sweeps run over cells, not rows.
    var keys = [Int](repeating: 0, count: weights.count)
    var bound = 1
    var dense = DenseCodes(keys, bound: 1, where: { _ in true })
    for table in tables {
      for row in keys.indices {
        keys[row] = Int(dense.codeOfRow[row]) * table.levels.count + Int(table.levelOfRow[row])
      }
      bound = dense.distinct.count * table.levels.count
      dense = DenseCodes(keys, bound: bound, where: { _ in true })
    }
    let cellCount = dense.distinct.count
    var entry = [Double](repeating: 0, count: cellCount)
    var levels = [Int32](repeating: 0, count: cellCount * tables.count)
    for row in weights.indices {
      let cell = Int(dense.codeOfRow[row])
      entry[cell] += weights[row]
      for margin in tables.indices {
        levels[cell * tables.count + margin] = tables[margin].levelOfRow[row]
      }
    }

    var factor = [Double](repeating: 1, count: cellCount)
    let before = errors(entry, factor, levels).map(\.error).max() ?? 0
    var current = before
    // Errors at the last two powers of two: at least half of the sweeps lie after `earlier`.
    var earlier = Double.infinity
    var middle = Double.infinity
    var sweeps = 0
    repeat {
      for margin in tables.indices {
        let sums = totals(margin, entry, factor, levels)
        for cell in factor.indices {
          let level = Int(levels[cell * tables.count + margin])
          factor[cell] *= tables[margin].targets[level] / sums[level]
        }
      }
      sweeps += 1
      current = errors(entry, factor, levels).map(\.error).max() ?? 0
      if sweeps & (sweeps - 1) == 0 {
        earlier = middle
        middle = current
      }
    } while current > tolerance && sweeps < maximumSweeps
    // A comparison that NaN cannot pass.
    guard current <= tolerance else {
      throw failure(
        errors(entry, factor, levels), sweeps: sweeps, isStalled: !(current < 0.9 * earlier))
    }

    var columns = [Int32](repeating: 0, count: weights.count * tables.count)
    var offset: Int32 = 0
    for (margin, table) in tables.enumerated() {
      for row in weights.indices {
        columns[row * tables.count + margin] = offset + table.levelOfRow[row]
      }
      offset += Int32(table.levels.count)
    }
    return Solution(
      factor: dense.codeOfRow.map { factor[Int($0)] }, columns: columns,
      columnCount: Int(offset), sweeps: sweeps, before: before, after: current)
  }

  private func totals(
    _ margin: Int, _ entry: [Double], _ factor: [Double], _ levels: [Int32]
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: tables[margin].levels.count)
    for cell in entry.indices {
      sums[Int(levels[cell * tables.count + margin])] += entry[cell] * factor[cell]
    }
    return sums
  }

  /// The largest relative error of each margin and the level it belongs to; NaN counts as infinite.
  private func errors(
    _ entry: [Double], _ factor: [Double], _ levels: [Int32]
  ) -> [(error: Double, level: Int)] {
    tables.indices.map { margin in
      var worst = (error: 0.0, level: 0)
      for (level, sum) in totals(margin, entry, factor, levels).enumerated() {
        let target = tables[margin].targets[level]
        let error = abs(sum - target) / target
        if !(error <= worst.error) {
          worst = (error: error.isNaN ? .infinity : error, level: level)
        }
      }
      return worst
    }
  }

  /// Margins that contradict each other cannot all be met: said before any sweep.
  private func checkTotals() throws(Diagnostic) {
    guard let first = tables.first else { return }
    for table in tables.dropFirst() where abs(table.total - first.total) > 1e-6 * first.total {
      throw Diagnostic(
        .notConverged,
        "the margins of \(group) have different totals: "
          + "'\(first.variables.joined(separator: " × "))' \(first.total), "
          + "'\(table.variables.joined(separator: " × "))' \(table.total)",
        why: "the \(step) cannot meet both; they may differ by one part in a million",
        remedy: "take the margins from one source and date, or scale one to the other's total")
    }
  }

  private func failure(
    _ errors: [(error: Double, level: Int)], sweeps: Int, isStalled: Bool
  ) -> Diagnostic {
    let residuals = zip(tables, errors).map { table, worst in
      "\(Crossing.describe(table.variables, table.levels[worst.level])) "
        + "\(Raking.brief(worst.error))"
    }
    return Diagnostic(
      .notConverged, "the \(step) of \(group) did not converge in \(sweeps) sweeps",
      why: "largest relative residual of each margin: " + residuals.joined(separator: "; ")
        + (isStalled
          ? "; they no longer shrink, so no weights on the combinations of levels that have rows "
            + "meet all margins" : "; they still shrink"),
      remedy: isStalled
        ? "merge rare levels, or leave out a margin" : "allow more sweeps or a larger tolerance")
  }

  /// A positive number with three digits, `1.23e-4`.
  private static func brief(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    var exponent = Int(Double.log10(value).rounded(.down))
    var digits = Int((value / Double.pow(10, exponent) * 100).rounded())
    if digits == 1000 {
      digits = 100
      exponent += 1
    }
    let fraction = digits % 100
    return "\(digits / 100).\(fraction < 10 ? "0" : "")\(fraction)e\(exponent)"
  }
}
