import CanvassCompute
public import CanvassSurvey
import CanvassWeighting

/// Which statistic tests that two variables are independent.
public enum IndependenceStatistic: String, Sendable, CaseIterable, Hashable {
  /// Pearson's X² over the trace of Δ against F with tr(Δ)²/tr(Δ²) and ν times as many degrees of freedom
  /// (Rao & Scott 1984, second order; Thomas & Rao 1987).
  case raoScottF = "F"
  /// Pearson's X², its p value from X² over the mean of Δ's eigenvalues against chi-square (first order).
  case raoScottChiSquare = "chisq"
  /// Wald's test that N_rc − N_r N_c / N is 0 in every cell but the first row's and column's (Koch, Freeman &
  /// Freeman 1975).
  case wald
  /// The same with Fellegi's adjustment for few sampling units.
  case adjustedWald = "adjusted_wald"
}

/// A table of two variables whose independence is tested.
public struct CrossTable: Sendable {
  /// The level of the first variable in each row of the sample, −1 where it takes no part.
  public var rowLevels: [Int32]
  /// The level of the second variable.
  public var columnLevels: [Int32]
  /// Number of levels of the first variable.
  public var rowCount: Int
  /// Number of levels of the second variable.
  public var columnCount: Int

  /// A table by the levels of two variables, numbered from 0.
  public init(rowLevels: [Int32], columnLevels: [Int32], rowCount: Int, columnCount: Int) {
    self.rowLevels = rowLevels
    self.columnLevels = columnLevels
    self.rowCount = rowCount
    self.columnCount = columnCount
  }
}

extension Estimator {
  /// Tests that two variables are independent, over rows that have both.
  ///
  /// Δ = (C'D⁻¹C/n)⁻¹ C'D⁻¹VD⁻¹C, with V the covariances of the cells' shares, D their diagonal, n the rows
  /// of the sample and C the interactions' columns less their projection on the main effects; ν is
  /// the PSUs less the strata of those rows. Empty cells have no term. R survey's `svychisq`.
  ///
  /// - Returns: nil for fewer than two levels on a side, or where the statistic has no distribution.
  /// - Throws: as `variance(of:)`.
  public func independenceTest(
    of table: CrossTable, by statistic: IndependenceStatistic
  ) throws(Diagnostic) -> SurveyTest? {
    guard table.rowCount > 1, table.columnCount > 1 else { return nil }
    let rows = sample.weights.indices.filter {
      sample.weights[$0] != 0 && table.rowLevels[$0] >= 0 && table.columnLevels[$0] >= 0
    }
    guard !rows.isEmpty else { return nil }
    let degrees = Double(degreesOfFreedom(of: rows))
    switch statistic {
    case .wald, .adjustedWald:
      return try waldTest(
        of: departures(table, rows), designDegrees: degrees,
        adjusted: statistic == .adjustedWald)
    case .raoScottF, .raoScottChiSquare:
      return try raoScott(table, rows, designDegrees: degrees, statistic)
    }
  }

  /// The totals of the table's cells, row-major.
  private func cellTotals(_ table: CrossTable, _ rows: [Int]) -> [Estimate] {
    let count = table.rowCount * table.columnCount
    var linearized = [[Double]](
      repeating: [Double](repeating: 0, count: sample.weights.count), count: count)
    var totals = [Double](repeating: 0, count: count)
    var taking = RowSet(rowCount: sample.weights.count)
    for row in rows {
      let cell =
        Int(table.rowLevels[row]) * table.columnCount + Int(table.columnLevels[row])
      linearized[cell][row] = 1
      totals[cell] += sample.weights[row]
      taking.insert(row)
    }
    return totals.indices.map {
      Estimate(
        value: totals[$0], influence: influence(ofLinearized: linearized[$0], over: taking))
    }
  }

  /// N_rc − N_r N_c / N for all rows and columns but the first.
  private func departures(_ table: CrossTable, _ rows: [Int]) -> [Estimate] {
    let cells = cellTotals(table, rows)
    func sum(_ indices: [Int]) -> Estimate {
      indices.reduce(.constant(0)) { $0 + cells[$1] }
    }
    let all = sum(Array(cells.indices))
    var departures: [Estimate] = []
    for row in 1..<table.rowCount {
      let ofRow = sum((0..<table.columnCount).map { row * table.columnCount + $0 })
      for column in 1..<table.columnCount {
        let ofColumn = sum((0..<table.rowCount).map { $0 * table.columnCount + column })
        departures.append(cells[row * table.columnCount + column] - ofRow * ofColumn / all)
      }
    }
    return departures
  }

  private func raoScott(
    _ table: CrossTable, _ rows: [Int], designDegrees: Double, _ statistic: IndependenceStatistic
  ) throws(Diagnostic) -> SurveyTest? {
    let totals = cellTotals(table, rows)
    let all = totals.reduce(.constant(0)) { $0 + $1 }
    let shares = totals.map { $0 / all }
    // R counts every row of the design here; the p values do not depend on it.
    let count = Double(sample.weights.count)
    let pearson = count * CrossTable.pearson(shares.map(\.value), table)
    let covariances = try covariances(of: shares.map(\.influence))
    // D⁻¹C, column by column.
    let contrasts = table.interactions().map { column in
      zip(column, shares).map { $1.value > 0 ? $0 / $1.value : 0 }
    }
    let order = contrasts.count
    let cells = shares.count
    var expected = [Double](repeating: 0, count: order * order)
    var observed = expected
    for first in 0..<order {
      for second in 0..<order {
        for cell in 0..<cells {
          expected[first * order + second] +=
            contrasts[first][cell] * contrasts[second][cell] * shares[cell].value / count
          for other in 0..<cells {
            observed[first * order + second] +=
              contrasts[first][cell] * covariances[cell, other] * contrasts[second][other]
          }
        }
      }
    }
    let system = SymmetricSystem(expected, order: order)
    guard system.rank == order else { return nil }
    // The columns of Δ.
    let delta = (0..<order).map { column in
      system.solve((0..<order).map { observed[$0 * order + column] })
    }
    var trace = 0.0
    var traceOfSquare = 0.0
    for first in 0..<order {
      trace += delta[first][first]
      for second in 0..<order { traceOfSquare += delta[first][second] * delta[second][first] }
    }
    if statistic == .raoScottChiSquare {
      let degrees = Double(order)
      guard let distribution = ChiSquare(degreesOfFreedom: degrees) else { return nil }
      return SurveyTest(
        statistic: pearson, degreesOfFreedom: degrees,
        pValue: distribution.tail(pearson * degrees / trace))
    }
    let degrees = trace * trace / traceOfSquare
    guard
      let distribution = FisherF(
        numeratorDegrees: degrees, denominatorDegrees: degrees * designDegrees)
    else { return nil }
    return SurveyTest(
      statistic: pearson / trace, degreesOfFreedom: degrees,
      denominatorDegrees: degrees * designDegrees,
      pValue: distribution.tail(pearson / trace))
  }
}

extension CrossTable {
  /// Σ (p_rc − p_r p_c)² / (p_r p_c) of shares, row-major; X² is n times that.
  fileprivate static func pearson(_ shares: [Double], _ table: CrossTable) -> Double {
    var ofRow = [Double](repeating: 0, count: table.rowCount)
    var ofColumn = [Double](repeating: 0, count: table.columnCount)
    for row in 0..<table.rowCount {
      for column in 0..<table.columnCount {
        ofRow[row] += shares[row * table.columnCount + column]
        ofColumn[column] += shares[row * table.columnCount + column]
      }
    }
    var sum = 0.0
    for row in 0..<table.rowCount {
      for column in 0..<table.columnCount {
        let independent = ofRow[row] * ofColumn[column]
        guard independent > 0 else { continue }
        let difference = shares[row * table.columnCount + column] - independent
        sum += difference * difference / independent
      }
    }
    return sum
  }

  /// The indicators of the interactions less their least-squares fit on both main effects, by column.
  fileprivate func interactions() -> [[Double]] {
    let cells = rowCount * columnCount
    var effects = [[Double](repeating: 1, count: cells)]
    for row in 1..<rowCount {
      effects.append((0..<cells).map { $0 / columnCount == row ? 1 : 0 })
    }
    for column in 1..<columnCount {
      effects.append((0..<cells).map { $0 % columnCount == column ? 1 : 0 })
    }
    func product(_ first: [Double], _ second: [Double]) -> Double {
      zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let system = SymmetricSystem(
      effects.flatMap { first in effects.map { product(first, $0) } }, order: effects.count)
    var columns: [[Double]] = []
    for row in 1..<rowCount {
      for column in 1..<columnCount {
        var residual = (0..<cells).map {
          $0 / columnCount == row && $0 % columnCount == column ? 1.0 : 0
        }
        let fitted = system.solve(effects.map { product($0, residual) })
        for (effect, coefficient) in zip(effects, fitted) {
          for cell in 0..<cells { residual[cell] -= coefficient * effect[cell] }
        }
        columns.append(residual)
      }
    }
    return columns
  }
}
