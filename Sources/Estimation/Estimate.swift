/// The linearized contribution of each sampling unit to an estimate, over a range of them.
///
/// Sampling units are those of the design: the finest that a finite population correction needs, else
/// the primary sampling units.
public struct Influence: Sendable, Hashable, Codable {
  /// The first sampling unit of the range; all outside contribute 0.
  public var firstUnit: Int
  /// One number per sampling unit from `firstUnit` on.
  public var values: [Double]
  /// Where the estimate's domain is present; nil where the design has no rule that asks, or everywhere.
  public var reach: Reach?

  /// An influence over the sampling units from `firstUnit` on.
  public init(firstUnit: Int, values: [Double], reach: Reach? = nil) {
    self.firstUnit = firstUnit
    self.values = values
    self.reach = reach
  }

  /// The influence of a constant.
  public static let none = Influence(firstUnit: 0, values: [])

  /// `a · first + b · second`, over the union of both ranges.
  public static func combination(
    _ a: Double, _ first: Influence, _ b: Double, _ second: Influence
  ) -> Influence {
    if second.values.isEmpty {
      return Influence(
        firstUnit: first.firstUnit, values: first.values.map { a * $0 }, reach: first.reach)
    }
    if first.values.isEmpty {
      return Influence(
        firstUnit: second.firstUnit, values: second.values.map { b * $0 }, reach: second.reach)
    }
    let start = min(first.firstUnit, second.firstUnit)
    let end = max(
      first.firstUnit + first.values.count, second.firstUnit + second.values.count)
    var values = [Double](repeating: 0, count: end - start)
    for (index, value) in first.values.enumerated() {
      values[first.firstUnit - start + index] = a * value
    }
    for (index, value) in second.values.enumerated() {
      values[second.firstUnit - start + index] += b * value
    }
    return Influence(
      firstUnit: start, values: values, reach: Reach.union(first.reach, second.reach))
  }
}

/// A value and the influence of every sampling unit on it; arithmetic carries both (chain rule).
public struct Estimate: Sendable, Hashable, Codable {
  /// The estimate itself.
  public var value: Double
  /// Its linearization.
  public var influence: Influence

  /// An estimate.
  public init(value: Double, influence: Influence) {
    self.value = value
    self.influence = influence
  }

  /// Whether the value has a sampling error of which nothing is known, as a quantile among ties has.
  public var hasUnknownError: Bool { influence.values.first?.isNaN ?? false }

  /// A number without sampling error.
  public static func constant(_ value: Double) -> Estimate {
    Estimate(value: value, influence: .none)
  }

  /// Sum.
  public static func + (a: Estimate, b: Estimate) -> Estimate {
    Estimate(value: a.value + b.value, influence: .combination(1, a.influence, 1, b.influence))
  }

  /// Difference.
  public static func - (a: Estimate, b: Estimate) -> Estimate {
    Estimate(value: a.value - b.value, influence: .combination(1, a.influence, -1, b.influence))
  }

  /// Product.
  public static func * (a: Estimate, b: Estimate) -> Estimate {
    Estimate(
      value: a.value * b.value,
      influence: .combination(b.value, a.influence, a.value, b.influence))
  }

  /// Ratio; a zero denominator gives an infinite or undefined value, as in arithmetic.
  public static func / (a: Estimate, b: Estimate) -> Estimate {
    let ratio = a.value / b.value
    return Estimate(
      value: ratio, influence: .combination(1 / b.value, a.influence, -ratio / b.value, b.influence)
    )
  }

  /// `intercept + slope · self`.
  public func scaled(slope: Double, intercept: Double = 0) -> Estimate {
    Estimate(
      value: intercept + slope * value,
      influence: .combination(slope, influence, 0, .none))
  }
}
