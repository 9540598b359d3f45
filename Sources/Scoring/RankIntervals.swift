import CanvassCompute

/// How rank intervals are found.
public enum RankMethod: String, Sendable, CaseIterable, Hashable {
  /// Pairwise tests with Bonferroni's correction.
  case bonferroni
  /// The largest studentized difference, stepped down (Mogstad, Romano, Shaikh & Wilhelm 2024).
  case mogstad
}

/// What rank intervals are asked for.
public struct RankRules: Sendable, Hashable {
  /// The method.
  public var method: RankMethod
  /// Confidence of each unit's interval, and of all simultaneous ones together.
  public var confidence: Double
  /// Monte Carlo draws for critical values and group probabilities.
  public var draws: Int
  /// Names the random numbers.
  public var seed: UInt64

  /// Rules; `confidence` lies between 0 and 1 and there is at least one draw.
  public init(
    method: RankMethod = .mogstad, confidence: Double = 0.95, draws: Int = 2000, seed: UInt64 = 1
  ) {
    self.method = method
    self.confidence = confidence
    self.draws = draws
    self.seed = seed
  }
}

/// Which ranks the sampling error leaves possible.
///
/// Rank 1 is the highest score. A unit's interval is 1 + the number of units that are significantly
/// higher … p − the number that are significantly lower. Marginal intervals contain one unit's rank with
/// the given confidence, simultaneous ones all ranks at once. Mogstad, Romano, Shaikh & Wilhelm (2024),
/// Inference for Ranks with Applications to Mobility across Neighbourhoods and Academic Achievement
/// across Countries, Review of Economic Studies 91(1), 476–518.
public struct RankIntervals: Sendable, Hashable {
  /// Two units that cannot be told apart.
  public struct Pair: Sendable, Hashable {
    /// The unit with the higher score, as an index of the scores.
    public let first: Int
    /// The other one.
    public let second: Int
    /// Its score less the other's.
    public let difference: Double
    /// Half the width of the simultaneous interval of the difference; it contains 0.
    public let halfWidth: Double
  }

  /// Each unit's interval by itself.
  public let marginal: [ClosedRange<Int>]
  /// Intervals that hold all at once.
  public let simultaneous: [ClosedRange<Int>]
  /// The pairs that the simultaneous tests leave undecided, from the highest scores down.
  public let indistinguishable: [Pair]

  /// The intervals of `scores`.
  ///
  /// - Parameter incomparable: number of further ranked units whose sampling error is unknown: nothing
  ///   can be told apart from them, so they lengthen every interval downwards.
  public init(_ scores: UncertainScores, incomparable: Int = 0, rules: RankRules) {
    let (sorted, order) = scores.descending()
    let tests: RankTests =
      switch rules.method {
      case .bonferroni: .bonferroni(sorted, confidence: rules.confidence)
      case .mogstad: .stepDown(sorted, rules: rules)
      }
    let count = order.count
    func intervals(_ differ: [Bool]) -> [ClosedRange<Int>] {
      var intervals = [ClosedRange<Int>](repeating: 1...1, count: count)
      for j in 0..<count {
        // Scores fall, so those that differ before j are higher and those after it lower.
        let higher = (0..<j).count { differ[j * count + $0] }
        let lower = (j..<count).count { differ[j * count + $0] }
        intervals[order[j]] = (1 + higher)...(count + incomparable - lower)
      }
      return intervals
    }
    marginal = intervals(tests.marginal)
    simultaneous = intervals(tests.simultaneous)
    indistinguishable = (0..<count).flatMap { j in
      (j + 1..<max(j + 1, count)).compactMap { k in
        if tests.simultaneous[j * count + k] { return nil }
        return Pair(
          first: order[j], second: order[k], difference: sorted.values[j] - sorted.values[k],
          halfWidth: tests.critical(j, k)
            * sorted.covariance.varianceOfDifference(j, k).squareRoot())
      }
    }
  }

  /// The mean number of ranks in an interval; 0 without units.
  public static func meanWidth(_ intervals: [ClosedRange<Int>]) -> Double {
    guard !intervals.isEmpty else { return 0 }
    return Double(intervals.reduce(0) { $0 + $1.count }) / Double(intervals.count)
  }
}

/// Which pairs of units differ, row-major; units in falling order of score.
struct RankTests {
  /// Whether k differs from j in the tests about unit j alone.
  var marginal: [Bool]
  /// Whether they differ in the tests about all pairs.
  var simultaneous: [Bool]
  /// The critical value of the simultaneous interval of a difference.
  var critical: (_ j: Int, _ k: Int) -> Double

  /// |t| beyond the quantile for α/(p − 1) of each unit's tests, for α over p(p − 1)/2 of all of them.
  static func bonferroni(_ scores: UncertainScores, confidence: Double) -> RankTests {
    let count = scores.values.count
    let alone = (1 - confidence) / Double(max(1, count - 1))
    let all = (1 - confidence) / Double(max(1, count * (count - 1) / 2))
    var known: [Double: Double] = [:]
    func critical(_ j: Int, _ k: Int) -> Double {
      let degrees = scores.degreesOfFreedom(j, k)
      if let value = known[degrees] { return value }
      let value =
        StudentT(degreesOfFreedom: degrees)?.criticalValue(confidence: 1 - all) ?? .infinity
      known[degrees] = value
      return value
    }
    var tests = RankTests(
      marginal: [Bool](repeating: false, count: count * count),
      simultaneous: [Bool](repeating: false, count: count * count), critical: critical)
    for j in 0..<count {
      for k in 0..<j {
        let t = scores.squaredStatistic(j, k).squareRoot()
        let tail = StudentT(degreesOfFreedom: scores.degreesOfFreedom(j, k))?.cumulative(-t) ?? 1
        for place in [j * count + k, k * count + j] {
          tests.marginal[place] = 2 * tail < alone
          tests.simultaneous[place] = 2 * tail < all
        }
      }
    }
    return tests
  }

  /// Hypotheses fall out while the largest studentized difference of those that are left allows it.
  ///
  /// A pair is two hypotheses, that neither unit is above the other. At each step the critical value is the
  /// quantile, over draws from N(0, V), of the largest t among the hypotheses that are left; those with a
  /// larger t are rejected. Of a pair that is told apart the opposite hypothesis stays. A step without a
  /// rejection ends it.
  static func stepDown(_ scores: UncertainScores, rules: RankRules) -> RankTests {
    let count = scores.values.count
    let maxima = StudentizedMaxima(scores, draws: rules.draws, seed: rules.seed)
    let place = StudentizedMaxima.place(ofQuantile: rules.confidence, draws: rules.draws)
    var squares = [Double](repeating: 0, count: count * count)
    for j in 0..<count {
      for k in 0..<j {
        squares[j * count + k] = scores.squaredStatistic(j, k)
        squares[k * count + j] = squares[j * count + k]
      }
    }
    // Marks the pairs that are told apart, beginning with the critical value `first`.
    func told(_ pairs: [StudentizedMaxima.Pair], from first: Double) -> [StudentizedMaxima.Pair] {
      var pairs = pairs
      var critical = first
      while true {
        var grew = false
        for index in pairs.indices where !pairs[index].isTold {
          guard squares[pairs[index].higher * count + pairs[index].lower] > critical else {
            continue
          }
          pairs[index].isTold = true
          grew = true
        }
        if !grew { return pairs }
        critical = maxima.quantile(at: place, among: pairs)
      }
    }
    var marginal = [Bool](repeating: false, count: count * count)
    var simultaneous = marginal
    guard count > 1 else {
      return RankTests(marginal: marginal, simultaneous: simultaneous) { _, _ in 0 }
    }
    for j in 0..<count {
      let pairs = (0..<count).filter { $0 != j }
        .map { StudentizedMaxima.Pair(higher: min(j, $0), lower: max(j, $0)) }
      for pair in told(pairs, from: maxima.quantile(at: place, ofUnit: j)) where pair.isTold {
        marginal[j * count + (pair.higher == j ? pair.lower : pair.higher)] = true
      }
    }
    let first = maxima.quantile(at: place)
    let all = (0..<count).flatMap { lower in
      (0..<lower).map { StudentizedMaxima.Pair(higher: $0, lower: lower) }
    }
    for pair in told(all, from: first) where pair.isTold {
      simultaneous[pair.higher * count + pair.lower] = true
      simultaneous[pair.lower * count + pair.higher] = true
    }
    let single = first.squareRoot()
    return RankTests(marginal: marginal, simultaneous: simultaneous) { _, _ in single }
  }
}
