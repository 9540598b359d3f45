import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

// Expected values: R survey 4.1-1 (R 4.2.2) on 2026-11-25, f the fixture's columns, s a subset of
// d <- svydesign(id=~psu, strata=~stratum, weights=~weight, data=f):
//   svyquantile(~y, s, .5, qrule="school", interval.type="mean", df=degf(s))
//   stratum==2: 3, (2, NaN), se NaN; unit==2: 3, (3, 5), se 0.314223683315484; unit==1: 2, (NaN, NaN), se NaN
@Suite("medians whose interval is open")
struct OpenQuantileTests {
  static func median(
    _ domain: ([String: Double]) -> Int32
  ) throws -> (Estimator, DomainEstimate) {
    let estimator = try Fixture.estimator()
    let partition = Fixture.partition(estimator.sample.table, 1, domain)
    let result = try estimator.estimate(
      .quantile(ItemRule(variable: "y"), QuantileDefinition()), over: partition)
    return (estimator, result[0])
  }

  @Test("where the share's interval passes 1 the upper end and the standard error are not known")
  func upper() throws {
    let (estimator, domain) = try OpenQuantileTests.median { $0["stratum"] == 2 ? 0 : -1 }
    let estimate = try #require(domain.estimate)
    #expect(estimate.value == 3)
    // R 4.1-1 has 2, its second value for a share below the first value's own (see `first` below).
    #expect(domain.interval?.low == 1)
    #expect(domain.interval?.high == nil)
    #expect(domain.interval?.standardError == nil)
    #expect(estimate.hasUnknownError)
    #expect(try estimator.variance(of: estimate.influence).isNaN)
  }

  @Test("where it leaves 0…1 on both sides neither end is known")
  func both() throws {
    let (_, domain) = try OpenQuantileTests.median { $0["unit"] == 1 ? 0 : -1 }
    #expect(domain.estimate?.value == 2)
    let interval = try #require(domain.interval)
    #expect(interval.low == nil && interval.high == nil && interval.standardError == nil)
  }

  @Test("where it lies within both are, with the standard error of R")
  func closed() throws {
    let (estimator, domain) = try OpenQuantileTests.median { $0["unit"] == 2 ? 0 : -1 }
    let estimate = try #require(domain.estimate)
    #expect(domain.interval?.low == 3 && domain.interval?.high == 5)
    #expect(near(try #require(domain.interval?.standardError), 0.314223683315484, 1e-12))
    #expect(near(try estimator.se(estimate), 0.314223683315484, 1e-12))
    #expect(!estimate.hasUnknownError)
  }

  // d <- svydesign(id=~1, weights=~w, data=data.frame(x=c(1,2,4,7), w=c(6,2,3,1)));
  // coef(svyquantile(~x, d, 0.1, qrule=r, ci=FALSE)) is 2 in R survey 4.1-1 for every r here: half of all have 1.
  @Test(
    "below the first value's share the discrete rules give the first value, not R 4.1's second",
    arguments: [QuantileRule.math, .school, .hf1, .hf2, .hf3])
  func first(rule: QuantileRule) {
    let values = WeightedValues(ascending: [1, 2, 4, 7], weights: [6, 2, 3, 1])
    #expect(values.quantile(0.1, rule) == 1)
    #expect(values.quantile(0.75, rule) == 4)
  }

  // f$y[c(3,11)] <- NA: svyvar(~y, d, na.rm=TRUE) is 1.8877386303223624 (n counts all 20 rows),
  // svyvar(~y, subset(d, !is.na(y))) is 1.8988429752066116 (the 18 that answered).
  @Test("n of a variance counts those who answered")
  func variance() throws {
    var table = Fixture.table
    var y = Fixture.y.map(Optional.some)
    y[2] = nil
    y[10] = nil
    table.set(Column(name: "y", numbers: y))
    let estimator = try Fixture.estimator(table)
    let found = try #require(
      try estimator.estimate(
        .variance(ItemRule(variable: "y")), over: estimator.sample.table.everyone)[0].estimate)
    #expect(near(found.value, 1.8988429752066116, 1e-12))
  }
}
