/// How the interval of a quantile is made.
public enum QuantileInterval: String, Sendable, CaseIterable, Hashable {
  /// The plain interval of the share at or below the quantile, read back through the quantile rule.
  case mean
  /// The same with the interval `xlogit` of the share.
  case xlogit
  /// The same with the interval `asin`.
  case asin
  /// The same with the interval `beta`.
  case beta
  /// The values that a test of the share below them would not reject: |F̂(x) − p| ≤ t se(F̂(x) − p)
  /// (Francisco & Fuller 1991, Annals of Statistics 19, 454–469).
  case score

  /// The interval of the share that this one reads back; nil for `score`.
  var ofShare: ShareIntervalMethod? {
    switch self {
    case .mean: .mean
    case .xlogit: .xlogit
    case .asin: .asin
    case .beta: .beta
    case .score: nil
    }
  }
}

/// Which quantile is estimated, and how its interval is made.
public struct QuantileDefinition: Sendable, Hashable {
  /// The probability, in 0…1; 0.5 is the median.
  public var probability: Double
  /// How the quantile is read from the weighted values.
  public var rule: QuantileRule
  /// How its interval is made.
  public var interval: QuantileInterval
  /// The confidence of the interval, from which the standard error is taken back.
  public var confidence: Double

  /// A quantile; the median by the rule `school` with Woodruff's plain interval unless said otherwise.
  public init(
    probability: Double = 0.5, rule: QuantileRule = .school, interval: QuantileInterval = .mean,
    confidence: Double = 0.95
  ) {
    self.probability = probability
    self.rule = rule
    self.interval = interval
    self.confidence = confidence
  }
}

/// The interval of a quantile and the standard error that it implies.
public struct WoodruffInterval: Sendable, Codable, Hashable {
  /// The lower bound, on the scale of the values.
  public var low: Double
  /// The upper bound.
  public var high: Double
  /// (high − low) / 2t with the t of the interval: 0 where both bounds are one value.
  public var standardError: Double

  /// An interval with its standard error.
  public init(low: Double, high: Double, standardError: Double) {
    self.low = low
    self.high = high
    self.standardError = standardError
  }
}
