import CanvassCompute
import CanvassWeighting

/// Finds the coefficients of one calibration group from its moments, by the step's rule.
enum ResidualSolver: Sendable {
  /// The regression, solved.
  case exact(SymmetricSystem)
  /// Ten sweeps over the columns, each set to its remaining mean: the margins' levels in turn.
  case sweeps(matrix: [Double], order: Int)

  /// A solver for a row-major `order` × `order` matrix Σ q x x'.
  init(_ matrix: [Double], order: Int, rule: ResidualRule) {
    switch rule {
    case .calibrate: self = .exact(SymmetricSystem(matrix, order: order))
    case .rake: self = .sweeps(matrix: matrix, order: order)
    }
  }

  /// The coefficients for the moments Σ q x v.
  func solve(_ moments: [Double]) -> [Double] {
    switch self {
    case .exact(let system):
      return system.solve(moments)
    case .sweeps(let matrix, let order):
      // Levels of one margin share no row, so that going column by column is going margin by margin.
      var coefficients = [Double](repeating: 0, count: order)
      for _ in 0..<10 {
        for column in 0..<order where matrix[column * order + column] > 0 {
          var rest = moments[column]
          for other in 0..<order { rest -= matrix[column * order + other] * coefficients[other] }
          coefficients[column] += rest / matrix[column * order + column]
        }
      }
      return coefficients
    }
  }
}
