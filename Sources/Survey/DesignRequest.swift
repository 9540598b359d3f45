/// How large a part of a stratum was drawn, which decides the finite population correction.
public enum StageSize: Sendable, Hashable {
  /// Not known or negligible: units count as drawn with replacement, and no later stage adds variance.
  case withReplacement
  /// A variable that holds the number of units in the population of the row's stratum.
  case population(String)
  /// A variable that holds the sampling fraction of the row's stratum, above 0 and at most 1.
  case fraction(String)
}

/// How the sample was drawn, as the pipeline file says it.
public struct DesignRequest: Sendable, Hashable {
  /// A stage of sampling: what was drawn, within which strata.
  public struct Stage: Sendable, Hashable {
    /// Variables whose combinations are the strata, within the units of the stage above.
    public var strata: [String]
    /// The variable that identifies the unit within the stage above; nil: every row is a unit.
    public var unit: String?
    /// How large a part of each stratum was drawn.
    public var size: StageSize
    /// How unequal selection probabilities enter the variance; the first stage only.
    public var unequal: UnequalProbabilityRequest?

    /// A stage of sampling.
    public init(
      strata: [String] = [], unit: String?, size: StageSize = .withReplacement,
      unequal: UnequalProbabilityRequest? = nil
    ) {
      self.strata = strata
      self.unit = unit
      self.size = size
      self.unequal = unequal
    }
  }

  /// A first-stage unit variable and the variable that is 1 where that unit was drawn with certainty.
  public struct Certainty: Sendable, Hashable {
    /// The variable that identifies the unit.
    public var unit: String
    /// The variable that is 1 for units drawn with certainty, 0 for the others.
    public var flag: String

    /// Units drawn with certainty.
    public init(unit: String, flag: String) {
      self.unit = unit
      self.flag = flag
    }
  }

  /// The stages from the first; empty for a simple random sample of rows.
  public var stages: [Stage]
  /// First-stage units that were drawn with certainty become strata; nil: none.
  public var certainty: Certainty?
  /// What to do with a lone sampling unit.
  public var lonely: LonelyPolicy
  /// Whether a domain's only unit in a stratum of several counts as lone.
  public var lonelyInDomains: Bool
  /// Whether only the first stage enters the variance, with its correction: its units then count as ultimate
  /// clusters (R's `survey.ultimate.cluster`), and later stages are named for the record.
  public var ultimateCluster: Bool

  /// A design; without stages every row is a sampling unit of one stratum.
  public init(
    stages: [Stage] = [], certainty: Certainty? = nil, lonely: LonelyPolicy = .fail,
    lonelyInDomains: Bool = false, ultimateCluster: Bool = false
  ) {
    self.stages = stages
    self.certainty = certainty
    self.lonely = lonely
    self.lonelyInDomains = lonelyInDomains
    self.ultimateCluster = ultimateCluster
  }
}
