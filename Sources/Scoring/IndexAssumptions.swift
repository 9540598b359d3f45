public import CanvassCompute
public import CanvassSurvey
import RealModule

/// Ways in which a node could have been made of its parts otherwise.
public struct IndexAssumptions: Sendable, Hashable {
  /// What is done to the parts before they are combined.
  public enum PartScale: String, Sendable, CaseIterable, Hashable {
    /// Nothing: the parts' own scores.
    case given
    /// Each part runs over the whole index scale, from its lowest unit to its highest.
    case minMax = "min-max"
    /// (x − mean) / standard deviation over the units, divisor n − 1.
    case zScore = "z-score"
    /// 1 for the lowest unit, equal values share the lower place.
    case rank
  }

  /// How they are combined.
  public enum PartMean: String, Sendable, CaseIterable, Hashable {
    /// Σ w x / Σ w.
    case arithmetic
    /// exp(Σ w ln x / Σ w).
    case geometric
    /// Σ w / Σ (w / x).
    case harmonic
  }

  /// Alternatives of the parts' scale; one alone is no choice.
  public var scales: [PartScale]
  /// Alternatives of their combination; one alone is no choice.
  public var means: [PartMean]
  /// Each weight is multiplied by a number that is uniform on 1 ± this; 0 is no choice.
  public var weightSpread: Double
  /// Whether one part may be left out; leaving out none is one more level.
  public var leavesOut: Bool

  /// Alternatives; at least one scale and one mean.
  public init(
    scales: [PartScale] = [.given], means: [PartMean] = [.arithmetic], weightSpread: Double = 0,
    leavesOut: Bool = false
  ) {
    precondition(!scales.isEmpty && !means.isEmpty, "a choice has a level")
    self.scales = scales
    self.means = means
    self.weightSpread = weightSpread
    self.leavesOut = leavesOut
  }
}

/// The parts of a node in its units, ready to be combined under any of the assumptions.
public struct AssumedIndex: Sendable {
  /// The choices, sampling last.
  public let choices: [UncertainChoice]
  private let assumptions: IndexAssumptions
  private let unitCount: Int
  private let weights: [Double]
  private let scale: ClosedRange<Double>
  /// The parts' scores, unit by unit, under each draw; the first of them are the estimates where there
  /// is no sampling.
  private let draws: [[Double]]
  /// Factors of the weights, by level.
  private let weightFactors: [[Double]]

  /// Levels of the choice of weights.
  private static let weightLevels = 1000

  /// Prepares the parts.
  ///
  /// - Parameters:
  ///   - parts: the scores of all parts of the first unit, then of the second.
  ///   - names: the parts' names.
  ///   - weights: their weights in the node.
  ///   - scale: the index scale, over which `min-max` runs.
  ///   - sampling: the covariance of `parts` and how many draws of N(θ̂, V̂) are the levels of one more
  ///     choice, sampling; nil for none.
  /// - Throws: `badPipeline` for combinations that are not defined: a geometric or harmonic mean of values
  ///   that are not above 0, a scale by a part that does not vary, one part left out of one; and where
  ///   there is nothing to choose.
  public init(
    _ assumptions: IndexAssumptions, parts: [Double], names: [String], weights: [Double],
    scale: ClosedRange<Double>, sampling: (covariance: CovarianceMatrix, draws: Int)? = nil,
    seed: UInt64
  ) throws(Diagnostic) {
    let count = names.count
    self.assumptions = assumptions
    self.weights = weights
    self.scale = scale
    unitCount = count == 0 ? 0 : parts.count / count
    if let sampling {
      let errors = NormalDraws(
        sampling.covariance, count: sampling.draws, seed: seed, purpose: 6)
      draws = (0..<sampling.draws).map { draw in
        parts.indices.map { parts[$0] + errors[$0, draw] }
      }
    } else {
      draws = [parts]
    }
    var choices: [UncertainChoice] = []
    if assumptions.scales.count > 1 {
      choices.append(UncertainChoice(name: "normalization", count: assumptions.scales.count))
    }
    if assumptions.weightSpread > 0 {
      choices.append(UncertainChoice(name: "weights", count: Self.weightLevels))
    }
    if assumptions.means.count > 1 {
      choices.append(UncertainChoice(name: "aggregation", count: assumptions.means.count))
    }
    if assumptions.leavesOut {
      choices.append(UncertainChoice(name: "part left out", count: count + 1))
    }
    if let sampling { choices.append(UncertainChoice(name: "sampling", count: sampling.draws)) }
    self.choices = choices
    let spread = assumptions.weightSpread
    weightFactors =
      spread > 0
      ? (0..<Self.weightLevels).map { level in
        var stream = RandomStream(seed: seed, 5, UInt64(level))
        return (0..<count).map { _ in 1 + spread * (2 * stream.uniform() - 1) }
      } : []
    try checkDefined(parts: parts, names: names)
  }

  private func checkDefined(parts: [Double], names: [String]) throws(Diagnostic) {
    if choices.isEmpty {
      throw Diagnostic(
        .badPipeline, "the uncertainty analysis has nothing to choose from",
        remedy: "give two alternatives of normalization or aggregation, a spread of weights, "
          + "'leave_out: yes' or 'sampling: yes'")
    }
    if assumptions.leavesOut, names.count < 2 {
      throw Diagnostic(
        .badPipeline, "no part can be left out of a single one", remedy: "remove 'leave_out'")
    }
    let scaled = assumptions.scales.filter { $0 == .minMax || $0 == .zScore }
    if let first = scaled.first, unitCount > 0 {
      for (part, name) in names.enumerated() {
        let column = (0..<unitCount).map { parts[$0 * names.count + part] }
        if column.allSatisfy({ $0 == column[0] }) {
          throw Diagnostic(
            .badPipeline, "'\(name)' is the same in all units and has no '\(first.rawValue)' scale",
            remedy: "leave that normalization out of the analysis")
        }
      }
    }
    guard let mean = assumptions.means.first(where: { $0 != .arithmetic }) else { return }
    func refuse(_ scale: IndexAssumptions.PartScale, _ why: String) -> Diagnostic {
      Diagnostic(
        .badPipeline,
        "a \(mean.rawValue) mean is not defined with the normalization '\(scale.rawValue)'",
        why: why, remedy: "leave one of the two out of the analysis")
    }
    for option in assumptions.scales {
      switch option {
      case .zScore: throw refuse(option, "values below the mean are negative")
      case .minMax where scale.lowerBound <= 0:
        throw refuse(option, "the index scale begins at or below 0")
      case .given:
        for draw in draws {
          guard let place = draw.firstIndex(where: { !($0 > 0) }) else { continue }
          throw refuse(
            option,
            "'\(names[place % names.count])' is not above 0 in a unit"
              + (draws.count > 1 ? " under one of the draws" : ""))
        }
      case .rank, .minMax: break
      }
    }
  }

  /// The units' scores under one level of each choice, in the order of ``choices``.
  public func scores(_ levels: [Int]) -> [Double] {
    var scale = assumptions.scales[0]
    var mean = assumptions.means[0]
    var parts = draws[0]
    var weights = weights
    for (choice, level) in zip(choices, levels) {
      switch choice.name {
      case "normalization": scale = assumptions.scales[level]
      case "weights":
        for part in weights.indices { weights[part] *= weightFactors[level][part] }
      case "aggregation": mean = assumptions.means[level]
      case "part left out": if level > 0 { weights[level - 1] = 0 }
      default: parts = draws[level]
      }
    }
    let count = weights.count
    if scale != .given {
      for part in 0..<count {
        let column = rescaled((0..<unitCount).map { parts[$0 * count + part] }, scale)
        for unit in 0..<unitCount { parts[unit * count + part] = column[unit] }
      }
    }
    let divisor = weights.reduce(0, +)
    return (0..<unitCount).map { unit in
      var sum = 0.0
      for part in 0..<count where weights[part] != 0 {
        let value = parts[unit * count + part]
        switch mean {
        case .arithmetic: sum += weights[part] * value
        case .geometric: sum += weights[part] * .log(value)
        case .harmonic: sum += weights[part] / value
        }
      }
      switch mean {
      case .arithmetic: return sum / divisor
      case .geometric: return .exp(sum / divisor)
      case .harmonic: return divisor / sum
      }
    }
  }

  private func rescaled(_ column: [Double], _ option: IndexAssumptions.PartScale) -> [Double] {
    switch option {
    case .given: return column
    case .rank:
      // From the lowest up; equal values share the lower place.
      return Ranking.ranks(of: column.map { -$0 }).map(Double.init)
    case .minMax:
      guard let low = column.min(), let high = column.max(), low < high else { return column }
      let slope = (scale.upperBound - scale.lowerBound) / (high - low)
      return column.map { scale.lowerBound + slope * ($0 - low) }
    case .zScore:
      let size = Double(column.count)
      let mean = column.reduce(0, +) / size
      let squares = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      guard squares > 0, size > 1 else { return column.map { _ in 0 } }
      let deviation = (squares / (size - 1)).squareRoot()
      return column.map { ($0 - mean) / deviation }
    }
  }
}
