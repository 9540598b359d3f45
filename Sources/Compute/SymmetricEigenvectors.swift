/// Eigenvalues and eigenvectors of a symmetric matrix, largest eigenvalue first.
///
/// Cyclic Jacobi rotations in the order of the elements (Golub & Van Loan, Matrix Computations, 8.5), until
/// every off-diagonal element is below 1e-15 of the largest diagonal one; the fixed order makes the result
/// the same on every machine. Each vector's largest element is positive, the first of equals.
public struct SymmetricEigenvectors: Sendable {
  /// The eigenvalues, falling.
  public let values: [Double]
  /// The eigenvector of each value, of length 1.
  public let vectors: [[Double]]

  /// Decomposes a row-major `order` × `order` matrix, of which the upper half is read; order 0 gives none.
  public init(_ matrix: [Double], order: Int) {
    precondition(matrix.count == order * order, "eigenvectors need a square matrix")
    var a = matrix
    for i in 0..<order {
      for j in 0..<i { a[i * order + j] = a[j * order + i] }
    }
    var rotation = [Double](repeating: 0, count: order * order)
    for i in 0..<order { rotation[i * order + i] = 1 }
    // Jacobi converges quadratically: a dozen sweeps are plenty, the bound only guards against NaN.
    for _ in 0..<100 {
      let largest = (0..<order).reduce(0.0) { max($0, abs(a[$1 * order + $1])) }
      var isDone = true
      for p in 0..<order {
        for q in (p + 1)..<max(order, p + 1) where abs(a[p * order + q]) > largest * 1e-15 {
          isDone = false
          Self.rotate(&a, &rotation, p, q, order)
        }
      }
      if isDone { break }
    }
    let found = (0..<order).map { column -> (value: Double, vector: [Double]) in
      var vector = (0..<order).map { rotation[$0 * order + column] }
      let lead = vector.indices.reduce(0) { abs(vector[$1]) > abs(vector[$0]) ? $1 : $0 }
      if vector[lead] < 0 { vector = vector.map { -$0 } }
      return (a[column * order + column], vector)
    }
    let order = found.indices.sorted {
      found[$0].value != found[$1].value ? found[$0].value > found[$1].value : $0 < $1
    }
    values = order.map { found[$0].value }
    vectors = order.map { found[$0].vector }
  }

  /// One rotation that makes the element (p, q) zero.
  private static func rotate(
    _ a: inout [Double], _ rotation: inout [Double], _ p: Int, _ q: Int, _ order: Int
  ) {
    let theta = (a[q * order + q] - a[p * order + p]) / (2 * a[p * order + q])
    let t = (theta >= 0 ? 1.0 : -1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<order {
      let (kp, kq) = (a[k * order + p], a[k * order + q])
      a[k * order + p] = c * kp - s * kq
      a[k * order + q] = s * kp + c * kq
    }
    for k in 0..<order {
      let (pk, qk) = (a[p * order + k], a[q * order + k])
      a[p * order + k] = c * pk - s * qk
      a[q * order + k] = s * pk + c * qk
      let (kp, kq) = (rotation[k * order + p], rotation[k * order + q])
      rotation[k * order + p] = c * kp - s * kq
      rotation[k * order + q] = s * kp + c * kq
    }
  }
}
