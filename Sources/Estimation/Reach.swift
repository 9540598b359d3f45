import CanvassSurvey

/// The sampling units that have a row of positive weight in an estimate's domain.
///
/// Only rules that ask where a domain is present need it: `average` over the strata that it reaches, and
/// lone units within domains. Influences carry it where the design has such a rule.
public struct Reach: Sendable, Hashable, Codable {
  /// Whether each sampling unit of the design is reached.
  private var isReached: [Bool]

  /// No unit of a design of `samplingUnitCount` units.
  public init(samplingUnitCount: Int) {
    isReached = [Bool](repeating: false, count: samplingUnitCount)
  }

  /// Adds a sampling unit.
  public mutating func insert(_ unit: Int) { isReached[unit] = true }

  /// Whether any of `units` is reached.
  func contains(anyOf units: Range<Int>) -> Bool { isReached[units].contains(true) }

  /// The units that either reaches; nil reaches nothing, as a constant does.
  static func union(_ first: Reach?, _ second: Reach?) -> Reach? {
    guard var union = first else { return second }
    guard let second else { return union }
    for unit in second.isReached.indices where second.isReached[unit] { union.insert(unit) }
    return union
  }
}
