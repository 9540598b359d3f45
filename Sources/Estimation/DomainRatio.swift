import CanvassSurvey

/// The sums of one domain over its rows, and the ratio they give.
///
/// The ratio is kept as a rough value and a small correction, so that values far from zero (y + 10⁹)
/// leave the deviations y − R x as exact as the values themselves.
struct DomainRatio {
  /// Σ w y, Σ w x and Σ w.
  var numerator = 0.0
  var denominator = 0.0
  var weightTotal = 0.0
  /// Σ w y / Σ w x as far as one pass gives it, and what it left.
  var rough = 0.0
  var correction = 0.0
  var support = Support(respondents: 0, psus: 0, strata: 0)
  var lastPSU: Int32 = -1
  var lastStratum: Int32 = -1

  /// Whether somebody answered and the denominator is not 0.
  var isDefined: Bool { support.respondents > 0 && denominator != 0 }
  /// The ratio.
  var value: Double { rough + correction }

  /// y − R x.
  @inline(__always)
  func deviation(_ y: Double, _ x: Double) -> Double { (y - rough * x) - correction * x }

  /// The ratios of all domains: one pass for the ratio, one for what rounding left of it.
  static func all(_ rows: RowPointers, domainCount: Int) -> [DomainRatio] {
    var ratios = [DomainRatio](repeating: DomainRatio(), count: domainCount)
    ratios.withUnsafeMutableBufferPointer { ratios in
      rows.forEach { unit, _, domain, weight, y, x in
        ratios[domain].numerator += weight * y
        ratios[domain].denominator += weight * x
        ratios[domain].weightTotal += weight
        ratios[domain].support.respondents += 1
        let psu = rows.psuOfSamplingUnit[unit]
        if ratios[domain].lastPSU != psu {
          ratios[domain].lastPSU = psu
          ratios[domain].support.psus += 1
          let stratum = rows.stratumOfPSU[Int(psu)]
          if ratios[domain].lastStratum != stratum {
            ratios[domain].lastStratum = stratum
            ratios[domain].support.strata += 1
          }
        }
      }
      for domain in ratios.indices where ratios[domain].isDefined {
        ratios[domain].rough = ratios[domain].numerator / ratios[domain].denominator
      }
      rows.forEach { _, _, domain, weight, y, x in
        ratios[domain].correction += weight * (y - ratios[domain].rough * x)
      }
      for domain in ratios.indices where ratios[domain].isDefined {
        ratios[domain].correction /= ratios[domain].denominator
      }
    }
    return ratios
  }
}
