import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.5 by the calls of common.R (see Cases/README.md), called by their names there.
@Suite struct OracleDesignTests {
  static let api00 = MeasureKind.mean(ItemRule(variable: "api00"))
  static let ratio = MeasureKind.ratio(
    ItemRule(variable: "api.stu"), ItemRule(variable: "enroll"))

  static func mean(_ variable: String, good: String? = nil) -> MeasureKind {
    .mean(ItemRule(variable: variable, good: good.map { [$0] }))
  }

  static func total(_ variable: String, good: String? = nil) -> MeasureKind {
    .total(ItemRule(variable: variable, good: good.map { [$0] }))
  }

  /// The designs of R's school samples.
  static let schoolDesigns: [String: [DesignRequest.Stage]] = [
    "api_srs_fpc": [.init(unit: nil, size: .population("fpc"))],
    "api_strat_nofpc": [.init(strata: ["stype"], unit: nil)],
    "api_strat_fpc": [.init(strata: ["stype"], unit: nil, size: .population("fpc"))],
    "api_clus1_nofpc": [.init(unit: "dnum")],
    "api_clus1_fpc": [.init(unit: "dnum", size: .population("fpc"))],
    "api_clus2_multistage": [
      .init(unit: "dnum", size: .population("fpc1")),
      .init(unit: "snum", size: .population("fpc2")),
    ],
    // The ultimate cluster: the first stage alone.
    "api_clus2_ultimate": [.init(unit: "dnum", size: .population("fpc1"))],
  ]

  @Test(
    "means, totals, shares, counts, ratios and variances of schools",
    arguments: schoolDesigns.keys.sorted().filter(OracleCase.isPresent))
  func schools(name: String) throws {
    try OracleCase.run(name) { oracle in
      let stages = try #require(OracleDesignTests.schoolDesigns[name])
      let estimator = try Estimator(
        try oracle.table(), DesignRequest(stages: stages), weight: [.column("pw")])
      for item in ["api00", "api99", "meals"] {
        try oracle.check("mean", item, estimator, OracleDesignTests.mean(item))
      }
      for item in ["api00", "api99"] {
        try oracle.check(
          "mean_deff_replace", item, estimator, OracleDesignTests.mean(item),
          effect: withReplacement)
      }
      for item in ["api.stu", "meals"] {
        try oracle.check("total", item, estimator, OracleDesignTests.total(item))
      }
      for (variable, levels) in [("stype", ["E", "H", "M"]), ("sch.wide", ["No", "Yes"])] {
        for level in levels {
          try oracle.check(
            "prop", variable + level, estimator, OracleDesignTests.mean(variable, good: level))
          guard variable == "stype" else { continue }
          try oracle.check(
            "count", variable + level, estimator, OracleDesignTests.total(variable, good: level))
        }
      }
      try oracle.check("ratio", "api.stu/enroll", estimator, OracleDesignTests.ratio)
      try oracle.check("var", "api00", estimator, .variance(ItemRule(variable: "api00")))
    }
  }

  @Test("contrasts, covariances and domains of a stratified sample")
  func schoolDomains() throws {
    try OracleCase.run("api_strat_domains") { oracle in
      let estimator = try Estimator(
        try oracle.table(),
        DesignRequest(stages: [.init(strata: ["stype"], unit: nil, size: .population("fpc"))]),
        weight: [.column("pw")])
      let rows = estimator.sample.table
      try oracle.check(
        "mean_by_awards", estimator, OracleDesignTests.api00, by: rows.partition("awards"))
      for item in ["api00", "meals"] {
        try oracle.check(
          "mean_by_stype_awards", estimator, OracleDesignTests.mean(item),
          by: rows.partition("stype", "awards"), key: { "\($0):\(item)" })
      }
      try oracle.check(
        "total_by_cname_drop", estimator, OracleDesignTests.total("api.stu"),
        by: rows.partition("awards", "comp.imp"))
      try oracle.check(
        "ratio_by", estimator, OracleDesignTests.ratio, by: rows.partition("stype"))
      for answer in ["No", "Yes"] {
        try oracle.check(
          "prop_by", estimator, OracleDesignTests.mean("sch.wide", good: answer),
          by: rows.partition("stype"), key: { "\($0):sch.wide\(answer)" })
      }
      let types = try estimator.mean("api00", over: rows.partition("stype").partition)
        .compactMap(\.estimate)
      try oracle.check("diff_E_minus_M", "contrast", estimator, types[0] - types[2])
      try oracle.check("ratio_H_M", "contrast", estimator, types[1] / types[2])
      var covariances: [Double] = []
      for first in types {
        for second in types {
          covariances.append(
            try estimator.covariance(of: first.influence, and: second.influence))
        }
      }
      try oracle.expectCovariances(covariances)
    }
  }

  @Test(
    "NHANES: two PSUs a stratum, missing values, crossed domains",
    .enabled(if: OracleCase.isPresent("nhanes_taylor")))
  func nhanes() throws {
    try OracleCase.run("nhanes_taylor") { oracle in
      let estimator = try Estimator(
        try oracle.table(), DesignRequest(stages: [.init(strata: ["SDMVSTRA"], unit: "SDMVPSU")]),
        weight: [.column("WTMEC2YR")])
      let rows = estimator.sample.table
      let cholesterol = OracleDesignTests.mean("HI_CHOL")
      try oracle.check("mean", "HI_CHOL", estimator, cholesterol)
      try oracle.check("total", "HI_CHOL", estimator, OracleDesignTests.total("HI_CHOL"))
      try oracle.check("by_race", estimator, cholesterol, by: rows.partition("race"))
      try oracle.check(
        "by_race_sex", estimator, cholesterol, by: rows.partition("race", "RIAGENDR"))
      try oracle.check(
        "by_agecat", estimator, cholesterol, by: rows.partition("agecat", "race"))
      for level in ["(0,19]", "(19,39]", "(39,59]", "(59,Inf]"] {
        try oracle.check(
          "agecat", "agecat" + level, estimator,
          OracleDesignTests.mean("agecat", good: level))
      }
    }
  }
}
