import CanvassCompute
import Testing

@Suite struct HadamardTests {
  @Test(
    "rows are orthogonal, the first row and column are 1",
    arguments: [1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 60, 64, 76, 80, 88, 104])
  func orthogonal(order: Int) throws {
    let matrix = try #require(HadamardMatrix(order: order))
    for row in 0..<order {
      #expect(matrix[row, 0] == 1)
      #expect(matrix[0, row] == 1)
      for other in 0..<order {
        let product = (0..<order).reduce(0) { $0 + matrix[row, $1] * matrix[other, $1] }
        #expect(product == (row == other ? Double(order) : 0))
      }
    }
  }

  @Test(
    "orders that no matrix has, or that are not reached, are none",
    arguments: [-4, 0, 3, 6, 52, 92, 4097])
  func noMatrix(order: Int) {
    #expect(HadamardMatrix(order: order) == nil)
  }

  @Test(
    "the smallest matrix of at least so many rows",
    arguments: [(-1, 1), (0, 1), (1, 1), (2, 2), (3, 4), (5, 8), (49, 56), (61, 64), (4096, 4096)])
  func smallest(rows: Int, order: Int) {
    #expect(HadamardMatrix(atLeast: rows)?.order == order)
  }

  @Test("gamma numbers have their mean and variance", arguments: [0.5, 1.5, 3.75])
  func gamma(shape: Double) {
    var random = RandomStream(seed: 7, 1)
    let draws = (0..<40_000).map { _ in random.gamma(shape: shape) }
    let mean = draws.reduce(0, +) / 40_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
    // Six standard errors of each.
    #expect(abs(mean - shape) < 6 * (shape / 40_000).squareRoot())
    #expect(abs(variance - shape) < 6 * ((2 * shape * shape + 6 * shape) / 40_000).squareRoot())
    #expect(draws.allSatisfy { $0 > 0 })
  }
}
