/// How units are sorted into groups by their score.
public enum Grouping: Sendable, Hashable {
  /// No groups.
  case none
  /// Quartiles by linear interpolation (Hyndman & Fan type 7); a unit on a cut goes up.
  case quartiles(names: [String])
  /// Fixed cuts in rising order, one name more than cuts from the lowest group up; on a cut goes up.
  case cuts([Double], names: [String])

  /// Names of quartile groups from the lowest up where the pipeline file gives none.
  public static let quartileNames = ["bottom", "lower middle", "upper middle", "top"]

  /// The groups' names from the lowest up; empty for no groups.
  public var names: [String] {
    switch self {
    case .none: []
    case .quartiles(let names): names
    case .cuts(_, let names): names
    }
  }

  /// The scores at which a unit goes up, in rising order.
  ///
  /// - Parameter sorted: the scores of all units in rising order; empty gives no quartiles.
  func cuts(among sorted: [Double]) -> [Double] {
    switch self {
    case .none: []
    case .quartiles:
      sorted.isEmpty ? [] : [0.25, 0.5, 0.75].map { Quantile.type7($0, of: sorted) }
    case .cuts(let given, _): given
    }
  }

  /// The group of each score; nil where there is no score or no grouping.
  public func groups(of scores: [Double?]) -> [String?] {
    let names = names
    guard !names.isEmpty else { return scores.map { _ in nil } }
    let cuts = cuts(among: scores.compactMap(\.self).sorted())
    return scores.map { score in
      score.map { value in names[cuts.count { $0 <= value }] }
    }
  }
}

/// Quantiles of plain numbers.
public enum Quantile {
  /// Hyndman & Fan's type 7 of sorted numbers: linear interpolation at (n − 1)·p; nil-free, n ≥ 1.
  public static func type7(_ probability: Double, of sorted: [Double]) -> Double {
    let position = Double(sorted.count - 1) * probability
    let below = Int(position.rounded(.down))
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }
}

/// Ranks by unrounded score.
public enum Ranking {
  /// Rank 1 for the highest score; equal scores share the better rank; nil where there is no score.
  public static func ranks(of scores: [Double?]) -> [Int?] {
    let sorted = scores.compactMap(\.self).sorted(by: >)
    var rankOfScore: [Double: Int] = [:]
    for (position, score) in sorted.enumerated() where rankOfScore[score] == nil {
      rankOfScore[score] = position + 1
    }
    return scores.map { score in score.flatMap { rankOfScore[$0] } }
  }

  /// The same where every unit has a score.
  static func ranks(of scores: [Double]) -> [Int] {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var ranks = [Int](repeating: 1, count: scores.count)
    for (position, unit) in order.enumerated() {
      let above = position > 0 ? order[position - 1] : unit
      ranks[unit] = position > 0 && scores[above] == scores[unit] ? ranks[above] : position + 1
    }
    return ranks
  }
}
