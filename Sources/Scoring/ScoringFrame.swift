/// The units of an index beyond their scores: what normalization and imputation may refer to.
public struct IndexUnits: Sendable {
  /// Their codes, in the order of the domains.
  public var codes: [String]
  /// The group of each, for imputation.
  public var groups: [String?]
  /// `lastRound[node]?[unit]`, values of the last round on the leaf's own scale.
  public var lastRound: [String: [Double?]]
  /// `table[variable]?[unit]`, values that somebody else published.
  public var table: [String: [Double?]]
  /// A unit counts in ends, moments and weights if at least so many respondents bear on its value.
  public var minimumRespondents: Int

  /// Units.
  public init(
    codes: [String], groups: [String?] = [], lastRound: [String: [Double?]] = [:],
    table: [String: [Double?]] = [:], minimumRespondents: Int = 1
  ) {
    self.codes = codes
    self.groups = groups
    self.lastRound = lastRound
    self.table = table
    self.minimumRespondents = minimumRespondents
  }
}

/// What scoring the units found out and every other domain shares: ends, moments, order, weights.
public struct ScoringFrame: Sendable {
  /// What was done to the values of one node over the units.
  public struct Adjustment: Sendable, Hashable {
    /// Index of the node.
    public let node: Int
    /// Units whose value was brought back to a bound.
    public var clamped = 0
    /// Units whose value winsorization moved.
    public var winsorized = 0
    /// Units whose missing value was imputed.
    public var imputed = 0
    /// Whether a winsorized node still breaks the rule.
    public var isStillSkewed = false
  }

  /// The weight of each node's parts, in the order of `tree.parts`.
  public internal(set) var weights: [[Double]]
  /// What was done to values, for nodes where something was.
  public internal(set) var adjustments: [Adjustment] = []
  /// The normalization of each node; nil for a node without one, or whose units have no value.
  var normalizations: [FittedNormalization?]
  /// The field of each node under Copeland's rule.
  var copeland: [CopelandField?]

  init(_ tree: IndexTree) {
    weights = tree.parts.enumerated().map { node, parts in
      parts.map { tree.nodes[node].weights == .equal ? 1 : $0.weight }
    }
    normalizations = [FittedNormalization?](repeating: nil, count: tree.nodes.count)
    copeland = [CopelandField?](repeating: nil, count: tree.nodes.count)
  }
}
