import CanvassCompute

extension Replicates {
  /// V = scale · Σ_r c_r (θ_r − θ̄)², θ̄ the mean of the replicates with c_r > 0 or the `estimate` itself.
  ///
  /// Replicates without a value (NaN: nobody of the domain is left in them) are left out; where more than
  /// one in twenty has none, and where no two are left, there is no variance.
  ///
  /// - Parameter values: the statistic in each replicate, in order.
  public func variance(of values: [Double], estimate: Double) -> Double? {
    covariance(of: values, and: values, estimates: (estimate, estimate))
  }

  /// scale · Σ_r c_r (θ_r − θ̄)(η_r − η̄) over the replicates in which both have a value; as `variance`.
  public func covariance(
    of first: [Double], and second: [Double], estimates: (Double, Double)
  ) -> Double? {
    precondition(first.count == count && second.count == count, "one value a replicate")
    var centers = estimates
    var known = 0
    var sums = (0.0, 0.0)
    var used = 0.0
    for replicate in 0..<count where isKnown(first[replicate], second[replicate]) {
      known += 1
      guard coefficients[replicate] > 0 else { continue }
      // Taken from the estimates, so that large values leave small deviations exact.
      sums.0 += first[replicate] - estimates.0
      sums.1 += second[replicate] - estimates.1
      used += 1
    }
    guard known > 1, Double(count - known) <= 0.05 * Double(count) else { return nil }
    if center == .mean, used > 0 {
      centers.0 += sums.0 / used
      centers.1 += sums.1 / used
    }
    var sum = 0.0
    for replicate in 0..<count where isKnown(first[replicate], second[replicate]) {
      sum +=
        coefficients[replicate] * (first[replicate] - centers.0) * (second[replicate] - centers.1)
    }
    return scale * sum
  }

  private func isKnown(_ first: Double, _ second: Double) -> Bool {
    first.isFinite && second.isFinite
  }
}

extension Replicates {
  /// Degrees of freedom of the replicates: the rank of their weights less 1 (R survey's `degf`).
  ///
  /// A replicate counts as new where more than 1e-5 of its length is left beside those before it. Costs
  /// rank · count² multiplications at most.
  public func degreesOfFreedom() -> Int {
    Replicates.rank(count) { scheme.multipliers(of: $0) } - 1
  }

  /// The rank of `count` vectors, made one after another.
  static func rank(_ count: Int, _ vector: (Int) -> [Double]) -> Int {
    var basis: [[Double]] = []
    for replicate in 0..<count {
      var rest = sketched(vector(replicate), among: count)
      if basis.count == rest.count { break }
      let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // Twice, since one pass of Gram and Schmidt leaves what rounding lost.
      for _ in 0..<2 {
        for known in basis {
          var along = 0.0
          for index in rest.indices { along += rest[index] * known[index] }
          for index in rest.indices { rest[index] -= along * known[index] }
        }
      }
      let left = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if left > 1e-5 * length { basis.append(rest.map { $0 / left }) }
    }
    return basis.count
  }

  /// A long vector summed with signs into a few more places than there are replicates, always the same ones,
  /// which leaves the rank as it is (Clarkson & Woodruff 2013) and costs nothing beside finding it.
  private static func sketched(_ vector: [Double], among count: Int) -> [Double] {
    let size = count + 64
    guard vector.count > 2 * size else { return vector }
    var result = [Double](repeating: 0, count: size)
    for index in vector.indices {
      let hash = RandomStream.mix(UInt64(index) &+ 0x5EED)
      result[Int((hash >> 1) % UInt64(size))] += hash & 1 == 0 ? vector[index] : -vector[index]
    }
    return result
  }

  /// Number of replicates that differ from each other; a bootstrap of few PSUs repeats itself.
  public func distinctCount() -> Int {
    Set((0..<count).map { scheme.multipliers(of: $0) }).count
  }
}
