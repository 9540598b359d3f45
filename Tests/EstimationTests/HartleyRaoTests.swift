import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Foundation
import Testing

// Expected values: R survey 4.1-1 (R 4.2.2) on 2026-11-25, d the case's input.csv:
//   data(election); d$h <- rep(1:2, c(15, 25)); d$q <- c(2.5, 3)[d$h]
//   SE(svytotal(~Bush+Kerry+Nader, svydesign(id=~1, fpc=~p, data=d, pps=HR(), variance=v)))
// "population" with pps=HR(sum(election$p^2)/40), "stratified" with strata=~h, "both" with strata=~h and
// pps=HR(matrix(d$q/c(15,25)[d$h]), strata=matrix(d$h)).
@Suite("Hartley and Rao's joint probabilities")
struct HartleyRaoTests {
  static let expected: [String: [JointProbabilityEstimator: [Double]]] = [
    "estimated": [
      .yatesGrundy: [2447628.8886561492, 2450786.5390824047, 102420.2435154057],
      .horvitzThompson: [2472752.9627886885, 2426842.1979311071, 102595.34352266772],
    ],
    "population": [
      .yatesGrundy: [2436738.1568115982, 2439844.696218363, 102015.95562145462],
      .horvitzThompson: [2624661.6443617046, 2525222.4561397796, 102793.03892466017],
    ],
    "stratified": [
      .yatesGrundy: [2485305.629425874, 2490067.0642765742, 101535.72585784117],
      .horvitzThompson: [2547639.3017493645, 2431383.2787593384, 101759.9280351006],
    ],
    "both": [
      .yatesGrundy: [2514880.9146466623, 2519563.033667353, 103796.66445095764],
      .horvitzThompson: [1918295.2655685428, 2045790.554356527, 100637.70002202166],
    ],
  ]

  static func table() throws -> Table {
    let folder = try #require(OracleCase.folder(of: "election_pps_hr"))
    let sheet = Sheet(
      try String(contentsOf: folder.appending(path: "input.csv"), encoding: .utf8))
    let stratum = sheet.rows.indices.map { $0 < 15 ? 1.0 : 2 }
    return Table(
      columns: sheet.table().columns + [
        Column(name: "h", numbers: stratum),
        Column(name: "q", numbers: stratum.map { $0 == 1 ? 2.5 : 3 }),
      ])
  }

  static func estimator(
    _ form: JointProbabilityEstimator, strata: [String] = [], squares: PopulationSquares? = nil
  ) throws -> Estimator {
    try Estimator(
      try table(),
      DesignRequest(stages: [
        .init(
          strata: strata, unit: "row",
          unequal: UnequalProbabilityRequest(
            probability: "p", method: .hartleyRao, estimator: form, populationSquares: squares))
      ]), weight: [.inverseOf(["p"])])
  }

  @Test(
    "the population's sum of squared probabilities is estimated, or given as a number or variable",
    arguments: [JointProbabilityEstimator.yatesGrundy, .horvitzThompson])
  func sums(form: JointProbabilityEstimator) throws {
    let cases: [(String, [String], PopulationSquares?)] = [
      ("estimated", [], nil), ("population", [], .number(4.1284109064939942)),
      ("stratified", ["h"], nil), ("both", ["h"], .variable("q")),
    ]
    for (name, strata, squares) in cases {
      let estimator = try HartleyRaoTests.estimator(form, strata: strata, squares: squares)
      let wanted = try #require(HartleyRaoTests.expected[name]?[form])
      for (item, error) in zip(["Bush", "Kerry", "Nader"], wanted) {
        let total = try estimator.estimate(
          [Measure(id: item, kind: OracleDesignTests.total(item))],
          over: [estimator.sample.table.everyone], workers: .init(1))[0].domains[0].estimate
        let found = try estimator.se(try #require(total))
        #expect(near(found, error, 1e-9), "\(name) \(item): \(found), R has \(error)")
      }
    }
  }

  @Test("a sum below that of the sampled units is refused, as is one divided by the sample size")
  func tooSmall() throws {
    let error = #expect(throws: Diagnostic.self) {
      try HartleyRaoTests.estimator(.yatesGrundy, squares: .number(4.1284109064939942 / 40))
    }
    #expect(error?.remedy?.contains("not divided by the sample size") == true)
    #expect(throws: Diagnostic.self) {
      try HartleyRaoTests.estimator(.yatesGrundy, strata: ["h"], squares: .number(1.4))
    }
    #expect(throws: Diagnostic.self) {
      try HartleyRaoTests.estimator(.yatesGrundy, squares: .variable("q"))
    }
  }
}
