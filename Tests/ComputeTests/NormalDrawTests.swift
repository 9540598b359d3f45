import CanvassCompute
import Testing

@Suite("Normal draws and covariance matrices") struct NormalDrawTests {
  @Test("normal numbers have the moments and the tails of the normal distribution")
  func moments() {
    var stream = RandomStream(seed: 8, 1)
    let count = 200_000
    let draws = stream.normals(count)
    #expect(draws.count == count)
    let size = Double(count)
    func moment(_ power: (Double) -> Double) -> Double {
      draws.reduce(0) { $0 + power($1) } / size
    }
    // Five standard errors: √(1/n), √(2/n), √(15/n), √(96/n).
    #expect(abs(moment { $0 }) < 5 * (1 / size).squareRoot())
    #expect(abs(moment { $0 * $0 } - 1) < 5 * (2 / size).squareRoot())
    #expect(abs(moment { $0 * $0 * $0 }) < 5 * (15 / size).squareRoot())
    #expect(abs(moment { $0 * $0 * $0 * $0 } - 3) < 5 * (96 / size).squareRoot())
    for bound in [-2.5, -1, 0.5, 3] {
      let share = NormalDistribution.cumulative(bound)
      let error = (share * (1 - share) / size).squareRoot()
      #expect(abs(Double(draws.count { $0 <= bound }) / size - share) < 5 * error)
    }
  }

  @Test("an odd number of draws is the beginning of a longer one", arguments: [0, 1, 2, 3, 10])
  func prefix(count: Int) {
    var short = RandomStream(seed: 3)
    var long = RandomStream(seed: 3)
    #expect(short.normals(count) == Array(long.normals(20).prefix(count)))
  }

  @Test(
    "a variance of ν degrees of freedom has mean 1 and variance 2/ν",
    arguments: [0.7, 1, 2, 5.5, 60])
  func chiSquare(degrees: Double) {
    var stream = RandomStream(seed: 2, 9)
    let count = 100_000
    let draws = (0..<count).map { _ in stream.chiSquareOverDegrees(degrees) }
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    // Five standard errors; the fourth central moment of χ²_ν/ν is 12 (ν + 4)/ν³.
    #expect(abs(mean - 1) < 5 * (2 / degrees / Double(count)).squareRoot())
    let fourth = 12 * (degrees + 4) / (degrees * degrees * degrees)
    let error = ((fourth - 4 / (degrees * degrees)) / Double(count)).squareRoot()
    #expect(abs(variance - 2 / degrees) < 5 * error)
    var known = RandomStream(seed: 2, 9)
    #expect(known.chiSquareOverDegrees(.infinity) == 1)
  }

  @Test("L Lᵀ gives the matrix back, also a singular one, and draws have its covariances")
  func factor() {
    // The third number is the sum of the first two, the fourth does not vary.
    var matrix = CovarianceMatrix(variances: [4, 9, 13 + 2 * 1.5, 0, 2])
    matrix[0, 1] = 1.5
    matrix[0, 2] = 5.5
    matrix[1, 2] = 10.5
    matrix[4, 0] = -1
    matrix[4, 1] = 0.5
    matrix[4, 2] = -0.5
    let lower = matrix.lowerFactor()
    for i in 0..<5 {
      for j in 0..<5 {
        let product = (0..<5).reduce(0.0) { $0 + lower[i * 5 + $1] * lower[j * 5 + $1] }
        #expect(abs(product - matrix[i, j]) < 1e-12)
        if j > i { #expect(lower[i * 5 + j] == 0) }
      }
    }
    let draws = NormalDraws(matrix, count: 50_000, seed: 4, purpose: 1)
    for i in 0..<5 {
      for j in 0..<5 {
        let mean =
          (0..<draws.count).reduce(0.0) { $0 + draws[i, $1] * draws[j, $1] } / Double(draws.count)
        let error =
          ((matrix[i, i] * matrix[j, j] + matrix[i, j] * matrix[i, j]) / 50_000).squareRoot()
        #expect(abs(mean - matrix[i, j]) <= 5 * error)
      }
    }
    for draw in 0..<100 {
      #expect(abs(draws[0, draw] + draws[1, draw] - draws[2, draw]) < 1e-12)
      #expect(draws[3, draw] == 0)
    }
  }

  @Test("more draws begin with the same ones; another purpose gives others")
  func keyed() {
    let matrix = CovarianceMatrix(variances: [1, 2])
    let few = NormalDraws(matrix, count: 3, seed: 1, purpose: 1)
    let many = NormalDraws(matrix, count: 9, seed: 1, purpose: 1)
    let other = NormalDraws(matrix, count: 3, seed: 1, purpose: 2)
    for unit in 0..<2 {
      for draw in 0..<3 {
        #expect(few[unit, draw] == many[unit, draw])
        #expect(few[unit, draw] != other[unit, draw])
      }
    }
  }

  @Test("a permuted matrix keeps every pair's covariance")
  func permuted() {
    var matrix = CovarianceMatrix(variances: [1, 2, 3])
    matrix[0, 2] = 0.5
    matrix[1, 2] = -0.25
    let moved = matrix.permuted([2, 0, 1])
    #expect(moved.values == [3, 0.5, -0.25, 0.5, 1, 0, -0.25, 0, 2])
    #expect(matrix.varianceOfDifference(0, 2) == 3)
    #expect(matrix.scaled(by: 2)[1, 2] == -0.5)
  }
}
