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
    // The first stage alone, of both that are named.
    "api_clus2_ultimate": [
      .init(unit: "dnum", size: .population("fpc1")),
      .init(unit: "snum", size: .population("fpc2")),
    ],
  ]

  @Test(
    "means, totals, shares, counts, ratios and variances of schools",
    arguments: schoolDesigns.keys.sorted().filter(OracleCase.isPresent))
  func schools(name: String) throws {
    try OracleCase.run(name) { oracle in
      let stages = try #require(OracleDesignTests.schoolDesigns[name])
      let estimator = try Estimator(
        try oracle.table(),
        DesignRequest(stages: stages, ultimateCluster: name == "api_clus2_ultimate"),
        weight: [.column("pw")])
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

  @Test("domains that leave sampling units empty keep them in the design")
  func emptyUnits() throws {
    try OracleCase.run("api_clus1_domains_empty_psu") { oracle in
      let estimator = try Estimator(
        try oracle.table(),
        DesignRequest(stages: [.init(unit: "dnum", size: .population("fpc"))]),
        weight: [.column("pw")])
      let rows = estimator.sample.table
      let api00 = OracleDesignTests.api00
      let students = OracleDesignTests.total("api.stu")
      try oracle.check("mean_by_stype", estimator, api00, by: rows.partition("stype"))
      try oracle.check("total_by_stype", estimator, students, by: rows.partition("stype"))
      try oracle.check("mean_by_cname", estimator, api00, by: rows.partition("cname"))
      func subset(_ name: String) -> NamedDomains {
        rows.rows(where: { $0("stype") == "H" && $0("awards") == "No" }, name: name)
      }
      let degrees = estimator.degrees(of: subset("").partition)
      try oracle.check("subset_mean", estimator, api00, by: subset("api00"), df: degrees)
      try oracle.check("subset_total", estimator, students, by: subset("api.stu"), df: degrees)
    }
  }

  @Test("missing values leave their variable, or every variable where listed together")
  func missingValues() throws {
    try OracleCase.run("api_clus2_na_rm") { oracle in
      let stages = try #require(OracleDesignTests.schoolDesigns["api_clus2_multistage"])
      let estimator = try Estimator(
        try oracle.table(), DesignRequest(stages: stages), weight: [.column("pw")])
      let rows = estimator.sample.table
      let enroll = OracleDesignTests.mean("enroll")
      try oracle.check("mean_narm", "enroll", estimator, enroll)
      try oracle.check("total_narm", "enroll", estimator, OracleDesignTests.total("enroll"))
      func complete(_ name: String) -> NamedDomains {
        rows.rows(where: { $0("enroll") != nil }, name: name)
      }
      try oracle.check("mean_listwise", estimator, enroll, by: complete("enroll"))
      try oracle.check(
        "mean_listwise", estimator, OracleDesignTests.api00, by: complete("api00"))
      try oracle.check(
        "mean_subset", estimator, enroll, by: complete("enroll"),
        df: estimator.degrees(of: complete("enroll").partition))
      try oracle.check(
        "total_by", estimator, OracleDesignTests.total("enroll"), by: rows.partition("stype"))
    }
  }

  @Test("sampling fractions of two stages give the weights and the correction")
  func fractions() throws {
    try OracleCase.run("api_clus2_fpc_as_fraction") { oracle in
      var table = try oracle.table()
      let sheet = try oracle.sheet("input.csv")
      let districts = Dictionary(grouping: sheet["dnum"], by: { $0 }).mapValues(\.count)
      table.set(
        Column(name: "f1", numbers: sheet["dnum"].map { _ in Double(districts.count) / 757 }))
      table.set(
        Column(
          name: "f2",
          numbers: zip(sheet["dnum"], sheet["fpc2"]).map { district, schools in
            Double(districts[district] ?? 0) / (Double(schools) ?? .nan)
          }))
      let estimator = try Estimator(
        table,
        DesignRequest(stages: [
          .init(unit: "dnum", size: .fraction("f1")), .init(unit: "snum", size: .fraction("f2")),
        ]), weight: [.inverseOf(["f1", "f2"])])
      try oracle.expectWeights(estimator.sample.weights, of: estimator.sample.table)
      try oracle.check("total", "api.stu", estimator, OracleDesignTests.total("api.stu"))
      try oracle.check("mean", "api00", estimator, OracleDesignTests.api00)
    }
  }

  @Test("two stages of municipalities")
  func municipalities() throws {
    try OracleCase.run("mu284_twostage") { oracle in
      var table = try oracle.table()
      let sheet = try oracle.sheet("input.csv")
      let clusters = Dictionary(grouping: sheet["id1"], by: { $0 }).mapValues(\.count)
      func fractions(_ drawn: [Int], of population: String) -> [Double?] {
        zip(drawn, sheet[population]).map { Double($0) / (Double($1) ?? .nan) }
      }
      table.set(
        Column(
          name: "p1", numbers: fractions(sheet["id1"].map { _ in clusters.count }, of: "n1")))
      table.set(
        Column(name: "p2", numbers: fractions(sheet["id1"].map { clusters[$0] ?? 0 }, of: "n2")))
      let estimator = try Estimator(
        table,
        DesignRequest(stages: [
          .init(unit: "id1", size: .population("n1")), .init(unit: "id2", size: .population("n2")),
        ]), weight: [.inverseOf(["p1", "p2"])])
      try oracle.expectWeights(estimator.sample.weights, of: estimator.sample.table)
      try oracle.check("total", "y1", estimator, OracleDesignTests.total("y1"))
      try oracle.check("mean", "y1", estimator, OracleDesignTests.mean("y1"))
    }
  }

  @Test("strata at the second stage")
  func laterStrata() throws {
    try OracleCase.run("strata_at_stage2") { oracle in
      var table = try oracle.table()
      let sheet = try oracle.sheet("input.csv")
      let paths = sheet.rows.indices.map { row in
        ["h", "s", "h2", "v"].map { sheet[$0][row] }
      }
      let units = Set(paths.map { Array($0[..<2]) })
      let schools = Set(paths)
      table.set(
        Column(
          name: "p1",
          numbers: sheet.rows.indices.map { row in
            Double(units.count { $0[0] == paths[row][0] }) / (Double(sheet["N1"][row]) ?? .nan)
          }))
      table.set(
        Column(
          name: "p2",
          numbers: sheet.rows.indices.map { row in
            Double(schools.count { Array($0[..<3]) == Array(paths[row][..<3]) })
              / (Double(sheet["N2"][row]) ?? .nan)
          }))
      let estimator = try Estimator(
        table,
        DesignRequest(stages: [
          .init(strata: ["h"], unit: "s", size: .population("N1")),
          .init(strata: ["h2"], unit: "v", size: .population("N2")),
        ]), weight: [.inverseOf(["p1", "p2"])])
      try oracle.check("mean", "y", estimator, OracleDesignTests.mean("y"))
      try oracle.check("total", "y", estimator, OracleDesignTests.total("y"))
    }
  }

  @Test("with and without replacement")
  func replacement() throws {
    try OracleCase.run("fpc_wr_wor") { oracle in
      for (name, size) in [
        ("wr", StageSize.withReplacement), ("wor", StageSize.population("Nh")),
      ] {
        let estimator = try Estimator(
          try oracle.table(),
          DesignRequest(stages: [.init(strata: ["stratid"], unit: "psuid", size: size)]),
          weight: [.column("weight")])
        try oracle.check("\(name)_mean", "x", estimator, OracleDesignTests.mean("x"))
        try oracle.check("\(name)_total", "x", estimator, OracleDesignTests.total("x"))
        guard name == "wor" else { continue }
        let subset = estimator.sample.table.rows(
          where: { ($0("x").flatMap(Double.init) ?? 0) > 3.5 }, name: "x")
        try oracle.check(
          "subset", estimator, OracleDesignTests.mean("x"), by: subset,
          df: estimator.degrees(of: subset.partition))
      }
    }
  }

  @Test("hospital births")
  func hospital() throws {
    try OracleCase.run("hospital") { oracle in
      let estimator = try Estimator(
        try oracle.table(),
        DesignRequest(stages: [
          .init(strata: ["oblevel"], unit: "hospno", size: .population("tothosp"))
        ]), weight: [.column("weighta")])
      let births = OracleDesignTests.total("births")
      try oracle.check("total", "births", estimator, births)
      try oracle.check("mean", "births", estimator, OracleDesignTests.mean("births"))
      try oracle.check("by", estimator, births, by: estimator.sample.table.partition("oblevel"))
    }
  }

  @Test("a domain without a stratum, and one without anybody")
  func emptyStratum() throws {
    try OracleCase.run("empty_stratum_domain") { oracle in
      let estimator = try Estimator(
        try oracle.table(),
        DesignRequest(stages: [.init(strata: ["stype"], unit: nil, size: .population("fpc"))]),
        weight: [.column("pw")])
      let rows = estimator.sample.table
      let api00 = OracleDesignTests.api00
      try oracle.check("by_g", estimator, api00, by: rows.partition("g"))
      try oracle.check(
        "by_g_total", estimator, OracleDesignTests.total("api.stu"), by: rows.partition("g"))
      try oracle.check(
        "by_g_awards_keepempty", estimator, api00, by: rows.partition("g", "awards"))
      try oracle.check("rare_total", "rare", estimator, OracleDesignTests.total("rare"))
      let nobody = rows.rows(where: { $0("rare") == "1" }, name: "nobody")
      #expect(try estimator.mean("api00", over: nobody.partition)[0].estimate == nil)
      oracle.explain("rare_mean", "api00", "a mean of nobody: R says 0, we say nothing")
    }
  }

  @Test("rows of weight zero")
  func zeroWeights() throws {
    try OracleCase.run("zero_weights") { oracle in
      let estimator = try Estimator(
        try oracle.table(), DesignRequest(stages: [.init(unit: "dnum")]),
        weight: [.column("pw")])
      let rows = estimator.sample.table
      for item in ["api00", "meals"] {
        try oracle.check("mean", item, estimator, OracleDesignTests.mean(item))
      }
      try oracle.check("total", "api.stu", estimator, OracleDesignTests.total("api.stu"))
      try oracle.check("by", estimator, OracleDesignTests.api00, by: rows.partition("stype"))
      let positive = rows.rows(
        where: { ($0("pw").flatMap(Double.init) ?? 0) > 0 }, name: "api00")
      try oracle.check("subset_positive", estimator, OracleDesignTests.api00, by: positive)
      oracle.expect("degf", "all", .estimate, estimator.designDegrees)
      oracle.expect("degf", "positive", .estimate, estimator.degrees(of: positive.partition))
    }
  }

  @Test(
    "rows whose weight is missing are left out before the design is made, where somebody decides so"
  )
  func missingWeights() throws {
    try OracleCase.run("na_weights_allow") { oracle in
      let table = try oracle.table()
      let known = (0..<table.rowCount).filter { table["pw"]?.number(at: $0) != nil }
      let design = DesignRequest(stages: [.init(strata: ["stype"], unit: nil)])
      let estimator = try Estimator(
        table.gathering(known), design, weight: [.column("pw")])
      try oracle.check("mean", "api00", estimator, OracleDesignTests.api00)
      try oracle.check("total", "api.stu", estimator, OracleDesignTests.total("api.stu"))
      let error = #expect(throws: Diagnostic.self) {
        try Estimator(table, design, weight: [.column("pw")])
      }
      #expect(error?.what.contains("no value") == true)
    }
  }

  @Test("unequal probabilities: joint, Brewer, Overton, Hartley and Rao, with replacement")
  func unequalProbabilities() throws {
    try OracleCase.run("election_pps_hr") { oracle in
      let table = try oracle.table()
      let sheet = try oracle.sheet("input.csv")
      let columns = sheet.names.filter { $0.hasPrefix("j") }
      let matrix = sheet.rows.indices.flatMap { row in
        columns.map { Double(sheet[$0][row]) ?? .nan }
      }
      let joint = JointProbabilities(
        units: (1...sheet.rows.count).map(String.init), matrix: matrix)
      func estimator(_ unequal: UnequalProbabilityRequest?) throws -> Estimator {
        try Estimator(
          table, DesignRequest(stages: [.init(unit: "row", unequal: unequal)]),
          weight: [.inverseOf(["p"])])
      }
      func totals(
        _ call: String, _ unequal: UnequalProbabilityRequest?
      ) throws -> Estimator {
        let estimator = try estimator(unequal)
        for item in ["Bush", "Kerry", "Nader"] {
          try oracle.check(call, item, estimator, OracleDesignTests.total(item))
        }
        return estimator
      }
      for (name, form) in [
        ("HT", JointProbabilityEstimator.horvitzThompson), ("YG", .yatesGrundy),
      ] {
        let estimator = try totals(
          "joint_\(name)",
          UnequalProbabilityRequest(
            probability: "p", method: .joint, estimator: form, joint: joint))
        for item in ["Bush", "Kerry"] {
          try oracle.check(
            "mean_joint_\(name)", item, estimator, OracleDesignTests.mean(item))
        }
      }
      _ = try totals("brewer", UnequalProbabilityRequest(probability: "p", method: .brewer))
      _ = try totals(
        "overton_HT",
        UnequalProbabilityRequest(
          probability: "p", method: .overton, estimator: .horvitzThompson))
      // The call gives HR() the sum over the sample as if it were the population's.
      let squares = sheet["p"].compactMap(Double.init).reduce(0) { $0 + $1 * $1 }
      _ = try totals(
        "hartley_rao_YG",
        UnequalProbabilityRequest(
          probability: "p", method: .hartleyRao, estimator: .yatesGrundy,
          populationSquares: .number(squares)))
      _ = try totals("wr", nil)
    }
  }
}
