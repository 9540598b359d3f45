/// A square matrix of 1 and −1 whose rows are orthogonal, the first row and the first column all 1.
///
/// Doubling (Sylvester 1867) and quadratic residues of a prime (Paley 1933) reach every order below 92
/// that is a multiple of 4 but 52 (which needs a prime power), and most above.
public struct HadamardMatrix: Sendable, Hashable {
  /// Number of rows and of columns.
  public let order: Int
  /// Row-major signs.
  private let signs: [Int8]

  /// The largest order that is built: sixteen million signs.
  public static let largestOrder = 4096

  /// The smallest matrix of at least `order` rows; nil above ``largestOrder``.
  public init?(atLeast order: Int) {
    guard
      let found = (max(1, order)...max(1, order, HadamardMatrix.largestOrder))
        .first(where: HadamardMatrix.isReached), found <= HadamardMatrix.largestOrder
    else { return nil }
    self.init(order: found)
  }

  /// The matrix of exactly this order; nil where neither construction reaches it.
  public init?(order: Int) {
    guard order <= HadamardMatrix.largestOrder, HadamardMatrix.isReached(order) else { return nil }
    self.order = order
    var signs = HadamardMatrix.built(order)
    for row in 0..<order where signs[row * order] < 0 {
      for column in 0..<order { signs[row * order + column] *= -1 }
    }
    for column in 0..<order where signs[column] < 0 {
      for row in 0..<order { signs[row * order + column] *= -1 }
    }
    self.signs = signs
  }

  /// 1 or −1.
  public subscript(row: Int, column: Int) -> Double { Double(signs[row * order + column]) }

  private static func isReached(_ order: Int) -> Bool {
    if order == 1 || order == 2 { return true }
    guard order > 0, order % 4 == 0 else { return false }
    return isReached(order / 2) || paleyPrime(order) != nil
  }

  /// The prime of Paley's first construction (order − 1 ≡ 3 mod 4) or second (order / 2 − 1 ≡ 1 mod 4).
  private static func paleyPrime(_ order: Int) -> Int? {
    if isPrime(order - 1) { return order - 1 }
    let half = order / 2 - 1
    return half % 4 == 1 && isPrime(half) ? half : nil
  }

  private static func isPrime(_ number: Int) -> Bool {
    guard number > 1 else { return false }
    var divisor = 2
    while divisor * divisor <= number {
      if number % divisor == 0 { return false }
      divisor += 1
    }
    return true
  }

  private static func built(_ order: Int) -> [Int8] {
    if order == 1 { return [1] }
    if isReached(order / 2) {
      let half = built(order / 2)
      return product([1, 1, 1, -1], 2, half, order / 2)
    }
    let prime = order % 4 == 0 && isPrime(order - 1) ? order - 1 : order / 2 - 1
    // Jacobsthal's matrix χ(i − j), bordered.
    var residue = [Int8](repeating: -1, count: prime)
    residue[0] = 0
    for root in 1..<prime { residue[root * root % prime] = 1 }
    let size = prime + 1
    let isSkew = prime % 4 == 3
    var core = [Int8](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0..<size where row != column {
        core[row * size + column] =
          row == 0
          ? 1 : column == 0 ? (isSkew ? -1 : 1) : residue[(row - column + prime) % prime]
      }
    }
    if isSkew {
      for index in 0..<size { core[index * size + index] = 1 }
      return core
    }
    var result = product(core, size, [1, 1, 1, -1], 2)
    for index in 0..<size {
      let corner = 2 * index
      result[corner * order + corner] = 1
      result[corner * order + corner + 1] = -1
      result[(corner + 1) * order + corner] = -1
      result[(corner + 1) * order + corner + 1] = -1
    }
    return result
  }

  /// The Kronecker product of two square matrices.
  private static func product(
    _ outer: [Int8], _ outerOrder: Int, _ inner: [Int8], _ innerOrder: Int
  ) -> [Int8] {
    let order = outerOrder * innerOrder
    var result = [Int8](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in 0..<order {
        result[row * order + column] =
          outer[row / innerOrder * outerOrder + column / innerOrder]
          * inner[row % innerOrder * innerOrder + column % innerOrder]
      }
    }
    return result
  }
}
