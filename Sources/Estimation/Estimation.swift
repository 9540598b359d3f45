public import CanvassCompute
public import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// Estimates every measure in every domain of every partition: results by measure, then partition.
  ///
  /// R = Σ w y / Σ w x over the domain's rows with a positive weight and a value; the influence of PSU a
  /// is Σ_{i∈a} w_i e_i, where e is the residual of z_i = D_i (y_i − R x_i) / Σ w D x on the calibrations'
  /// auxiliary variables, the last calibration first (Deville & Särndal 1992; R survey's `calibrate`).
  /// Nonresponse factors count as fixed. One pass over the rows for each measure and partition, measures
  /// in parallel; the bytes do not depend on `workers`.
  ///
  /// - Throws: `badPipeline` for measures that the data cannot answer.
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
      return plans.map { plan in
        MeasureResult(
          measure: measure.id, partition: plan.partition.id,
          domains: self.domains(of: evaluation, in: plan), answered: evaluation.answered)
      }
    }
    return results.flatMap { $0 }
  }

  /// The estimates of one measure in all domains of one partition.
  private func domains(
    of evaluation: MeasureEvaluation, in plan: PartitionPlan
  ) -> [DomainEstimate] {
    let count = plan.partition.domainCount
    let ratios = DomainRatios(evaluation, in: plan, of: self)
    var influences = [Double](repeating: 0, count: plan.offsets[count])
    var squares = [Double](repeating: 0, count: count)
    var moments = zip(plan.steps, residualization.steps).map { step, residual in
      [Double](repeating: 0, count: step.groups.count * residual.auxiliaryCount)
    }
    let x = evaluation.x
    sample.weights.withUnsafeBufferPointer { weights in
      for row in weights.indices where !evaluation.y[row].isNaN {
        let domain = Int(plan.partition.domainOfRow[row])
        guard domain >= 0, ratios.isDefined(domain) else { continue }
        let deviation = ratios.deviation(domain, y: evaluation.y[row], x: x?[row] ?? 1)
        let linearized = deviation / ratios.denominators[domain]
        let slot = plan.offsets[domain] + Int(psuOfRow[row]) - plan.firstPSU[domain]
        influences[slot] += weights[row] * linearized
        squares[domain] += weights[row] * deviation * deviation
        for (index, residual) in residualization.steps.enumerated() {
          let pair = Int(plan.steps[index].pairOfRow[row])
          guard pair >= 0 else { continue }
          let margins = residual.calibration.margins
          let weighted = residual.calibration.entryWeights[row] * linearized
          for column in row * margins..<(row + 1) * margins {
            let auxiliary = Int(residual.calibration.columnsOfRow[column])
            moments[index][pair * residual.auxiliaryCount + auxiliary] += weighted
          }
        }
      }
    }
    return (0..<count).map { domain in
      let support = ratios.supports[domain]
      guard ratios.isDefined(domain) else {
        return DomainEstimate(
          estimate: nil, support: support, simpleRandomVariance: nil,
          weightTotal: ratios.weightTotals[domain])
      }
      var values = Array(influences[plan.offsets[domain]..<plan.offsets[domain + 1]])
      residualize(&values, domain: domain, moments: moments, plan: plan)
      return DomainEstimate(
        estimate: Estimate(
          value: ratios.value(domain),
          influence: Influence(firstPSU: plan.firstPSU[domain], values: values)),
        support: support,
        simpleRandomVariance: DesignEffect.simpleRandomVariance(
          weightedSquares: squares[domain], weightTotal: ratios.weightTotals[domain],
          denominator: ratios.denominators[domain], respondents: support.respondents),
        weightTotal: ratios.weightTotals[domain])
    }
  }

  /// Takes T'B out of a domain's PSU sums, for all groups of all calibrations that it reaches.
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
    let coefficients = residualization.coefficients(ofGroup)
    for (index, residual) in residualization.steps.enumerated().reversed() {
      let width = residual.auxiliaryCount
      for group in coefficients[index].keys.sorted() {
        guard let b = coefficients[index][group] else { continue }
        for entry in residual.psuStarts[group]..<residual.psuStarts[group + 1] {
          var fitted = 0.0
          for column in 0..<width { fitted += residual.totals[entry * width + column] * b[column] }
          values[Int(residual.psus[entry]) - plan.firstPSU[domain]] -= fitted
        }
      }
    }
  }
}
