public import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// V = Σ_s Σ_h a_h (1 − f_h) m_h/(m_h − 1) Σ_a (u_a − ū_h)² over the strata h of all stages s.
  ///
  /// f_h is the stratum's sampling fraction (0 with replacement) and a_h the product of its ancestors'
  /// fractions: one stage with replacement is Σ_h m_h/(m_h − 1) Σ (u − ū_h)². Units outside the
  /// influence's range have u = 0 and still count in m_h. First-stage units drawn with unequal
  /// probabilities follow ``CanvassSurvey/UnequalProbabilityMethod``. A lone unit is an error or follows
  /// the design's ``CanvassSurvey/LonelyPolicy``; under `average` the result is NaN where no stratum has
  /// two units.
  ///
  /// The policy `average` and designs with `lonelyInDomains` look at the influence's ``Influence/reach``,
  /// where the estimate's domain is present; without one every unit counts as present.
  ///
  /// - Throws: `badData` for lone units under the policy `fail`, naming their strata.
  public func variance(of influence: Influence) throws(Diagnostic) -> Double {
    try covariance(of: influence, and: influence)
  }

  /// The covariance of two estimates of this sample, by the formula of `variance(of:)`.
  ///
  /// - Throws: as `variance(of:)`.
  public func covariance(
    of first: Influence, and second: Influence
  ) throws(Diagnostic) -> Double {
    var sum = 0.0
    try forEachStratum(of: first, and: second) { _, contribution in sum += contribution }
    return sum
  }

  /// Calls `body` with the degrees of freedom and the term of each stratum that two influences reach,
  /// stage by stage in order.
  ///
  /// - Throws: as `variance(of:)`.
  func forEachStratum(
    of first: Influence, and second: Influence,
    _ body: (_ degrees: Int, _ term: Double) -> Void
  ) throws(Diagnostic) {
    try checkLonely()
    let lowest = min(first.start, second.start)
    let highest = max(first.end, second.end)
    guard lowest < highest else { return }
    precondition(
      highest <= sample.design.samplingUnitCount,
      "an influence lies within the sample's sampling units")
    let pair = InfluencePair(first: first, second: second, range: lowest..<highest)
    if let unequal = sample.design.unequal {
      unequalProbabilityTerms(pair, unequal, body)
      return
    }
    for stage in variancePlan.stages {
      terms(of: stage, pair, Reach.union(first.reach, second.reach), body)
    }
  }

  /// The terms of one stage; lone strata follow the design's policy.
  private func terms(
    of plan: VariancePlan.Stage, _ pair: InfluencePair, _ reach: Reach?,
    _ body: (Int, Double) -> Void
  ) {
    let stage = plan.stage
    let lonely = sample.design.lonely
    // `average` and `adjust` look at all strata; otherwise those out of range contribute nothing.
    let looksBeyond =
      lonely == .average && (sample.design.lonelyInDomains || !plan.lonely.isEmpty)
      || lonely == .adjust && !plan.lonely.isEmpty
    let reached =
      looksBeyond
      ? 0...(stage.stratumCount - 1)
      : Int(
        plan.stratumOfSamplingUnit[pair.range.lowerBound])...Int(
          plan.stratumOfSamplingUnit[pair.range.upperBound - 1])
    var group = AveragedStrata()
    for stratum in reached {
      if stage.parentOfStratum[stratum] != group.parent {
        group.close(body)
        group = AveragedStrata(parent: stage.parentOfStratum[stratum])
      }
      let units = stage.units(of: stratum)
      let samplingUnits =
        stage.samplingUnits(
          of: units.lowerBound
        ).lowerBound..<stage.samplingUnits(of: units.upperBound - 1).upperBound
      if lonely == .average || lonely == .adjust, let reach,
        !reach.contains(anyOf: samplingUnits)
      {
        continue
      }
      let scale = plan.scales[stratum]
      let isLone = units.count == 1 || isLoneInDomain(units, of: stage, reach)
      guard scale > 0 else {
        group.whole()
        continue
      }
      let count = Double(units.count)
      let factor = units.count == 1 ? scale : scale * count / (count - 1)
      if isLone {
        switch lonely {
        case .average:
          group.lone()
          continue
        case .adjust:
          let center = group.center ?? grandMean(pair, of: stage, beside: stratum, reach)
          group.center = center
          body(
            max(1, units.count - 1),
            factor * pair.products(of: units, in: stage, about: center))
          continue
        case .fail, .remove, .certainty:
          if units.count == 1 { continue }
        }
      }
      let mean = pair.means(of: units, in: stage)
      let term = factor * pair.products(of: units, in: stage, about: mean)
      group.complete(term)
      body(units.count - 1, term)
    }
    group.close(body)
  }

  private func isLoneInDomain(_ units: Range<Int>, of stage: SamplingStage, _ reach: Reach?) -> Bool
  {
    guard sample.design.lonelyInDomains, let reach else { return false }
    return units.count { reach.contains(anyOf: stage.samplingUnits(of: $0)) } == 1
  }

  /// The mean contribution of the units in the strata that the domain reaches, within the stratum's parent.
  private func grandMean(
    _ pair: InfluencePair, of stage: SamplingStage, beside stratum: Int, _ reach: Reach?
  ) -> (Double, Double) {
    var sums = (0.0, 0.0)
    var count = 0
    let parent = stage.parentOfStratum[stratum]
    var other = stratum
    while other > 0, stage.parentOfStratum[other - 1] == parent { other -= 1 }
    while other < stage.stratumCount, stage.parentOfStratum[other] == parent {
      let units = stage.units(of: other)
      let samplingUnits =
        stage.samplingUnitStarts[units.lowerBound]..<stage.samplingUnitStarts[units.upperBound]
      if reach?.contains(anyOf: samplingUnits) ?? true {
        let own = pair.sums(over: samplingUnits)
        sums.0 += own.0
        sums.1 += own.1
        count += units.count
      }
      other += 1
    }
    return (sums.0 / Double(count), sums.1 / Double(count))
  }

  /// Refuses strata with a single unit under the policy `fail`, at any stage.
  ///
  /// - Throws: `badData` naming up to five strata, their number, and what to do.
  public func checkLonely() throws(Diagnostic) {
    guard sample.design.lonely == .fail, variancePlan.hasLonely else { return }
    for (depth, stage) in variancePlan.stages.enumerated() where !stage.lonely.isEmpty {
      let names = stage.lonely.prefix(5).map { "'\(stage.stage.stratumNames[$0])'" }
      let more = stage.lonely.count - names.count
      let where_ = depth == 0 ? "" : " at stage \(depth + 1)"
      throw Diagnostic(
        .badData,
        (stage.lonely.count == 1
          ? "1 stratum has a single sampling unit\(where_): "
          : "\(stage.lonely.count) strata have a single sampling unit each\(where_): ")
          + names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : ""),
        why: "the variance within a stratum needs at least two units",
        remedy:
          "merge such strata with similar ones in the data, or choose a rule under 'lonely_psu': "
          + "'adjust' (deviation from the mean of all units), 'average' (the other strata's mean "
          + "variance), 'remove' or 'certainty' (no variance)")
    }
  }

  /// Respondents, PSUs and strata of `rows` in one domain; only rows with a positive weight count.
  public func support(of rows: RowSet, in partition: Partition, domain: Int) -> Support {
    supports(of: rows, in: partition)[domain]
  }
}

/// The strata of one parent: under `average` lone ones contribute the mean of the others.
private struct AveragedStrata {
  var parent = -1
  /// The mean that lone units are compared with under `adjust`, once it is known.
  var center: (Double, Double)?
  private var sum = 0.0
  private var completeCount = 0
  private var loneCount = 0

  init(parent: Int = -1) { self.parent = parent }

  mutating func complete(_ term: Double) {
    sum += term
    completeCount += 1
  }

  /// A stratum that was taken whole has the variance 0.
  mutating func whole() { completeCount += 1 }
  mutating func lone() { loneCount += 1 }

  func close(_ body: (Int, Double) -> Void) {
    guard loneCount > 0 else { return }
    for _ in 0..<loneCount { body(1, sum / Double(completeCount)) }
  }
}
