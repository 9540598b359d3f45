public import CanvassScoring
public import CanvassSurvey

/// Why a cell has no number, or what to know about the one it has.
public enum CellStatus: String, Sendable, CaseIterable, Hashable {
  /// A number stands.
  case ok = ""
  /// Fewer respondents than the pipeline file asks for.
  case suppressed
  /// The unit was not in the sample.
  case notSurveyed = "not surveyed"
  /// Nobody in the unit answered.
  case noRespondents = "no respondents"
  /// Too few sampling units, or one in each stratum: no honest standard error.
  case oneSamplingUnit = "one sampling unit"
  /// A part of the node has no value.
  case partMissing = "part missing"
  /// Every respondent gave the same answer: no sampling error can be estimated.
  case noVariation = "no variation"
  /// Every sampling unit was drawn: there is no sampling error.
  case takenWhole = "taken whole"
  /// The published table has no value for the unit.
  case notPublished = "not published"
  /// A geometric or harmonic mean or a logarithm does not exist for a value that is not above 0.
  case undefined
  /// The unit has no value of its own; another stands in for it.
  case imputed
  /// The mean of the published values of several former units, weighted by population.
  case formerUnits = "mean of former units"
  /// No population of the units was given.
  case noPopulation = "no population"
  /// The interval is wider than the pipeline file allows.
  case tooWide = "interval too wide"
  /// A number stands, on fewer than 30 respondents.
  case fewRespondents = "few respondents"
  /// A number stands, with a wide interval.
  case wideInterval = "wide interval"
  /// Nobody is to know the number, for its own sake or for that of another one.
  case confidential
  /// A sensitive share under 5 %, exactly 0 or not.
  case underFivePercent = "under 5 %"
  /// A sensitive share over 95 %, exactly 1 or not.
  case overNinetyFivePercent = "over 95 %"
  /// People decided not to publish it.
  case withheld
}

extension CellStatus {
  /// Whether an estimate may stand beside the status.
  var allowsNumber: Bool {
    switch self {
    case .ok, .noVariation, .takenWhole, .imputed, .formerUnits, .fewRespondents, .wideInterval:
      true
    case .suppressed, .oneSamplingUnit, .tooWide, .notSurveyed, .noRespondents, .partMissing,
      .notPublished, .undefined, .noPopulation, .confidential, .underFivePercent,
      .overNinetyFivePercent, .withheld:
      false
    }
  }

  /// Whether there is a number that must not be known.
  var isConfidential: Bool {
    switch self {
    case .confidential, .underFivePercent, .overNinetyFivePercent, .withheld: true
    default: false
    }
  }

  /// Whether there is a number that is not shown.
  var hasHiddenNumber: Bool {
    isConfidential || self == .suppressed || self == .oneSamplingUnit || self == .tooWide
  }

  /// Whether counts go with the number: an exact standard error and design effect would give n back,
  /// and n itself may say who answered.
  var hidesCounts: Bool { self == .confidential || self == .withheld }
}

/// One line of `scores.csv`: a node's score in one unit and domain, before or after the gate.
public struct ScoreRow: Sendable, Hashable {
  /// The unit's code, or a national name such as `national:mean-of-units`.
  public var unit: String
  /// The unit's name in English and Vietnamese (`scores.csv` carries the first language of the file).
  public var unitName: LocalizedText
  /// Empty for the whole unit, else `sex=F`.
  public var domain: String
  /// The node.
  public var node: String
  /// Its level.
  public var level: String
  /// The score.
  public var score: Double?
  /// Its standard error.
  public var standardError: Double?
  /// How the standard error was found: `linearization`, `pooled`, `published`, `none (rank)` and
  /// the like where it is not smooth, or empty where there is none.
  public var standardErrorMethod: String
  /// Why there is no standard error although the number has sampling error.
  public var standardErrorObstacle: ErrorObstacle?
  /// Degrees of freedom.
  public var degreesOfFreedom: Double?
  /// The interval.
  public var interval: ClosedRange<Double>?
  /// Confidence of the interval.
  public var confidence: Double
  /// Rank among published units, 1 the best; set by the gate.
  public var rank: Int?
  /// The ranks that sampling error leaves possible for this unit by itself; set after the gate.
  public var rankInterval: ClosedRange<Int>?
  /// The same for all units of the node at once.
  public var simultaneousRankInterval: ClosedRange<Int>?
  /// Group among published units; set by the gate.
  public var group: String?
  /// Respondents with at least one answer below the node.
  public var respondents: Int?
  /// Primary sampling units among them; not in the file, for the gate alone.
  public var samplingUnits: Int?
  /// Why there is no number.
  public var status: CellStatus
  /// Whether the row is a unit (true) or a national number, which is never ranked.
  public var isUnit: Bool

  /// A row.
  public init(
    unit: String, unitName: LocalizedText, domain: String, node: String, level: String,
    score: Double?, standardError: Double?, standardErrorMethod: String,
    standardErrorObstacle: ErrorObstacle? = nil, degreesOfFreedom: Double?,
    interval: ClosedRange<Double>?, confidence: Double,
    respondents: Int?, samplingUnits: Int? = nil, status: CellStatus, isUnit: Bool
  ) {
    self.unit = unit
    self.unitName = unitName
    self.domain = domain
    self.node = node
    self.level = level
    self.score = score
    self.standardError = standardError
    self.standardErrorMethod = standardErrorMethod
    self.standardErrorObstacle = standardErrorObstacle
    self.degreesOfFreedom = degreesOfFreedom
    self.interval = interval
    self.confidence = confidence
    self.respondents = respondents
    self.samplingUnits = samplingUnits
    self.status = status
    self.isUnit = isUnit
  }
}

/// One line of `indicators.csv`: a statistic on its own scale in one unit and domain.
public struct IndicatorRow: Sendable, Hashable {
  /// The unit's code, or `national:survey`.
  public var unit: String
  /// Empty for the whole unit, else `sex=F`.
  public var domain: String
  /// The leaf's node.
  public var indicator: String
  /// `mean`, `share` or `ratio`.
  public var statistic: String
  /// The estimate.
  public var estimate: Double?
  /// Its standard error.
  public var standardError: Double?
  /// How the standard error was found; `none (quantile)` and the like where there is none.
  public var standardErrorMethod: String
  /// Why there is no standard error although the number has sampling error.
  public var standardErrorObstacle: ErrorObstacle?
  /// Degrees of freedom.
  public var degreesOfFreedom: Double?
  /// The interval.
  public var interval: ClosedRange<Double>?
  /// Confidence of the interval.
  public var confidence: Double
  /// Design effect with replacement.
  public var designEffect: Double?
  /// Respondents who answered.
  public var respondents: Int?
  /// Primary sampling units among them.
  public var samplingUnits: Int?
  /// Why there is no number.
  public var status: CellStatus

  /// A row.
  public init(
    unit: String, domain: String, indicator: String, statistic: String, estimate: Double?,
    standardError: Double?, standardErrorMethod: String,
    standardErrorObstacle: ErrorObstacle? = nil, degreesOfFreedom: Double?,
    interval: ClosedRange<Double>?, confidence: Double, designEffect: Double?, respondents: Int?,
    samplingUnits: Int?, status: CellStatus
  ) {
    self.unit = unit
    self.domain = domain
    self.indicator = indicator
    self.statistic = statistic
    self.estimate = estimate
    self.standardError = standardError
    self.standardErrorMethod = standardErrorMethod
    self.standardErrorObstacle = standardErrorObstacle
    self.degreesOfFreedom = degreesOfFreedom
    self.interval = interval
    self.confidence = confidence
    self.designEffect = designEffect
    self.respondents = respondents
    self.samplingUnits = samplingUnits
    self.status = status
  }
}
