import CanvassCompute
import CanvassWeighting

/// The calibrations of a sample, prepared so that residuals cost sums over rows and small algebra only.
///
/// A sampling unit's sum of residuals is Σ c − T'B, where c = w z is the weighted linearized value and
/// T = Σ w_exit x over the unit's rows of the calibration group; neither needs the rows once the moments
/// Σ (q / w_exit) x c are known.
struct Residualization: Sendable {
  let steps: [ResidualStep]
  /// q w / w_exit of each row and step, row-major, w the sample's weight; 0 where the exit weight is.
  let momentWeights: [Double]

  /// Factorizes each group's Σ q x x' and sums the auxiliary variables of each sampling unit.
  init(_ sample: WeightedSample, unitOfRow: [Int32]) {
    steps = sample.calibrations.indices.map { index in
      ResidualStep(
        sample.calibrations[index], later: Array(sample.calibrations[(index + 1)...]),
        unitOfRow: unitOfRow)
    }
    let ofStep = sample.calibrations.map(ResidualStep.momentWeights)
    var weights: [Double] = []
    weights.reserveCapacity(ofStep.count * sample.weights.count)
    for row in sample.weights.indices {
      for step in ofStep.indices { weights.append(ofStep[step][row] * sample.weights[row]) }
    }
    momentWeights = weights
  }

  /// The coefficients B of one domain, step by step, from `moments[step][group]`.
  ///
  /// The last step is taken out first; what it took away changes the moments of the steps before.
  func coefficients(_ moments: [[Int: [Double]]]) -> [[Int: [Double]]] {
    var result = moments
    for step in steps.indices.reversed() {
      for (later, links) in zip(steps.indices[(step + 1)...], steps[step].links) {
        for link in links {
          guard let taken = result[later][link.laterGroup] else { continue }
          let count = steps[later].auxiliaryCount
          var moment =
            result[step][link.group]
            ?? [Double](repeating: 0, count: steps[step].auxiliaryCount)
          for row in moment.indices {
            for column in 0..<count {
              moment[row] -= link.products[row * count + column] * taken[column]
            }
          }
          result[step][link.group] = moment
        }
      }
      for group in result[step].keys.sorted() {
        result[step][group] = result[step][group].map { steps[step].solvers[group].solve($0) }
      }
    }
    return result
  }
}

/// One calibration: its groups' systems, the units' auxiliary totals, and its links to later calibrations.
struct ResidualStep: Sendable {
  /// Σ (q / w_exit) x₁ (w_exit x)₂' between a group of this step and one of a later step.
  struct Link: Sendable {
    let group: Int
    let laterGroup: Int
    let products: [Double]
  }

  let calibration: CalibrationStep
  let auxiliaryCount: Int
  let solvers: [ResidualSolver]
  /// The sampling units of each group: entries `unitStarts[group] ..< unitStarts[group + 1]` of `units`.
  let unitStarts: [Int]
  let units: [Int32]
  /// Auxiliary totals Σ w_exit x of each such entry, row-major.
  let totals: [Double]
  /// Links with each later step, in the order of groups.
  let links: [[Link]]
  init(_ calibration: CalibrationStep, later: [CalibrationStep], unitOfRow: [Int32]) {
    self.calibration = calibration
    let count = calibration.auxiliaryCount
    auxiliaryCount = count

    var matrices = [[Double]](
      repeating: [Double](repeating: 0, count: count * count), count: calibration.groupCount)
    var entries: [[(unit: Int32, totals: [Double])]] = Array(
      repeating: [], count: calibration.groupCount)
    for row in calibration.groupOfRow.indices {
      let group = Int(calibration.groupOfRow[row])
      guard group >= 0, calibration.exitWeights[row] != 0 else { continue }
      if entries[group].last?.unit != unitOfRow[row] {
        entries[group].append((unitOfRow[row], [Double](repeating: 0, count: count)))
      }
      let last = entries[group].count - 1
      calibration.forEachEntry(of: row) { column, value in
        entries[group][last].totals[column] += calibration.exitWeights[row] * value
        calibration.forEachEntry(of: row) { other, otherValue in
          matrices[group][column * count + other] +=
            calibration.regressionWeights[row] * value * otherValue
        }
      }
    }
    solvers = matrices.map { ResidualSolver($0, order: count, rule: calibration.rule) }
    var starts = [0]
    for group in entries { starts.append(starts[starts.count - 1] + group.count) }
    unitStarts = starts
    units = entries.flatMap { $0.map(\.unit) }
    totals = entries.flatMap { $0.flatMap(\.totals) }
    links = later.map { ResidualStep.links(from: calibration, to: $0) }
  }

  /// Σ x m for each pair of a domain and a group, row-major: of parts with sums m = Σ (q / w_exit) c, the pair of
  /// each (−1: in none) and a row that has its auxiliary values.
  func moments(
    of parts: [Double], pairOfPart: [Int32], rowOfPart: (Int) -> Int, pairCount: Int
  ) -> [Double] {
    var moments = [Double](repeating: 0, count: pairCount * auxiliaryCount)
    for part in parts.indices where parts[part] != 0 && pairOfPart[part] >= 0 {
      let first = Int(pairOfPart[part]) * auxiliaryCount
      calibration.forEachEntry(of: rowOfPart(part)) { column, value in
        moments[first + column] += value * parts[part]
      }
    }
    return moments
  }

  /// q / w_exit of each row, 0 where the exit weight is.
  static func momentWeights(of calibration: CalibrationStep) -> [Double] {
    zip(calibration.regressionWeights, calibration.exitWeights).map { $1 != 0 ? $0 / $1 : 0 }
  }

  private static func links(from step: CalibrationStep, to later: CalibrationStep) -> [Link] {
    let width = later.auxiliaryCount
    let weights = momentWeights(of: step)
    var products: [Int: [Double]] = [:]
    for row in step.groupOfRow.indices {
      let group = Int(step.groupOfRow[row])
      let laterGroup = Int(later.groupOfRow[row])
      guard group >= 0, laterGroup >= 0 else { continue }
      let weight = weights[row] * later.exitWeights[row]
      step.forEachEntry(of: row) { column, value in
        later.forEachEntry(of: row) { other, otherValue in
          products[
            group * later.groupCount + laterGroup,
            default: [Double](repeating: 0, count: step.auxiliaryCount * width)
          ][column * width + other] += weight * value * otherValue
        }
      }
    }
    return products.keys.sorted().compactMap { key in
      products[key].map {
        Link(group: key / later.groupCount, laterGroup: key % later.groupCount, products: $0)
      }
    }
  }
}

extension CalibrationStep {
  /// Calls `body` with the column and the value of each auxiliary value that a row lists.
  @inline(__always)
  func forEachEntry(of row: Int, _ body: (Int, Double) -> Void) {
    for entry in row * entriesPerRow..<(row + 1) * entriesPerRow {
      body(Int(columnsOfRow[entry]), valuesOfRow.map { $0[entry] } ?? 1)
    }
  }
}
