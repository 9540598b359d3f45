import CanvassScoring

/// How the other units bear on the scale of a node, as one unit of them sees it.
enum ScaleOfUnits {
  /// The scale is given.
  case given
  /// Observed ends, none of which this unit sets.
  case ends
  /// This unit sets the end at the low scores, or the one at the high scores.
  case setsEnd(isHigh: Bool)
  /// Mean and standard deviation of all units.
  case moments
  /// The order of the units.
  case order
  /// Bounds or a shift that the units make before the value is normalized.
  case treatment

  /// How a node with this definition and score is measured.
  init(_ definition: NodeDefinition, score: Double?, unit: String) {
    let properties = definition.properties
    if properties["constant"] != nil {
      self = .given
      return
    }
    let isDown = properties["direction"] == "down"
    let ends: (low: Bool, high: Bool)
    switch properties["normalize"].flatMap(Normalization.Method.init(rawValue:)) {
    case .zScore, .populationZScore:
      self = .moments
      return
    case .rank, .percentileRank, .borda:
      self = .order
      return
    case .minMax:
      let (low, high) = (properties["low"] == "observed", properties["high"] == "observed")
      ends = isDown ? (high, low) : (low, high)
    case .distanceToMaximum: ends = (true, true)
    case .distanceToReference: ends = (true, properties["reference"] == unit)
    case .distanceToTarget: ends = (true, false)
    case .fractionOfMaximum: ends = (false, true)
    case .some(.none), nil: ends = (false, false)
    }
    if let score, let scale = definition.scale {
      let tolerance = (scale.upperBound - scale.lowerBound) * 1e-9
      if ends.low, abs(score - scale.lowerBound) <= tolerance {
        self = .setsEnd(isHigh: false)
        return
      }
      if ends.high, abs(score - scale.upperBound) <= tolerance {
        self = .setsEnd(isHigh: true)
        return
      }
    }
    let isTreated =
      properties["transform"].map { $0 != ValueTransform.log.rawValue } ?? false
    self = ends.low || ends.high ? .ends : isTreated ? .treatment : .given
  }

  /// What it means for this unit to move, as the end of a sentence; nil where it means nothing.
  var caution: String? {
    switch self {
    case .given, .ends: nil
    case .setsEnd(let isHigh):
      "this unit sets the \(isHigh ? "best" : "worst") end of the scale, which would move with it"
    case .moments: "the mean and standard deviation of the units would move with it"
    case .order: "it is a rank: the units that are overtaken fall"
    case .treatment: "what the units make of the scale would move with it"
    }
  }
}
