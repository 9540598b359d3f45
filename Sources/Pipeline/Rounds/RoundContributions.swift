package import CanvassEstimation
package import CanvassScoring
package import CanvassSurvey

/// What the primary sampling units of a round contributed to its scores.
package struct RoundContributions {
  /// A number of the round.
  package struct Key: Hashable {
    let unit: String
    let node: String

    package init(unit: String, node: String) {
      self.unit = unit
      self.node = node
    }
  }

  /// A stratum and a primary sampling unit by the names that the design gives them.
  struct SamplingUnit: Hashable {
    let stratum: String
    let name: String
  }

  /// The primary sampling units, those of a stratum together.
  private(set) var samplingUnits: [SamplingUnit]
  /// Contributions by number, in the order of `samplingUnits`.
  private(set) var values: [Key: [(unit: Int, value: Double)]] = [:]

  init(samplingUnits: [SamplingUnit]) { self.samplingUnits = samplingUnits }

  /// Those of a run's own design.
  package init(_ design: SampleDesign) {
    self.init(
      samplingUnits: (0..<design.psuCount).map { unit in
        SamplingUnit(
          stratum: design.stratumNames[Int(design.stratumOfPSU[unit])],
          name: design.psuNames[unit])
      })
  }

  /// Adds a contribution; those of one number come in the order of the sampling units.
  mutating func add(_ value: Double, of unit: Int, to key: Key) {
    values[key, default: []].append((unit, value))
  }

  /// Adds an influence: its sums by primary sampling unit, in every stratum where one is not 0.
  package mutating func add(_ influence: Influence, of design: SampleDesign, to key: Key) {
    guard !influence.values.isEmpty else { return }
    var sums: [(unit: Int, value: Double)] = []
    for (offset, value) in influence.values.enumerated() {
      let unit = Int(design.psuOfSamplingUnit[influence.firstUnit + offset])
      if let last = sums.indices.last, sums[last].unit == unit {
        sums[last].value += value
      } else {
        sums.append((unit, value))
      }
    }
    var position = 0
    while position < sums.count {
      let units = design.psus(of: Int(design.stratumOfPSU[sums[position].unit]))
      var end = position
      while end < sums.count, units.contains(sums[end].unit) { end += 1 }
      if sums[position..<end].contains(where: { $0.value != 0 }) {
        // A unit of the stratum outside the range contributes 0, and counts.
        for unit in units {
          while position < end, sums[position].unit < unit { position += 1 }
          let isThere = position < end && sums[position].unit == unit
          add(isThere ? sums[position].value : 0, of: unit, to: key)
        }
      }
      position = end
    }
  }

  /// The same contributions with sampling units numbered as `other` has them; those that it lacks follow.
  package func numbered(as other: RoundContributions) -> NumberedContributions {
    var numbers = other.numbers
    var strata = numbers.strata
    return NumberedContributions(
      self,
      places: samplingUnits.map { unit in
        let stratum = strata[unit.stratum] ?? strata.count
        strata[unit.stratum] = stratum
        let number = numbers.units[unit] ?? numbers.units.count
        numbers.units[unit] = number
        return (stratum, number)
      })
  }

  private var numbers: (strata: [String: Int], units: [SamplingUnit: Int]) {
    var strata: [String: Int] = [:]
    var units: [SamplingUnit: Int] = [:]
    for unit in samplingUnits {
      if strata[unit.stratum] == nil { strata[unit.stratum] = strata.count }
      if units[unit] == nil { units[unit] = units.count }
    }
    return (strata, units)
  }
}

/// Contributions whose sampling units are numbered alike in two rounds.
package struct NumberedContributions {
  private let contributions: RoundContributions
  private let places: [(stratum: Int, unit: Int)]

  fileprivate init(_ contributions: RoundContributions, places: [(stratum: Int, unit: Int)]) {
    self.contributions = contributions
    self.places = places
  }

  /// The contributions to a number, in the order of strata and units.
  package func of(unit: String, node: String) -> [SamplingUnitContribution] {
    (contributions.values[RoundContributions.Key(unit: unit, node: node)] ?? [])
      .map { entry in
        SamplingUnitContribution(
          stratum: places[entry.unit].stratum, unit: places[entry.unit].unit, value: entry.value)
      }
      .sorted { ($0.stratum, $0.unit) < ($1.stratum, $1.unit) }
  }
}
