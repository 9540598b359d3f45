import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.5 by the calls of common.R (see Cases/README.md), called by their names there.
@Suite struct OracleShareIntervalTests {
  func check(_ name: String, _ calls: [(String, ShareIntervalMethod)]) throws {
    try OracleCase.run(name) { oracle in
      let estimator = try Estimator(
        try oracle.table(),
        DesignRequest(stages: [.init(unit: "dnum", size: .population("fpc"))]),
        weight: [.column("pw")])
      let rows = estimator.sample.table
      for (call, method) in calls {
        let isRare = call.contains("rare")
        let kind = OracleDesignTests.mean(
          isRare ? "ell" : "stype", good: isRare ? "0" : "H")
        let domain = try estimator.estimate(kind, over: rows.everyone)[0]
        let share = try #require(domain.estimate)
        let variance = try estimator.variance(of: share.influence)
        let bounds = try #require(
          ShareInterval(
            share: share.value, variance: variance, degreesOfFreedom: estimator.designDegrees,
            respondents: domain.support.respondents
          ).bounds(method, confidence: 0.95))
        // The logistic model of R's `logit` stops at 1e-8 of its deviance.
        oracle.expect(
          call, isRare ? "I(ell == 0)" : "I(stype == H)", estimate: share.value,
          se: variance.squareRoot(), interval: method == .likelihood ? nil : bounds,
          tolerance: method == .logit ? 1e-6 : 1e-9)
        if method == .likelihood {
          // docs/method/shares.md: R interpolates a profile linearly between spline points.
          oracle.explain(call, "I(stype == H)", "R interpolates: 0.0317764 and 0.1472612")
          #expect(near(bounds.low, 0.03178283837994125, 1e-9))
          #expect(near(bounds.high, 0.14728460088486783, 1e-9))
        }
      }
    }
  }

  @Test("intervals of a share and of a rare one")
  func intervals() throws {
    try check(
      "api_clus1_ciprop",
      [
        ("logit", .logit), ("likelihood", .likelihood), ("asin", .asin), ("beta", .beta),
        ("mean", .mean), ("xlogit", .xlogit), ("rare_logit", .logit), ("rare_beta", .beta),
        ("rare_mean", .mean), ("rare_xlogit", .xlogit),
      ])
  }

  @Test("Wilson's interval of a share and of a rare one")
  func wilson() throws {
    try check("api_clus1_ciprop_wilson", [("wilson", .wilson), ("wilson_rare", .wilson)])
  }
}
