import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.1-1 (R 4.2.2) on 2026-11-25, f the fixture's columns,
//   r <- as.svrepdesign(svydesign(id=~psu, strata=~stratum, weights=~weight, data=f), type="JKn")
@Suite struct ReplicateDegreesTests {
  /// The jackknife's own weights, as if they had come with the file.
  static func given(missing: Double? = nil) throws -> (Estimator, Replicates) {
    let estimator = try Fixture.estimator()
    let made = try Replicates(
      ReplicateRequest(method: .stratifiedJackknife), of: estimator.sample)
    var table = estimator.sample.table
    for replicate in 0..<made.count {
      table.set(
        Column(
          name: "rw\(replicate)",
          numbers: estimator.weights(of: replicate, made).map(Optional.some)))
    }
    if let missing {
      let psu = try #require(table["psu"])
      table.set(
        Column(
          name: "y",
          numbers: (0..<table.rowCount).map {
            psu.number(at: $0) == missing ? nil : table["y"]?.number(at: $0)
          }))
    }
    let with = try Fixture.estimator(table)
    return (
      with,
      try Replicates(
        ReplicateRequest(
          method: .given,
          given: GivenReplicateWeights(
            columns: (0..<made.count).map { "rw\($0)" }, origin: .bootstrap)), of: with.sample)
    )
  }

  func degrees(
    missing: Double? = nil, _ domain: ([String: Double]) -> Bool
  ) throws -> Int {
    let (estimator, replicates) = try ReplicateDegreesTests.given(missing: missing)
    let partition = Fixture.partition(estimator.sample.table, 1) { domain($0) ? 0 : -1 }
    let result = try estimator.estimate(
      [Measure(id: "y", kind: .mean(ItemRule(variable: "y")))], over: [partition],
      workers: Workers(1))[0]
    var ranks = ReplicateDegrees(replicates)
    return ranks.degreesOfFreedom(of: ranks.classes(of: result.answered, in: partition)[0])
  }

  // g <- svrepdesign(data=f, weights=~weight, repweights=weights(r, "analysis"), type="bootstrap",
  //                  combined.weights=TRUE); degf(g); degf(subset(g, unit==1)); …
  // f2 has y missing in psu 7: degf(subset(g2, stratum==3 & !is.na(y)))
  @Test("a domain of weights that came with the file has the rank of its own weights less 1")
  func domains() throws {
    #expect(try degrees { _ in true } == 5)
    #expect(try degrees { $0["unit"] == 1 } == 2)
    #expect(try degrees { $0["unit"] == 2 } == 3)
    #expect(try degrees { $0["sex"] == 1 } == 5)
    #expect(try degrees { $0["stratum"] == 3 } == 2)
    #expect(try degrees(missing: 7) { $0["stratum"] == 3 } == 1)
    #expect(try degrees { $0["unit"] == 1 && $0["sex"] == 1 } == 2)
    #expect(try degrees { _ in false } == -1)
  }

  // r2 <- calibrate(r, ~x+y, c(88, 120, 180), epsilon=1e-13); 4 of the 8 replicates have negative weights
  // SE(svymean(~age, r2)); SE(svymean(~age, subset(r2, unit==2)))
  @Test("a linear calibration whose weights are negative in a replicate alone is no failure")
  func negative() throws {
    let request = CalibrationRequest(
      population: ["": 88],
      totals: [
        PopulationTotal(variable: "x", targets: ["": 120]),
        PopulationTotal(variable: "y", targets: ["": 180]),
      ], tolerance: 1e-13)
    let estimator = try Fixture.estimator(then: [.calibrate(request)])
    let replicates = try Replicates(
      ReplicateRequest(method: .stratifiedJackknife), of: estimator.sample)
    #expect(estimator.sample.weights.allSatisfy { $0 > 0 })
    let weights = (0..<replicates.count).map { estimator.weights(of: $0, replicates) }
    #expect(weights.count { $0.contains { $0 < 0 } } == 4)
    let table = estimator.sample.table
    for (isIn, expected) in [
      ({ (_: Int) in true }, 0.15290163824106184),
      ({ table["unit"]?.number(at: $0) == 2 }, 0.20356028808213036),
    ] as [((Int) -> Bool, Double)] {
      func mean(_ weights: [Double]) -> Double {
        var sums = (0.0, 0.0)
        for row in weights.indices where isIn(row) {
          sums.0 += weights[row] * (table["age"]?.number(at: row) ?? .nan)
          sums.1 += weights[row]
        }
        return sums.0 / sums.1
      }
      let variance = try #require(
        replicates.variance(of: weights.map(mean), estimate: mean(estimator.sample.weights)))
      #expect(near(variance.squareRoot(), expected, 1e-9))
    }
  }
}
