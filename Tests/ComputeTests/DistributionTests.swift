import CanvassCompute
import Testing

/// Expected numbers: mpmath 1.3.0 (30 digits) on 2026-11-24: `betainc(…, regularized=True)`, `gammainc(…,
/// regularized=True)`, quantiles by `findroot` on them.
@Suite struct DistributionTests {
  func isNear(_ a: Double, _ b: Double, _ tolerance: Double = 1e-11) -> Bool {
    abs(a - b) <= tolerance * abs(b)
  }

  @Test(
    "incomplete beta and its complement",
    arguments: [
      (0.3, 2.0, 3.0, 0.34829999999999998), (0.001, 0.5, 7.5, 0.095898617245029959),
      (0.9, 40.5, 3.25, 0.22690996777852625), (0.5, 1000, 1010, 0.58826982754372753),
      (0.02, 0.001, 2, 0.99707179269471169),
    ])
  func incompleteBeta(x: Double, a: Double, b: Double, expected: Double) {
    #expect(isNear(IncompleteBeta.regularized(x, a, b), expected))
    #expect(isNear(IncompleteBeta.complement(x, a, b), 1 - expected, 1e-10))
    // I_x(a, b) = 1 − I_{1−x}(b, a).
    #expect(isNear(IncompleteBeta.complement(1 - x, b, a), expected, 1e-10))
  }

  @Test(
    "quantiles of beta",
    arguments: [
      (0.025, 14.0, 169.0, 0.042691451066081829), (0.975, 15, 168, 0.12569631325266994),
      (0.5, 0.3, 0.7, 0.15877468697850163), (0.025, 2.5, 10_000, 4.1556600466785687e-5),
    ])
  func betaQuantile(p: Double, a: Double, b: Double, expected: Double) throws {
    let beta = try #require(BetaDistribution(a, b))
    #expect(isNear(beta.quantile(p), expected))
    #expect(isNear(beta.cumulative(beta.quantile(p)), p))
  }

  @Test(
    "tails of F",
    arguments: [
      (3.15, 2.4, 38.7, 0.045561129631598935), (0.2, 3, 13, 0.89451925251477452),
      (5.8, 3, 16, 0.0070098164816720245), (50, 1, 7.5, 0.00014334930089178205),
    ])
  func fisherF(f: Double, numerator: Double, denominator: Double, expected: Double) throws {
    let distribution = try #require(
      FisherF(numeratorDegrees: numerator, denominatorDegrees: denominator))
    #expect(isNear(distribution.tail(f), expected))
  }

  @Test("F with one degree is t squared, and with endless denominators chi-square")
  func relatives() throws {
    let t = try #require(StudentT(degreesOfFreedom: 7))
    let f = try #require(FisherF(numeratorDegrees: 1, denominatorDegrees: 7))
    #expect(isNear(f.tail(2.5 * 2.5), 2 * t.cumulative(-2.5)))
    let endless = try #require(FisherF(numeratorDegrees: 3, denominatorDegrees: .infinity))
    let chi = try #require(ChiSquare(degreesOfFreedom: 3))
    #expect(endless.tail(4) == chi.tail(12))
  }

  @Test(
    "tails of chi-square",
    arguments: [
      (18.5, 3.0, 0.000346829401825753), (0.3, 2.5, 0.92413108486789422),
      (100, 80, 0.064570368921132976), (200, 80, 2.9602566998130642e-12),
      (0.001, 1, 0.97477287936996039),
    ])
  func chiSquare(x: Double, degrees: Double, expected: Double) throws {
    #expect(isNear(try #require(ChiSquare(degreesOfFreedom: degrees)).tail(x), expected))
  }

  @Test(
    "quantiles of chi-square",
    arguments: [
      (0.95, 1.0, 3.8414588206941245), (0.95, 3, 7.814727903251178),
      (0.025, 7.5, 1.9305886206109989),
    ])
  func chiSquareQuantile(p: Double, degrees: Double, expected: Double) throws {
    #expect(isNear(try #require(ChiSquare(degreesOfFreedom: degrees)).quantile(p), expected))
  }

  @Test("ends and impossible parameters")
  func ends() throws {
    #expect(BetaDistribution(0, 1) == nil)
    #expect(ChiSquare(degreesOfFreedom: 0) == nil)
    #expect(FisherF(numeratorDegrees: 1, denominatorDegrees: 0) == nil)
    let beta = try #require(BetaDistribution(2, 3))
    #expect(beta.quantile(0) == 0 && beta.quantile(1) == 1 && beta.quantile(2).isNaN)
    #expect(beta.cumulative(-1) == 0 && beta.cumulative(2) == 1)
    let chi = try #require(ChiSquare(degreesOfFreedom: 2))
    #expect(chi.tail(-1) == 1 && chi.tail(.infinity) == 0 && chi.quantile(1) == .infinity)
    let f = try #require(FisherF(numeratorDegrees: 2, denominatorDegrees: 3))
    #expect(f.tail(0) == 1 && f.tail(.infinity) == 0 && f.tail(.nan).isNaN)
  }
}
