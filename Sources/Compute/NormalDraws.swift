import RealModule

extension RandomStream {
  /// Independent standard normal numbers by Marsaglia's polar method (Marsaglia & Bray 1964).
  public mutating func normals(_ count: Int) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(count + 1)
    while numbers.count < count {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let length = (-2 * Double.log(square) / square).squareRoot()
      numbers.append(x * length)
      numbers.append(y * length)
    }
    return Array(numbers.prefix(count))
  }

  /// A χ² number over its degrees of freedom ν > 0: how far a variance with ν degrees of freedom may lie
  /// from the true one.
  ///
  /// Twice a gamma number of shape ν/2 by Marsaglia & Tsang (2000), shapes below 1 by Stuart's power of a
  /// uniform number; 1 where ν is infinite.
  public mutating func chiSquareOverDegrees(_ degreesOfFreedom: Double) -> Double {
    guard degreesOfFreedom < .infinity else { return 1 }
    let shape = degreesOfFreedom / 2
    var factor = 1.0
    if shape < 1 { factor = Double.pow(1 - uniform(), 1 / shape) }
    let d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normals(1)[0]
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if Double.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Double.log(v) {
        return factor * d * v / shape
      }
    }
  }
}

/// Draws from N(0, V), number by number.
public struct NormalDraws: Sendable {
  /// Draws of each number.
  public let count: Int
  /// The draws of number i from `i · count` on.
  public let values: [Double]

  /// `count` draws of the numbers whose covariances are `covariance`.
  ///
  /// L z with the Cholesky factor L; z of number i is the stream (seed, purpose, i), so that neither
  /// threads nor further draws change a number.
  public init(_ covariance: CovarianceMatrix, count: Int, seed: UInt64, purpose: UInt64) {
    self.count = count
    let order = covariance.order
    let lower = covariance.lowerFactor()
    var values = [Double](repeating: 0, count: order * count)
    values.withUnsafeMutableBufferPointer { values in
      for source in 0..<order {
        // A column of zeros moves nothing.
        guard lower[source * order + source] != 0 else { continue }
        var stream = RandomStream(seed: seed, purpose, UInt64(source))
        stream.normals(count).withUnsafeBufferPointer { normals in
          for target in source..<order {
            let slope = lower[target * order + source]
            guard slope != 0 else { continue }
            for draw in 0..<count { values[target * count + draw] += slope * normals[draw] }
          }
        }
      }
    }
    self.values = values
  }

  /// A draw of a number.
  public subscript(_ number: Int, _ draw: Int) -> Double { values[number * count + draw] }
}
