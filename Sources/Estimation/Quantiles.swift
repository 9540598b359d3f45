import CanvassCompute
import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// The quantiles of a measure in all domains of a partition, with Woodruff's intervals.
  ///
  /// Rows are sorted once for all domains. The share F̂ of rows at or below a domain's quantile is estimated
  /// like any share, calibrations included; its interval, read back through the quantile rule, is the
  /// quantile's (Woodruff 1952, JASA 47, 635–646). The influence is that of F̂ times −se/se(F̂): the
  /// linearization −(F̂(q) − p)/f with the density f that the interval implies (Francisco & Fuller 1991), so
  /// that its variance is the interval's own and differences of quantiles know their covariance. Where the
  /// interval has no width (heavy ties), an open end (that of F̂ leaves 0…1) or no degrees of freedom it is
  /// NaN: the error is unknown, not 0 (``Estimate/hasUnknownError``).
  ///
  /// - Throws: as `variance(of:)`: the interval needs the variance of F̂.
  func quantileDomains(
    of evaluation: MeasureEvaluation, _ definition: QuantileDefinition, in plan: PartitionPlan
  ) throws(Diagnostic) -> [DomainEstimate] {
    let sorted = sortedValues(of: evaluation, in: plan)
    let quantiles = sorted.map { $0.quantile(definition.probability, definition.rule) }
    let shares = try domains(
      of: evaluation.comparing(with: quantiles, in: plan.partition), in: plan)
    var result = shares
    let intervals =
      definition.interval == .score
      ? try scoreIntervals(of: evaluation, sorted, shares, definition, in: plan)
      : try shares.indices.map { domain throws(Diagnostic) in
        try interval(of: sorted[domain], share: shares[domain], definition)
      }
    for domain in result.indices {
      result[domain].simpleRandomVariance = nil
      guard let quantile = quantiles[domain], let share = shares[domain].estimate else {
        result[domain].estimate = nil
        continue
      }
      result[domain].interval = intervals[domain]
      let shareError = try variance(of: share.influence).squareRoot()
      let factor = intervals[domain]?.standardError.map { -$0 / shareError } ?? .nan
      let isKnown = factor < 0 && factor.isFinite
      result[domain].estimate = Estimate(
        value: quantile,
        influence: .combination(isKnown ? factor : .nan, share.influence, 0, .none))
    }
    return result
  }

  /// The interval of a domain's quantile; nil where the share below it has no degrees of freedom.
  private func interval(
    of values: WeightedValues, share: DomainEstimate, _ definition: QuantileDefinition
  ) throws(Diagnostic) -> WoodruffInterval? {
    let degrees = Double(share.support.degreesOfFreedom)
    guard let estimate = share.estimate, let method = definition.interval.ofShare,
      let t = StudentT(degreesOfFreedom: degrees)?.criticalValue(
        confidence: definition.confidence),
      let bounds = ShareInterval(
        share: estimate.value, variance: try variance(of: estimate.influence),
        degreesOfFreedom: degrees, respondents: share.support.respondents
      ).bounds(method, confidence: definition.confidence)
    else { return nil }
    return WoodruffInterval(
      low: bounds.low < 0 ? nil : values.quantile(bounds.low, definition.rule),
      high: bounds.high > 1 ? nil : values.quantile(bounds.high, definition.rule),
      criticalValue: t)
  }

  /// The values that a test of the share below them does not reject, for all domains at once: each step of
  /// the bisection over the sorted values is one pass over the rows.
  private func scoreIntervals(
    of evaluation: MeasureEvaluation, _ sorted: [WeightedValues], _ shares: [DomainEstimate],
    _ definition: QuantileDefinition, in plan: PartitionPlan
  ) throws(Diagnostic) -> [WoodruffInterval?] {
    let criticals = shares.map {
      StudentT(degreesOfFreedom: Double($0.support.degreesOfFreedom))?
        .criticalValue(confidence: definition.confidence)
    }
    let lows = try firstValues(
      of: evaluation, sorted, definition, in: plan, reaching: criticals.map { $0.map { -$0 } })
    let highs = try firstValues(of: evaluation, sorted, definition, in: plan, reaching: criticals)
    return shares.indices.map { domain in
      guard let t = criticals[domain], let low = lows[domain], let high = highs[domain] else {
        return nil
      }
      return WoodruffInterval(low: low, high: high, criticalValue: t)
    }
  }

  /// The first value x of each domain whose score (F̂(x) − p)/se reaches a limit, else the last one.
  private func firstValues(
    of evaluation: MeasureEvaluation, _ sorted: [WeightedValues],
    _ definition: QuantileDefinition, in plan: PartitionPlan, reaching limits: [Double?]
  ) throws(Diagnostic) -> [Double?] {
    var low = [Int](repeating: 0, count: sorted.count)
    var high = sorted.map { max(0, $0.values.count - 1) }
    while zip(low, high).contains(where: { $0 < $1 }) {
      let middle = zip(low, high).map { ($0 + $1) / 2 }
      let bounds = sorted.indices.map { domain in
        sorted[domain].values.isEmpty ? nil : sorted[domain].values[middle[domain]]
      }
      let shares = try domains(
        of: evaluation.comparing(with: bounds, in: plan.partition), in: plan)
      for domain in sorted.indices where low[domain] < high[domain] {
        guard let share = shares[domain].estimate, let limit = limits[domain] else {
          low[domain] = high[domain]
          continue
        }
        let difference = share.value - definition.probability
        let error = try variance(of: share.influence).squareRoot()
        // A share of 1 has no error and lies beyond every limit.
        let isReached = error > 0 ? difference / error >= limit : difference > 0
        if isReached { high[domain] = middle[domain] } else { low[domain] = middle[domain] + 1 }
      }
    }
    return sorted.indices.map { domain in
      limits[domain] == nil || sorted[domain].values.isEmpty
        ? nil : sorted[domain].values[high[domain]]
    }
  }

  /// The values of each domain in ascending order; equal ones keep the order of the rows. Rows whose
  /// calibrated weight is negative have no place in an order of weights and are left out here.
  private func sortedValues(
    of evaluation: MeasureEvaluation, in plan: PartitionPlan
  ) -> [WeightedValues] {
    let domainOfRow = plan.partition.domainOfRow
    let rows = evaluation.y.indices
      .filter { !evaluation.y[$0].isNaN && domainOfRow[$0] >= 0 && sample.weights[$0] > 0 }
      .sorted { (evaluation.y[$0], $0) < (evaluation.y[$1], $1) }
    var values = [[Double]](repeating: [], count: plan.partition.domainCount)
    var weights = values
    for row in rows {
      values[Int(domainOfRow[row])].append(evaluation.y[row])
      weights[Int(domainOfRow[row])].append(sample.weights[row])
    }
    return zip(values, weights).map { WeightedValues(ascending: $0, weights: $1) }
  }
}

extension MeasureEvaluation {
  /// With 1 in place of y where it is at most the number of the row's domain, else 0.
  func comparing(with bounds: [Double?], in partition: Partition) -> MeasureEvaluation {
    var indicators = y
    for row in indicators.indices where !indicators[row].isNaN {
      let domain = Int(partition.domainOfRow[row])
      guard domain >= 0, let bound = bounds[domain] else { continue }
      indicators[row] = indicators[row] <= bound ? 1 : 0
    }
    return replacing(y: indicators)
  }
}
