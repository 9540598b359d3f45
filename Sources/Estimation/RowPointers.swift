import CanvassSurvey
import CanvassWeighting

/// The flat buffers of one measure and one partition, open for a loop over rows.
struct RowPointers {
  /// The numerator, NaN for rows that take no part.
  let y: UnsafeBufferPointer<Double>
  /// The denominator; nil where it is 1.
  let x: UnsafeBufferPointer<Double>?
  let weights: UnsafeBufferPointer<Double>
  let domainOfRow: UnsafeBufferPointer<Int32>
  /// First row of each sampling unit, and the number of rows at the end.
  let rowStarts: UnsafeBufferPointer<Int>
  let psuOfSamplingUnit: UnsafeBufferPointer<Int32>
  let stratumOfPSU: UnsafeBufferPointer<Int32>

  /// Opens the buffers for `body`; no pointer may leave it.
  static func opening<Output>(
    _ evaluation: MeasureEvaluation, _ plan: PartitionPlan, _ sample: WeightedSample,
    _ body: (RowPointers) -> Output
  ) -> Output {
    func withDenominator(_ inner: (UnsafeBufferPointer<Double>?) -> Output) -> Output {
      guard let x = evaluation.x else { return inner(nil) }
      return x.withUnsafeBufferPointer { inner($0) }
    }
    return evaluation.y.withUnsafeBufferPointer { y in
      withDenominator { x in
        sample.weights.withUnsafeBufferPointer { weights in
          plan.partition.domainOfRow.withUnsafeBufferPointer { domainOfRow in
            sample.design.rowStarts.withUnsafeBufferPointer { rowStarts in
              sample.design.psuOfSamplingUnit.withUnsafeBufferPointer { psuOfSamplingUnit in
                sample.design.stratumOfPSU.withUnsafeBufferPointer { stratumOfPSU in
                  body(
                    RowPointers(
                      y: y, x: x, weights: weights, domainOfRow: domainOfRow,
                      rowStarts: rowStarts, psuOfSamplingUnit: psuOfSamplingUnit,
                      stratumOfPSU: stratumOfPSU))
                }
              }
            }
          }
        }
      }
    }
  }

  /// Calls `body` with the sampling unit, the row, its domain, weight, numerator and denominator for every row that
  /// takes part in a domain, in row order.
  @inline(__always)
  func forEach(_ body: (Int, Int, Int, Double, Double, Double) -> Void) {
    for unit in 0..<(rowStarts.count - 1) {
      for row in rowStarts[unit]..<rowStarts[unit + 1] {
        let value = y[row]
        let domain = Int(domainOfRow[row])
        if value.isNaN || domain < 0 { continue }
        body(unit, row, domain, weights[row], value, x.map { $0[row] } ?? 1)
      }
    }
  }
}
