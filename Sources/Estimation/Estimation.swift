public import CanvassCompute
public import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// Estimates every measure in every domain of every partition: results by measure, then partition.
  ///
  /// R = Σ w y / Σ w x over the domain's rows with a positive weight and a value; the influence of sampling unit a
  /// is Σ_{i∈a} w_i e_i, where e is the residual of z_i = D_i (y_i − R x_i) / Σ w D x (for a total D_i y_i) on
  /// the calibrations' auxiliary variables, the last calibration first (Deville & Särndal 1992; R survey's `calibrate`).
  /// Nonresponse factors count as fixed. One pass over the rows for each measure, the rest over atoms; measures
  /// in parallel; the bytes do not depend on `workers`.
  ///
  /// - Throws: `badPipeline` for measures that the data cannot answer, `badData` where a sum overflows.
  public func estimate(
    _ measures: [Measure], over partitions: [Partition], workers: Workers
  ) throws(Diagnostic) -> [MeasureResult] {
    let atoms = RowAtoms(sample, partitions: partitions, unitOfRow: unitOfRow)
    let plans = try workers.diagnosing(partitions.count) { index in
      PartitionPlan(partitions[index], atoms, of: self)
    }
    let results = try workers.diagnosing(measures.count) { index throws(Diagnostic) in
      let measure = measures[index]
      let evaluation = try MeasureEvaluation(
        measure, in: self.sample.table, weights: self.sample.weights)
      // A quantile asks for sums of its own in every partition.
      lazy var sums = AtomSums(evaluation, atoms, of: self)
      return try plans.map { plan throws(Diagnostic) in
        let domains: [DomainEstimate]
        switch measure.kind {
        case .quantile(_, let definition):
          domains = try self.quantileDomains(of: evaluation, definition, in: plan)
        case .variance:
          domains = try self.domains(
            of: evaluation.squaredDeviations(DomainRatio.all(sums, in: plan), plan.partition),
            in: plan)
        case .total, .mean, .ratio, .respondentMean:
          domains = try self.domains(of: sums, in: plan)
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
    try domains(of: AtomSums(evaluation, plan.atoms, of: self), in: plan)
  }

  /// The estimates of one measure in all domains of one partition, from its sums.
  private func domains(
    of sums: AtomSums, in plan: PartitionPlan
  ) throws(Diagnostic) -> [DomainEstimate] {
    let evaluation = sums.evaluation
    let count = plan.partition.domainCount
    let isTotal = evaluation.isTotal
    let ratios = DomainRatio.all(sums, in: plan)
    if let domain = ratios.firstIndex(where: {
      !($0.numerator.isFinite && $0.denominator.isFinite)
    }) {
      throw overflow(of: evaluation, in: plan.partition, domain: domain)
    }
    var influences = [Double](repeating: 0, count: plan.offsets[count])
    var squares = [Double](repeating: 0, count: count)
    // Σ (q w / w_exit) z of each atom, calibration by calibration.
    var moments = [[Double]](
      repeating: [Double](repeating: 0, count: sums.atomCount), count: plan.steps.count)
    for atom in 0..<sums.atomCount where sums.respondents(atom) > 0 {
      let domain = Int(plan.domainOfAtom[atom])
      guard domain >= 0, ratios[domain].isDefined else { continue }
      let ratio = ratios[domain]
      let slot = plan.offsets[domain] - plan.firstUnit[domain] + Int(plan.atoms.unitOfAtom[atom])
      squares[domain] += sums.squares(atom, ratio.rough, ratio.correction)
      // z = (y − R x) / Σ w x; of a total y itself.
      let (rough, correction) = isTotal ? (0, 0) : (ratio.rough, ratio.correction)
      let denominator = isTotal ? 1 : ratio.denominator
      influences[slot] += sums.deviation(atom, rough, correction) / denominator
      for step in moments.indices {
        moments[step][atom] = sums.moment(atom, step: step, rough, correction) / denominator
      }
    }
    let momentsOfPairs = moments.indices.map { step in
      residualization.steps[step].moments(
        of: moments[step], pairOfPart: plan.steps[step].pairOfAtom,
        rowOfPart: { plan.atoms.firstRow[$0] }, pairCount: plan.steps[step].groups.count)
    }
    let reaches = reaches(of: sums, in: plan)
    return (0..<count).map { domain in
      let ratio = ratios[domain]
      guard ratio.isDefined, !(evaluation.isVariance && ratio.support.respondents < 2) else {
        return DomainEstimate(
          estimate: nil, support: ratio.support, simpleRandomVariance: nil,
          weightTotal: ratio.weightTotal)
      }
      var values = Array(influences[plan.offsets[domain]..<plan.offsets[domain + 1]])
      residualize(&values, domain: domain, moments: momentsOfPairs, plan: plan)
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
  private func reaches(of sums: AtomSums, in plan: PartitionPlan) -> [Reach]? {
    guard asksForReach else { return nil }
    var reaches = [Reach](
      repeating: Reach(samplingUnitCount: sample.design.samplingUnitCount),
      count: plan.partition.domainCount)
    for atom in 0..<sums.atomCount where sums.respondents(atom) > 0 {
      let domain = Int(plan.domainOfAtom[atom])
      if domain >= 0 { reaches[domain].insert(Int(plan.atoms.unitOfAtom[atom])) }
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
