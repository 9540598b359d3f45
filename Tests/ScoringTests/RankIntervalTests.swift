import CanvassCompute
import CanvassScoring
import Testing

@Suite("Rank intervals")
struct RankIntervalTests {
  /// Eight units, three pairs of them correlated.
  static let values = [5.10, 4.90, 6.20, 3.00, 4.00, 5.05, 7.40, 3.90]
  static let degrees = [3.0, 9, 5, 12, 4, 20, 6, 8]
  static var covariance: CovarianceMatrix {
    let errors = [0.20, 0.35, 0.30, 0.25, 0.15, 0.40, 0.30, 0.22]
    var matrix = CovarianceMatrix(variances: errors.map { $0 * $0 })
    for (i, j, correlation) in [(0, 1, 0.6), (2, 6, -0.4), (3, 7, 0.3)] {
      matrix[i, j] = correlation * errors[i] * errors[j]
    }
    return matrix
  }

  static func scores(_ knowledge: UncertainScores.VarianceKnowledge) -> UncertainScores {
    UncertainScores(values, covariance: covariance, knowledge: knowledge)
  }

  static func text(_ intervals: [ClosedRange<Int>]) -> String {
    intervals.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " ")
  }

  // numpy 2.4.6, scipy 1.17.1, 2026-11-24: `python3 Tests/Golden/rank-intervals/independent.py`, whose own
  // 400,000 draws come from numpy's generator.
  @Test(
    "bounds agree with an independent computation",
    arguments: [
      (
        RankMethod.mogstad, UncertainScores.VarianceKnowledge.known,
        "3-5 3-7 1-3 8-8 4-7 2-5 1-1 4-7", "3-5 2-7 1-4 8-8 4-7 2-7 1-2 4-7"
      ),
      (
        .mogstad, .together(degreesOfFreedom: 6),
        "2-5 2-7 1-5 8-8 4-8 2-7 1-2 4-8", "2-6 2-7 1-5 6-8 4-8 2-7 1-2 3-8"
      ),
      (
        .mogstad, .separately(degreesOfFreedom: degrees),
        "2-5 2-7 1-4 8-8 4-7 2-7 1-2 4-7", "2-5 2-7 1-5 6-8 4-8 2-7 1-2 4-8"
      ),
      (
        .bonferroni, .known,
        "3-5 3-7 1-3 8-8 4-7 2-7 1-2 4-7", "2-5 2-7 1-5 8-8 4-7 2-7 1-2 4-7"
      ),
      (
        .bonferroni, .together(degreesOfFreedom: 6),
        "2-5 2-7 1-5 6-8 4-8 2-7 1-2 4-8", "2-7 2-8 1-5 4-8 3-8 1-8 1-3 3-8"
      ),
      (
        .bonferroni, .separately(degreesOfFreedom: degrees),
        "2-5 2-7 1-5 8-8 4-7 2-7 1-2 4-7", "2-7 2-7 1-5 6-8 3-8 2-7 1-2 3-8"
      ),
    ])
  func independent(
    method: RankMethod, knowledge: UncertainScores.VarianceKnowledge, marginal: String,
    simultaneous: String
  ) {
    let found = RankIntervals(
      Self.scores(knowledge), rules: RankRules(method: method, draws: 200_000, seed: 11))
    #expect(Self.text(found.marginal) == marginal)
    #expect(Self.text(found.simultaneous) == simultaneous)
  }

  @Test("the half-width of a difference is the single-step critical value times its standard error")
  func halfWidth() throws {
    let found = RankIntervals(
      Self.scores(.known), rules: RankRules(method: .mogstad, draws: 200_000, seed: 11))
    // Units 0 and 5 have no covariance: SE² = 0.04 + 0.16. The critical value is independent.py’s.
    let pair = try #require(found.indistinguishable.first { $0.first == 0 && $0.second == 5 })
    #expect(abs(pair.difference - 0.05) < 1e-12)
    #expect(abs(pair.halfWidth - 2.9835 * 0.2.squareRoot()) < 0.01)
    // Who is in a pair is told apart from nobody in it, and the other way round.
    let undecided = Set(found.indistinguishable.flatMap { [[$0.first, $0.second]] })
    for unit in 0..<8 {
      let partners = undecided.count { $0.contains(unit) }
      #expect(found.simultaneous[unit].count == partners + 1)
    }
    #expect(found.indistinguishable.allSatisfy { $0.difference >= 0 })
  }

  @Test("units that are equal cover every rank", arguments: RankMethod.allCases, [1, 2, 3, 7])
  func equal(method: RankMethod, count: Int) {
    let scores = UncertainScores(
      [Double](repeating: 4, count: count),
      covariance: CovarianceMatrix(variances: (0..<count).map { 0.5 + Double($0) }))
    let found = RankIntervals(scores, rules: RankRules(method: method, draws: 200))
    #expect(found.marginal == [ClosedRange<Int>](repeating: 1...count, count: count))
    #expect(found.simultaneous == found.marginal)
    #expect(found.indistinguishable.count == count * (count - 1) / 2)
    #expect(RankIntervals.meanWidth(found.marginal) == Double(count))
  }

  @Test("units far apart have their rank and no other", arguments: RankMethod.allCases)
  func separated(method: RankMethod) {
    let scores = UncertainScores(
      [300, 100, 400, 200], covariance: CovarianceMatrix(variances: [1, 2, 0.5, 0]),
      knowledge: .separately(degreesOfFreedom: [8, 9, 10, 11]))
    let found = RankIntervals(scores, rules: RankRules(method: method))
    #expect(found.marginal == [2...2, 4...4, 1...1, 3...3])
    #expect(found.simultaneous == found.marginal)
    #expect(found.indistinguishable.isEmpty)
  }

  @Test(
    "without sampling error scores differ unless they are equal", arguments: RankMethod.allCases)
  func exact(method: RankMethod) {
    let scores = UncertainScores([1, 3, 3, 2], covariance: CovarianceMatrix(order: 4))
    let found = RankIntervals(scores, rules: RankRules(method: method, draws: 50))
    #expect(found.marginal == [4...4, 1...2, 1...2, 3...3])
  }

  @Test("no unit, no interval; a perfect correlation leaves nothing to chance")
  func degenerate() {
    let none = RankIntervals(
      UncertainScores([], covariance: CovarianceMatrix(order: 0)), rules: RankRules())
    #expect(none.marginal.isEmpty && none.simultaneous.isEmpty && none.indistinguishable.isEmpty)
    #expect(RankIntervals.meanWidth([]) == 0)
    var together = CovarianceMatrix(variances: [4, 4])
    together[0, 1] = 4
    let pair = RankIntervals(UncertainScores([1, 1.01], covariance: together), rules: RankRules())
    #expect(pair.marginal == [2...2, 1...1])
  }

  @Test(
    "the order in which units are given changes nothing",
    arguments: [
      UncertainScores.VarianceKnowledge.known, .together(degreesOfFreedom: 6),
      .separately(degreesOfFreedom: degrees),
    ])
  func permuted(knowledge: UncertainScores.VarianceKnowledge) {
    let order = [6, 2, 0, 7, 5, 1, 3, 4]
    var moved = knowledge
    if case .separately(let degrees) = knowledge {
      moved = .separately(degreesOfFreedom: order.map { degrees[$0] })
    }
    let other = UncertainScores(
      order.map { Self.values[$0] }, covariance: Self.covariance.permuted(order), knowledge: moved)
    for method in RankMethod.allCases {
      let rules = RankRules(method: method, draws: 500, seed: 3)
      let given = RankIntervals(Self.scores(knowledge), rules: rules)
      let permuted = RankIntervals(other, rules: rules)
      #expect(permuted.marginal == order.map { given.marginal[$0] })
      #expect(permuted.simultaneous == order.map { given.simultaneous[$0] })
    }
    let grouping = Grouping.quartiles(names: Grouping.quartileNames)
    let given = grouping.probabilities(of: Self.scores(knowledge), draws: 300, seed: 3)
    let permutedShares = grouping.probabilities(of: other, draws: 300, seed: 3)
    #expect(permutedShares == order.map { given[$0] })
  }

  @Test("units of unknown error lengthen every interval downwards")
  func incomparable() {
    let rules = RankRules(method: .bonferroni)
    let alone = RankIntervals(Self.scores(.known), rules: rules)
    let beside = RankIntervals(Self.scores(.known), incomparable: 2, rules: rules)
    for unit in 0..<8 {
      let (short, long) = (alone.marginal[unit], beside.marginal[unit])
      #expect(long == short.lowerBound...short.upperBound + 2)
    }
  }

  @Test("simultaneous intervals contain marginal ones; step-down lies within Bonferroni's")
  func nested() {
    for knowledge in [
      UncertainScores.VarianceKnowledge.known, .separately(degreesOfFreedom: Self.degrees),
    ] {
      let found = RankMethod.allCases.map {
        RankIntervals(Self.scores(knowledge), rules: RankRules(method: $0, draws: 20_000))
      }
      for intervals in found {
        for (inner, outer) in zip(intervals.marginal, intervals.simultaneous) {
          #expect(outer.lowerBound <= inner.lowerBound && inner.upperBound <= outer.upperBound)
        }
      }
    }
    let (wide, narrow) = (
      RankIntervals(Self.scores(.known), rules: RankRules(method: .bonferroni)),
      RankIntervals(Self.scores(.known), rules: RankRules(method: .mogstad, draws: 50_000))
    )
    #expect(
      RankIntervals.meanWidth(narrow.simultaneous) < RankIntervals.meanWidth(wide.simultaneous))
  }
}

@Suite("Group probabilities")
struct GroupProbabilityTests {
  @Test("fixed cuts: the share of draws is the normal distribution's")
  func fixed() {
    let scores = UncertainScores(
      [1, 2, 2.5], covariance: CovarianceMatrix(variances: [0.25, 0.04, 1]))
    let shares = Grouping.cuts([1.5, 3], names: ["low", "middle", "high"])
      .probabilities(of: scores, draws: 200_000, seed: 5)
    for (unit, (mean, error)) in [(1.0, 0.5), (2, 0.2), (2.5, 1)].enumerated() {
      let low = NormalDistribution.cumulative((1.5 - mean) / error)
      let high = 1 - NormalDistribution.cumulative((3 - mean) / error)
      // Five standard errors of a share of 200,000 draws are at most 0.0056.
      #expect(abs(shares[unit][0] - low) < 0.0056)
      #expect(abs(shares[unit][2] - high) < 0.0056)
      #expect(abs(shares[unit].reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test("quartiles are cut again in each draw: every draw has its share of units in each group")
  func recut() {
    let values = (0..<8).map(Double.init)
    let equal = UncertainScores(
      values.map { _ in 3 }, covariance: CovarianceMatrix(variances: values.map { _ in 2 }))
    let shares = Grouping.quartiles(names: Grouping.quartileNames)
      .probabilities(of: equal, draws: 20_000, seed: 1)
    for group in 0..<4 { #expect(abs(shares.reduce(0) { $0 + $1[group] } - 2) < 1e-9) }
    for unit in shares { for share in unit { #expect(abs(share - 0.25) < 0.02) } }
    let exact = UncertainScores(values, covariance: CovarianceMatrix(order: 8))
    let certain = Grouping.quartiles(names: Grouping.quartileNames)
      .probabilities(of: exact, draws: 10, seed: 1)
    #expect(certain[0] == [1, 0, 0, 0] && certain[7] == [0, 0, 0, 1])
  }

  @Test("units of unknown error keep their scores and count in the cuts; no grouping, no shares")
  func others() {
    let scores = UncertainScores([1, 2], covariance: CovarianceMatrix(order: 2))
    let grouping = Grouping.quartiles(names: Grouping.quartileNames)
    #expect(
      grouping.probabilities(of: scores, draws: 4, seed: 1) == [[1, 0, 0, 0], [0, 0, 0, 1]])
    let between = grouping.probabilities(of: scores, others: [10, 11], draws: 4, seed: 1)
    #expect(between == [[1, 0, 0, 0], [0, 1, 0, 0]])
    #expect(Grouping.none.probabilities(of: scores, draws: 4, seed: 1) == [[], []])
  }
}
