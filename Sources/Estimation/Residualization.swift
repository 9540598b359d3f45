import CanvassCompute
import CanvassWeighting

/// The calibrations of a sample, prepared so that residuals cost sums over rows and small algebra only.
///
/// With e = z − x'B, the sampling unit's sum is Σ w z − T'B, where T = Σ w x over the unit's rows of the
/// calibration group; neither needs the rows once c = Σ d x z is known.
struct Residualization: Sendable {
  let steps: [ResidualStep]

  /// Factorizes each group's Σ d x x' and sums the auxiliary variables of each PSU.
  init(_ sample: WeightedSample, psuOfRow: [Int32]) {
    steps = sample.calibrations.indices.map { index in
      ResidualStep(
        sample.calibrations[index], later: Array(sample.calibrations[(index + 1)...]),
        weights: sample.weights, psuOfRow: psuOfRow)
    }
  }

  /// The coefficients B of one domain, step by step, from `moments[step][group]` = Σ d x z.
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
        result[step][group] = result[step][group].map { steps[step].systems[group].solve($0) }
      }
    }
    return result
  }
}

/// One calibration: its groups' systems, the PSUs' auxiliary totals, and its links to later calibrations.
struct ResidualStep: Sendable {
  /// Σ d x₁x₂' between a group of this step and one of a later step.
  struct Link: Sendable {
    let group: Int
    let laterGroup: Int
    let products: [Double]
  }

  let calibration: CalibrationStep
  let auxiliaryCount: Int
  let systems: [SymmetricSystem]
  /// The PSUs of each group: entries `psuStarts[group] ..< psuStarts[group + 1]` of `psus`.
  let psuStarts: [Int]
  let psus: [Int32]
  /// Auxiliary totals Σ w x of each such entry, row-major.
  let totals: [Double]
  /// Links with each later step, in the order of groups.
  let links: [[Link]]

  init(
    _ calibration: CalibrationStep, later: [CalibrationStep], weights: [Double], psuOfRow: [Int32]
  ) {
    self.calibration = calibration
    let count = calibration.auxiliaryCount
    let margins = calibration.margins
    let columns = calibration.columnsOfRow
    auxiliaryCount = count

    var matrices = [[Double]](
      repeating: [Double](repeating: 0, count: count * count), count: calibration.groupCount)
    var entries: [[(psu: Int32, totals: [Double])]] = Array(
      repeating: [], count: calibration.groupCount)
    for row in weights.indices {
      let group = Int(calibration.groupOfRow[row])
      guard group >= 0 else { continue }
      if entries[group].last?.psu != psuOfRow[row] {
        entries[group].append((psuOfRow[row], [Double](repeating: 0, count: count)))
      }
      let last = entries[group].count - 1
      for first in row * margins..<(row + 1) * margins {
        let column = Int(columns[first])
        entries[group][last].totals[column] += weights[row]
        for second in row * margins..<(row + 1) * margins {
          matrices[group][column * count + Int(columns[second])] += calibration.entryWeights[row]
        }
      }
    }
    systems = matrices.map { SymmetricSystem($0, order: count) }
    var starts = [0]
    for group in entries { starts.append(starts[starts.count - 1] + group.count) }
    psuStarts = starts
    psus = entries.flatMap { $0.map(\.psu) }
    totals = entries.flatMap { $0.flatMap(\.totals) }
    links = later.map { ResidualStep.links(from: calibration, to: $0) }
  }

  /// Σ d x z for each pair of a domain and a group, row-major.
  func moments(of linearized: [Double], pairOfRow: [Int32], pairCount: Int) -> [Double] {
    var moments = [Double](repeating: 0, count: pairCount * auxiliaryCount)
    let margins = calibration.margins
    let width = auxiliaryCount
    moments.withUnsafeMutableBufferPointer { moments in
      linearized.withUnsafeBufferPointer { linearized in
        pairOfRow.withUnsafeBufferPointer { pairOfRow in
          calibration.entryWeights.withUnsafeBufferPointer { weights in
            calibration.columnsOfRow.withUnsafeBufferPointer { columns in
              for row in linearized.indices {
                let pair = Int(pairOfRow[row])
                if pair < 0 { continue }
                let weighted = weights[row] * linearized[row]
                for column in row * margins..<(row + 1) * margins {
                  moments[pair * width + Int(columns[column])] += weighted
                }
              }
            }
          }
        }
      }
    }
    return moments
  }

  private static func links(from step: CalibrationStep, to later: CalibrationStep) -> [Link] {
    let width = later.auxiliaryCount
    var products: [Int: [Double]] = [:]
    for row in step.groupOfRow.indices {
      let group = Int(step.groupOfRow[row])
      let laterGroup = Int(later.groupOfRow[row])
      guard group >= 0, laterGroup >= 0 else { continue }
      for first in row * step.margins..<(row + 1) * step.margins {
        for second in row * later.margins..<(row + 1) * later.margins {
          let cell = Int(step.columnsOfRow[first]) * width + Int(later.columnsOfRow[second])
          products[
            group * later.groupCount + laterGroup,
            default: [Double](repeating: 0, count: step.auxiliaryCount * width)
          ][cell] += step.entryWeights[row]
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
