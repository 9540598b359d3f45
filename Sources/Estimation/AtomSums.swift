import CanvassSurvey
import CanvassWeighting

/// The sums of one measure over the atoms: one pass over the rows serves every partition and calibration.
///
/// With a center s, the first y of the atom (0 where x is not 1), and e = y − s x: Σ w, Σ w x, Σ w e, Σ w e²,
/// Σ w e x, Σ w x² and, for the moments of each calibration with m = q w / w_exit, Σ m x and Σ m e. Sums of
/// y − R x follow as those of e − (R − s) x, so that values far from zero (y + 10⁹) keep deviations as exact as
/// themselves.
struct AtomSums {
  private static let fixedCount = 8

  let evaluation: MeasureEvaluation
  private let width: Int
  private let sums: [Double]

  init(_ evaluation: MeasureEvaluation, _ atoms: RowAtoms, of estimator: Estimator) {
    self.evaluation = evaluation
    let stepCount = estimator.residualization.steps.count
    let width = Self.fixedCount + 2 * stepCount
    self.width = width
    var sums = [Double](repeating: 0, count: width * atoms.firstRow.count)
    let denominators = evaluation.x ?? []
    let isMean = evaluation.x == nil
    sums.withUnsafeMutableBufferPointer { sums in
      evaluation.y.withUnsafeBufferPointer { y in
        denominators.withUnsafeBufferPointer { denominators in
          estimator.sample.weights.withUnsafeBufferPointer { weights in
            estimator.residualization.momentWeights.withUnsafeBufferPointer { momentWeights in
              atoms.atomOfRow.withUnsafeBufferPointer { atomOfRow in
                for row in y.indices {
                  let value = y[row]
                  let atom = Int(atomOfRow[row])
                  if value.isNaN || atom < 0 { continue }
                  let place = atom * width
                  let weight = weights[row]
                  let x = isMean ? 1 : denominators[row]
                  if isMean, sums[place] == 0 { sums[place + 1] = value }
                  let e = value - sums[place + 1]
                  sums[place] += 1
                  sums[place + 2] += weight
                  sums[place + 3] += weight * x
                  sums[place + 4] += weight * e
                  sums[place + 5] += weight * e * e
                  sums[place + 6] += weight * e * x
                  sums[place + 7] += weight * x * x
                  for step in 0..<stepCount {
                    let moment = momentWeights[row * stepCount + step]
                    sums[place + Self.fixedCount + 2 * step] += moment * x
                    sums[place + Self.fixedCount + 2 * step + 1] += moment * e
                  }
                }
              }
            }
          }
        }
      }
    }
    self.sums = sums
  }

  /// Number of atoms.
  var atomCount: Int { sums.count / width }

  /// Rows of an atom that take part.
  func respondents(_ atom: Int) -> Int { Int(sums[atom * width]) }
  /// Σ w.
  func weight(_ atom: Int) -> Double { sums[atom * width + 2] }
  /// Σ w x.
  func denominator(_ atom: Int) -> Double { sums[atom * width + 3] }
  /// Σ w y.
  func numerator(_ atom: Int) -> Double { deviation(atom, 0, 0) }

  /// Σ w (y − R x) for R = `rough` + `correction`.
  func deviation(_ atom: Int, _ rough: Double, _ correction: Double) -> Double {
    let place = atom * width
    return sums[place + 4] - ((rough - sums[place + 1]) + correction) * sums[place + 3]
  }

  /// Σ w (y − R x)².
  func squares(_ atom: Int, _ rough: Double, _ correction: Double) -> Double {
    let place = atom * width
    let shift = (rough - sums[place + 1]) + correction
    return sums[place + 5] - shift * (2 * sums[place + 6] - shift * sums[place + 7])
  }

  /// Σ m (y − R x) of a calibration; Σ m y for R = 0.
  func moment(_ atom: Int, step: Int, _ rough: Double, _ correction: Double) -> Double {
    let place = atom * width
    let own = place + Self.fixedCount + 2 * step
    return sums[own + 1] - ((rough - sums[place + 1]) + correction) * sums[own]
  }
}
