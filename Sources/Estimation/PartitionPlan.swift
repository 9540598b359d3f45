import CanvassSurvey
import CanvassWeighting

/// What every measure needs to know of one partition: where each domain's numbers go.
struct PartitionPlan: Sendable {
  /// A domain within one calibration: which groups its atoms fall into.
  struct Step: Sendable {
    /// The pair of domain and group of each atom, −1 where it has none.
    let pairOfAtom: [Int32]
    /// The groups of the pairs, by domain in order.
    let groups: [Int]
    /// The pairs of each domain: `pairStarts[domain] ..< pairStarts[domain + 1]`.
    let pairStarts: [Int]
  }

  let partition: Partition
  let atoms: RowAtoms
  /// The domain of each atom, −1: in none.
  let domainOfAtom: [Int32]
  /// The first sampling unit of each domain's influence.
  let firstUnit: [Int]
  /// Where each domain's sampling units begin in a flat buffer, and its length at the end.
  let offsets: [Int]
  let steps: [Step]

  /// The plan of a partition: domains reach over the sampling units of their rows and of the calibration groups
  /// that those rows belong to.
  init(_ partition: Partition, _ atoms: RowAtoms, of estimator: Estimator) {
    let domainOfAtom = atoms.firstRow.map { partition.domainOfRow[$0] }
    let domainCount = partition.domainCount
    var first = [Int](repeating: .max, count: domainCount)
    var last = [Int](repeating: -1, count: domainCount)
    for (atom, domain) in domainOfAtom.enumerated() where domain >= 0 {
      let unit = Int(atoms.unitOfAtom[atom])
      first[Int(domain)] = min(first[Int(domain)], unit)
      last[Int(domain)] = max(last[Int(domain)], unit)
    }
    let residual = estimator.residualization.steps
    var steps: [Step] = []
    var touched = [[Set<Int>]](
      repeating: [Set<Int>](repeating: [], count: domainCount), count: residual.count)
    for (index, step) in residual.enumerated() {
      let groupCount = step.calibration.groupCount
      let codes = domainOfAtom.indices.map { atom in
        let group = Int(step.calibration.groupOfRow[atoms.firstRow[atom]])
        return domainOfAtom[atom] < 0 || group < 0
          ? -1 : Int(domainOfAtom[atom]) * groupCount + group
      }
      let distinct = Set(codes).subtracting([-1]).sorted()
      var number: [Int: Int32] = [-1: -1]
      var starts = [Int](repeating: 0, count: domainCount + 1)
      for (pair, code) in distinct.enumerated() {
        number[code] = Int32(pair)
        starts[code / groupCount + 1] += 1
        touched[index][code / groupCount].insert(code % groupCount)
      }
      for domain in 0..<domainCount { starts[domain + 1] += starts[domain] }
      steps.append(
        Step(
          pairOfAtom: codes.map { number[$0] ?? -1 }, groups: distinct.map { $0 % groupCount },
          pairStarts: starts))
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
    self.atoms = atoms
    self.domainOfAtom = domainOfAtom
    firstUnit = first
    self.offsets = offsets
    self.steps = steps
  }
}
