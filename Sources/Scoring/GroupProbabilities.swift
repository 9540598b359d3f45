import CanvassCompute

extension Grouping {
  /// How often each unit falls into each group when scores are drawn again around the estimates, by unit
  /// and then by group from the lowest up.
  ///
  /// Scores are θ̂ + e, e from N(0, V); quartiles are cut again in each draw, over these units and
  /// `others`, units whose sampling error is unknown and which keep their scores. The shares are a
  /// statement about draws around the estimates, not the chance that a unit belongs there.
  public func probabilities(
    of scores: UncertainScores, others: [Double] = [], draws: Int, seed: UInt64
  ) -> [[Double]] {
    let (sorted, order) = scores.descending()
    let count = order.count
    let errors = NormalDraws(sorted.covariance, count: draws, seed: seed, purpose: 3)
    var tallies = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: count)
    var drawn = [Double](repeating: 0, count: count)
    guard !names.isEmpty else { return tallies.map { _ in [] } }
    for draw in 0..<draws {
      for unit in 0..<count { drawn[unit] = sorted.values[unit] + errors[unit, draw] }
      let cuts = cuts(among: (drawn + others).sorted())
      for unit in 0..<count {
        var group = 0
        for cut in cuts where cut <= drawn[unit] { group += 1 }
        tallies[order[unit]][group] += 1
      }
    }
    return tallies.map { $0.map { Double($0) / Double(max(1, draws)) } }
  }
}
