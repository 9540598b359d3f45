import CanvassCompute
import CanvassEstimation
import CanvassScoring

/// One way of asking for rank intervals in the study.
struct RankCase: Sendable, Hashable {
  let kind: Statistic.Kind
  /// Where the variances come from.
  let variance: Method
  let method: RankMethod
  /// Whether every province is given the same true score, by taking its own off its estimate.
  let isEqual: Bool

  /// The cases of a design, in the order of the table.
  static func all(_ variances: [Method]) -> [RankCase] {
    variances.flatMap { variance in
      [Statistic.Kind.dimension, .index].flatMap { kind in
        RankMethod.allCases.flatMap { method in
          [false, true].map {
            RankCase(kind: kind, variance: variance, method: method, isEqual: $0)
          }
        }
      }
    }
  }
}

/// What the rank intervals of one sample say about the provinces at the nodes of one kind.
struct RankOutcome: Sendable {
  var nodes = 0
  var provinces = 0
  /// Provinces whose marginal interval holds their true rank.
  var covered = 0
  /// Nodes at which all simultaneous intervals do.
  var coveredAtOnce = 0
  /// Ranks in the intervals, summed.
  var width = 0
  var widthAtOnce = 0

  /// Draws of the critical values; their error is small beside that of the samples.
  private static let draws = 1000

  /// Adds a node from the estimates of its provinces with their uncertainties and true scores.
  ///
  /// Provinces are their own strata, so that their errors are independent. Equal provinces are covered
  /// where an interval holds every rank.
  mutating func add(
    _ provinces: [(estimate: Double, found: Uncertainty, truth: Double)], _ asked: RankCase,
    confidence: Double, seed: UInt64
  ) {
    guard provinces.count > 1 else { return }
    let degrees = provinces.map(\.found.degreesOfFreedom)
    let scores = UncertainScores(
      provinces.map { asked.isEqual ? $0.estimate - $0.truth : $0.estimate },
      covariance: CovarianceMatrix(variances: provinces.map(\.found.variance)),
      knowledge: asked.variance == .pooled
        ? .together(degreesOfFreedom: degrees[0]) : .separately(degreesOfFreedom: degrees))
    let found = RankIntervals(
      scores,
      rules: RankRules(
        method: asked.method, confidence: confidence, draws: Self.draws, seed: seed))
    let truths = provinces.map { own in
      let rank = 1 + provinces.count { $0.truth > own.truth }
      return asked.isEqual ? 1...provinces.count : rank...rank
    }
    func holds(_ intervals: [ClosedRange<Int>]) -> Int {
      zip(intervals, truths).count { $0.contains($1.lowerBound) && $0.contains($1.upperBound) }
    }
    nodes += 1
    self.provinces += provinces.count
    covered += holds(found.marginal)
    if holds(found.simultaneous) == provinces.count { coveredAtOnce += 1 }
    width += found.marginal.reduce(0) { $0 + $1.count }
    widthAtOnce += found.simultaneous.reduce(0) { $0 + $1.count }
  }
}

/// The table of rank intervals.
struct RankTable {
  let papi: [SampleOutcome]
  let control: [SampleOutcome]

  /// Coverage in per cent ± its Monte Carlo error, and the mean number of ranks in an interval.
  var text: String {
    let head = [
      "Design", "Variances", "Nodes", "Method", "True scores", "marginal", "ranks wide",
      "simultaneous", "ranks wide",
    ]
    var lines = [
      "## Rank intervals of provinces", "",
      "\(papi.count { !$0.ranks.isEmpty }) samples of each design, 95 % intervals ([ranks.md](method/ranks.md)). Marginal: the share of "
        + "provinces whose interval holds their true rank; simultaneous: the share of nodes at which all do. "
        + "Width is the mean number of ranks in an interval, of 63. All equal: each province’s true score "
        + "is taken off its estimate, and an interval counts only if it holds every rank.", "",
      "| " + head.joined(separator: " | ") + " |",
      "|" + String(repeating: "---|", count: head.count),
    ]
    for (design, outcomes, variances) in [
      ("Control", control, [Method.direct]), ("PAPI", papi, [.pooled, .satterthwaite]),
    ] {
      for asked in RankCase.all(variances) {
        let found = outcomes.compactMap { $0.ranks[asked] }
        guard let own = Share(found.map { ($0.covered, $0.provinces) }),
          let atOnce = Share(found.map { ($0.coveredAtOnce, $0.nodes) }),
          let width = Share(found.map { ($0.width, $0.provinces) }),
          let widthAtOnce = Share(found.map { ($0.widthAtOnce, $0.provinces) })
        else { continue }
        lines.append(
          "| "
            + [
              design, "\(asked.variance)", asked.kind.rawValue, asked.method.rawValue,
              asked.isEqual ? "all equal" : "their own", own.percent,
              CoverageTables.fixed(width.value, 1), atOnce.percent,
              CoverageTables.fixed(widthAtOnce.value, 1),
            ].joined(separator: " | ") + " |")
      }
    }
    return lines.joined(separator: "\n")
  }
}
