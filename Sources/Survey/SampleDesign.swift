import CanvassCompute

/// What to do with a stratum that has a single sampling unit.
public enum LonelyPolicy: String, Sendable, CaseIterable, Hashable {
  /// Stop, naming the strata.
  case fail
  /// Centre the unit's contribution on the grand mean of all units.
  case adjust
}

/// How the sample was drawn, as the pipeline file says it.
public struct DesignRequest: Sendable, Hashable {
  /// A stage of sampling: what was drawn, within which strata.
  public struct Stage: Sendable, Hashable {
    /// Variables whose combinations are the strata of this stage; only the first stage has them.
    public var strata: [String]
    /// The variable that identifies the unit within the stage above.
    public var unit: String

    /// A stage of sampling.
    public init(strata: [String] = [], unit: String) {
      self.strata = strata
      self.unit = unit
    }
  }

  /// The stages from the first; empty for a simple random sample of rows.
  public var stages: [Stage]
  /// First-stage unit variable → variable that is 1 where that unit was drawn with certainty.
  public var certainty: (unit: String, flag: String)? {
    get { certaintyUnit.flatMap { unit in certaintyFlag.map { (unit, $0) } } }
    set {
      certaintyUnit = newValue?.unit
      certaintyFlag = newValue?.flag
    }
  }
  private var certaintyUnit: String?
  private var certaintyFlag: String?
  /// What to do with a lone sampling unit.
  public var lonely: LonelyPolicy

  /// A design; without stages every row is a sampling unit of one stratum.
  public init(
    stages: [Stage] = [], certainty: (unit: String, flag: String)? = nil,
    lonely: LonelyPolicy = .fail
  ) {
    self.stages = stages
    self.lonely = lonely
    certaintyUnit = certainty?.unit
    certaintyFlag = certainty?.flag
  }
}

/// The strata and primary sampling units (PSUs) of rows in canonical order.
///
/// PSU `a` owns the rows `rowStarts[a] ..< rowStarts[a + 1]`, stratum `h` the PSUs
/// `psuStarts[h] ..< psuStarts[h + 1]`. Sampling is taken to be with replacement at the first stage.
public struct SampleDesign: Sendable {
  /// First row of each PSU, and the number of rows at the end.
  public let rowStarts: [Int]
  /// First PSU of each stratum, and the number of PSUs at the end.
  public let psuStarts: [Int]
  /// The stratum of each PSU.
  public let stratumOfPSU: [Int32]
  /// What the strata are called in messages.
  public let stratumNames: [String]
  /// Identifiers of the PSUs within their strata.
  public let psuNames: [String]
  /// The number of distinct units of each stage, for the record: `[("district", 207), …]`.
  public let stageCounts: [(unit: String, count: Int)]
  /// What to do with a lone PSU.
  public let lonely: LonelyPolicy

  /// A design from its ranges; every PSU has at least one row, every stratum at least one PSU.
  public init(
    rowStarts: [Int], psuStarts: [Int], stratumNames: [String], psuNames: [String],
    stageCounts: [(unit: String, count: Int)] = [], lonely: LonelyPolicy
  ) {
    self.rowStarts = rowStarts
    self.psuStarts = psuStarts
    self.stratumNames = stratumNames
    self.psuNames = psuNames
    self.stageCounts = stageCounts
    self.lonely = lonely
    var strata = [Int32](repeating: 0, count: max(0, rowStarts.count - 1))
    for stratum in 0..<max(0, psuStarts.count - 1) {
      for psu in psuStarts[stratum]..<psuStarts[stratum + 1] { strata[psu] = Int32(stratum) }
    }
    stratumOfPSU = strata
  }

  /// Number of primary sampling units.
  public var psuCount: Int { rowStarts.count - 1 }
  /// Number of strata.
  public var stratumCount: Int { psuStarts.count - 1 }

  /// The rows of a PSU.
  public func rows(of psu: Int) -> Range<Int> { rowStarts[psu]..<rowStarts[psu + 1] }
  /// The PSUs of a stratum.
  public func psus(of stratum: Int) -> Range<Int> { psuStarts[stratum]..<psuStarts[stratum + 1] }
}
