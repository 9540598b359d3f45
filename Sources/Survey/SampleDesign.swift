/// How rows in canonical order were drawn: stages of strata and units down to the sampling units.
///
/// The sampling units are the finest that a finite population correction needs, else the primary
/// sampling units (PSUs): estimates have one influence a sampling unit. Sampling unit `a` owns the rows
/// `rowStarts[a] ..< rowStarts[a + 1]`.
public struct SampleDesign: Sendable, Codable {
  /// First row of each sampling unit, and the number of rows at the end.
  public let rowStarts: [Int]
  /// The stages that the variance takes account of, from the first; at least one.
  public let stages: [SamplingStage]
  /// The PSU of each sampling unit.
  public let psuOfSamplingUnit: [Int32]
  /// The stratum of each PSU.
  public let stratumOfPSU: [Int32]
  /// The number of distinct units of each stage, for the record: `[("district", 207), …]`.
  public var stageCounts: [(unit: String, count: Int)] { Array(zip(stageNames, stageSizes)) }
  private let stageNames: [String]
  private let stageSizes: [Int]
  /// What to do with a lone unit.
  public let lonely: LonelyPolicy
  /// Whether a domain's only unit in a stratum of several counts as lone (R's `survey.adjust.domain.lonely`).
  public let lonelyInDomains: Bool
  /// What unequal selection probabilities of the PSUs do to the variance; nil where they do nothing.
  public let unequal: UnequalProbabilitySampling?

  /// A design from its stages; every sampling unit has at least one row, every stratum at least one unit.
  public init(
    rowStarts: [Int], stages: [SamplingStage], stageCounts: [(unit: String, count: Int)] = [],
    lonely: LonelyPolicy, lonelyInDomains: Bool = false,
    unequal: UnequalProbabilitySampling? = nil
  ) {
    precondition(
      !stages.isEmpty && stages.allSatisfy { $0.samplingUnitStarts.last == rowStarts.count - 1 },
      "every stage of a design reaches over all sampling units")
    self.rowStarts = rowStarts
    self.stages = stages
    stageNames = stageCounts.map(\.unit)
    stageSizes = stageCounts.map(\.count)
    self.lonely = lonely
    self.lonelyInDomains = lonelyInDomains
    self.unequal = unequal
    let first = stages[0]
    var psus = [Int32](repeating: 0, count: rowStarts.count - 1)
    for psu in 0..<first.unitCount {
      for unit in first.samplingUnits(of: psu) { psus[unit] = Int32(psu) }
    }
    psuOfSamplingUnit = psus
    var strata = [Int32](repeating: 0, count: first.unitCount)
    for stratum in 0..<first.stratumCount {
      for psu in first.units(of: stratum) { strata[psu] = Int32(stratum) }
    }
    stratumOfPSU = strata
  }

  /// A design of one stage with replacement, whose PSU `a` owns the rows `rowStarts[a] ..< rowStarts[a + 1]`
  /// and whose stratum `h` owns the PSUs `psuStarts[h] ..< psuStarts[h + 1]`.
  public init(
    rowStarts: [Int], psuStarts: [Int], stratumNames: [String], psuNames: [String],
    stageCounts: [(unit: String, count: Int)] = [], lonely: LonelyPolicy
  ) {
    self.init(
      rowStarts: rowStarts,
      stages: [
        SamplingStage(
          unitStarts: psuStarts, samplingUnitStarts: Array(0..<rowStarts.count),
          stratumNames: stratumNames, unitNames: psuNames)
      ],
      stageCounts: stageCounts, lonely: lonely)
  }

  /// Number of sampling units.
  public var samplingUnitCount: Int { rowStarts.count - 1 }
  /// Number of primary sampling units.
  public var psuCount: Int { stages[0].unitCount }
  /// Number of strata of the first stage.
  public var stratumCount: Int { stages[0].stratumCount }
  /// What the strata of the first stage are called in messages.
  public var stratumNames: [String] { stages[0].stratumNames }
  /// Identifiers of the PSUs within their strata.
  public var psuNames: [String] { stages[0].unitNames }
  /// First PSU of each stratum, and the number of PSUs at the end.
  public var psuStarts: [Int] { stages[0].unitStarts }

  /// The rows of a PSU.
  public func rows(of psu: Int) -> Range<Int> {
    let units = stages[0].samplingUnits(of: psu)
    return rowStarts[units.lowerBound]..<rowStarts[units.upperBound]
  }

  /// The PSUs of a stratum of the first stage.
  public func psus(of stratum: Int) -> Range<Int> { stages[0].units(of: stratum) }
}
