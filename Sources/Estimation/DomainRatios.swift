import CanvassSurvey
import CanvassWeighting

/// The ratio of each domain, and who supports it.
///
/// A ratio is kept as a rough value and a small correction, so that values far from zero (y + 10⁹)
/// leave the deviations y − R x as exact as the values themselves.
struct DomainRatios {
  private(set) var supports: [Support]
  /// Σ w of each domain.
  private(set) var weightTotals: [Double]
  /// Σ w x of each domain.
  private(set) var denominators: [Double]
  private var rough: [Double]
  private var corrections: [Double]

  /// Two passes over the rows: the ratio, then what rounding left of it.
  init(_ evaluation: MeasureEvaluation, in plan: PartitionPlan, of estimator: Estimator) {
    let count = plan.partition.domainCount
    let weights = estimator.sample.weights
    let strata = estimator.sample.design.stratumOfPSU
    let zeros = [Double](repeating: 0, count: count)
    var numerators = zeros
    var totals = zeros
    var below = zeros
    var supports = [Support](
      repeating: Support(respondents: 0, psus: 0, strata: 0), count: count)
    var lastPSU = [Int32](repeating: -1, count: count)
    let domainOfRow = plan.partition.domainOfRow
    let y = evaluation.y
    let x = evaluation.x
    for row in y.indices where !y[row].isNaN {
      let domain = Int(domainOfRow[row])
      guard domain >= 0 else { continue }
      numerators[domain] += weights[row] * y[row]
      below[domain] += weights[row] * (x?[row] ?? 1)
      totals[domain] += weights[row]
      supports[domain].respondents += 1
      let psu = estimator.psuOfRow[row]
      if psu != lastPSU[domain] {
        // Rows are ordered by stratum, then PSU.
        if lastPSU[domain] < 0 || strata[Int(lastPSU[domain])] != strata[Int(psu)] {
          supports[domain].strata += 1
        }
        supports[domain].psus += 1
        lastPSU[domain] = psu
      }
    }
    var rough = zeros
    for domain in 0..<count { rough[domain] = numerators[domain] / below[domain] }
    var remainders = zeros
    for row in y.indices where !y[row].isNaN {
      let domain = Int(domainOfRow[row])
      guard domain >= 0 else { continue }
      remainders[domain] += weights[row] * (y[row] - rough[domain] * (x?[row] ?? 1))
    }
    self.supports = supports
    weightTotals = totals
    denominators = below
    self.rough = rough
    corrections = zip(remainders, below).map { $0 / $1 }
  }

  /// Whether somebody answered and the denominator is not 0.
  func isDefined(_ domain: Int) -> Bool {
    supports[domain].respondents > 0 && denominators[domain] != 0
  }

  /// R of a domain.
  func value(_ domain: Int) -> Double { rough[domain] + corrections[domain] }

  /// y − R x.
  func deviation(_ domain: Int, y: Double, x: Double) -> Double {
    (y - rough[domain] * x) - corrections[domain] * x
  }
}
