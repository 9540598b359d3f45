extension Grouping {
  /// The score that a unit must reach to stand in the next group up, the other units staying as they are;
  /// nil in the highest group, and without groups.
  ///
  /// Quartiles move with the unit. Between sorted[b] and sorted[b + 1], h = (n − 1)·p = b + f, the unit is
  /// at or above the cut as soon as it reaches the b-th other score from below (f > 0), or the one before (f = 0).
  public func scoreForNextGroup(of unit: Int, among scores: [Double?]) -> Double? {
    guard let own = scores[unit] else { return nil }
    let others = scores.indices.filter { $0 != unit }.compactMap { scores[$0] }.sorted()
    switch self {
    case .none: return nil
    case .cuts(let cuts, _): return cuts.first { $0 > own }
    case .quartiles:
      for probability in [0.25, 0.5, 0.75] {
        let position = Double(others.count) * probability
        let below = Int(position.rounded(.down))
        let needed = position == Double(below) ? below - 1 : below
        guard others.indices.contains(needed) else { continue }
        if others[needed] > own { return others[needed] }
      }
      return nil
    }
  }
}
