/// How a quantile is read from weighted values: the rules of R survey's `qrule`, by its names.
///
/// With values x₁ ≤ … ≤ xₙ, weights w and sums C_k = w₁ + … + w_k. The discrete rules give a value of the
/// sample (or the mean of two); the others interpolate linearly between points (p_k, x_k) and give the
/// end values beyond them.
///
/// Source: Hyndman & Fan 1996, The American Statistician 50, 361–365; R survey's vignette on quantiles.
public enum QuantileRule: String, Sendable, CaseIterable, Hashable {
  /// The least value whose C_k/C_n reaches p: the inverse of the weighted distribution function.
  case math
  /// As `math`, but the mean of both neighbours where C_k/C_n is p exactly: the median taught at school.
  case school
  /// The value of the last p_k = (C_k/w̄ + ½ − w_k/2)/(n + 1) that is at most p, as R survey computes it: w_k is
  /// not scaled there, so that the rule depends on the scale of the weights (Shah & Vaish 2006 scale it).
  case shahvaish
  /// The same as `math`.
  case hf1
  /// The same as `school`.
  case hf2
  /// As `math`, but the next value where C_k/C_n is p exactly at an odd position among distinct values.
  case hf3
  /// p_k = C_k/C_n.
  case hf4
  /// p_k = (C_k − w_k/2)/C_n.
  case hf5
  /// p_k = C_k/(C_n + w_n).
  case hf6
  /// p_k = C_{k−1}/C_{n−1}.
  case hf7
  /// p_k = (C_k − w_k/3)/(C_n + w_n/3).
  case hf8
  /// p_k = (C_k − 3w_k/8)/(C_n + w_n/4).
  case hf9
}

/// Values in ascending order with positive weights, which quantiles are read from.
public struct WeightedValues: Sendable {
  /// The values, ascending.
  public let values: [Double]
  /// The weight of each value, above 0.
  public let weights: [Double]
  /// C_k = w₁ + … + w_k.
  private let sums: [Double]

  /// Sorted values with their weights; both have the same count.
  public init(ascending values: [Double], weights: [Double]) {
    precondition(values.count == weights.count, "every value has a weight")
    self.values = values
    self.weights = weights
    var sums: [Double] = []
    sums.reserveCapacity(weights.count)
    var sum = 0.0
    for weight in weights {
      sum += weight
      sums.append(sum)
    }
    self.sums = sums
  }

  /// Sorts values, equal ones by their weights, and leaves out what has no positive weight.
  public init(_ values: [Double], weights: [Double]) {
    precondition(values.count == weights.count, "every value has a weight")
    let order = values.indices.filter { weights[$0] > 0 }
      .sorted { (values[$0], weights[$0]) < (values[$1], weights[$1]) }
    self.init(ascending: order.map { values[$0] }, weights: order.map { weights[$0] })
  }

  /// Sums of weights are equal to a part of their total within rounding.
  private static let rounding = 1e-12

  /// The quantile of probability p by a rule; nil without values. p outside 0…1 gives the end values.
  public func quantile(_ p: Double, _ rule: QuantileRule) -> Double? {
    guard let first = values.first, let total = sums.last, !p.isNaN else { return nil }
    let n = values.count
    guard n > 1 else { return first }
    switch rule {
    case .math, .hf1, .school, .hf2, .hf3:
      return discrete(p, rule, total: total)
    case .shahvaish:
      return shahVaish(p, total: total)
    case .hf4: return interpolated(p) { sums[$0] / total }
    case .hf5: return interpolated(p) { (sums[$0] - weights[$0] / 2) / total }
    case .hf6: return interpolated(p) { sums[$0] / (total + weights[n - 1]) }
    case .hf7: return interpolated(p) { ($0 == 0 ? 0 : sums[$0 - 1]) / sums[n - 2] }
    case .hf8:
      return interpolated(p) { (sums[$0] - weights[$0] / 3) / (total + weights[n - 1] / 3) }
    case .hf9:
      return interpolated(p) { (sums[$0] - weights[$0] * 3 / 8) / (total + weights[n - 1] / 4) }
    }
  }

  /// The first position whose sum reaches p of the total.
  private func position(reaching p: Double, of total: Double) -> Int {
    let target = (p - WeightedValues.rounding) * total
    var low = 0
    var high = sums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] >= target { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func discrete(_ p: Double, _ rule: QuantileRule, total: Double) -> Double {
    let position = position(reaching: p, of: total)
    let isExact = abs(sums[position] - p * total) <= WeightedValues.rounding * total
    guard isExact, position + 1 < values.count else { return values[position] }
    switch rule {
    case .school, .hf2: return (values[position] + values[position + 1]) / 2
    case .hf3:
      // Equal values count as one; inside such a run the sum is reached before its end.
      guard values[position + 1] > values[position] else { return values[position] }
      var distinct = 1
      for index in 0..<position where values[index + 1] > values[index] { distinct += 1 }
      return distinct % 2 == 0 ? values[position] : values[position + 1]
    default: return values[position]
    }
  }

  private func shahVaish(_ p: Double, total: Double) -> Double {
    let n = Double(values.count)
    let mean = total / n
    let points = values.indices.map { (sums[$0] / mean + 0.5 - weights[$0] / 2) / (n + 1) }
    let order = points.indices.sorted { (points[$0], $0) < (points[$1], $1) }
    let last = order.last { points[$0] <= p } ?? order[0]
    return values[last]
  }

  /// Linear between (point(k), x_k), whose points rise with k.
  private func interpolated(_ p: Double, _ point: (Int) -> Double) -> Double {
    var low = 0
    var high = values.count - 1
    if p <= point(low) { return values[low] }
    if p >= point(high) { return values[high] }
    while high - low > 1 {
      let middle = (low + high) / 2
      if point(middle) <= p { low = middle } else { high = middle }
    }
    let start = point(low)
    return values[low] + (values[high] - values[low]) * ((p - start) / (point(high) - start))
  }
}
