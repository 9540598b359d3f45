import CanvassSurvey
import CanvassWeighting

/// Rows that every replicate multiplies alike: of one primary sampling unit, one adjustment cell and one
/// domain of each partition. Whatever is summed, replicates need it only through sums over these.
struct ReplicateAtoms: Sendable {
  /// The atom of each row, −1 for a row without weight.
  let atomOfRow: [Int32]
  /// The first row of each atom, in order.
  let firstRow: [Int]
  /// The atoms of each combination of domains, in order: `combinationStarts[c] ..< combinationStarts[c + 1]`
  /// of `atoms`.
  let atoms: [Int32]
  let combinationStarts: [Int]
  /// The domain of each combination in each partition, row-major by combination; −1: in none.
  let domains: [Int32]

  /// - Parameter cellOfRow: rows of one PSU and one cell have the same factor in every replicate; nil: every
  ///   row may have its own.
  init(_ sample: WeightedSample, partitions: [Partition], cellOfRow: [Int32]?) {
    let weights = sample.weights
    var combination = [Int](repeating: 0, count: weights.count)
    for partition in partitions {
      combination = ReplicateAtoms.renumbered(
        zip(combination, partition.domainOfRow).map {
          $0 * (partition.domainCount + 1) + Int($1) + 1
        })
    }
    let combinationCount = (combination.max() ?? 0) + 1
    var atomOfRow = [Int32](repeating: -1, count: weights.count)
    var firstRow: [Int] = []
    for psu in 0..<sample.design.psuCount {
      var known: [Int: Int32] = [:]
      for row in sample.design.rows(of: psu) where weights[row] != 0 {
        let cell = cellOfRow.map { Int($0[row]) } ?? row
        let key = cell * combinationCount + combination[row]
        if let atom = known[key] {
          atomOfRow[row] = atom
        } else {
          atomOfRow[row] = Int32(firstRow.count)
          known[key] = Int32(firstRow.count)
          firstRow.append(row)
        }
      }
    }
    var starts = [Int](repeating: 0, count: combinationCount + 1)
    for row in firstRow { starts[combination[row] + 1] += 1 }
    for index in 0..<combinationCount { starts[index + 1] += starts[index] }
    var next = starts
    var atoms = [Int32](repeating: 0, count: firstRow.count)
    var domains = [Int32](repeating: -1, count: combinationCount * partitions.count)
    for (atom, row) in firstRow.enumerated() {
      atoms[next[combination[row]]] = Int32(atom)
      next[combination[row]] += 1
      for (index, partition) in partitions.enumerated() {
        domains[combination[row] * partitions.count + index] = partition.domainOfRow[row]
      }
    }
    self.atomOfRow = atomOfRow
    self.firstRow = firstRow
    self.atoms = atoms
    combinationStarts = starts
    self.domains = domains
  }

  /// Codes renumbered in the order of their first row.
  private static func renumbered(_ codes: [Int]) -> [Int] {
    var number: [Int: Int] = [:]
    return codes.map { code in
      if let known = number[code] { return known }
      number[code] = number.count
      return number.count - 1
    }
  }
}
