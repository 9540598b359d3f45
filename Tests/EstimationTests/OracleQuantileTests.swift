import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.5 by the calls of common.R (see Cases/README.md), called by their names there.
@Suite struct OracleQuantileTests {
  static let stratified = DesignRequest(stages: [
    .init(strata: ["stype"], unit: nil, size: .population("fpc"))
  ])

  func check(
    _ oracle: OracleCase, _ call: String, _ key: String, _ estimator: Estimator,
    _ variable: String, _ definition: QuantileDefinition
  ) throws {
    let domain = try estimator.estimate(
      .quantile(ItemRule(variable: variable), definition),
      over: estimator.sample.table.everyone)[0]
    let estimate = try #require(domain.estimate)
    let interval = try #require(domain.interval)
    let error = try #require(interval.standardError)
    oracle.expect(
      call, key, estimate: estimate.value, se: error,
      interval: (try #require(interval.low), try #require(interval.high)))
    // The influence has the interval's own variance.
    let variance = try estimator.variance(of: estimate.influence)
    if error > 0 {
      #expect(near(variance.squareRoot(), error))
    } else {
      #expect(variance.isNaN)
    }
  }

  @Test(
    "the discrete rules, with Woodruff's plain interval",
    arguments: [QuantileRule.math, .school, .hf1, .hf2, .hf3])
  func discreteRules(rule: QuantileRule) throws {
    try OracleCase.run("api_strat_quantiles_rules", only: "q_\(rule.rawValue)") { oracle in
      let estimator = try Estimator(
        try oracle.table(), OracleQuantileTests.stratified, weight: [.column("pw")])
      for variable in ["api00", "enroll"] {
        for probability in [0.1, 0.25, 0.5, 0.75, 0.9] {
          try check(
            oracle, "q_\(rule.rawValue)", "\(variable):\(probability)", estimator, variable,
            QuantileDefinition(probability: probability, rule: rule))
        }
      }
    }
  }

  /// The interpolating rules depend on which of several equal values comes first: R takes the order of the
  /// file, the estimator its canonical order. So the rule is compared on values in the file's order.
  @Test(
    "the interpolating rules, with Woodruff's plain interval",
    arguments: [QuantileRule.shahvaish, .hf4, .hf5, .hf6, .hf7, .hf8, .hf9])
  func interpolatingRules(rule: QuantileRule) throws {
    try OracleCase.run("api_strat_quantiles_rules", only: "q_\(rule.rawValue)") { oracle in
      let table = try oracle.table()
      let estimator = try Estimator(
        table, OracleQuantileTests.stratified, weight: [.column("pw")])
      let t = try #require(StudentT(degreesOfFreedom: estimator.designDegrees)).quantile(0.975)
      for variable in ["api00", "enroll"] {
        let numbers = (0..<table.rowCount).map { table[variable]?.number(at: $0) ?? .nan }
        let weights = (0..<table.rowCount).map { table["pw"]?.number(at: $0) ?? .nan }
        let order = numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        let values = WeightedValues(
          ascending: order.map { numbers[$0] }, weights: order.map { weights[$0] })
        for probability in [0.1, 0.25, 0.5, 0.75, 0.9] {
          let quantile = try #require(values.quantile(probability, rule))
          let below = estimator.sample.table.rows(
            where: { ($0(variable).flatMap(Double.init) ?? .nan) <= quantile }, name: "below")
          var indicated = estimator.sample.table
          indicated.set(
            Column(name: "below", numbers: below.partition.domainOfRow.map { $0 == 0 ? 1 : 0 }))
          let share = try #require(
            try Estimator(
              WeightedSample(
                table: indicated, design: estimator.sample.design,
                weights: estimator.sample.weights)
            ).mean("below", over: indicated.everyone)[0].estimate)
          let half = t * (try estimator.se(share))
          let low = try #require(values.quantile(share.value - half, rule))
          let high = try #require(values.quantile(share.value + half, rule))
          oracle.expect(
            "q_\(rule.rawValue)", "\(variable):\(probability)", estimate: quantile,
            se: (high - low) / (2 * t), interval: (low, high))
        }
      }
    }
  }

  @Test("every interval")
  func intervals() throws {
    try OracleCase.run("api_strat_quantiles_intervals") { oracle in
      let estimator = try Estimator(
        try oracle.table(), OracleQuantileTests.stratified, weight: [.column("pw")])
      for interval in QuantileInterval.allCases {
        for probability in [0.25, 0.5, 0.75] {
          let definition = QuantileDefinition(
            probability: probability, rule: .math, interval: interval)
          let key = "api00:\(probability)"
          guard interval == .score else {
            try check(
              oracle, "ci_\(interval.rawValue)", key, estimator, "api00", definition)
            continue
          }
          let domain = try estimator.estimate(
            .quantile(ItemRule(variable: "api00"), definition),
            over: estimator.sample.table.everyone)[0]
          oracle.expect(
            "ci_score", key, .estimate, try #require(domain.estimate).value)
          // docs/method/quantiles.md: R applies its weighted rule to an unweighted share of the rows.
          oracle.explain("ci_score", key, "R reads the bounds at unweighted shares")
          let bounds = try #require(
            [0.25: (535.0, 597.0), 0.5: (638, 681), 0.75: (724, 777)][probability])
          #expect(domain.interval?.low == bounds.0 && domain.interval?.high == bounds.1)
        }
      }
    }
  }

  @Test("quantiles of clusters and medians of their domains")
  func clusters() throws {
    try OracleCase.run("api_clus1_quantile_by") { oracle in
      let estimator = try Estimator(
        try oracle.table(),
        DesignRequest(stages: [.init(unit: "dnum", size: .population("fpc"))]),
        weight: [.column("pw")])
      for variable in ["api00", "api.stu"] {
        for probability in [0.25, 0.5, 0.75] {
          try check(
            oracle, "q", "\(variable):\(probability)", estimator, variable,
            QuantileDefinition(probability: probability, rule: .math))
        }
      }
      let types = estimator.sample.table.partition("stype")
      let domains = try estimator.estimate(
        .quantile(ItemRule(variable: "api00"), QuantileDefinition(rule: .math)),
        over: types.partition)
      for (index, domain) in domains.enumerated() {
        oracle.expect(
          "median_by", types.names[index], .estimate, try #require(domain.estimate).value)
        oracle.expect(
          "median_by_se", String(index + 1), .estimate,
          try #require(domain.interval?.standardError))
      }
    }
  }
}
