/// What the pipeline file asks of the gate (`publish:`), and what the gate must know of the index.
public struct GateRules: Sendable, Hashable {
  /// A node of the index as far as disclosure control is concerned.
  public struct Node: Sendable, Hashable {
    /// Its scored parts; none for a leaf.
    public var parts: [String]
    /// Score of a share of 0 and of 1, for a leaf that is a share; nil for everything else.
    public var shareEnds: ShareEnds?
    /// Length of the scale of its scores; nil where the node has none.
    public var scaleLength: Double?
    /// Whether its answers are sensitive.
    public var isSensitive: Bool
    /// Whether a unit's number at the node bears on the scores of other units: observed ends, z-scores, fitted
    /// weights, imputed means.
    public var bearsOnOthers: Bool

    /// A node.
    public init(
      parts: [String] = [], shareEnds: ShareEnds? = nil, scaleLength: Double? = nil,
      isSensitive: Bool = false, bearsOnOthers: Bool = false
    ) {
      self.parts = parts
      self.shareEnds = shareEnds
      self.scaleLength = scaleLength
      self.isSensitive = isSensitive
      self.bearsOnOthers = bearsOnOthers
    }
  }

  /// The scores that stand for a share of 0 and of 1.
  public struct ShareEnds: Sendable, Hashable {
    /// The score of a share of 0.
    public var zero: Double
    /// The score of a share of 1.
    public var one: Double

    /// Two ends.
    public init(zero: Double, one: Double) {
      self.zero = zero
      self.one = one
    }
  }

  /// A decision of people not to publish.
  public struct Decision: Sendable, Hashable {
    /// The unit's code.
    public var unit: String
    /// The nodes.
    public var nodes: [String]
    /// Why; it stands in `disclosure.json`.
    public var reason: String
    /// Who decided; it stands in `disclosure.json`.
    public var approvedBy: String

    /// A decision.
    public init(unit: String, nodes: [String], reason: String, approvedBy: String) {
      self.unit = unit
      self.nodes = nodes
      self.reason = reason
      self.approvedBy = approvedBy
    }
  }

  /// A cell that rests on fewer respondents is blanked.
  public var minimumRespondents: Int
  /// A cell that rests on fewer sampling units is blanked.
  public var minimumSamplingUnits: Int
  /// An interval longer than this share of the scale blanks the cell; nil: none does.
  public var widestInterval: Double?
  /// Counts are rounded to multiples of this number, and numbers to 4 digits; nil: not at all.
  public var roundCounts: Int?
  /// Ranks and groups compare scores rounded to so many decimals, half away from zero; nil: unrounded.
  public var rankDecimals: Int?
  /// Whether ranks are published; without them groups and intervals stand alone.
  public var publishesRanks: Bool
  /// What people decided to withhold.
  public var decisions: [Decision]
  /// The nodes of the index by name; without them nothing is sensitive.
  public var nodes: [String: Node]

  /// Rules; without a word from the pipeline file fewer than 10 respondents and fewer than 2 sampling
  /// units are too few, and nothing is sensitive.
  public init(
    minimumRespondents: Int = 10, minimumSamplingUnits: Int = 2, widestInterval: Double? = nil,
    roundCounts: Int? = nil, rankDecimals: Int? = nil, publishesRanks: Bool = true,
    decisions: [Decision] = [], nodes: [String: Node] = [:]
  ) {
    self.minimumRespondents = minimumRespondents
    self.minimumSamplingUnits = minimumSamplingUnits
    self.widestInterval = widestInterval
    self.roundCounts = roundCounts
    self.rankDecimals = rankDecimals
    self.publishesRanks = publishesRanks
    self.decisions = decisions
    self.nodes = nodes
  }

  /// The score as ranks and groups compare it.
  func compared(_ score: Double?) -> Double? {
    guard let score, let rankDecimals else { return score }
    let power = (0..<rankDecimals).reduce(1.0) { product, _ in product * 10 }
    return (score * power).rounded() / power
  }

  /// Whether a cell that rests on `respondents` may show its number; nil (nobody was asked: published
  /// or administrative figures) always may.
  ///
  /// Numbers over units (means, medians) must leave out the units for which this is false.
  public func publishes(respondents: Int?) -> Bool {
    respondents.map { $0 >= minimumRespondents } ?? true
  }

  /// A count of respondents, rows or cells as the release may show it.
  public func shown(_ count: Int) -> Int { roundCounts.map { count.rounded(to: $0) } ?? count }

  /// A number as the release may show it beside rounded counts: exact, it would give them back.
  public func shown(_ number: Double?) -> Double? {
    roundCounts == nil ? number : number?.inFourDigits
  }

  /// Whether anything must be kept from being known.
  package var hasSecrets: Bool { !decisions.isEmpty || nodes.values.contains(where: \.isSensitive) }
}
