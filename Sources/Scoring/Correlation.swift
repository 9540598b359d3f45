/// Association of two columns of plain numbers over the same units.
public enum Correlation: String, Sendable, CaseIterable, Hashable {
  /// Pearson's product-moment correlation.
  case pearson
  /// Spearman's: Pearson's of mean ranks.
  case spearman
  /// Kendall's τ_b: concordant less discordant pairs over √((n₀ − n₁)(n₀ − n₂)), n₁ and n₂ tied pairs.
  case kendall

  /// The correlation of `x` and `y`, equally long; nil for fewer than two units or no variation.
  public func of(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "a correlation takes two numbers of every unit")
    switch self {
    case .pearson: return Self.productMoment(x, y)
    case .spearman: return Self.productMoment(Self.meanRanks(x), Self.meanRanks(y))
    case .kendall: return Self.tau(x, y)
    }
  }

  private static func productMoment(_ x: [Double], _ y: [Double]) -> Double? {
    let n = Double(x.count)
    guard n > 1 else { return nil }
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for index in x.indices {
      let (dx, dy) = (x[index] - meanX, y[index] - meanY)
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
    }
    // Rounding of equal values is no variation.
    let (noiseX, noiseY) = (abs(meanX) * 1e-14, abs(meanY) * 1e-14)
    guard xx > n * noiseX * noiseX, yy > n * noiseY * noiseY else { return nil }
    // One root, so that a column and itself give 1 exactly.
    return min(1, max(-1, xy / (xx * yy).squareRoot()))
  }

  /// Ranks from 1, equal values sharing their mean.
  static func meanRanks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for position in start...end { ranks[order[position]] = Double(start + end) / 2 + 1 }
      start = end + 1
    }
    return ranks
  }

  private static func tau(_ x: [Double], _ y: [Double]) -> Double? {
    func sign(_ d: Double) -> Int { d > 0 ? 1 : d < 0 ? -1 : 0 }
    var (score, untiedX, untiedY) = (0, 0, 0)
    for i in x.indices {
      for j in 0..<i {
        let (a, b) = (sign(x[i] - x[j]), sign(y[i] - y[j]))
        score += a * b
        untiedX += a * a
        untiedY += b * b
      }
    }
    guard untiedX > 0, untiedY > 0 else { return nil }
    return Double(score) / (Double(untiedX).squareRoot() * Double(untiedY).squareRoot())
  }
}
