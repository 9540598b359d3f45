import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.5, read from CANVASS_SHARED/oracle at run time (origin: its README).
@Suite(.enabled(if: Shared.isPresent)) struct OracleTests {
  static let papiMissing = Dictionary(
    uniqueKeysWithValues: ["q001", "q002", "q003", "q004", "q006", "q022", "q023", "q041"].map {
      ($0, Set(["88", "99"]))
    })
  static let items = papiMissing.keys.sorted()

  /// R's `deff = TRUE`.
  func effect(_ domain: DomainEstimate, _ se: Double) -> Double? {
    DesignEffect.withoutReplacement(
      variance: se * se, simpleRandomVariance: domain.simpleRandomVariance,
      respondents: domain.support.respondents, weightTotal: domain.weightTotal)
  }

  func check(
    _ oracle: OracleCase, _ call: String, _ estimator: Estimator, _ kind: MeasureKind,
    by domains: (partition: Partition, names: [String]), key: (String) -> String = { $0 },
    tolerance: Double = 1e-9, withError: Bool = true, adjusted: (Influence) throws -> Double
  ) throws {
    for (name, domain) in zip(domains.names, try estimator.estimate(kind, over: domains.partition))
    {
      let estimate = try #require(domain.estimate)
      let se = try adjusted(estimate.influence).squareRoot()
      oracle.expect(
        call, key(name), estimate: estimate.value, se: withError ? se : nil,
        deff: withError ? effect(domain, se) : nil, tolerance: tolerance)
    }
  }

  @Test("province means of a stratified cluster sample")
  func papiDomains() throws {
    let oracle = try OracleCase("papi6_taylor_domains")
    let table = try oracle.table(missing: OracleTests.papiMissing)
    let estimator = try Estimator(table, strata: ["stratum"], unit: "psu", weight: "basew")
    let rows = estimator.sample.table
    for item in OracleTests.items {
      try check(
        oracle, item, estimator, .mean(ItemRule(variable: item)), by: rows.partition("province"),
        adjusted: { try estimator.variance(of: $0) })
    }
    let q001 = MeasureKind.mean(ItemRule(variable: "q001"))
    try check(
      oracle, "prov_sex", estimator, q001, by: rows.partition("province", "sex"),
      adjusted: { try estimator.variance(of: $0) })
    try check(
      oracle, "nat", estimator, q001, by: (rows.everyone, ["q001"]),
      adjusted: { try estimator.variance(of: $0) })
  }

  @Test("raked weights and estimates of provinces")
  func papiRaking() throws {
    let oracle = try OracleCase("papi6_rake_province")
    let sheet = Sheet(try Shared.text("oracle/papi6_rake_province/input.csv"))
    var sex: [String: [[String]: Double]] = [:]
    var age: [String: [[String]: Double]] = [:]
    for row in sheet.rows.indices {
      let province = sheet["province"][row]
      sex[province, default: [:]][[sheet["sex"][row]]] = Double(sheet["Nsex"][row])
      age[province, default: [:]][[sheet["agegrp"][row]]] = Double(sheet["Nage"][row])
    }
    let estimator = try Estimator(
      try oracle.table(missing: OracleTests.papiMissing), strata: ["stratum"], unit: "psu",
      weight: "basew",
      then: [
        .rake(
          within: "province",
          margins: [
            Margin(variables: ["sex"], targets: sex), Margin(variables: ["agegrp"], targets: age),
          ], tolerance: 1e-12, maximumSweeps: 300)
      ])
    try expectWeights(estimator, "papi6_rake_province", tolerance: 1e-9)
    for item in OracleTests.items {
      // R's rake() linearizes by another rule; the rule `calibrate` is tested by the cases ps_*.
      try check(
        oracle, item, estimator, .mean(ItemRule(variable: item)),
        by: estimator.sample.table.partition("province"), tolerance: 1e-9, withError: false,
        adjusted: { try estimator.variance(of: $0) })
    }
  }

  func expectWeights(_ estimator: Estimator, _ name: String, tolerance: Double) throws {
    let weights = Sheet(try Shared.text("oracle/\(name)/expected_weights.csv"))["weight"]
    let rows = try #require(estimator.sample.table["row"])
    for row in 0..<estimator.sample.table.rowCount {
      let number = Int(try #require(rows.number(at: row)))
      let expected = try #require(Double(weights[number - 1]))
      #expect(
        abs(estimator.sample.weights[row] - expected) <= tolerance * expected,
        "\(name) weight of row \(number)")
    }
  }

  @Test("means, dimensions and indices with covariances, arithmetic and geometric")
  func composite() throws {
    let oracle = try OracleCase("papi6_index_composite")
    let table = try oracle.table(missing: OracleTests.papiMissing)
    let estimator = try Estimator(table, strata: ["stratum"], unit: "psu", weight: "basew")
    let provinces = ["2", "5", "9", "17", "33", "60"]
    let domains = estimator.sample.table.partition("province")
    let high = ["q002": 5.0, "q003": 4, "q022": 5, "q023": 4]
    var items: [String: [Estimate]] = [:]
    for item in high.keys {
      items[item] = try estimator.mean(item, over: domains.partition).compactMap(\.estimate)
    }
    for (position, province) in provinces.enumerated() {
      let domain = try #require(domains.names.firstIndex(of: province))
      func item(_ name: String) throws -> Estimate { try #require(items[name])[domain] }
      func scaled(_ name: String) throws -> Estimate {
        let slope = 9 / (try #require(high[name]) - 1)
        return try item(name).scaled(slope: slope, intercept: 1 - slope)
      }
      func expect(_ call: String, _ key: String, _ estimate: Estimate) throws {
        oracle.expect(call, key, estimate: estimate.value, se: try estimator.se(estimate))
      }
      for name in high.keys { try expect("item_mean", "\(province):\(name)", try item(name)) }
      let first = (try scaled("q002") + scaled("q003")).scaled(slope: 0.5)
      let second = (try scaled("q022") + scaled("q023")).scaled(slope: 0.5)
      try expect("dimension", String(2 * position + 1), first)
      try expect("dimension", String(2 * position + 2), second)
      try expect("index_arith", province, (first + second).scaled(slope: 0.5))
      let product = first * second
      let root = product.value.squareRoot()
      let geometric = Estimate(
        value: root, influence: .combination(0.5 / root, product.influence, 0, .none))
      try expect("index_geom", province, geometric)
    }
  }

  @Test(
    "means, shares and ratios of schools, stratified and clustered",
    arguments: ["api_strat_nofpc", "api_clus1_nofpc"])
  func schools(name: String) throws {
    let oracle = try OracleCase(name)
    let isClustered = name == "api_clus1_nofpc"
    let estimator = try Estimator(
      try oracle.table(), strata: isClustered ? [] : ["stype"],
      unit: isClustered ? "dnum" : "snum", weight: "pw")
    let everyone = estimator.sample.table.everyone
    for item in ["api00", "api99", "meals"] {
      try check(
        oracle, "mean", estimator, .mean(ItemRule(variable: item)), by: (everyone, [item]),
        adjusted: { try estimator.variance(of: $0) })
    }
    for item in ["api00", "api99"] {
      let domain = try estimator.mean(item, over: everyone)[0]
      let estimate = try #require(domain.estimate)
      let variance = try estimator.variance(of: estimate.influence)
      oracle.expect(
        "mean_deff_replace", item, estimate: estimate.value, se: variance.squareRoot(),
        deff: DesignEffect.withReplacement(
          variance: variance, simpleRandomVariance: domain.simpleRandomVariance))
    }
    for (variable, levels) in [("stype", ["E", "H", "M"]), ("sch.wide", ["No", "Yes"])] {
      for level in levels {
        try check(
          oracle, "prop", estimator, .mean(ItemRule(variable: variable, good: [level])),
          by: (everyone, [variable + level]), adjusted: { try estimator.variance(of: $0) })
      }
    }
    try check(
      oracle, "ratio", estimator,
      .ratio(ItemRule(variable: "api.stu"), ItemRule(variable: "enroll")),
      by: (everyone, ["api.stu/enroll"]), adjusted: { try estimator.variance(of: $0) })
  }

  /// The variance with a finite population correction, stratum by stratum: the library has none yet, so
  /// that each stratum's part is cut out of the influence and multiplied by 1 − m/M.
  func corrected(
    _ estimator: Estimator, _ influence: Influence, population: String
  ) throws -> Double {
    let design = estimator.sample.design
    let column = try #require(estimator.sample.table[population])
    var sum = 0.0
    for stratum in 0..<design.stratumCount {
      let psus = design.psus(of: stratum)
      let total = try #require(column.number(at: design.rowStarts[psus.lowerBound]))
      let part = Influence(
        firstUnit: psus.lowerBound,
        values: psus.map { psu in
          let index = psu - influence.firstUnit
          return influence.values.indices.contains(index) ? influence.values[index] : 0
        })
      sum += (1 - Double(psus.count) / total) * (try estimator.variance(of: part))
    }
    return sum
  }

  @Test("domains, ratios and contrasts of a stratified sample")
  func schoolDomains() throws {
    let oracle = try OracleCase("api_strat_domains")
    let estimator = try Estimator(
      try oracle.table(), strata: ["stype"], unit: "snum", weight: "pw")
    let rows = estimator.sample.table
    let fpc = { try self.corrected(estimator, $0, population: "fpc") }
    let api00 = MeasureKind.mean(ItemRule(variable: "api00"))
    try check(
      oracle, "mean_by_awards", estimator, api00, by: rows.partition("awards"), adjusted: fpc)
    for item in ["api00", "meals"] {
      try check(
        oracle, "mean_by_stype_awards", estimator, .mean(ItemRule(variable: item)),
        by: rows.partition("stype", "awards"), key: { "\($0):\(item)" }, adjusted: fpc)
    }
    try check(
      oracle, "ratio_by", estimator,
      .ratio(ItemRule(variable: "api.stu"), ItemRule(variable: "enroll")),
      by: rows.partition("stype"), adjusted: fpc)
    for answer in ["No", "Yes"] {
      try check(
        oracle, "prop_by", estimator, .mean(ItemRule(variable: "sch.wide", good: [answer])),
        by: rows.partition("stype"), key: { "\($0):sch.wide\(answer)" }, adjusted: fpc)
    }
    let types = try estimator.mean("api00", over: rows.partition("stype").partition)
      .compactMap(\.estimate)
    let difference = types[0] - types[2]
    let ratio = types[1] / types[2]
    oracle.expect(
      "diff_E_minus_M", "contrast", estimate: difference.value,
      se: try fpc(difference.influence).squareRoot())
    oracle.expect(
      "ratio_H_M", "contrast", estimate: ratio.value, se: try fpc(ratio.influence).squareRoot())
  }

  @Test("hospital births")
  func hospital() throws {
    let oracle = try OracleCase("hospital")
    let estimator = try Estimator(
      try oracle.table(), strata: ["oblevel"], unit: "hospno", weight: "weighta")
    try check(
      oracle, "mean", estimator, .mean(ItemRule(variable: "births")),
      by: (estimator.sample.table.everyone, ["births"]),
      adjusted: { try self.corrected(estimator, $0, population: "tothosp") })
  }

  @Test("a lone PSU stops, and is centred on the grand mean when asked")
  func lonely() throws {
    let failing = try OracleCase("lonely_fail")
    let stopped = try Estimator(try failing.table(), strata: ["h"], unit: "psu", weight: "pw")
    let value = try #require(
      try stopped.mean("api00", over: stopped.sample.table.everyone)[0].estimate)
    let error = #expect(throws: Diagnostic.self) { try stopped.se(value) }
    #expect(error?.what.contains("H_3") == true)

    let oracle = try OracleCase("lonely_adjust")
    let estimator = try Estimator(
      try oracle.table(), strata: ["h"], unit: "psu", weight: "pw", lonely: .adjust)
    let rows = estimator.sample.table
    for item in ["api00", "meals"] {
      try check(
        oracle, "mean", estimator, .mean(ItemRule(variable: item)), by: (rows.everyone, [item]),
        adjusted: { try estimator.variance(of: $0) })
    }
    try check(
      oracle, "ratio", estimator,
      .ratio(ItemRule(variable: "api00"), ItemRule(variable: "api99")),
      by: (rows.everyone, ["api00/api99"]), adjusted: { try estimator.variance(of: $0) })
    let api00 = MeasureKind.mean(ItemRule(variable: "api00"))
    try check(
      oracle, "by_adjFALSE", estimator, api00, by: rows.partition("stype", "awards"),
      adjusted: { try estimator.variance(of: $0) })
    let types = rows.partition("stype")
    let high = try #require(types.names.firstIndex(of: "H"))
    let school = try #require(try estimator.mean("api00", over: types.partition)[high].estimate)
    oracle.expect("dom_adjFALSE", "api00", estimate: school.value, se: try estimator.se(school))
  }

  @Test("rows of weight zero")
  func zeroWeights() throws {
    let oracle = try OracleCase("zero_weights")
    let estimator = try Estimator(try oracle.table(), strata: [], unit: "dnum", weight: "pw")
    let rows = estimator.sample.table
    for item in ["api00", "meals"] {
      try check(
        oracle, "mean", estimator, .mean(ItemRule(variable: item)), by: (rows.everyone, [item]),
        adjusted: { try estimator.variance(of: $0) })
    }
    try check(
      oracle, "by", estimator, .mean(ItemRule(variable: "api00")), by: rows.partition("stype"),
      adjusted: { try estimator.variance(of: $0) })
    let domain = try estimator.mean("api00", over: rows.everyone)[0]
    let expected = try #require(oracle.answers["degf"]?["positive"]?.estimate)
    #expect(Double(domain.support.degreesOfFreedom) == expected)
  }

  @Test("NHANES: two PSUs a stratum, missing values, crossed domains")
  func nhanes() throws {
    let oracle = try OracleCase("nhanes_taylor")
    let estimator = try Estimator(
      try oracle.table(), strata: ["SDMVSTRA"], unit: "SDMVPSU", weight: "WTMEC2YR")
    let rows = estimator.sample.table
    let cholesterol = MeasureKind.mean(ItemRule(variable: "HI_CHOL"))
    for (call, domains) in [
      ("mean", (partition: rows.everyone, names: ["HI_CHOL"])), ("by_race", rows.partition("race")),
      ("by_race_sex", rows.partition("race", "RIAGENDR")),
    ] {
      try check(
        oracle, call, estimator, cholesterol, by: domains,
        adjusted: { try estimator.variance(of: $0) })
    }
    for level in ["(0,19]", "(19,39]", "(39,59]", "(59,Inf]"] {
      try check(
        oracle, "agecat", estimator, .mean(ItemRule(variable: "agecat", good: [level])),
        by: (rows.everyone, ["agecat\(level)"]), adjusted: { try estimator.variance(of: $0) })
    }
    try check(
      oracle, "by_agecat", estimator, cholesterol, by: rows.partition("agecat", "race"),
      adjusted: { try estimator.variance(of: $0) })
  }

  @Test(
    "post-stratified weights, estimates, errors and design effects",
    arguments: ["ps_clus1", "ps_strat_twoway"])
  func postStratified(name: String) throws {
    let oracle = try OracleCase(name)
    let isClustered = name == "ps_clus1"
    let sheet = Sheet(try Shared.text("oracle/\(name)/input.csv"))
    var targets: [[String]: Double] = ["E": 4421, "H": 755, "M": 1018].reduce(into: [:]) {
      $0[[$1.key]] = $1.value
    }
    if !isClustered {
      // The population table is R's; its cells are the sums of the expected weights.
      targets = [:]
      let weights = Sheet(try Shared.text("oracle/\(name)/expected_weights.csv"))["weight"]
      for row in sheet.rows.indices {
        targets[[sheet["stype"][row], sheet["awards"][row]], default: 0] +=
          Double(weights[row]) ?? .nan
      }
    }
    let estimator = try Estimator(
      sheet.table(), strata: isClustered ? [] : ["stype"], unit: isClustered ? "dnum" : "snum",
      weight: "pw",
      then: [
        .postStratify(
          within: nil,
          margin: Margin(
            variables: isClustered ? ["stype"] : ["stype", "awards"], targets: ["": targets]))
      ])
    try expectWeights(estimator, name, tolerance: 1e-12)
    let rows = estimator.sample.table
    let fpc = { try self.corrected(estimator, $0, population: "fpc") }
    for item in ["api00", "meals"] {
      try check(
        oracle, "mean", estimator, .mean(ItemRule(variable: item)), by: (rows.everyone, [item]),
        adjusted: fpc)
    }
    let api00 = MeasureKind.mean(ItemRule(variable: "api00"))
    try check(oracle, "by", estimator, api00, by: rows.partition("awards"), adjusted: fpc)
    try check(oracle, "by_stype", estimator, api00, by: rows.partition("stype"), adjusted: fpc)
    try check(
      oracle, "ratio", estimator,
      .ratio(ItemRule(variable: "api.stu"), ItemRule(variable: "enroll")),
      by: (rows.everyone, ["api.stu/enroll"]), adjusted: fpc)
  }

  @Test("raked weights and estimates over the whole sample")
  func raked() throws {
    let oracle = try OracleCase("rake_clus1")
    let estimator = try Estimator(
      try oracle.table(), strata: [], unit: "dnum", weight: "pw",
      then: [
        .rake(
          within: nil,
          margins: [
            Margin(
              variables: ["stype"], targets: ["": [["E"]: 4421, ["H"]: 755, ["M"]: 1018]]),
            Margin(variables: ["sch.wide"], targets: ["": [["No"]: 1072, ["Yes"]: 5122]]),
          ], tolerance: 1e-12, maximumSweeps: 200)
      ])
    try expectWeights(estimator, "rake_clus1", tolerance: 1e-9)
    let rows = estimator.sample.table
    for item in ["api00", "meals"] {
      try check(
        oracle, "mean", estimator, .mean(ItemRule(variable: item)), by: (rows.everyone, [item]),
        withError: false, adjusted: { try estimator.variance(of: $0) })
    }
    let api00 = MeasureKind.mean(ItemRule(variable: "api00"))
    try check(
      oracle, "by", estimator, api00, by: rows.partition("awards"), withError: false,
      adjusted: { try estimator.variance(of: $0) })
  }
}
