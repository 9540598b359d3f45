import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.5 by the calls of common.R (see Cases/README.md), called by their names there.
@Suite struct OracleCalibrationTests {
  /// What every calibration case asks of the school clusters.
  static func checkSchools(
    _ oracle: OracleCase, _ estimator: Estimator, withError: Bool = true
  ) throws {
    try oracle.expectWeights(estimator.sample.weights, of: estimator.sample.table)
    let rows = estimator.sample.table
    let api00 = MeasureKind.mean(ItemRule(variable: "api00"))
    func check(_ call: String, _ key: String, _ kind: MeasureKind) throws {
      try oracle.check(call, key, estimator, kind, withError: withError)
    }
    try check("total", "api.stu", .total(ItemRule(variable: "api.stu")))
    for item in ["api00", "meals"] {
      try check("mean", item, .mean(ItemRule(variable: item)))
    }
    try check(
      "ratio", "api.stu/enroll",
      .ratio(ItemRule(variable: "api.stu"), ItemRule(variable: "enroll")))
    for (call, variable) in [("by", "awards"), ("by_stype", "stype")] {
      try oracle.check(
        call, estimator, api00, by: rows.partition(variable), withError: withError)
    }
  }

  @Test(
    "post-stratified weights, estimates, errors and design effects",
    arguments: ["ps_clus1", "ps_clus2", "ps_strat_twoway"].filter(OracleCase.isPresent))
  func postStratified(name: String) throws {
    try OracleCase.run(name) { oracle in
      let sheet = try oracle.sheet("input.csv")
      let stages: [String: [DesignRequest.Stage]] = [
        "ps_clus1": [.init(unit: "dnum", size: .population("fpc"))],
        "ps_clus2": [
          .init(unit: "dnum", size: .population("fpc1")),
          .init(unit: "snum", size: .population("fpc2")),
        ],
        "ps_strat_twoway": [.init(strata: ["stype"], unit: nil, size: .population("fpc"))],
      ]
      var variables = ["stype"]
      var targets: [[String]: Double] = [["E"]: 4421, ["H"]: 755, ["M"]: 1018]
      if name == "ps_strat_twoway" {
        // The population table is R's; its cells are the sums of the expected weights.
        variables = ["stype", "awards"]
        targets = [:]
        let weights = try oracle.sheet("expected_weights.csv")["weight"]
        for row in sheet.rows.indices {
          targets[[sheet["stype"][row], sheet["awards"][row]], default: 0] +=
            Double(weights[row]) ?? .nan
        }
      }
      let estimator = try Estimator(
        sheet.table(), DesignRequest(stages: try #require(stages[name])),
        weight: [
          .column("pw"),
          .postStratify(within: nil, margin: Margin(variables: variables, targets: ["": targets])),
        ])
      try OracleCalibrationTests.checkSchools(oracle, estimator)
    }
  }

  @Test("raked weights and estimates over the whole sample, by the residuals of R's rake")
  func raked() throws {
    try OracleCase.run("rake_clus1") { oracle in
      let stype: [[String]: Double] = [["E"]: 4421, ["H"]: 755, ["M"]: 1018]
      let wide: [[String]: Double] = [["No"]: 1072, ["Yes"]: 5122]
      let estimator = try Estimator(
        try oracle.table(),
        DesignRequest(stages: [.init(unit: "dnum", size: .population("fpc"))]),
        weight: [
          .column("pw"),
          .rake(
            within: nil,
            margins: [
              Margin(variables: ["stype"], targets: ["": stype]),
              Margin(variables: ["sch.wide"], targets: ["": wide]),
            ], tolerance: 1e-12, maximumSweeps: 200, residuals: .rake),
        ])
      try OracleCalibrationTests.checkSchools(oracle, estimator)
    }
  }

  @Test("provinces raked each to its own margins", .enabled(if: Shared.isPresent))
  func provinces() throws {
    try OracleCase.run("papi6_rake_province") { oracle in
      let sheet = try oracle.sheet("input.csv")
      var sex: [String: [[String]: Double]] = [:]
      var age: [String: [[String]: Double]] = [:]
      for row in sheet.rows.indices {
        let province = sheet["province"][row]
        sex[province, default: [:]][[sheet["sex"][row]]] = Double(sheet["Nsex"][row])
        age[province, default: [:]][[sheet["agegrp"][row]]] = Double(sheet["Nage"][row])
      }
      let estimator = try Estimator(
        try oracle.table(missing: OraclePapiTests.missing), OraclePapiTests.design,
        weight: [
          .column("basew"),
          .rake(
            within: "province",
            margins: [
              Margin(variables: ["sex"], targets: sex),
              Margin(variables: ["agegrp"], targets: age),
            ], tolerance: 1e-12, maximumSweeps: 300, residuals: .rake),
        ])
      try oracle.expectWeights(estimator.sample.weights, of: estimator.sample.table)
      for item in OraclePapiTests.items {
        try oracle.check(
          item, estimator, OracleDesignTests.mean(item),
          by: estimator.sample.table.partition("province"))
      }
    }
  }
}
