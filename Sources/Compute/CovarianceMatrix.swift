/// A symmetric positive semidefinite matrix, row-major: covariances of a few numbers.
public struct CovarianceMatrix: Sendable, Hashable {
  /// Number of rows and columns.
  public let order: Int
  /// `order` × `order` values, row by row.
  public private(set) var values: [Double]

  /// A matrix of zeros.
  public init(order: Int) {
    self.order = order
    values = [Double](repeating: 0, count: order * order)
  }

  /// A matrix of independent numbers with these variances.
  public init(variances: [Double]) {
    self.init(order: variances.count)
    for (index, variance) in variances.enumerated() { self[index, index] = variance }
  }

  /// The covariance of two numbers; setting one sets both halves.
  public subscript(_ row: Int, _ column: Int) -> Double {
    get { values[row * order + column] }
    set {
      values[row * order + column] = newValue
      values[column * order + row] = newValue
    }
  }

  /// The variance of the difference of two numbers, V_ii + V_jj − 2 V_ij, at least 0.
  public func varianceOfDifference(_ i: Int, _ j: Int) -> Double {
    max(0, self[i, i] + self[j, j] - 2 * self[i, j])
  }

  /// The covariances of the numbers times √`factor`.
  public func scaled(by factor: Double) -> CovarianceMatrix {
    var result = self
    result.values = values.map { factor * $0 }
    return result
  }

  /// The matrix with these standard errors and the correlations of this one.
  ///
  /// A number that does not vary here is independent of all others there.
  public func scaled(toErrors errors: [Double]) -> CovarianceMatrix {
    var result = CovarianceMatrix(variances: errors.map { $0 * $0 })
    for i in errors.indices {
      for j in 0..<i where self[i, j] != 0 {
        let scale = (self[i, i] * self[j, j]).squareRoot()
        if scale > 0 { result[i, j] = self[i, j] / scale * errors[i] * errors[j] }
      }
    }
    return result
  }

  /// The same numbers in another order: row k of the result is row `order[k]` of this matrix.
  public func permuted(_ positions: [Int]) -> CovarianceMatrix {
    var result = CovarianceMatrix(order: positions.count)
    for (row, i) in positions.enumerated() {
      for (column, j) in positions.enumerated() where column <= row {
        result[row, column] = self[i, j]
      }
    }
    return result
  }

  /// The lower triangular L, row-major, with L Lᵀ = V (Cholesky).
  ///
  /// A number that depends on those before it (its remaining pivot is at most `tolerance` times its
  /// variance) gets a pivot of 0 and follows them, so that a singular V has a factor too: L z with
  /// independent standard normal z is a draw from N(0, V).
  public func lowerFactor(tolerance: Double = 1e-11) -> [Double] {
    var lower = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in 0...i {
        var rest = self[i, j]
        for k in 0..<j where lower[i * order + k] != 0 {
          rest -= lower[i * order + k] * lower[j * order + k]
        }
        if i == j {
          lower[i * order + i] = rest > tolerance * self[i, i] ? rest.squareRoot() : 0
        } else if lower[j * order + j] > 0 {
          lower[i * order + j] = rest / lower[j * order + j]
        }
      }
    }
    return lower
  }
}
