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
    let combinations = RowNumbers(partitions, rowCount: weights.count)
    let combination = combinations.ofRow
    let combinationCount = combinations.count
    var numbers = combinations
    if let cellOfRow {
      let cellCount = Int(cellOfRow.max() ?? 0) + 1
      numbers.divide(levels: cellCount) { Int(cellOfRow[$0]) }
    } else {
      numbers.divide(levels: weights.count) { $0 }
    }
    let design = sample.design
    let psuStarts = (0..<design.psuCount).map { design.rows(of: $0).lowerBound } + [weights.count]
    let (atomOfRow, firstRow) = numbers.apart(in: psuStarts) { weights[$0] != 0 }
    var starts = [Int](repeating: 0, count: combinationCount + 1)
    for row in firstRow { starts[Int(combination[row]) + 1] += 1 }
    for index in 0..<combinationCount { starts[index + 1] += starts[index] }
    var next = starts
    var atoms = [Int32](repeating: 0, count: firstRow.count)
    var domains = [Int32](repeating: -1, count: combinationCount * partitions.count)
    for (atom, row) in firstRow.enumerated() {
      let own = Int(combination[row])
      atoms[next[own]] = Int32(atom)
      next[own] += 1
      for (index, partition) in partitions.enumerated() {
        domains[own * partitions.count + index] = partition.domainOfRow[row]
      }
    }
    self.atomOfRow = atomOfRow
    self.firstRow = firstRow
    self.atoms = atoms
    combinationStarts = starts
    self.domains = domains
  }
}
