import CanvassScoring
import Testing

@Suite("Score changes")
struct ScoreChangeTests {
  private func units(_ values: [(Int, Int, Double)]) -> [SamplingUnitContribution] {
    values.map { SamplingUnitContribution(stratum: $0.0, unit: $0.1, value: $0.2) }
  }

  @Test("only units that both rounds share bear on the covariance, stratum by stratum")
  func partialOverlap() {
    // Stratum 0 shares units 1, 2, 3; stratum 1 shares one unit only, which adds nothing.
    let first = units([(0, 0, 0.9), (0, 1, 1), (0, 2, 2), (0, 3, -1), (1, 4, 5), (1, 5, -5)])
    let second = units([(0, 1, 0.5), (0, 2, 1.5), (0, 3, -1), (0, 7, 0.3), (1, 4, 2), (1, 8, -2)])
    // Means over the shared units: 2/3 and 1/3. Sum of products: 1/3·1/6 + 4/3·7/6 + 5/3·4/3 = 23/6;
    // times 3/2: 5.75.
    let v1 = 4.7075 * 4 / 3 + 100
    let v2 = 3.1675 * 4 / 3 + 16
    let change = ScoreChange(
      from: RoundScore(
        value: 3, standardError: v1.squareRoot(), degreesOfFreedom: 4, contributions: first),
      to: RoundScore(
        value: 5, standardError: v2.squareRoot(), degreesOfFreedom: 4, contributions: second))
    #expect(change.value == 2)
    #expect(change.sharedUnits == 3)
    #expect(abs((change.standardError ?? 0) - (v1 + v2 - 2 * 5.75).squareRoot()) < 1e-12)
    let sum = v1 + v2
    let welch = 4 * sum * sum / (v1 * v1 + v2 * v2)
    #expect(abs((change.degreesOfFreedom ?? 0) - welch) < 1e-12)
  }

  @Test("pooled standard errors keep the correlation of the contributions")
  func pooled() {
    let first = units([(0, 0, 1), (0, 1, -1), (0, 2, 0.5)])
    let second = units([(0, 0, 2), (0, 1, -1), (0, 2, 0)])
    func change(_ before: Double, _ now: Double) -> Double {
      let result = ScoreChange(
        from: RoundScore(
          value: 0, standardError: before, degreesOfFreedom: 2, contributions: first),
        to: RoundScore(value: 0, standardError: now, degreesOfFreedom: 2, contributions: second))
      return (result.standardError ?? .nan) * (result.standardError ?? .nan)
    }
    // Deviations: (5/6, −7/6, 1/3) and (5/3, −4/3, −1/3).
    let product = 51.0 / 18
    let squares = (13.0 / 6, 14.0 / 3)
    let r = product / (squares.0 * squares.1).squareRoot()
    #expect(abs(change(0.3, 0.2) - (0.09 + 0.04 - 2 * r * 0.06)) < 1e-14)
  }

  @Test("without a standard error in both rounds a change has none; without units errors add up")
  func missing() {
    let one = RoundScore(value: 1, standardError: 0.3, degreesOfFreedom: .infinity)
    let other = RoundScore(value: 2, standardError: 0.4, degreesOfFreedom: .infinity)
    #expect(abs((ScoreChange(from: one, to: other).standardError ?? 0) - 0.5) < 1e-15)
    #expect(ScoreChange(from: one, to: other).degreesOfFreedom == .infinity)
    let none = RoundScore(value: 2, standardError: nil, degreesOfFreedom: .infinity)
    #expect(ScoreChange(from: one, to: none).standardError == nil)
    #expect(ScoreChange(from: none, to: one).value == -1)
  }

  @Test("an error on no degrees of freedom is none")
  func noDegreesOfFreedom() {
    let one = RoundScore(value: 1, standardError: 0.3, degreesOfFreedom: 4)
    let none = RoundScore(value: 2, standardError: 0.4, degreesOfFreedom: 0)
    for change in [ScoreChange(from: one, to: none), ScoreChange(from: none, to: one)] {
      #expect(change.standardError == nil && change.degreesOfFreedom == nil)
    }
  }

  @Test("contributions that are the same in both rounds leave no variance to speak of")
  func identical() {
    let same = units([(0, 0, 1), (0, 1, -1)])
    let score = RoundScore(value: 1, standardError: 2, degreesOfFreedom: 1, contributions: same)
    #expect(ScoreChange(from: score, to: score).standardError == nil)
  }
}

@Suite("Breaks between rounds")
struct BreakTests {
  @Test(
    "a break counts if it lies after the earlier round and not after the later one",
    arguments: [
      (2021, 2023, 2022, true), (2021, 2023, 2023, true), (2021, 2023, 2021, false),
      (2021, 2023, 2050, false), (2021, 2019, 2020, true), (2021, 2019, 2019, false),
      (nil, 2023, 2022, true), (nil, 2023, 2050, false), (2021, nil, 2022, true),
      (2021, nil, 2020, false),
    ] as [(Int?, Int?, Int, Bool)])
  func years(former: Int?, current: Int?, since: Int, isBreak: Bool) {
    let now = RoundDefinitions(
      year: current, nodes: ["a": NodeDefinition(properties: ["x": "1"], breakSince: since)])
    let then = RoundDefinitions(year: former, nodes: ["a": NodeDefinition(properties: ["x": "1"])])
    let found = Comparability(of: now, with: then).nodes["a"]
    #expect((found?.obstacle != nil) == isBreak)
  }
}
