public import CanvassCompute
public import CanvassSurvey
import CanvassWeighting

/// Every measure in every domain of every partition, in each replicate.
public struct ReplicateEstimates: Sendable {
  /// Number of replicates.
  public let count: Int
  /// Values of replicate r from `r · valueCount` on: partition by partition, domain within measure.
  /// NaN where nobody is left in the domain, and in domains of emptied groups.
  public let values: [Double]
  /// Number of values of a replicate.
  public let valueCount: Int
  /// Groups whose weighting had no solution in some replicates.
  public let failures: ReplicateFailures
  private let measureCount: Int
  private let domainCounts: [Int]

  init(
    count: Int, values: [Double], measureCount: Int, domainCounts: [Int],
    failures: ReplicateFailures, partitions: [Partition], sample: WeightedSample
  ) {
    self.count = count
    self.measureCount = measureCount
    self.domainCounts = domainCounts
    self.failures = failures
    let valueCount = measureCount * domainCounts.reduce(0, +)
    self.valueCount = valueCount
    var values = values
    var first = 0
    for partition in partitions {
      let emptied = failures.emptied(partition, of: sample)
      for domain in emptied.indices where emptied[domain] {
        for measure in 0..<measureCount {
          let place = first + measure * partition.domainCount + domain
          for replicate in 0..<count { values[replicate * valueCount + place] = .nan }
        }
      }
      first += measureCount * partition.domainCount
    }
    self.values = values
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
  /// Sums are taken over the rows once; a replicate then costs the weighting of what rows have in common and
  /// dense algebra over it. The bytes do not depend on `workers`.
  ///
  /// - Throws: as `estimate(_:over:workers:)`.
  public func replicateEstimates(
    _ measures: [Measure], over partitions: [Partition], _ replicates: Replicates, workers: Workers
  ) throws(Diagnostic) -> ReplicateEstimates {
    let replay = replicates.reweights ? CondensedReplay(sample) : nil
    let sums = try ReplicateSums(
      measures, of: sample, partitions: partitions,
      cellOfRow: replay?.classOfRow ?? [Int32](repeating: 0, count: sample.weights.count),
      isByRow: replicates.scheme.isByRow, workers: workers)
    let block = ReplicateSums.blockSize
    let blocks = try workers.diagnosing((replicates.count + block - 1) / block) { index in
      let range = index * block..<min(replicates.count, (index + 1) * block)
      let (factors, unsolved) = self.factors(of: range, replicates, sums.atoms, replay)
      return (sums.values(factors, replicates: range.count), unsolved)
    }
    return ReplicateEstimates(
      count: replicates.count, values: blocks.flatMap(\.0), measureCount: measures.count,
      domainCounts: sums.domainCounts,
      failures: ReplicateFailures(blocks.flatMap(\.1), replicates: replicates.count),
      partitions: partitions, sample: sample)
  }

  /// The factor of each atom in a block of replicates, `atom · blockSize + replicate`.
  private func factors(
    of range: Range<Int>, _ replicates: Replicates, _ atoms: ReplicateAtoms,
    _ replay: CondensedReplay?
  ) -> (factors: [Double], unsolved: [Reweighting.Unsolved]) {
    let block = ReplicateSums.blockSize
    var factors = [Double](repeating: 0, count: atoms.firstRow.count * block)
    var unsolved: [Reweighting.Unsolved] = []
    // Where the numbers of a replicate are found for each atom: by row, class or PSU.
    let source: [Int] =
      if replicates.scheme.isByRow {
        atoms.firstRow
      } else if let replay {
        atoms.firstRow.map { Int(replay.classOfRow[$0]) }
      } else {
        atoms.firstRow.map { Int(sample.design.psuOfSamplingUnit[Int(unitOfRow[$0])]) }
      }
    for (lane, replicate) in range.enumerated() {
      var numbers = replicates.scheme.multipliers(of: replicate)
      if let replay {
        let found = replay.factors(for: numbers)
        numbers = found.factors
        unsolved += found.unsolved
      }
      for (atom, place) in source.enumerated() { factors[atom * block + lane] = numbers[place] }
    }
    return (factors, unsolved)
  }
}
