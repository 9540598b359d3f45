import CanvassCompute
import Testing

@Suite("Eigenvectors of symmetric matrices")
struct SymmetricEigenvectorTests {
  /// A matrix with unequal rows, some of its columns nearly dependent.
  private func matrix(_ order: Int) -> [Double] {
    var matrix = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in i..<order {
        let value = Double((i * 7 + j * 3) % 5) / 4 + (i == j ? Double(i) : 0)
        matrix[i * order + j] = value
        matrix[j * order + i] = value
      }
    }
    return matrix
  }

  @Test(
    "A v = λ v, vectors are orthonormal, values fall and add up to the trace",
    arguments: [0, 1, 2, 3, 5, 10, 40])
  func decomposes(order: Int) {
    let a = matrix(order)
    let found = SymmetricEigenvectors(a, order: order)
    #expect(found.values.count == order && found.vectors.count == order)
    for (value, vector) in zip(found.values, found.vectors) {
      for i in 0..<order {
        let product = (0..<order).reduce(0.0) { $0 + a[i * order + $1] * vector[$1] }
        #expect(abs(product - value * vector[i]) < 1e-11)
      }
    }
    for i in 0..<order {
      for j in 0...i {
        let product = zip(found.vectors[i], found.vectors[j]).reduce(0.0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
      }
      let lead = found.vectors[i].max { abs($0) < abs($1) }
      #expect((lead ?? 0) > 0)
    }
    #expect(zip(found.values, found.values.dropFirst()).allSatisfy { $0 >= $1 })
    let trace = (0..<order).reduce(0.0) { $0 + a[$1 * order + $1] }
    #expect(abs(found.values.reduce(0, +) - trace) < 1e-10)
  }

  @Test("a matrix of zeros and one of not-a-numbers come to an end")
  func degenerate() {
    #expect(SymmetricEigenvectors([0, 0, 0, 0], order: 2).values == [0, 0])
    #expect(SymmetricEigenvectors([.nan, .nan, .nan, 1], order: 2).values.count == 2)
  }
}
