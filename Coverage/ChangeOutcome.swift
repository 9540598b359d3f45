import CanvassCompute
import CanvassEstimation
import CanvassPipeline
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// What intervals of changes between two rounds say, where nothing has changed.
struct ChangeOutcome: Sendable {
  /// A group of changes that the table tells apart.
  struct Group: Sendable, Hashable {
    /// Whether both rounds are in the same villages.
    let isShared: Bool
    let area: Tally.Area
    let isComposite: Bool
  }

  /// Intervals that hold 0, intervals, and the sum of the squared changes over their standard errors.
  struct Sums: Sendable {
    var hits = 0
    var intervals = 0
    var squares = 0.0
  }

  var sums: [Group: Sums] = [:]
}

extension Sampler {
  /// The changes between the sample under `seed`, another one in the same villages, and one in others.
  func changes(seed: UInt64) throws -> ChangeOutcome {
    let first = try estimator(seed: seed)
    let reference = RoundContributions(first.estimator.sample.design)
    let former = try estimates(first, as: reference)
    let same = try estimates(
      try estimator(seed: seed + 1_000_000, villageSeed: seed), as: reference)
    let other = try estimates(try estimator(seed: seed + 2_000_000), as: nil)
    var outcome = ChangeOutcome()
    for (round, isShared) in [(same, true), (other, false)] {
      for cell in former.indices {
        guard let before = former[cell], let after = round[cell] else { continue }
        let change = ScoreChange(from: before, to: after)
        guard let error = change.standardError, let degrees = change.degreesOfFreedom,
          let t = StudentT(degreesOfFreedom: degrees)?.criticalValue(confidence: study.confidence)
        else { continue }
        let domain = cell % domainCount
        let group = ChangeOutcome.Group(
          isShared: isShared,
          area: domain < provinces.count
            ? .province : domain < domainCount - 1 ? .region : .country,
          isComposite: statistics[cell / domainCount].measure == nil)
        outcome.sums[group, default: ChangeOutcome.Sums()].add(change.value, error, t)
      }
    }
    return outcome
  }

  /// The statistics of a sample in every domain; shares near 0 or 1 are left out. Without a reference its
  /// sampling units are others than those of any other sample.
  private func estimates(
    _ drawn: (estimator: Estimator, partitions: [Partition]), as reference: RoundContributions?
  ) throws -> [RoundScore?] {
    let (estimator, partitions) = drawn
    var estimates = [RoundScore?](repeating: nil, count: statistics.count * domainCount)
    let design = estimator.sample.design
    var contributions = RoundContributions(design)
    var found: [(cell: Int, value: Double, uncertainty: Uncertainty)] = []
    try forEachNumber(estimator, partitions) { cell, estimate, support in
      if statistics[cell / domainCount].kind == .share, Tally.ShareBand(truth[cell]) == .end {
        return
      }
      guard support.degreesOfFreedom >= 1 else { return }
      let uncertainty = try estimator.uncertainty(
        of: estimate.influence, designDegrees: support.degreesOfFreedom, rule: .satterthwaite)
      guard uncertainty.variance > 0, uncertainty.degreesOfFreedom >= 1 else { return }
      found.append((cell, estimate.value, uncertainty))
      if reference != nil {
        contributions.add(
          estimate.influence, of: design,
          to: RoundContributions.Key(unit: String(cell), node: ""))
      }
    }
    let numbered = reference.map { contributions.numbered(as: $0) }
    for (cell, value, uncertainty) in found {
      estimates[cell] = RoundScore(
        value: value, standardError: uncertainty.variance.squareRoot(),
        degreesOfFreedom: uncertainty.degreesOfFreedom,
        contributions: numbered?.of(unit: String(cell), node: "") ?? [])
    }
    return estimates
  }
}

extension ChangeOutcome.Sums {
  fileprivate mutating func add(_ change: Double, _ error: Double, _ t: Double) {
    intervals += 1
    if abs(change) <= t * error { hits += 1 }
    // Relative to the error, so that numbers of different scales add up.
    squares += (change / error) * (change / error)
  }
}

/// The table of changes.
struct ChangeTable {
  let outcomes: [ChangeOutcome]

  /// Coverage in per cent ± its Monte Carlo error, and the root of the mean squared change over its error.
  var text: String {
    let head = [
      "Sampling units", "Area", "Numbers", "Coverage", "√ mean (Δ/SE)²", "Intervals counted",
    ]
    var lines = [
      "## Changes between two rounds", "",
      "\(outcomes.count) pairs of rounds of the control design, in the same villages and in others, of one population: the "
        + "true change is 0. 95 % intervals with Welch’s degrees of freedom ([changes.md](method/changes.md)); Satterthwaite’s in each "
        + "round; shares under 0.1 and over 0.9 are left out. Asked: 94–96.5.", "",
      "| " + head.joined(separator: " | ") + " |",
      "|" + String(repeating: "---|", count: head.count),
    ]
    for isShared in [false, true] {
      for area in Tally.Area.allCases {
        for isComposite in [true, false] {
          let group = ChangeOutcome.Group(
            isShared: isShared, area: area, isComposite: isComposite)
          let found = outcomes.compactMap { $0.sums[group] }
          guard let share = Share(found.map { ($0.hits, $0.intervals) }) else { continue }
          let count = found.reduce(0) { $0 + $1.intervals }
          let ratio = found.reduce(0) { $0 + $1.squares } / Double(count)
          lines.append(
            "| "
              + [
                isShared ? "all shared" : "none shared", area.rawValue,
                isComposite ? "nodes" : "items", share.percent,
                CoverageTables.fixed(ratio.squareRoot(), 2), String(count),
              ].joined(separator: " | ") + " |")
        }
      }
    }
    return lines.joined(separator: "\n")
  }
}
