public import CanvassCompute
public import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// Estimates every measure in every domain of every partition: results by measure, then partition.
  ///
  /// R = Σ w y / Σ w x over the domain's rows with a positive weight and a value; the influence of sampling unit a
  /// is Σ_{i∈a} w_i e_i, where e is the residual of z_i = D_i (y_i − R x_i) / Σ w D x (for a total D_i y_i) on
  /// the calibrations' auxiliary variables, the last calibration first (Deville & Särndal 1992; R survey's `calibrate`).
  /// Nonresponse factors count as fixed. One pass over the rows for each measure and partition, measures
  /// in parallel; the bytes do not depend on `workers`.
  ///
  /// - Throws: `badPipeline` for measures that the data cannot answer, `badData` where a sum overflows.
  public func estimate(
    _ measures: [Measure], over partitions: [Partition], workers: Workers
  ) throws(Diagnostic) -> [MeasureResult] {
    let plans = try workers.diagnosing(partitions.count) { index in
      PartitionPlan(partitions[index], of: self)
    }
    let results = try workers.diagnosing(measures.count) { index throws(Diagnostic) in
      let measure = measures[index]
      let evaluation = try MeasureEvaluation(
        measure, in: self.sample.table, weights: self.sample.weights)
      return try plans.map { plan throws(Diagnostic) in
        let domains: [DomainEstimate]
        switch measure.kind {
        case .quantile(_, let definition):
          domains = try self.quantileDomains(of: evaluation, definition, in: plan)
        case .variance:
          domains = try self.domains(
            of: evaluation.squaredDeviations(plan, self.sample), in: plan)
        case .total, .mean, .ratio, .respondentMean:
          domains = try self.domains(of: evaluation, in: plan)
        }
        return MeasureResult(
          measure: measure.id, partition: plan.partition.id, domains: domains,
          answered: evaluation.answered)
      }
    }
    return results.flatMap { $0 }
  }

  /// The estimates of one measure in all domains of one partition.
  func domains(
    of evaluation: MeasureEvaluation, in plan: PartitionPlan
  ) throws(Diagnostic) -> [DomainEstimate] {
    let count = plan.partition.domainCount
    let isTotal = evaluation.isTotal
    var ratios: [DomainRatio] = []
    var influences = [Double](repeating: 0, count: plan.offsets[count])
    var squares = [Double](repeating: 0, count: count)
    // w z of each row, 0 for rows that take no part; only calibrations need it again.
    var contributions = [Double](
      repeating: 0, count: residualization.steps.isEmpty ? 0 : sample.weights.count)
    RowPointers.opening(evaluation, plan, sample) { rows in
      ratios = DomainRatio.all(rows, domainCount: count)
      let slots = zip(plan.offsets, plan.firstUnit).map { $0 - $1 }
      ratios.withUnsafeBufferPointer { ratios in
        slots.withUnsafeBufferPointer { slots in
          influences.withUnsafeMutableBufferPointer { influences in
            squares.withUnsafeMutableBufferPointer { squares in
              contributions.withUnsafeMutableBufferPointer { contributions in
                let isKept = !contributions.isEmpty
                rows.forEach { unit, row, domain, weight, y, x in
                  guard ratios[domain].isDefined else { return }
                  let deviation = ratios[domain].deviation(y, x)
                  let z = isTotal ? y : deviation / ratios[domain].denominator
                  influences[slots[domain] + unit] += weight * z
                  squares[domain] += weight * deviation * deviation
                  if isKept { contributions[row] = weight * z }
                }
              }
            }
          }
        }
      }
    }
    let reaches = reaches(of: evaluation, in: plan)
    if let domain = ratios.firstIndex(where: {
      !($0.numerator.isFinite && $0.denominator.isFinite)
    }) {
      throw overflow(of: evaluation, in: plan.partition, domain: domain)
    }
    let moments = zip(plan.steps, residualization.steps).map { step, residual in
      residual.moments(of: contributions, pairOfRow: step.pairOfRow, pairCount: step.groups.count)
    }
    return (0..<count).map { domain in
      let ratio = ratios[domain]
      guard ratio.isDefined, !(evaluation.isVariance && ratio.support.respondents < 2) else {
        return DomainEstimate(
          estimate: nil, support: ratio.support, simpleRandomVariance: nil,
          weightTotal: ratio.weightTotal)
      }
      var values = Array(influences[plan.offsets[domain]..<plan.offsets[domain + 1]])
      residualize(&values, domain: domain, moments: moments, plan: plan)
      // A total is Σ w means: under simple random sampling its variance is that of the mean times (Σ w)².
      let simple = DesignEffect.simpleRandomVariance(
        weightedSquares: squares[domain], weightTotal: ratio.weightTotal,
        denominator: ratio.denominator, respondents: ratio.support.respondents)
      return DomainEstimate(
        estimate: Estimate(
          value: isTotal ? ratio.numerator : ratio.value,
          influence: Influence(
            firstUnit: plan.firstUnit[domain], values: values, reach: reaches?[domain])),
        support: ratio.support,
        simpleRandomVariance: isTotal
          ? simple.map { $0 * ratio.weightTotal * ratio.weightTotal } : simple,
        weightTotal: ratio.weightTotal)
    }
  }

  /// The error of a sum that is too large, at the row of its largest term.
  private func overflow(
    of evaluation: MeasureEvaluation, in partition: Partition, domain: Int
  ) -> Diagnostic {
    func term(_ row: Int) -> Double {
      abs(sample.weights[row]) * max(abs(evaluation.y[row]), abs(evaluation.x?[row] ?? 1))
    }
    let largest = sample.weights.indices
      .filter { Int(partition.domainOfRow[$0]) == domain && evaluation.answered.contains($0) }
      .max { term($0) < term($1) }
    return Diagnostic(
      .badData, "the weighted sum of '\(evaluation.measure.id)' is too large for a number",
      at: largest.map { sample.table.place(of: $0) },
      why: "it exceeds 1.8 × 10³⁰⁸; the weight times the value is largest in this row",
      remedy: "correct the row, or estimate in a larger unit, such as thousands")
  }

  /// Where each domain is present, if the design has a rule that asks.
  private func reaches(of evaluation: MeasureEvaluation, in plan: PartitionPlan) -> [Reach]? {
    guard asksForReach else { return nil }
    var reaches = [Reach](
      repeating: Reach(samplingUnitCount: sample.design.samplingUnitCount),
      count: plan.partition.domainCount)
    for row in unitOfRow.indices where evaluation.answered.contains(row) {
      let domain = Int(plan.partition.domainOfRow[row])
      if domain >= 0 { reaches[domain].insert(Int(unitOfRow[row])) }
    }
    return reaches
  }

  /// Takes T'B out of a domain's sums by sampling unit, for all groups of all calibrations that it reaches.
  private func residualize(
    _ values: inout [Double], domain: Int, moments: [[Double]], plan: PartitionPlan
  ) {
    guard !residualization.steps.isEmpty else { return }
    var ofGroup = [[Int: [Double]]](repeating: [:], count: moments.count)
    for (index, step) in plan.steps.enumerated() {
      let width = residualization.steps[index].auxiliaryCount
      for pair in step.pairStarts[domain]..<step.pairStarts[domain + 1] {
        ofGroup[index][step.groups[pair]] = Array(
          moments[index][pair * width..<(pair + 1) * width])
      }
    }
    takeOut(
      residualization.coefficients(ofGroup), of: &values, firstUnit: plan.firstUnit[domain])
  }
}
