import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.5 by the calls of common.R; the microdata lie outside the repository.
@Suite(.enabled(if: Shared.isPresent)) struct OraclePapiTests {
  static let items = ["q001", "q002", "q003", "q004", "q006", "q022", "q023", "q041"]
  static let missing = Dictionary(uniqueKeysWithValues: items.map { ($0, Set(["88", "99"])) })
  static let design = DesignRequest(stages: [.init(strata: ["stratum"], unit: "psu")])

  @Test("province means of a stratified cluster sample")
  func domains() throws {
    try OracleCase.run("papi6_taylor_domains") { oracle in
      let estimator = try Estimator(
        try oracle.table(missing: OraclePapiTests.missing), OraclePapiTests.design,
        weight: [.column("basew")])
      let rows = estimator.sample.table
      for item in OraclePapiTests.items {
        try oracle.check(
          item, estimator, OracleDesignTests.mean(item), by: rows.partition("province"))
      }
      let q001 = OracleDesignTests.mean("q001")
      try oracle.check("prov_sex", estimator, q001, by: rows.partition("province", "sex"))
      try oracle.check("nat", "q001", estimator, q001)
    }
  }

  @Test("means, dimensions and indices with covariances, arithmetic and geometric")
  func composite() throws {
    try OracleCase.run("papi6_index_composite") { oracle in
      let estimator = try Estimator(
        try oracle.table(missing: OraclePapiTests.missing), OraclePapiTests.design,
        weight: [.column("basew")])
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
        for name in high.keys {
          try oracle.check("item_mean", "\(province):\(name)", estimator, try item(name))
        }
        let first = (try scaled("q002") + scaled("q003")).scaled(slope: 0.5)
        let second = (try scaled("q022") + scaled("q023")).scaled(slope: 0.5)
        try oracle.check("dimension", String(2 * position + 1), estimator, first)
        try oracle.check("dimension", String(2 * position + 2), estimator, second)
        try oracle.check(
          "index_arith", province, estimator, (first + second).scaled(slope: 0.5))
        let product = first * second
        let root = product.value.squareRoot()
        let geometric = Estimate(
          value: root, influence: .combination(0.5 / root, product.influence, 0, .none))
        try oracle.check("index_geom", province, estimator, geometric)
        // Ranks and their intervals are the scoring tests' part.
        oracle.leaveOut("rank", province)
      }
    }
  }
}
