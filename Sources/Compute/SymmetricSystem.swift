/// Solves A b = c for a symmetric positive semidefinite A, which may be rank deficient.
///
/// Cholesky's factorization in the order of the columns. A column that depends on those before it (its
/// remaining pivot is at most `tolerance` times its diagonal) is redundant: its coefficient is 0. The
/// fitted values x'b are the same whichever of the dependent columns are left out; the fixed order makes
/// the coefficients the same on every machine.
public struct SymmetricSystem: Sendable {
  /// Number of unknowns.
  public let order: Int
  /// Number of columns that are not redundant.
  public let rank: Int
  /// The redundant columns in order.
  public var redundant: [Int] { (0..<order).filter { factor[$0 * order + $0] == 0 } }
  /// The lower factor, row-major; rows and columns of redundant unknowns are 0.
  private let factor: [Double]

  /// Factorizes a row-major `order` × `order` matrix, of which only the lower half is read.
  public init(_ matrix: [Double], order: Int, tolerance: Double = 1e-11) {
    precondition(matrix.count == order * order, "a symmetric system needs a square matrix")
    var lower = matrix
    var rank = 0
    for j in 0..<order {
      let diagonal = matrix[j * order + j]
      var pivot = diagonal
      for k in 0..<j { pivot -= lower[j * order + k] * lower[j * order + k] }
      let isKept = pivot > tolerance * diagonal && diagonal > 0
      if isKept { rank += 1 }
      let root = isKept ? pivot.squareRoot() : 0
      lower[j * order + j] = root
      for i in (j + 1)..<max(order, j + 1) {
        guard isKept else {
          lower[i * order + j] = 0
          continue
        }
        var sum = lower[i * order + j]
        for k in 0..<j { sum -= lower[i * order + k] * lower[j * order + k] }
        lower[i * order + j] = sum / root
      }
      for i in 0..<j { lower[i * order + j] = 0 }
    }
    // A redundant row still carries products with the columns before it; nothing may use them.
    for j in 0..<order where lower[j * order + j] == 0 {
      for k in 0..<order { lower[j * order + k] = 0 }
    }
    self.order = order
    self.rank = rank
    factor = lower
  }

  /// The solution for one right-hand side; redundant unknowns are 0.
  public func solve(_ right: [Double]) -> [Double] {
    precondition(right.count == order, "the right-hand side has the system's order")
    var solution = right
    for i in 0..<order {
      let pivot = factor[i * order + i]
      guard pivot > 0 else {
        solution[i] = 0
        continue
      }
      var sum = solution[i]
      for k in 0..<i { sum -= factor[i * order + k] * solution[k] }
      solution[i] = sum / pivot
    }
    for i in (0..<order).reversed() {
      let pivot = factor[i * order + i]
      guard pivot > 0 else { continue }
      var sum = solution[i]
      for k in (i + 1)..<max(order, i + 1) { sum -= factor[k * order + i] * solution[k] }
      solution[i] = sum / pivot
    }
    return solution
  }
}
