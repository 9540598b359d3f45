public import CanvassEstimation
public import CanvassSurvey

/// Who is averaged first when items become a node.
public enum AverageFirst: String, Sendable, CaseIterable, Hashable {
  /// Each respondent's mean over the answered items, then the survey mean of those (PAPI's rule).
  case respondents
  /// The unit's value of every part, then their combination.
  case units
}

/// What happens to a node when one of its parts has no value in a unit.
public enum MissingPart: String, Sendable, CaseIterable, Hashable {
  /// The part drops out of the divisor.
  case drop
  /// The part counts 0 and keeps its share of the divisor.
  case keep
  /// The node has no value either.
  case blank
}

/// Where the weights of a node's parts come from.
public enum WeightRule: String, Sendable, CaseIterable, Hashable {
  /// As the parts give them, 1 where they do not.
  case given
  /// 1 for every part.
  case equal
  /// The loadings of the parts' first principal component over published units (of their correlations),
  /// scaled to a sum of 1.
  case principalComponent = "principal-component"
  /// The coefficients of the parts in a least-squares regression of an outcome over published units.
  case regression
}

/// What stands in for a unit's missing value of a leaf.
public enum Imputation: String, Sendable, CaseIterable, Hashable {
  /// The mean of the published units.
  case mean
  /// The median of the published units (type 7).
  case median
  /// The mean of the published units of the same group.
  case group
  /// The unit's value in the last round.
  case lastRound = "last-round"
}

/// A leaf of the tree: a variable and what is made of it.
public struct IndexLeaf: Sendable, Hashable {
  /// The statistic of a leaf.
  public enum Statistic: String, Sendable, CaseIterable, Hashable {
    /// Weighted mean of the numbers.
    case mean
    /// Weighted share of the good answers.
    case share
    /// Ratio of two weighted totals, or of two published counts.
    case ratio
    /// Weighted median.
    case median
    /// Weighted quantile of any probability.
    case quantile
    /// Weighted sum of the numbers over all people.
    case total
    /// Weighted number of people with a good answer.
    case count
  }

  /// Where the values of a leaf come from.
  public enum Source: String, Sendable, CaseIterable, Hashable {
    /// The answers of respondents.
    case respondents
    /// The table of published values.
    case table
  }

  /// The variable in the data, or in the table of published values.
  public var variable: String
  /// What is estimated.
  public var statistic: Statistic
  /// The denominator's variable, for a ratio.
  public var denominator: String?
  /// Which quantile, for a quantile or median, and how it is read; the interval's confidence is the run's.
  public var quantile: QuantileDefinition
  /// Where the values come from.
  public var source: Source
  /// What exactly is counted, in words.
  public var definition: LocalizedText?
  /// The answers that count as 1, for a share.
  public var good: [String]?
  /// What cells without a value count as, by reason; others are left out.
  public var missing: [MissingReason: Double]
  /// What stands in for a unit's missing value; nil: nothing.
  public var imputation: Imputation?
  /// The part counts as this number on the index scale, whatever the data say.
  public var constant: Double?

  /// A leaf.
  public init(
    variable: String, statistic: Statistic, denominator: String? = nil,
    quantile: QuantileDefinition = QuantileDefinition(), source: Source = .respondents,
    definition: LocalizedText? = nil, good: [String]? = nil,
    missing: [MissingReason: Double] = [:], imputation: Imputation? = nil, constant: Double? = nil
  ) {
    self.variable = variable
    self.statistic = statistic
    self.denominator = denominator
    self.quantile = quantile
    self.source = source
    self.definition = definition
    self.good = good
    self.missing = missing
    self.imputation = imputation
    self.constant = constant
  }

  /// Whether the statistic adds up over people, so that the value of two units together is their sum.
  package var isSum: Bool { statistic == .count || statistic == .total }

  /// Whether the statistic is a quantile, the median included.
  package var isQuantile: Bool { statistic == .quantile || statistic == .median }

  /// The rule that turns answers into the statistic's own scale.
  var rule: ItemRule {
    ItemRule(
      variable: variable, good: good, missing: missing.mapValues { .counts($0) })
  }
}

/// What people say of a node beside former rounds, which no file can show: a wording, a mode of interview.
public struct NodeHistory: Sendable, Hashable {
  /// The node of former rounds that it is.
  public var sameAs: String?
  /// The first year since which it is another.
  public var breakSince: Int?
  /// Why.
  public var breakReason: String?

  /// A history; nothing is declared without arguments.
  public init(sameAs: String? = nil, breakSince: Int? = nil, breakReason: String? = nil) {
    self.sameAs = sameAs
    self.breakSince = breakSince
    self.breakReason = breakReason
  }
}

/// A node of the index as its table lists it.
public struct IndexNode: Sendable, Hashable {
  /// The place of a node below another.
  public struct Membership: Sendable, Hashable {
    /// The node above.
    public var parent: String
    /// Its weight there; nil means 1.
    public var weight: Double?

    /// A membership.
    public init(parent: String, weight: Double? = nil) {
      self.parent = parent
      self.weight = weight
    }
  }

  /// The identifier, unique in the tree.
  public var id: String
  /// The nodes it is a part of; none for a root.
  public var memberships: [Membership]
  /// The level's name: index, dimension, subdimension, indicator or any other.
  public var level: String
  /// What it is called.
  public var title: LocalizedText
  /// The leaf, or nil for a node made of others.
  public var leaf: IndexLeaf?
  /// How parts become the value.
  public var combine: Combination
  /// The exponent of a power mean.
  public var exponent: Double?
  /// Where the weights of the parts come from.
  public var weights: WeightRule
  /// The node that a regression explains.
  public var outcome: String?
  /// What a sum of parts is divided by instead of the sum of their weights.
  public var divisor: Double?
  /// Who is averaged first.
  public var averageFirst: AverageFirst
  /// What a part without a value does.
  public var missing: MissingPart
  /// Multiplies the combined value, before it is normalized.
  public var multiplier: Double
  /// How the value is brought to a scale; nil leaves it as it is.
  public var normalization: Normalization?
  /// Whether it counts in the node above; an unscored leaf is only published.
  public var scored: Bool
  /// What is declared of it beside former rounds.
  public var history: NodeHistory

  /// A node.
  public init(
    id: String, memberships: [Membership], level: String, title: LocalizedText,
    leaf: IndexLeaf? = nil, combine: Combination = .mean, exponent: Double? = nil,
    weights: WeightRule = .given, outcome: String? = nil, divisor: Double? = nil,
    averageFirst: AverageFirst = .units, missing: MissingPart = .blank, multiplier: Double = 1,
    normalization: Normalization? = nil, scored: Bool = true, history: NodeHistory = NodeHistory()
  ) {
    self.id = id
    self.memberships = memberships
    self.level = level
    self.title = title
    self.leaf = leaf
    self.combine = combine
    self.exponent = exponent
    self.weights = weights
    self.outcome = outcome
    self.divisor = divisor
    self.averageFirst = averageFirst
    self.missing = missing
    self.multiplier = multiplier
    self.normalization = normalization
    self.scored = scored
    self.history = history
  }
}
