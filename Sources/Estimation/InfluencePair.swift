import CanvassSurvey

/// Two influences over one range of sampling units, summed and multiplied by units of any stage.
struct InfluencePair {
  let first: Influence
  let second: Influence
  /// The sampling units that either reaches.
  let range: Range<Int>

  /// The sums of both over sampling units.
  func sums(over units: Range<Int>) -> (Double, Double) {
    (first.sum(over: units), second.sum(over: units))
  }

  /// The mean contribution of a stage's units.
  func means(of units: Range<Int>, in stage: SamplingStage) -> (Double, Double) {
    let all =
      stage.samplingUnitStarts[units.lowerBound]..<stage.samplingUnitStarts[units.upperBound]
    let sums = sums(over: all)
    return (sums.0 / Double(units.count), sums.1 / Double(units.count))
  }

  /// Σ (u − center)(v − center) over a stage's units; those outside the range share one deviation.
  func products(
    of units: Range<Int>, in stage: SamplingStage, about center: (Double, Double)
  ) -> Double {
    var products = 0.0
    var outside = 0
    for unit in units {
      let own = stage.samplingUnits(of: unit)
      if own.upperBound <= range.lowerBound || own.lowerBound >= range.upperBound {
        outside += 1
      } else if own.count == 1 {
        products +=
          (first[own.lowerBound] - center.0) * (second[own.lowerBound] - center.1)
      } else {
        let sums = sums(over: own)
        products += (sums.0 - center.0) * (sums.1 - center.1)
      }
    }
    return Double(outside) * center.0 * center.1 + products
  }
}

extension Influence {
  var start: Int { values.isEmpty ? .max : firstUnit }
  var end: Int { values.isEmpty ? 0 : firstUnit + values.count }

  /// The contribution of a sampling unit, 0 outside the range.
  subscript(_ unit: Int) -> Double {
    let index = unit - firstUnit
    return index >= 0 && index < values.count ? values[index] : 0
  }

  func sum(over units: Range<Int>) -> Double {
    let range = units.clamped(to: firstUnit..<(firstUnit + values.count))
    var sum = 0.0
    for unit in range { sum += values[unit - firstUnit] }
    return sum
  }
}
