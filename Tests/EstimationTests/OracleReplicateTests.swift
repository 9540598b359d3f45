import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.5, the cases rep_* and nhanes_jkn (origin: the README of the oracle).
@Suite struct OracleReplicateTests {
  /// A sample with its replicates, ready to be compared with a case.
  struct Study {
    let oracle: OracleCase
    let estimator: Estimator
    let replicates: Replicates
    let degrees: Double

    init(oracle: OracleCase, estimator: Estimator, replicates: Replicates) {
      self.oracle = oracle
      self.estimator = estimator
      self.replicates = replicates
      degrees = Double(replicates.degreesOfFreedom())
    }

    var rows: Table { estimator.sample.table }

    func numbers(_ name: String) throws -> [Double?] {
      let column = try #require(rows[name])
      return (0..<rows.rowCount).map { column.number(at: $0) }
    }

    /// Means, shares and ratios, by the library's own estimates.
    func expect(
      _ call: String, _ kind: MeasureKind, by domains: (partition: Partition, names: [String]),
      key: (String) -> String = { $0 }, withEffect: Bool = false, df: Double? = nil
    ) throws {
      let measures = [Measure(id: "m", kind: kind)]
      let whole = try estimator.estimate(measures, over: [domains.partition], workers: Workers(2))
      let all = try estimator.replicateEstimates(
        measures, over: [domains.partition], replicates, workers: Workers(2))
      for (domain, name) in domains.names.enumerated() {
        let found = whole[0].domains[domain]
        let value = try #require(found.estimate).value
        let variance = try #require(
          replicates.variance(of: all.values(measure: 0, domain: domain), estimate: value))
        let effect = DesignEffect.withoutReplacement(
          variance: variance, simpleRandomVariance: found.simpleRandomVariance,
          respondents: found.support.respondents, weightTotal: found.weightTotal)
        if let theirs = oracle.answers[call]?[key(name)]?[.se], theirs < 1e-12 {
          // A share that strata fix has no sampling error; R prints what rounding leaves of it.
          #expect(variance.squareRoot() < 1e-12)
          oracle.expect(call, key(name), .se, theirs)
          oracle.expect(call, key(name), estimate: value, se: nil, df: df ?? degrees)
          for bound in [OracleColumn.zLow, .zHigh, .tLow, .tHigh] {
            oracle.expect(call, key(name), bound, value)
          }
          continue
        }
        oracle.expect(
          call, key(name), estimate: value, se: variance.squareRoot(), df: df ?? degrees,
          deff: withEffect ? effect : nil)
      }
    }

    func total(_ variable: String, df: Double? = nil) throws {
      try expect(
        "total", .total(ItemRule(variable: variable)), by: (rows.everyone, [variable]), df: df)
    }

    func mean(_ variable: String, good: [String]? = nil) -> MeasureKind {
      .mean(ItemRule(variable: variable, good: good))
    }
  }

  func study(
    _ oracle: OracleCase, _ request: ReplicateRequest, stages: [DesignRequest.Stage],
    weight: String?, then steps: [WeightingRequest] = []
  ) throws -> Study {
    let (rows, design) = try oracle.table().arranged(
      by: DesignRequest(stages: stages), key: "row")
    let sample = try Weighting.weight(
      rows, design: design, steps: (weight.map { [.column($0)] } ?? []) + steps,
      workers: Workers(2))
    return Study(
      oracle: oracle, estimator: Estimator(sample),
      replicates: try Replicates(request, of: sample))
  }

  /// Every weight of every replicate.
  func expectReplicateWeights(_ study: Study, tolerance: Double = 1e-9) throws {
    let sheet = try study.oracle.sheet("expected_repweights.csv")
    #expect(sheet.names.count - 1 == study.replicates.count)
    // R numbers the PSUs of a jackknife by first appearance; replicates are matched by the row they leave out.
    let rows = try study.numbers("row").map { Int($0 ?? 0) - 1 }
    var byFirstZero: [[Bool]: Int] = [:]
    let theirs = sheet.names.dropFirst().map { name in sheet[name].map { Double($0) ?? .nan } }
    let isJackknife = study.replicates.method.rawValue.hasPrefix("jk")
    for (index, column) in theirs.enumerated() {
      byFirstZero[rows.map { column[$0] == 0 }] = index
    }
    for replicate in 0..<study.replicates.count {
      let mine = study.estimator.weights(of: replicate, study.replicates)
      let index = isJackknife ? try #require(byFirstZero[mine.map { $0 == 0 }]) : replicate
      study.oracle.expectNumbers(
        mine, rows.map { theirs[index][$0] }, "\(sheet.names[index + 1]) of the replicate weights",
        tolerance: tolerance)
    }
  }

  @Test(
    "jackknife of schools, with and without correction, about the mean and the estimate",
    .enabled(if: OracleCase.isPresent("rep_jk1_clus1")),
    arguments: ["rep_jk1_clus1", "rep_jk1_nofpc_mse", "rep_jkn_strat"])
  func schools(name: String) throws {
    try OracleCase.run(name) { oracle in
      let isStratified = name == "rep_jkn_strat"
      let size = name == "rep_jk1_nofpc_mse" ? StageSize.withReplacement : .population("fpc")
      let study = try study(
        oracle,
        ReplicateRequest(
          method: isStratified ? .stratifiedJackknife : .jackknife,
          center: name == "rep_jk1_nofpc_mse" ? .estimate : .mean),
        stages: [
          DesignRequest.Stage(
            strata: isStratified ? ["stype"] : [], unit: isStratified ? "row" : "dnum", size: size)
        ], weight: "pw")
      let everyone = study.rows.everyone
      for item in ["api00", "meals"] {
        try study.expect("mean", study.mean(item), by: (everyone, [item]), withEffect: true)
      }
      try study.expect("by", study.mean("api00"), by: study.rows.partition("stype"))
      try study.expect(
        "ratio", .ratio(ItemRule(variable: "api.stu"), ItemRule(variable: "enroll")),
        by: (everyone, ["api.stu/enroll"]))
      for type in ["E", "H", "M"] {
        try study.expect(
          "prop", study.mean("stype", good: [type]), by: (everyone, ["stype" + type]))
      }
      try study.total("api.stu")
      try study.expect(
        "var", .variance(ItemRule(variable: "api00")), by: (everyone, ["1"]))
      oracle.expect("scale", "scale", .estimate, study.replicates.scale)
      try expectCoefficients(study)
      try expectReplicateWeights(study)
    }
  }

  /// R's coefficients stand in its own order of replicates: compared as sorted lists.
  func expectCoefficients(_ study: Study) throws {
    let theirs = try #require(study.oracle.answers["rscales"])
    let order = theirs.keys.sorted { (theirs[$0]?[.estimate] ?? 0) < (theirs[$1]?[.estimate] ?? 0) }
    #expect(order.count == study.replicates.count)
    for (key, mine) in zip(order, study.replicates.coefficients.sorted()) {
      study.oracle.expect("rscales", key, .estimate, mine)
    }
  }

  @Test(
    "NHANES: stratified jackknife with missing answers",
    .enabled(if: OracleCase.isPresent("nhanes_jkn")))
  func nhanes() throws {
    try OracleCase.run("nhanes_jkn") { oracle in
      let study = try study(
        oracle, ReplicateRequest(method: .stratifiedJackknife),
        stages: [DesignRequest.Stage(strata: ["SDMVSTRA"], unit: "SDMVPSU")],
        weight: "WTMEC2YR")
      let cholesterol = study.mean("HI_CHOL")
      try study.expect("mean", cholesterol, by: (study.rows.everyone, ["HI_CHOL"]))
      try study.expect("by_race", cholesterol, by: study.rows.partition("race"))
      try study.total("HI_CHOL")
      oracle.expect("scale", "scale", .estimate, study.replicates.scale)
      try expectCoefficients(study)
    }
  }

  @Test(
    "balanced half-samples of ambulances, whole and Fay's",
    .enabled(if: OracleCase.isPresent("rep_brr_scd")), arguments: ["rep_brr_scd", "rep_fay_scd"])
  func halfSamples(name: String) throws {
    try OracleCase.run(name) { oracle in
      let isFay = name == "rep_fay_scd"
      let study = try study(
        oracle,
        ReplicateRequest(
          method: isFay ? .fay : .balancedHalfSamples, rho: isFay ? 0.3 : nil),
        stages: [DesignRequest.Stage(strata: ["ESA"], unit: "ambulance")], weight: nil)
      let ratio = MeasureKind.ratio(ItemRule(variable: "alive"), ItemRule(variable: "arrests"))
      try study.expect("ratio", ratio, by: (study.rows.everyone, ["alive/arrests"]))
      if !isFay {
        let linear = try #require(
          try study.estimator.estimate(ratio, over: study.rows.everyone)[0].estimate)
        oracle.expect(
          "taylor_ratio", "alive/arrests", estimate: linear.value,
          se: try study.estimator.se(linear), df: 3)
      }
      try study.total("alive")
      try study.total("arrests")
      oracle.expect("scale", "scale", .estimate, study.replicates.scale)
      try expectReplicateWeights(study)
    }
  }

  /// Replicate weights of a file, with R's `type`.
  func given(
    _ oracle: OracleCase, _ origin: GivenReplicateWeights.Origin, scale: Double? = nil,
    rho: Double? = nil, center: ReplicateCenter = .mean
  ) throws -> Study {
    let columns = try oracle.sheet("input.csv").names.filter { $0.hasPrefix("rw") }
    return try study(
      oracle,
      ReplicateRequest(
        method: .given, center: center, rho: rho,
        given: GivenReplicateWeights(columns: columns, origin: origin, scale: scale)),
      stages: [], weight: "pw")
  }

  @Test(
    "bootstrap weights of a file: means, domains, totals and quantiles",
    .enabled(if: OracleCase.isPresent("rep_given_bootstrap_raowu")))
  func givenBootstrap() throws {
    try OracleCase.run("rep_given_bootstrap_raowu") { oracle in
      let study = try given(oracle, .bootstrap, scale: 1.0 / 49)
      let everyone = study.rows.everyone
      for item in ["api00", "meals"] {
        try study.expect("mean", study.mean(item), by: (everyone, [item]))
      }
      try study.expect("by", study.mean("api00"), by: study.rows.partition("stype"))
      try study.total("api.stu")
      for (key, probability) in [("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75)] {
        try study.expect(
          "q",
          .quantile(
            ItemRule(variable: "api00"),
            QuantileDefinition(probability: probability, rule: .math)),
          by: (everyone, ["api00:" + key]))
      }
      let about = try given(oracle, .bootstrap, center: .estimate)
      try about.expect("mean_mse", about.mean("api00"), by: (everyone, ["api00"]))
    }
  }

  @Test(
    "bootstrap weights of a file with correction: ratios and contrasts",
    .enabled(if: OracleCase.isPresent("rep_given_bootstrap_canty")))
  func givenWithCorrection() throws {
    try OracleCase.run("rep_given_bootstrap_canty") { oracle in
      let study = try given(oracle, .bootstrap, scale: 1.0 / 49)
      let everyone = study.rows.everyone
      for item in ["api00", "meals"] {
        try study.expect("mean", study.mean(item), by: (everyone, [item]))
      }
      try study.expect(
        "ratio", .ratio(ItemRule(variable: "api.stu"), ItemRule(variable: "enroll")),
        by: (everyone, ["api.stu/enroll"]))
      let measures = ["api00", "api99"].map { Measure(id: $0, kind: study.mean($0)) }
      let whole = try study.estimator.estimate(measures, over: [everyone], workers: Workers(1))
      let all = try study.estimator.replicateEstimates(
        measures, over: [everyone], study.replicates, workers: Workers(1))
      let values = whole.compactMap { $0.domains[0].estimate?.value }
      let differences = zip(
        all.values(measure: 0, domain: 0), all.values(measure: 1, domain: 0)
      ).map { $0 - $1 }
      let variance = try #require(
        study.replicates.variance(of: differences, estimate: values[0] - values[1]))
      oracle.expect(
        "contrast", "contrast", estimate: values[0] - values[1], se: variance.squareRoot(),
        df: study.degrees)
    }
  }

  @Test(
    "successive difference weights of a file, also read as other kinds",
    .enabled(if: OracleCase.isPresent("rep_acs_sdr_given")))
  func givenSuccessiveDifference() throws {
    try OracleCase.run("rep_acs_sdr_given") { oracle in
      let study = try given(oracle, .successiveDifference, center: .estimate)
      let everyone = study.rows.everyone
      try study.expect("mean", study.mean("api00"), by: (everyone, ["api00"]))
      try study.total("api.stu")
      oracle.expect("scale", "scale", .estimate, study.replicates.scale)
      let pairs = try given(oracle, .pairedJackknife)
      try pairs.expect("jk2_mean", pairs.mean("api00"), by: (everyone, ["api00"]))
      let fay = try given(oracle, .fay, rho: 0.5)
      try fay.expect("fay_mean", fay.mean("api00"), by: (everyone, ["api00"]))
    }
  }

  @Test(
    "jackknife replicates are calibrated again",
    arguments: ["ps_jk1", "rake_jk1"].filter(OracleCase.isPresent))
  func calibrated(name: String) throws {
    try OracleCase.run(name) { oracle in
      let types = Margin(
        variables: ["stype"], targets: ["": [["E"]: 4421, ["H"]: 755, ["M"]: 1018]])
      let wide = Margin(variables: ["sch.wide"], targets: ["": [["No"]: 1072, ["Yes"]: 5122]])
      let step: WeightingRequest =
        name == "ps_jk1"
        ? .postStratify(within: nil, margin: types)
        : .rake(within: nil, margins: [types, wide], tolerance: 1e-12, maximumSweeps: 300)
      try expectCalibrated(oracle, step)
    }
  }

  @Test(
    "jackknife replicates are calibrated again to continuous totals",
    .enabled(if: OracleCase.isPresent("cal_jk_linear")))
  func calibratedLinearly() throws {
    try OracleCase.run("cal_jk_linear") { oracle in
      try expectCalibrated(
        oracle,
        .calibrate(
          CalibrationRequest(
            totals: [PopulationTotal(variable: "api99", targets: ["": 3_914_069])],
            margins: [
              Margin(
                variables: ["stype"], targets: ["": [["E"]: 4421, ["H"]: 755, ["M"]: 1018]])
            ], allowsNegative: true)))
    }
  }

  func expectCalibrated(_ oracle: OracleCase, _ step: WeightingRequest) throws {
    let study = try study(
      oracle, ReplicateRequest(method: .jackknife),
      stages: [DesignRequest.Stage(unit: "dnum", size: .population("fpc"))], weight: "pw",
      then: [step])
    let everyone = study.rows.everyone
    try study.total("api.stu", df: 14)
    for item in ["api00", "meals"] {
      try study.expect("mean", study.mean(item), by: (everyone, [item]), withEffect: true, df: 14)
    }
    try study.expect("by", study.mean("api00"), by: study.rows.partition("awards"), df: 14)
    try study.expect("by_stype", study.mean("api00"), by: study.rows.partition("stype"), df: 14)
    try study.expect(
      "ratio", .ratio(ItemRule(variable: "api.stu"), ItemRule(variable: "enroll")),
      by: (everyone, ["api.stu/enroll"]), df: 14)
    try oracle.expectWeights(study.estimator.sample.weights, of: study.rows)
    try expectReplicateWeights(study)
  }
}
