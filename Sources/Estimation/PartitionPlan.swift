import CanvassSurvey
import CanvassWeighting

/// What every measure needs to know of one partition: where each domain's numbers go.
struct PartitionPlan: Sendable {
  /// A domain within one calibration: which groups its rows fall into.
  struct Step: Sendable {
    /// The pair of domain and group of each row, −1 where it has none.
    let pairOfRow: [Int32]
    /// The groups of the pairs, by domain in order.
    let groups: [Int]
    /// The pairs of each domain: `pairStarts[domain] ..< pairStarts[domain + 1]`.
    let pairStarts: [Int]
  }

  let partition: Partition
  /// The first sampling unit of each domain's influence.
  let firstUnit: [Int]
  /// Where each domain's sampling units begin in a flat buffer, and its length at the end.
  let offsets: [Int]
  let steps: [Step]

  /// The plan of a partition: domains reach over the sampling units of their rows and of the calibration groups
  /// that those rows belong to.
  init(_ partition: Partition, of estimator: Estimator) {
    let weights = estimator.sample.weights
    precondition(
      partition.domainOfRow.count == weights.count, "a partition covers the rows of the sample")
    let domainCount = partition.domainCount
    var first = [Int](repeating: .max, count: domainCount)
    var last = [Int](repeating: -1, count: domainCount)
    for row in weights.indices where weights[row] != 0 {
      let domain = Int(partition.domainOfRow[row])
      guard domain >= 0 else { continue }
      let unit = Int(estimator.unitOfRow[row])
      first[domain] = min(first[domain], unit)
      last[domain] = max(last[domain], unit)
    }
    let residual = estimator.residualization.steps
    var steps: [Step] = []
    var touched = [[Set<Int>]](
      repeating: [Set<Int>](repeating: [], count: domainCount), count: residual.count)
    for (index, step) in residual.enumerated() {
      let groupCount = step.calibration.groupCount
      var codes = [Int](repeating: -1, count: weights.count)
      for row in weights.indices where weights[row] != 0 {
        let domain = Int(partition.domainOfRow[row])
        let group = Int(step.calibration.groupOfRow[row])
        guard domain >= 0, group >= 0 else { continue }
        codes[row] = domain * groupCount + group
      }
      let distinct = PartitionPlan.distinct(codes)
      var number: [Int: Int32] = [:]
      var starts = [Int](repeating: 0, count: domainCount + 1)
      for (pair, code) in distinct.enumerated() {
        number[code] = Int32(pair)
        starts[code / groupCount + 1] += 1
        touched[index][code / groupCount].insert(code % groupCount)
      }
      for domain in 0..<domainCount { starts[domain + 1] += starts[domain] }
      var lastCode = -1
      var lastPair: Int32 = -1
      let pairOfRow = codes.map { code in
        if code != lastCode {
          lastCode = code
          lastPair = number[code] ?? -1
        }
        return lastPair
      }
      steps.append(
        Step(pairOfRow: pairOfRow, groups: distinct.map { $0 % groupCount }, pairStarts: starts))
    }
    // A later step reaches into the groups of earlier ones that share rows with it.
    for index in residual.indices.reversed() {
      for (later, links) in zip(residual.indices[(index + 1)...], residual[index].links) {
        for link in links {
          for domain in 0..<domainCount where touched[later][domain].contains(link.laterGroup) {
            touched[index][domain].insert(link.group)
          }
        }
      }
      for domain in 0..<domainCount {
        for group in touched[index][domain] {
          let range = residual[index].unitStarts[group]..<residual[index].unitStarts[group + 1]
          guard let low = range.first, let high = range.last else { continue }
          first[domain] = min(first[domain], Int(residual[index].units[low]))
          last[domain] = max(last[domain], Int(residual[index].units[high]))
        }
      }
    }
    var offsets = [0]
    for domain in 0..<domainCount {
      if last[domain] < 0 { first[domain] = 0 }
      offsets.append(offsets[domain] + max(0, last[domain] - first[domain] + 1))
    }
    self.partition = partition
    firstUnit = first
    self.offsets = offsets
    self.steps = steps
  }

  private static func distinct(_ codes: [Int]) -> [Int] {
    var seen = Set<Int>()
    var last = -1
    for code in codes where code >= 0 && code != last {
      seen.insert(code)
      last = code
    }
    return seen.sorted()
  }
}
