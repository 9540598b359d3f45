public import CanvassSurvey

/// Whether the numbers are meant to be used.
public enum PublicationStatus: String, Sendable, CaseIterable, Hashable {
  /// Not to be quoted.
  case draft
  /// Final, but not before the date of release.
  case embargoed
  /// Released.
  case final
}

/// What the report shows, filled by the pipeline; nothing here names a clock, host, path or thread.
public struct ReportContent: Sendable {
  /// What the index is called.
  public var title: LocalizedText
  /// The languages of the report, the first one shown at first.
  public var languages: [ReleaseLanguage]
  /// The date of release as the pipeline file has it, or nil.
  public var released: String?
  /// Whether the numbers are meant to be used.
  public var status: PublicationStatus
  /// The rows that passed the gate.
  public var rows: ReleasedRows
  /// The node of the first table, and its title.
  public var headline: ReportNode
  /// Nodes with a table of their own, in order: the dimensions.
  public var sections: [ReportNode] = []
  /// The headline and every node below it, each once, in the order of the tree.
  public var outline: [OutlineNode] = []
  /// The map of units; nil for none.
  public var map: TileMap?
  /// What has changed since former rounds, in their order.
  public var changes: [ChangesSince] = []
  /// What domains such as `sex=F` are called; those not listed keep their label.
  public var domainTitles: [String: LocalizedText] = [:]
  /// What groups are called in both languages, by the name in the rows.
  public var groupTitles: [String: LocalizedText] = [:]
  /// Whether the parts of each node belong together.
  public var coherence: [CoherenceAccount] = []
  /// Counts of the sample: respondents, districts, villages.
  public var sample: [(label: LocalizedText, count: Int)] = []
  /// What cleaning took away; nil where nothing was cleaned.
  public var cleaning: CleaningAccount?
  /// The steps of weighting in order.
  public var weighting: [WeightingAccount] = []
  /// The rule by which calibrated weights enter the linearization; nil where none were calibrated.
  public var linearizationRule: LocalizedText?
  /// Which degrees of freedom intervals use, as the end of a sentence; nil for the design's.
  public var degreesOfFreedomRule: LocalizedText?
  /// Ranks under other assumptions, in order.
  public var assumptions: [AssumedRanks] = []
  /// Things to know, in order.
  public var notes: [LocalizedText] = []
  /// Things to beware of, in order.
  public var warnings: [LocalizedText] = []
  /// What people say of the study.
  public var study = StudyDescription()
  /// Files of the release and their SHA-256, for whoever repeats the run.
  public var digests: [(file: String, sha256: String)] = []

  /// A report of the rows with its first table; everything else is added by name.
  public init(
    title: LocalizedText, languages: [ReleaseLanguage], released: String?,
    status: PublicationStatus, rows: ReleasedRows, headline: ReportNode
  ) {
    self.title = title
    self.languages = languages.isEmpty ? [.en] : languages
    self.released = released
    self.status = status
    self.rows = rows
    self.headline = headline
  }
}

/// A node as the report names it.
public struct ReportNode: Sendable, Hashable {
  /// The identifier in the rows.
  public var id: String
  /// What it is called.
  public var title: LocalizedText

  /// A node.
  public init(id: String, title: LocalizedText) {
    self.id = id
    self.title = title
  }
}

/// A node below the headline as profiles list it.
public struct OutlineNode: Sendable, Hashable {
  /// The identifier in the rows.
  public var id: String
  /// What it is called.
  public var title: LocalizedText
  /// Steps below the headline, which has 0.
  public var depth: Int
  /// Whether it has a variable and no parts.
  public var isLeaf: Bool

  /// A node.
  public init(id: String, title: LocalizedText, depth: Int, isLeaf: Bool) {
    self.id = id
    self.title = title
    self.depth = depth
    self.isLeaf = isLeaf
  }
}

/// The changes since one former round.
public struct ChangesSince: Sendable, Hashable {
  /// The former round.
  public var name: String
  /// Its rows by unit and node.
  public var rows: [String: [String: ChangeRow]]

  /// The rows of a round.
  public init(name: String, rows: [ChangeRow]) {
    self.name = name
    self.rows = Dictionary(grouping: rows, by: \.unit).mapValues { rows in
      Dictionary(rows.map { ($0.node, $0) }, uniquingKeysWith: { first, _ in first })
    }
  }
}

/// Rows and cells before and after cleaning, and what each rule struck out: in = out + Σ struck out.
public struct CleaningAccount: Sendable, Hashable {
  /// What one rule struck out.
  public struct Rule: Sendable, Hashable {
    /// The rule's name.
    public var name: LocalizedText
    /// Whole rows.
    public var rows: Int
    /// Cells in rows that stayed, and in rows that did not, as cleaning counts them.
    public var cells: Int

    /// A rule's toll.
    public init(name: LocalizedText, rows: Int, cells: Int) {
      self.name = name
      self.rows = rows
      self.cells = cells
    }
  }

  /// Rows that came in.
  public var rowsIn: Int
  /// Rows that were left.
  public var rowsOut: Int
  /// Cells that came in.
  public var cellsIn: Int
  /// Cells that were left.
  public var cellsOut: Int
  /// The rules in order.
  public var rules: [Rule]

  /// An account.
  public init(rowsIn: Int, rowsOut: Int, cellsIn: Int, cellsOut: Int, rules: [Rule]) {
    self.rowsIn = rowsIn
    self.rowsOut = rowsOut
    self.cellsIn = cellsIn
    self.cellsOut = cellsOut
    self.rules = rules
  }

  /// Whether what came in is what was left and what was struck out.
  public var balances: Bool {
    rowsIn == rules.reduce(rowsOut) { $0 + $1.rows }
      && cellsIn == rules.reduce(cellsOut) { $0 + $1.cells }
  }
}

/// The weights after one step.
public struct WeightingAccount: Sendable, Hashable {
  /// What the step did.
  public var name: LocalizedText
  /// Kish's design effect 1 + CV².
  public var kishDesignEffect: Double
  /// n / design effect.
  public var effectiveRespondents: Double
  /// The least and the greatest weight.
  public var range: ClosedRange<Double>
  /// Largest relative distance to a target before the step; nil where it has none.
  public var distanceBefore: Double?
  /// The same after the step.
  public var distanceAfter: Double?
  /// The least, the middle and the greatest factor that the step applied; nil where it is not known.
  public var factors: Factors?
  /// Each target's standardized difference, for steps that have targets.
  public var balance: [Balance]

  /// The least, the middle and the greatest factor.
  public struct Factors: Sendable, Hashable {
    /// The least.
    public var lowest: Double
    /// The middle one.
    public var median: Double
    /// The greatest.
    public var highest: Double

    /// Three factors.
    public init(lowest: Double, median: Double, highest: Double) {
      self.lowest = lowest
      self.median = median
      self.highest = highest
    }
  }

  /// A target's distance to the weighted sample, in standard deviations.
  public struct Balance: Sendable, Hashable {
    /// The level, such as `sex=2`, or the variable.
    public var name: String
    /// Before the step; nil where the variable does not vary.
    public var before: Double?
    /// After the step.
    public var after: Double?

    /// A target.
    public init(name: String, before: Double?, after: Double?) {
      self.name = name
      self.before = before
      self.after = after
    }
  }

  /// A step.
  public init(
    name: LocalizedText, kishDesignEffect: Double, effectiveRespondents: Double,
    range: ClosedRange<Double>, distanceBefore: Double? = nil, distanceAfter: Double? = nil,
    factors: Factors? = nil, balance: [Balance] = []
  ) {
    self.name = name
    self.kishDesignEffect = kishDesignEffect
    self.effectiveRespondents = effectiveRespondents
    self.range = range
    self.distanceBefore = distanceBefore
    self.distanceAfter = distanceAfter
    self.factors = factors
    self.balance = balance
  }
}
