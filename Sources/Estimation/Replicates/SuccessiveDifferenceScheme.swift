import CanvassCompute
import CanvassSurvey

/// Neighbours in the order of the sample, in a loop within each stratum.
///
/// PSU i has the multiplier 1 + 2^(−3/2) √(1 − f_h) (s_i − s_{i+1}), where s_i is its sign in the
/// replicate's column of a Hadamard matrix and i + 1 follows in the loop; scale 4/R. With enough columns
/// the variance of a total is Σ_h (1 − f_h)/2 · Σ (u_i − u_{i−1})² around each loop. Order is that of the
/// design's identifiers: number the PSUs as they were drawn.
/// Source: Fay & Train 1995; Opsomer, Breidt, White & Li 2016, Survey Methodology 42.
struct SuccessiveDifferenceScheme: ReplicateScheme {
  let count: Int
  let isPartiallyBalanced: Bool
  private let signs: HadamardMatrix
  private let strata: ReplicateStrata

  init(_ strata: ReplicateStrata, count: Int?) throws(Diagnostic) {
    let units = strata.varying.reduce(0) { $0 + $1.psus.count }
    signs = try HadamardMatrix.balancing(units, count: count)
    self.count = signs.order
    isPartiallyBalanced = signs.order <= units
    self.strata = strata
  }

  func multipliers(of replicate: Int) -> [Double] {
    var result = [Double](repeating: 1, count: strata.psuCount)
    var row = 0
    for stratum in strata.varying {
      let first = row
      let step = 0.125.squareRoot() * stratum.rest.squareRoot()
      for (position, psu) in stratum.psus.enumerated() {
        let next = position + 1 == stratum.psus.count ? first : row + 1
        result[psu] = 1 + step * (sign(row, replicate) - sign(next, replicate))
        row += 1
      }
    }
    return result
  }

  private func sign(_ row: Int, _ replicate: Int) -> Double {
    signs[1 + row % (signs.order - 1), replicate]
  }
}
