import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.5 by the calls of common.R (see Cases/README.md), called by their names there.
@Suite struct OracleLonelyTests {
  static let design = [DesignRequest.Stage(strata: ["h"], unit: "psu")]

  @Test(
    "lone units by every policy, with and without the domain switch",
    arguments: [LonelyPolicy.remove, .adjust, .average, .certainty])
  func policies(policy: LonelyPolicy) throws {
    try OracleCase.run("lonely_\(policy.rawValue)") { oracle in
      for inDomains in [false, true] {
        let estimator = try Estimator(
          try oracle.table(),
          DesignRequest(
            stages: OracleLonelyTests.design, lonely: policy, lonelyInDomains: inDomains),
          weight: [.column("pw")])
        let rows = estimator.sample.table
        if !inDomains {
          for item in ["api00", "meals"] {
            try oracle.check("mean", item, estimator, OracleDesignTests.mean(item))
          }
          try oracle.check("total", "api00", estimator, OracleDesignTests.total("api00"))
          try oracle.check(
            "ratio", "api00/api99", estimator,
            .ratio(ItemRule(variable: "api00"), ItemRule(variable: "api99")))
        }
        let suffix = inDomains ? "adjTRUE" : "adjFALSE"
        let high = rows.rows(where: { $0("stype") == "H" }, name: "api00")
        try oracle.check(
          "dom_\(suffix)", estimator, OracleDesignTests.api00, by: high,
          df: estimator.degrees(of: high.partition))
        let sparse = rows.rows(
          where: { ($0("snum").flatMap(Int.init) ?? 1) % 3 == 0 && $0("awards") == "No" },
          name: "api00")
        try oracle.check(
          "sparse_dom_\(suffix)", estimator, OracleDesignTests.total("api00"), by: sparse,
          df: estimator.degrees(of: sparse.partition))
        try oracle.check(
          "by_\(suffix)", estimator, OracleDesignTests.api00,
          by: rows.partition("stype", "awards"))
      }
    }
  }

  @Test("a lone unit stops and is named")
  func fail() throws {
    try OracleCase.run("lonely_fail") { oracle in
      let estimator = try Estimator(
        try oracle.table(), DesignRequest(stages: OracleLonelyTests.design),
        weight: [.column("pw")])
      let value = try #require(
        try estimator.mean("api00", over: estimator.sample.table.everyone)[0].estimate)
      let error = #expect(throws: Diagnostic.self) { try estimator.se(value) }
      #expect(error?.what.contains("H_3") == true)
      // R's message is the key, the 1 says that there was an error.
      let key = try #require(oracle.answers["error"]?.keys.first)
      oracle.expect("error", key, .estimate, error == nil ? 0 : 1)
    }
  }

  @Test("a stratum that was taken whole is not lone")
  func wholeStratum() throws {
    try OracleCase.run("lonely_certainty_fpc") { oracle in
      let estimator = try Estimator(
        try oracle.table(),
        DesignRequest(stages: [
          .init(strata: ["stratid"], unit: "psuid", size: .population("Nh"))
        ]), weight: [.column("weight")])
      try oracle.check("mean", "x", estimator, OracleDesignTests.mean("x"))
      try oracle.check("total", "x", estimator, OracleDesignTests.total("x"))
    }
  }
}
