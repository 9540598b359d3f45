import CanvassCompute
import CanvassEstimation
import CanvassPipeline
import CanvassScoring
import CanvassSimulation
import CanvassSurvey

/// The rules whose intervals are compared.
enum Method: Int, Sendable, CaseIterable {
  case direct
  case satterthwaite
  case pooled
}

/// What one sample says about every statistic in every domain: provinces, then regions, then the country.
struct SampleOutcome: Sendable {
  /// NaN where nothing is published.
  var estimates: [Double]
  /// The design's degrees of freedom.
  var designDegrees: [Int32]
  /// The standard error of each method, NaN where there is no interval; `method · count + cell`.
  var errors: [Float]
  /// The half-width of its interval.
  var halfWidths: [Float]
  /// What rank intervals of provinces say.
  var ranks: [RankCase: RankOutcome] = [:]
}

/// How a sample is drawn.
enum Design: Sendable {
  /// PAPI's stages, as in the simulation file.
  case papi
  /// Villages with replacement, so many in a province.
  case control(draws: Int)
}

/// Draws samples of one design and follows every statistic through weighting, estimation and scoring.
struct Sampler: Sendable {
  let study: SimulatedStudy
  let statistics: [Statistic]
  let provinces: [SimulatedProvince]
  let design: Design
  /// The truth of every cell.
  let truth: [Double]

  /// The domains of the three partitions, by province.
  static func domainsOfProvinces(_ study: SimulatedStudy) -> [[Int]] {
    [
      Array(study.regionOfProvince.indices), study.regionOfProvince,
      [Int](repeating: 0, count: study.regionOfProvince.count),
    ]
  }

  /// Provinces, regions and the country.
  var domainCount: Int { provinces.count + study.regions.count + 1 }

  /// The sample under `seed`; under `villageSeed` the control design's villages are those of another sample.
  func estimator(
    seed: UInt64, villageSeed: UInt64? = nil
  ) throws -> (estimator: Estimator, partitions: [Partition]) {
    let table = Table.concatenating(
      provinces.map { province in
        switch design {
        case .papi: province.sample(seed: seed)
        case .control(let draws):
          province.controlSample(draws: draws, seed: seed, villageSeed: villageSeed)
        }
      })
    let request: DesignRequest? =
      switch design {
      case .papi: nil
      case .control: DesignRequest(stages: [.init(strata: ["province"], unit: "draw")])
      }
    let (estimator, provinceOfRow) = try study.estimator(
      table, design: request, workers: Workers(1))
    let partitions = Sampler.domainsOfProvinces(study).enumerated().map { position, domains in
      Partition(
        id: String(position), domainOfRow: provinceOfRow.map { Int32(domains[Int($0)]) },
        domainCount: (domains.max() ?? -1) + 1)
    }
    return (estimator, partitions)
  }

  /// Calls `body` with every statistic in every domain that has enough respondents, and `whenScored` with
  /// the results and scores of each partition.
  func forEachNumber(
    _ estimator: Estimator, _ partitions: [Partition],
    whenScored: (_ position: Int, _ results: [MeasureResult], _ scores: Scores) throws -> Void =
      { _, _, _ in },
    _ body: (_ cell: Int, _ estimate: Estimate, _ support: Support) throws -> Void
  ) throws {
    let results = try estimator.estimate(
      study.plan.measures, over: partitions, workers: Workers(1))
    var offset = 0
    var frame: ScoringFrame?
    for (position, partition) in partitions.enumerated() {
      let here = study.plan.measures.indices.map { results[$0 * partitions.count + position] }
      let scores = try study.plan.score(
        here, in: partition, by: estimator, units: study.units, frame: frame)
      frame = scores.frame
      for (index, statistic) in statistics.enumerated() {
        for domain in 0..<partition.domainCount {
          guard let estimate = statistic.estimate(here, scores, domain: domain),
            let support = statistic.support(here, scores, domain: domain),
            support.respondents >= study.minimumRespondents
          else { continue }
          try body(index * domainCount + offset + domain, estimate, support)
        }
      }
      try whenScored(position, here, scores)
      offset += partition.domainCount
    }
  }

  /// What the sample under `seed` says.
  func outcome(seed: UInt64, withRanks: Bool) throws -> SampleOutcome {
    let (estimator, partitions) = try estimator(seed: seed)
    let count = statistics.count * domainCount
    var outcome = SampleOutcome(
      estimates: [Double](repeating: .nan, count: count),
      designDegrees: [Int32](repeating: 0, count: count),
      errors: [Float](repeating: .nan, count: count * Method.allCases.count),
      halfWidths: [Float](repeating: .nan, count: count * Method.allCases.count))
    var critical: [Double: Double] = [:]
    var uncertainties: [Int: Uncertainty] = [:]
    func record(_ found: Uncertainty, _ method: Method, _ cell: Int) {
      // The gate publishes no interval without a degree of freedom, nor one of width 0.
      guard found.degreesOfFreedom >= 1, found.variance > 0 else { return }
      let df = found.degreesOfFreedom
      guard
        let t = critical[df]
          ?? StudentT(degreesOfFreedom: df)?.criticalValue(confidence: study.confidence)
      else { return }
      critical[df] = t
      let error = found.variance.squareRoot()
      outcome.errors[method.rawValue * count + cell] = Float(error)
      uncertainties[method.rawValue * count + cell] = found
      outcome.halfWidths[method.rawValue * count + cell] = Float(t * error)
    }
    try forEachNumber(
      estimator, partitions,
      whenScored: { position, here, scores in
        if position == 0, case .papi = design {
          try pool(partitions[0], here, scores, estimator, record)
        }
      }
    ) { cell, estimate, support in
      outcome.estimates[cell] = estimate.value
      outcome.designDegrees[cell] = Int32(support.degreesOfFreedom)
      for (method, rule) in [
        (Method.direct, DegreesOfFreedomRule.design), (.satterthwaite, .satterthwaite),
      ] {
        record(
          try estimator.uncertainty(
            of: estimate.influence, designDegrees: support.degreesOfFreedom, rule: rule),
          method, cell)
      }
    }
    if withRanks { addRanks(&outcome, uncertainties, seed: seed) }
    return outcome
  }

  /// Rank intervals of provinces at every dimension and index.
  private func addRanks(
    _ outcome: inout SampleOutcome, _ uncertainties: [Int: Uncertainty], seed: UInt64
  ) {
    let count = statistics.count * domainCount
    let variances: [Method] =
      if case .papi = design { [.pooled, .satterthwaite] } else { [.direct] }
    for asked in RankCase.all(variances) {
      for (index, statistic) in statistics.enumerated() where statistic.kind == asked.kind {
        let here = provinces.indices.compactMap { province in
          let cell = index * domainCount + province
          return uncertainties[asked.variance.rawValue * count + cell].map {
            (estimate: outcome.estimates[cell], found: $0, truth: truth[cell])
          }
        }
        outcome.ranks[asked, default: RankOutcome()].add(
          here, asked, confidence: study.confidence, seed: seed)
      }
    }
  }

  /// The pooled uncertainty of every statistic in every province.
  private func pool(
    _ partition: Partition, _ results: [MeasureResult], _ scores: Scores, _ estimator: Estimator,
    _ record: (Uncertainty, Method, Int) -> Void
  ) throws {
    let alone = estimator.unclustered()
    let rows = try alone.estimator.estimate(
      study.plan.measures, over: [partition], workers: Workers(1))
    let rowScores = try study.plan.score(
      rows, in: partition, by: alone.estimator, units: study.units)
    for (index, statistic) in statistics.enumerated() {
      var contributions: [PooledDesignEffect.Contribution] = []
      var domains: [Int] = []
      for domain in 0..<partition.domainCount {
        guard let estimate = statistic.estimate(results, scores, domain: domain),
          let support = statistic.support(results, scores, domain: domain),
          support.degreesOfFreedom > 0,
          let influence = statistic.estimate(rows, rowScores, domain: domain)?.influence,
          let unclustered = alone.variance(of: influence, respondents: support.respondents)
        else { continue }
        domains.append(domain)
        contributions.append(
          PooledDesignEffect.Contribution(
            direct: try estimator.uncertainty(
              of: estimate.influence, designDegrees: support.degreesOfFreedom, rule: .design),
            designDegrees: support.degreesOfFreedom, unclustered: unclustered))
      }
      guard let pool = PooledDesignEffect(contributions) else { continue }
      for (domain, contribution) in zip(domains, contributions)
      where (statistic.support(results, scores, domain: domain)?.respondents ?? 0)
        >= study.minimumRespondents
      {
        record(
          pool.uncertainty(unclustered: contribution.unclustered), .pooled,
          index * domainCount + domain)
      }
    }
  }
}
