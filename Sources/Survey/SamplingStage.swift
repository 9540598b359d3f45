/// One stage of sampling: units in canonical order, their strata, and how large a part was drawn.
///
/// Stratum `h` owns the units `unitStarts[h] ..< unitStarts[h + 1]`; at later stages strata nest within
/// the units of the stage above. Unit `u` owns the design's sampling units
/// `samplingUnitStarts[u] ..< samplingUnitStarts[u + 1]`; at the last stage these are the units themselves.
public struct SamplingStage: Sendable, Codable {
  /// First unit of each stratum, and the number of units at the end.
  public let unitStarts: [Int]
  /// First sampling unit of each unit, and the number of sampling units at the end.
  public let samplingUnitStarts: [Int]
  /// The unit of the stage above that each stratum lies in; 0 at the first stage.
  public let parentOfStratum: [Int]
  /// Sampling fraction m/M of each stratum; 0 where units are taken to be drawn with replacement.
  public let fractions: [Double]
  /// What the strata are called in messages.
  public let stratumNames: [String]
  /// Identifiers of the units within their strata.
  public let unitNames: [String]

  /// A stage from its ranges; without fractions its units are drawn with replacement.
  public init(
    unitStarts: [Int], samplingUnitStarts: [Int], parentOfStratum: [Int]? = nil,
    fractions: [Double]? = nil, stratumNames: [String], unitNames: [String]
  ) {
    let strata = max(0, unitStarts.count - 1)
    self.unitStarts = unitStarts
    self.samplingUnitStarts = samplingUnitStarts
    self.parentOfStratum = parentOfStratum ?? [Int](repeating: 0, count: strata)
    self.fractions = fractions ?? [Double](repeating: 0, count: strata)
    self.stratumNames = stratumNames
    self.unitNames = unitNames
  }

  /// Number of strata.
  public var stratumCount: Int { unitStarts.count - 1 }
  /// Number of units.
  public var unitCount: Int { samplingUnitStarts.count - 1 }

  /// The units of a stratum.
  public func units(of stratum: Int) -> Range<Int> {
    unitStarts[stratum]..<unitStarts[stratum + 1]
  }

  /// The design's sampling units that a unit is made of.
  public func samplingUnits(of unit: Int) -> Range<Int> {
    samplingUnitStarts[unit]..<samplingUnitStarts[unit + 1]
  }
}
