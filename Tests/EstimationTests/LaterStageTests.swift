import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R 4.2.2 on 2026-11-25, f the fixture's columns, options(survey.lonely.psu = "adjust"):
//   f$N1 <- c(9,7,8)[f$stratum]; f$N2 <- c(12,10,15,9,14,8,11,13)[f$psu]; f$row <- 1:20
//   d <- svydesign(id=~psu+row, strata=~stratum, fpc=~N1+N2, weights=~weight, data=f)
//   SE(svymean(~y, subset(d, unit==2 & sex==1))); SE(svymean(~y, subset(d, sex==2)))
// survey 4.1-1 gives `kept` with survey.adjust.domain.lonely FALSE and `early` with TRUE. The rule of 4.3 and later
// (src/arma_multistage.cpp: a lone unit is centred on sum(Y)/sum(n_h) of the strata of one call, which at later
// stages is one unit of the stage above), put in place of 4.1-1's onestage, gives `kept` for both.
@Suite("lone units at later stages and after raking, by the rule of R survey 4.3 and later")
struct LaterStageTests {
  static let kept = [0.30662654528986566, 0.36677593124289498]
  static let early = [0.3332951089168632, 0.40979839069773893]

  @Test("a domain's only unit within a unit of one stratum has only itself to be compared with")
  func laterStage() throws {
    var table = Fixture.table
    table.set(
      Column(name: "N1", numbers: Fixture.stratum.map { [9, 7, 8][Int($0) - 1] }))
    table.set(
      Column(
        name: "N2", numbers: Fixture.psu.map { [12, 10, 15, 9, 14, 8, 11, 13][Int($0) - 1] }))
    for inDomains in [false, true] {
      let (rows, design) = try table.arranged(
        by: DesignRequest(
          stages: [
            .init(strata: ["stratum"], unit: "psu", size: .population("N1")),
            .init(unit: nil, size: .population("N2")),
          ], lonely: .adjust, lonelyInDomains: inDomains), key: "id")
      let estimator = Estimator(
        try Weighting.weight(
          rows, design: design, steps: [.column("weight")], workers: .init(1)))
      let partitions = [
        Fixture.partition(rows, 1) { $0["unit"] == 2 && $0["sex"] == 1 ? 0 : -1 },
        Fixture.partition(rows, 1) { $0["sex"] == 2 ? 0 : -1 },
      ]
      for (index, partition) in partitions.enumerated() {
        let mean = try #require(try estimator.mean("y", over: partition)[0].estimate)
        let error = try estimator.se(mean)
        #expect(near(error, LaterStageTests.kept[index], 1e-9))
        #expect(!near(error, LaterStageTests.early[index], 1e-3))
      }
    }
  }

  // f$stratum[f$psu==8] <- 4; d <- svydesign(id=~psu, strata=~stratum, weights=~weight, data=f)
  // SE(svymean(~y, calibrate(d, ~factor(x)+factor(sex), c(95,45,14,44), calfun="raking", epsilon=1e-13)))
  // with the rule of 4.3; 4.1-1 itself has 0.11808803885547992.
  @Test("after raking, residuals do not sum to 0, and a lone unit is compared with their mean")
  func afterRaking() throws {
    var table = Fixture.table
    table.set(
      Column(
        name: "stratum",
        numbers: zip(Fixture.stratum, Fixture.psu).map { $1 == 8 ? 4 : $0 }))
    let (rows, design) = try table.arranged(
      by: DesignRequest(stages: [.init(strata: ["stratum"], unit: "psu")], lonely: .adjust),
      key: "id")
    let request = CalibrationRequest(
      margins: [
        Margin(variables: ["x"], targets: ["": [["1"]: 36, ["2"]: 45, ["3"]: 14]]),
        Margin(variables: ["sex"], targets: ["": [["1"]: 51, ["2"]: 44]]),
      ], distance: .raking, tolerance: 1e-13)
    let estimator = Estimator(
      try Weighting.weight(
        rows, design: design, steps: [.column("weight"), .calibrate(request)], workers: .init(1)))
    let mean = try #require(try estimator.mean("y", over: rows.everyone)[0].estimate)
    let error = try estimator.se(mean)
    #expect(near(error, 0.11807784860438017, 1e-9), "\(error)")
    #expect(!near(error, 0.11808803885547992, 1e-6))
  }

  @Test("an estimate of strata that were taken whole is told from one without variation")
  func takenWhole() throws {
    var table = Fixture.table
    // The strata of unit 2 are whole, that of unit 1 is not.
    table.set(
      Column(name: "N", numbers: Fixture.stratum.map { [9, 2, 3][Int($0) - 1] }))
    table.set(Column(name: "same", numbers: Fixture.y.map { _ in 3 }))
    let (rows, design) = try table.arranged(
      by: DesignRequest(stages: [.init(strata: ["stratum"], unit: "psu", size: .population("N"))]),
      key: "id")
    let estimator = Estimator(
      try Weighting.weight(rows, design: design, steps: [.column("weight")], workers: .init(1)))
    let found = try estimator.mean("y", over: Fixture.units(estimator)).map {
      let mean = try #require($0.estimate)
      return (try estimator.se(mean) == 0, estimator.isTakenWhole(mean.influence))
    }
    #expect(found[0] == (false, false))
    #expect(found[1] == (true, true))
    let same = try #require(try estimator.mean("same", over: Fixture.units(estimator))[0].estimate)
    #expect(!estimator.isTakenWhole(same.influence))
    #expect(!estimator.isTakenWhole(.none))
  }
}
