import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// The influence of any statistic from its linearized value z in each row, 0 for rows that it leaves out.
  ///
  /// u_a = Σ_{i∈a} w_i z_i, residualized on the sample's calibrations as in `estimate(_:over:workers:)`:
  /// the way in for statistics that are not ratios of weighted sums. `linearized` has one finite number a
  /// row; rows with the weight 0 do not count.
  ///
  /// - Parameter rows: the rows that the statistic rests on, where the design has a rule for lone units
  ///   that asks where a domain is present; nil counts every row.
  public func influence(ofLinearized linearized: [Double], over rows: RowSet? = nil) -> Influence {
    precondition(linearized.count == sample.weights.count, "one linearized value a row")
    var values = [Double](repeating: 0, count: sample.design.samplingUnitCount)
    for row in linearized.indices where sample.weights[row] != 0 {
      values[Int(unitOfRow[row])] += sample.weights[row] * linearized[row]
    }
    var ofGroup: [[Int: [Double]]] = []
    for (index, step) in residualization.steps.enumerated() {
      let width = step.auxiliaryCount
      let weights = residualization.momentWeights
      let count = residualization.steps.count
      let moments = step.moments(
        of: linearized.indices.map { weights[$0 * count + index] * linearized[$0] },
        pairOfPart: step.calibration.groupOfRow, rowOfPart: { $0 },
        pairCount: step.calibration.groupCount)
      ofGroup.append(
        Dictionary(
          uniqueKeysWithValues: (0..<step.calibration.groupCount).map {
            ($0, Array(moments[$0 * width..<($0 + 1) * width]))
          }))
    }
    takeOut(residualization.coefficients(ofGroup), of: &values, firstUnit: 0)
    var reach: Reach?
    if asksForReach, let rows {
      var reached = Reach(samplingUnitCount: sample.design.samplingUnitCount)
      for row in linearized.indices where rows.contains(row) && sample.weights[row] != 0 {
        reached.insert(Int(unitOfRow[row]))
      }
      reach = reached
    }
    return Influence(firstUnit: 0, values: values, reach: reach)
  }

  /// Subtracts T'B from sums by sampling unit, for all groups of all calibrations that have coefficients.
  func takeOut(_ coefficients: [[Int: [Double]]], of values: inout [Double], firstUnit: Int) {
    for (index, residual) in residualization.steps.enumerated().reversed() {
      let width = residual.auxiliaryCount
      for group in coefficients[index].keys.sorted() {
        guard let b = coefficients[index][group] else { continue }
        for entry in residual.unitStarts[group]..<residual.unitStarts[group + 1] {
          var fitted = 0.0
          for column in 0..<width { fitted += residual.totals[entry * width + column] * b[column] }
          values[Int(residual.units[entry]) - firstUnit] -= fitted
        }
      }
    }
  }
}
