/// An end of a scale.
public enum ScaleEnd: Sendable, Hashable {
  /// A number, on the value's own scale: theory or a goalpost.
  case fixed(Double)
  /// The lowest or highest value over the published units.
  case observed
}

/// What happens to a value before it is normalized.
public enum ValueTransform: String, Sendable, CaseIterable, Hashable {
  /// ln x; not defined for x ≤ 0. Fixed ends of the scale are transformed likewise.
  case log
  /// ln(x − min + 0.01 (max − min)) over the published units (COINr's `log_CT`).
  case shiftedLog = "shifted-log"
  /// Outliers are brought to the nearest value that is none: see ``Winsorization``.
  case winsorize
}

/// How a node's value is brought to a scale that other nodes share.
///
/// A bounded method finds the share s = (x − worst) / (best − worst) of the way between two ends and gives
/// `lo' + (hi' − lo')·s`, where lo' and hi' are the ends of the index scale. Where a low value is good, worst
/// and best are exchanged. OECD/JRC, Handbook on Constructing Composite Indicators, 2008; COINr 1.1.14.
public struct Normalization: Sendable, Hashable {
  /// How.
  public enum Method: String, Sendable, CaseIterable, Hashable {
    /// Between `low` and `high`, each a number or observed over the published units.
    case minMax = "min-max"
    /// (x − mean) / standard deviation over the published units, divisor n − 1.
    case zScore = "z-score"
    /// (x − mean) / standard deviation over the published units, divisor n.
    case populationZScore = "z-score-population"
    /// 1 for the worst published unit; equal values share the lower place.
    case rank
    /// (rank − 1) / (n − 1), brought to the index scale.
    case percentileRank = "percentile-rank"
    /// rank − 1: how many published units are worse.
    case borda
    /// Between the observed minimum and maximum: 1 − (max − x) / (max − min).
    case distanceToMaximum = "distance-to-maximum"
    /// Between the observed worst value and that of the reference unit.
    case distanceToReference = "distance-to-reference"
    /// Between the observed worst value and the target.
    case distanceToTarget = "distance-to-target"
    /// Between 0 and the observed maximum: x / max.
    case fractionOfMaximum = "fraction-of-maximum"
    /// The value as it is.
    case none
  }

  /// How.
  public var method: Method
  /// The lower end, for min–max.
  public var low: ScaleEnd?
  /// The upper end, for min–max.
  public var high: ScaleEnd?
  /// Whether a low value is good.
  public var isReversed: Bool
  /// Whether values beyond the ends count as the ends, for bounded methods.
  public var isClamped: Bool
  /// A value below counts as this, before anything else.
  public var floor: Double?
  /// A value above counts as this, before anything else.
  public var ceiling: Double?
  /// What happens before.
  public var transform: ValueTransform?
  /// The code of the reference unit.
  public var reference: String?
  /// The target.
  public var target: Double?

  /// A normalization.
  public init(
    _ method: Method, low: ScaleEnd? = nil, high: ScaleEnd? = nil, isReversed: Bool = false,
    isClamped: Bool = false, floor: Double? = nil, ceiling: Double? = nil,
    transform: ValueTransform? = nil, reference: String? = nil, target: Double? = nil
  ) {
    self.method = method
    self.low = low
    self.high = high
    self.isReversed = isReversed
    self.isClamped = isClamped
    self.floor = floor
    self.ceiling = ceiling
    self.transform = transform
    self.reference = reference
    self.target = target
  }

  /// Min–max between two numbers that differ.
  public static func between(_ low: Double, _ high: Double, isReversed: Bool = false) -> Self {
    Normalization(.minMax, low: .fixed(low), high: .fixed(high), isReversed: isReversed)
  }

  /// The two numbers between which it is a straight line for every value, or nil where it needs the
  /// units or bends.
  public var fixedEnds: ClosedRange<Double>? {
    guard method == .minMax, case .fixed(let low) = low, case .fixed(let high) = high, low < high,
      !isClamped, floor == nil, ceiling == nil, transform == nil
    else { return nil }
    return low...high
  }

  /// Whether the method runs between two ends, so that a value can lie beyond them.
  var isBounded: Bool {
    switch method {
    case .minMax, .distanceToMaximum, .distanceToReference, .distanceToTarget, .fractionOfMaximum:
      true
    case .zScore, .populationZScore, .rank, .percentileRank, .borda, .none: false
    }
  }

  /// What is wrong with the combination of its parts, as the end of "'node' …"; nil if nothing is.
  var contradiction: String? {
    if method == .minMax {
      guard let low, let high else { return "needs both ends of the scale, low and high" }
      if case .fixed(let low) = low, case .fixed(let high) = high, low >= high {
        return "has a low end that is not below the high one"
      }
    } else if low != nil || high != nil {
      return "has ends of a scale, and '\(method.rawValue)' takes none"
    }
    let hasFixedEnd = [low, high].contains { if case .fixed = $0 { true } else { false } }
    if isClamped, !isBounded || (!hasFixedEnd && reference == nil && target == nil) {
      return "clamps, but no value can lie beyond its ends"
    }
    if let floor, let ceiling, floor >= ceiling {
      return "has a floor that is not below the ceiling"
    }
    if (reference != nil) != (method == .distanceToReference) {
      return "must name a reference unit for 'distance-to-reference', and only there"
    }
    if (target != nil) != (method == .distanceToTarget) {
      return "must have a target for 'distance-to-target', and only there"
    }
    if isReversed, method == .fractionOfMaximum || method == .none {
      return "cannot have direction 'down' with '\(method.rawValue)'"
    }
    if transform == .shiftedLog, hasFixedEnd || target != nil {
      return "cannot have a fixed end with 'shifted-log', whose scale the units make"
    }
    return nil
  }
}
