import RealModule

extension Estimate {
  /// f(self) for a smooth f, from its value and derivative at this value: u_f = f'(θ) u.
  ///
  /// A value or derivative that is not finite leaves an estimate that says so: it is not hidden here.
  public func mapped(value: Double, derivative: Double) -> Estimate {
    Estimate(value: value, influence: .combination(derivative, influence, 0, .none))
  }

  /// The natural logarithm; NaN below 0, −∞ at 0.
  public func logarithm() -> Estimate {
    mapped(value: Double.log(value), derivative: 1 / value)
  }

  /// e to the power of this estimate.
  public func exponential() -> Estimate {
    let exponential = Double.exp(value)
    return mapped(value: exponential, derivative: exponential)
  }

  /// This estimate to a fixed power; NaN for negative values.
  public func power(_ exponent: Double) -> Estimate {
    mapped(
      value: Double.pow(value, exponent),
      derivative: exponent * Double.pow(value, exponent - 1))
  }

  /// log(θ / (1 − θ)), for shares strictly between 0 and 1.
  public func logit() -> Estimate {
    mapped(
      value: Double.log(value / (1 - value)), derivative: 1 / (value * (1 - value)))
  }

  /// Σ aₖ θₖ over parts with their coefficients; 0 without parts.
  public static func linearCombination(
    _ parts: [(coefficient: Double, estimate: Estimate)]
  ) -> Estimate {
    var sum = Estimate.constant(0)
    for part in parts { sum = sum + part.estimate.scaled(slope: part.coefficient) }
    return sum
  }

  /// exp(Σ aₖ log θₖ / Σ aₖ), the geometric mean with weights a; nil where a part is not above 0, no part is
  /// given or the weights do not sum to more than 0.
  public static func geometricMean(
    _ parts: [(weight: Double, estimate: Estimate)]
  ) -> Estimate? {
    let total = parts.reduce(0) { $0 + $1.weight }
    guard total > 0, parts.allSatisfy({ $0.estimate.value > 0 }) else { return nil }
    return linearCombination(parts.map { ($0.weight / total, $0.estimate.logarithm()) })
      .exponential()
  }

  /// Σ Nₖ θₖ / Σ Nₖ: rates of classes, averaged over the classes of a standard population (direct
  /// standardization; R survey's `svystandardize` post-stratifies to the same number and error).
  ///
  /// - Returns: nil where a class with people has no rate, or the population has no people.
  public static func standardizedRate(
    _ rates: [Estimate?], population: [Double]
  ) -> Estimate? {
    precondition(rates.count == population.count, "every class has a rate and a population")
    let total = population.reduce(0, +)
    guard total > 0 else { return nil }
    var parts: [(Double, Estimate)] = []
    for (rate, people) in zip(rates, population) where people > 0 {
      guard let rate else { return nil }
      parts.append((people / total, rate))
    }
    return linearCombination(parts)
  }
}
