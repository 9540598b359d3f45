public import CanvassCompute
public import CanvassSurvey
import CanvassWeighting

/// Every measure in every domain of every partition, in each replicate.
public struct ReplicateEstimates: Sendable {
  /// Number of replicates.
  public let count: Int
  /// Values of replicate r from `r · valueCount` on: partition by partition, domain within measure.
  /// NaN where nobody is left in the domain.
  public let values: [Double]
  /// Number of values of a replicate.
  public let valueCount: Int
  private let measureCount: Int
  private let domainCounts: [Int]

  init(count: Int, values: [Double], measureCount: Int, domainCounts: [Int]) {
    self.count = count
    self.values = values
    self.measureCount = measureCount
    self.domainCounts = domainCounts
    valueCount = measureCount * domainCounts.reduce(0, +)
  }

  /// Where a value stands within a replicate.
  public func place(measure: Int, partition: Int, domain: Int) -> Int {
    domainCounts[..<partition].reduce(0, +) * measureCount + measure * domainCounts[partition]
      + domain
  }

  /// One measure in one domain, over the replicates.
  public func values(measure: Int, partition: Int = 0, domain: Int) -> [Double] {
    let place = place(measure: measure, partition: partition, domain: domain)
    return (0..<count).map { values[$0 * valueCount + place] }
  }
}

extension Estimator {
  /// Estimates every measure in every domain of every partition in all replicates at once.
  ///
  /// Sums are taken over the rows once; a replicate then costs dense algebra over what rows have in common.
  /// The bytes do not depend on `workers`.
  ///
  /// - Throws: as `estimate(_:over:workers:)`.
  public func replicateEstimates(
    _ measures: [Measure], over partitions: [Partition], _ replicates: Replicates, workers: Workers
  ) throws(Diagnostic) -> ReplicateEstimates {
    let sums = try ReplicateSums(
      measures, of: sample, partitions: partitions,
      cellOfRow: [Int32](repeating: 0, count: sample.weights.count),
      isByRow: replicates.scheme.isByRow, workers: workers)
    let block = ReplicateSums.blockSize
    let blocks = try workers.diagnosing((replicates.count + block - 1) / block) { index in
      let range = index * block..<min(replicates.count, (index + 1) * block)
      return sums.values(self.factors(of: range, replicates, sums.atoms), replicates: range.count)
    }
    return ReplicateEstimates(
      count: replicates.count, values: blocks.flatMap { $0 }, measureCount: measures.count,
      domainCounts: sums.domainCounts)
  }

  /// The factor of each atom in a block of replicates.
  private func factors(
    of range: Range<Int>, _ replicates: Replicates, _ atoms: ReplicateAtoms
  ) -> [Double] {
    let block = ReplicateSums.blockSize
    var factors = [Double](repeating: 0, count: atoms.firstRow.count * block)
    for (lane, replicate) in range.enumerated() {
      let multipliers = replicates.scheme.multipliers(of: replicate)
      for (atom, row) in atoms.firstRow.enumerated() {
        factors[atom * block + lane] =
          replicates.scheme.isByRow
          ? multipliers[row]
          : multipliers[Int(sample.design.psuOfSamplingUnit[Int(unitOfRow[row])])]
      }
    }
    return factors
  }
}
