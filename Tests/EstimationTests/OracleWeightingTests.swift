import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.5 by the calls of common.R (see Cases/README.md), called by their names there.
@Suite struct OracleWeightingTests {
  /// R's population totals `c((Intercept), stypeH, stypeM, api99)`: the intercept and two of three levels
  /// are the margin of all three.
  static func schools(
    _ distance: CalibrationDistance = .linear, bounds: CalibrationBounds? = nil,
    equalWithin: [String] = [], allowsNegative: Bool = false
  ) -> CalibrationRequest {
    CalibrationRequest(
      totals: [PopulationTotal(variable: "api99", targets: ["": 3_914_069])],
      margins: [
        Margin(
          variables: ["stype"], targets: ["": [["E"]: 4421, ["H"]: 755, ["M"]: 1018]])
      ], distance: distance, bounds: bounds, equalWithin: equalWithin,
      allowsNegative: allowsNegative)
  }

  static let calibrations: [(name: String, request: CalibrationRequest)] = [
    ("cal_clus1_linear", schools()),
    ("cal_clus1_linear_bounded", schools(bounds: .init(lower: 0.6, upper: 1.6))),
    ("cal_clus1_logit", schools(.logit, bounds: .init(lower: 0.5, upper: 2))),
    ("cal_clus1_raking", schools(.raking)),
    ("cal_clus1_raking_bounded", schools(.raking, bounds: .init(lower: 0.55, upper: 1.65))),
    ("cal_clus1_aggregate", schools(equalWithin: ["dnum"], allowsNegative: true)),
    (
      "cal_clus1_variance",
      CalibrationRequest(
        totals: [PopulationTotal(variable: "api99", targets: ["": 3_914_069])],
        variance: "api99")
    ), ("cal_clus2_twostage", schools()),
  ]

  static func design(of name: String) -> DesignRequest {
    name.contains("clus2")
      ? DesignRequest(stages: [
        .init(unit: "dnum", size: .population("fpc1")),
        .init(unit: "snum", size: .population("fpc2")),
      ]) : DesignRequest(stages: [.init(unit: "dnum", size: .population("fpc"))])
  }

  @Test(
    "calibrated weights, estimates, errors and design effects",
    arguments: calibrations.filter { OracleCase.isPresent($0.name) })
  func calibrated(name: String, request: CalibrationRequest) throws {
    try OracleCase.run(name) { oracle in
      let estimator = try Estimator(
        try oracle.table(), OracleWeightingTests.design(of: name),
        weight: [.column("pw"), .calibrate(request)])
      try OracleCalibrationTests.checkSchools(oracle, estimator)
    }
  }

  @Test("an intercept beside all three levels changes nothing but the rank")
  func intercept() throws {
    try OracleCase.run("cal_clus1_linear") { oracle in
      var request = OracleWeightingTests.schools()
      request.population = ["": 6194]
      let estimator = try Estimator(
        try oracle.table(), OracleWeightingTests.design(of: "cal_clus1"),
        weight: [.column("pw"), .calibrate(request)])
      try OracleCalibrationTests.checkSchools(oracle, estimator)
    }
  }

  @Test("trimmed weights, and the errors of estimates by them")
  func trimmed() throws {
    try OracleCase.run("trim_weights") { oracle in
      func estimator(_ trimming: TrimmingRequest?) throws -> Estimator {
        try Estimator(
          try oracle.table(), OracleWeightingTests.design(of: "clus1"),
          weight: [.column("pw"), .calibrate(OracleWeightingTests.schools())]
            + (trimming.map { [.trim($0)] } ?? []))
      }
      let api00 = MeasureKind.mean(ItemRule(variable: "api00"))
      let untrimmed = try estimator(nil)
      try oracle.check("untrimmed", "api00", untrimmed, api00)
      let once = try estimator(
        TrimmingRequest(upper: .absolute(50), lower: .absolute(15), rest: .once))
      try oracle.expectWeights(once.sample.weights, of: once.sample.table, column: "trim_once")
      try oracle.check("trim_once", "api00", once, api00)
      // The file of weights holds survey 4.1's strict ones, whose mean is 663.02017; 4.5 leaves trimmed
      // rows at their limit, and its mean is 663.02343.
      let strict = try estimator(
        TrimmingRequest(upper: .absolute(45), lower: .absolute(20), rest: .strict))
      try oracle.check("trim_strict", "api00", strict, api00)
      oracle.expect("weff", "n", estimate: Double(once.sample.weights.count))
      oracle.expect(
        "weff", "kish_deff_untrimmed", estimate: DesignEffect.kish(untrimmed.sample.weights))
      oracle.expect("weff", "kish_t1", estimate: DesignEffect.kish(once.sample.weights))
    }
  }

  @Test(
    "weights from the sampling fractions of the stages",
    arguments: ["api_clus2_fpc_as_fraction", "mu284_twostage"].filter(OracleCase.isPresent))
  func designWeights(name: String) throws {
    try OracleCase.run(name) { oracle in
      var table = try oracle.table()
      var stages: [DesignRequest.Stage] = [
        .init(unit: "id1", size: .population("n1")), .init(unit: "id2", size: .population("n2")),
      ]
      if name == "api_clus2_fpc_as_fraction" {
        let districts = try oracle.sheet("input.csv")["dnum"]
        let schools = try oracle.sheet("input.csv")["fpc2"].map { Double($0) ?? .nan }
        let count = districts.reduce(into: [:]) { $0[$1, default: 0.0] += 1 }
        table.set(Column(name: "f1", numbers: districts.map { _ in 40.0 / 757 }))
        table.set(
          Column(name: "f2", numbers: zip(districts, schools).map { (count[$0] ?? 0) / $1 }))
        stages = [
          .init(unit: "dnum", size: .fraction("f1")), .init(unit: "snum", size: .fraction("f2")),
        ]
      }
      let estimator = try Estimator(table, DesignRequest(stages: stages), weight: [.design])
      try oracle.expectWeights(estimator.sample.weights, of: estimator.sample.table)
      for call in ["mean", "total"] {
        for key in oracle.answers[call]?.keys.sorted() ?? [] {
          let item = ItemRule(variable: key)
          try oracle.check(call, key, estimator, call == "mean" ? .mean(item) : .total(item))
        }
      }
    }
  }

  @Test("R's na_weights = \"allow\" leaves rows without a weight out of the sample")
  func missingWeights() throws {
    try OracleCase.run("na_weights_allow") { oracle in
      let design = DesignRequest(stages: [.init(strata: ["stype"], unit: nil)])
      let table = try oracle.table()
      let weight = try table.column("pw")
      let dropped = try Estimator(
        table.gathering((0..<table.rowCount).filter { weight.number(at: $0) != nil }), design,
        weight: [.column("pw")])
      let (api00, students) = (ItemRule(variable: "api00"), ItemRule(variable: "api.stu"))
      try oracle.check("mean", "api00", dropped, .mean(api00))
      try oracle.check("total", "api.stu", dropped, .total(students))
      // Kept with weight 0 they still count as drawn: the same total, a larger error of it.
      #expect(throws: Diagnostic.self) {
        try Estimator(table, design, weight: [.column("pw")])
      }
      let kept = try Estimator(table, design, weight: [.column("pw", missingIsZero: true)])
      let total = try #require(
        kept.estimate(.total(students), over: kept.sample.table.everyone)[0].estimate)
      oracle.expect("total", "api.stu", estimate: total.value)
      // numpy 2.4.6, 2026-11-24: sqrt of Σ m/(m-1) ((u - u.mean())**2).sum() by stratum, u = w y, NA as 0.
      #expect(abs(try kept.se(total) - 105174.71662118488) < 1e-4)
    }
  }
}
