import CanvassCompute
import Testing

@Suite struct SymmetricSystemTests {
  /// A = X'X for rows of unequal numbers.
  func products(_ rows: [[Double]]) -> [Double] {
    let order = rows[0].count
    var matrix = [Double](repeating: 0, count: order * order)
    for row in rows {
      for i in 0..<order { for j in 0..<order { matrix[i * order + j] += row[i] * row[j] } }
    }
    return matrix
  }

  func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let order = vector.count
    return (0..<order).map { i in
      (0..<order).map { matrix[i * order + $0] * vector[$0] }.reduce(0, +)
    }
  }

  @Test("a system of full rank gives back its solution", arguments: [1, 2, 3, 5, 10])
  func fullRank(order: Int) {
    var stream = RandomStream(seed: 3, UInt64(order))
    let rows = (0..<order + 4).map { _ in (0..<order).map { _ in stream.uniform() - 0.3 } }
    let matrix = products(rows)
    let truth = (0..<order).map { _ in stream.uniform() * 10 - 5 }
    let system = SymmetricSystem(matrix, order: order)
    #expect(system.rank == order)
    for (mine, theirs) in zip(system.solve(product(matrix, truth)), truth) {
      #expect(abs(mine - theirs) < 1e-9)
    }
  }

  @Test("dependent columns get 0 and the rest solves the system")
  func deficient() {
    // Indicators of two margins: 2 + 3 columns of rank 4, weights far from 1.
    let rows = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 2)].enumerated().map {
      index, levels in
      var row = [Double](repeating: 0, count: 5)
      let root = (1e6 * (Double(index) + 0.7)).squareRoot()
      row[levels.0] = root
      row[2 + levels.1] = root
      return row
    }
    let matrix = products(rows)
    let right = product(matrix, [3, -1, 0.5, 2, 7])
    let system = SymmetricSystem(matrix, order: 5)
    let solution = system.solve(right)
    #expect(system.rank == 4 && solution[4] == 0)
    for (mine, theirs) in zip(product(matrix, solution), right) {
      #expect(abs(mine - theirs) <= 1e-12 * abs(theirs))
    }
  }

  @Test("an empty column, a zero matrix and no column at all")
  func empty() {
    #expect(SymmetricSystem([], order: 0).solve([]) == [])
    #expect(SymmetricSystem([0, 0, 0, 0], order: 2).solve([0, 0]) == [0, 0])
    let system = SymmetricSystem([0, 0, 0, 0, 4, 2, 0, 2, 2], order: 3)
    #expect(system.rank == 2)
    #expect(system.solve([0, 8, 6]) == [0, 1, 2])
  }
}
