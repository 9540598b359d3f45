import CanvassEstimation
public import CanvassSurvey

/// How the parts of a node become its value.
public enum Combination: String, Sendable, CaseIterable, Hashable {
  /// The plain mean of the parts.
  case mean
  /// Σ weight · part / Σ weight.
  case weighted
  /// Σ weight · part, with weight 1 where none is given.
  case sum
}

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

/// The two ends of an item's scale, and where they lead on the index scale.
public struct ScaleEnds: Sendable, Hashable {
  /// The value that is worst (or best, if reversed), on the statistic's own scale.
  public var low: Double
  /// The other end.
  public var high: Double
  /// Whether a low value is good.
  public var reversed: Bool

  /// Ends; `low` and `high` must differ.
  public init(low: Double, high: Double, reversed: Bool = false) {
    self.low = low
    self.high = high
    self.reversed = reversed
  }
}

/// A leaf of the tree: a variable and what is made of it.
public struct IndexLeaf: Sendable, Hashable {
  /// The statistic of a leaf.
  public enum Statistic: String, Sendable, CaseIterable, Hashable {
    /// Weighted mean of the numbers.
    case mean
    /// Weighted share of the good answers.
    case share
    /// Ratio of two weighted totals.
    case ratio
  }

  /// The variable in the data, or in the table of published values.
  public var variable: String
  /// What is estimated.
  public var statistic: Statistic
  /// The denominator's variable, for a ratio.
  public var denominator: String?
  /// The answers that count as 1, for a share.
  public var good: [String]?
  /// What cells without a value count as, by reason; others are left out.
  public var missing: [MissingReason: Double]
  /// The ends of the scale; nil leaves the value as it is.
  public var ends: ScaleEnds?
  /// The part counts as this number on the index scale, whatever the data say.
  public var constant: Double?

  /// A leaf.
  public init(
    variable: String, statistic: Statistic, denominator: String? = nil, good: [String]? = nil,
    missing: [MissingReason: Double] = [:], ends: ScaleEnds? = nil, constant: Double? = nil
  ) {
    self.variable = variable
    self.statistic = statistic
    self.denominator = denominator
    self.good = good
    self.missing = missing
    self.ends = ends
    self.constant = constant
  }

  /// The rule that turns answers into the statistic's own scale.
  var rule: ItemRule {
    ItemRule(
      variable: variable, good: good, missing: missing.mapValues { .counts($0) })
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
  /// How parts become the value; nil for a leaf.
  public var combine: Combination
  /// Who is averaged first.
  public var averageFirst: AverageFirst
  /// What a part without a value does.
  public var missing: MissingPart
  /// Multiplies the combined value.
  public var multiplier: Double
  /// Whether it counts in the node above; an unscored leaf is only published.
  public var scored: Bool

  /// A node.
  public init(
    id: String, memberships: [Membership], level: String, title: LocalizedText,
    leaf: IndexLeaf? = nil, combine: Combination = .mean, averageFirst: AverageFirst = .units,
    missing: MissingPart = .blank, multiplier: Double = 1, scored: Bool = true
  ) {
    self.id = id
    self.memberships = memberships
    self.level = level
    self.title = title
    self.leaf = leaf
    self.combine = combine
    self.averageFirst = averageFirst
    self.missing = missing
    self.multiplier = multiplier
    self.scored = scored
  }
}
