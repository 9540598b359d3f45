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
  /// The lower bound, on the scale of the values; nil where the interval of the share reaches below 0, so that
  /// no value of the sample bounds it.
  public var low: Double?
  /// The upper bound; nil where the interval of the share reaches above 1.
  public var high: Double?
  /// t of the interval.
  private let criticalValue: Double

  /// An interval whose half width is `criticalValue` standard errors.
  public init(low: Double?, high: Double?, criticalValue: Double) {
    self.low = low
    self.high = high
    self.criticalValue = criticalValue
  }

  /// (high − low) / 2t: 0 where both bounds are one value, nil where one is not known.
  public var standardError: Double? {
    guard let low, let high else { return nil }
    return (high - low) / (2 * criticalValue)
  }
}
