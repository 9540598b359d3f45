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

/// A few replicates: every measure in every domain of every partition.
public struct ReplicateBlock: Sendable {
  /// Their numbers.
  public let replicates: Range<Int>
  let values: [Double]
  private let measureCount: Int
  private let domainCounts: [Int]

  init(replicates: Range<Int>, values: [Double], measureCount: Int, domainCounts: [Int]) {
    self.replicates = replicates
    self.values = values
    self.measureCount = measureCount
    self.domainCounts = domainCounts
  }

  /// One measure in one domain of one replicate; NaN where nobody is left in it.
  public func value(_ replicate: Int, measure: Int, partition: Int, domain: Int) -> Double {
    var place = measure * domainCounts[partition] + domain
    var domains = 0
    for (index, count) in domainCounts.enumerated() {
      if index < partition { place += count * measureCount }
      domains += count
    }
    return values[(replicate - replicates.lowerBound) * domains * measureCount + place]
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
    var values: [Double] = []
    let failures = try mapReplicates(
      measures, over: partitions, replicates, workers: workers
    ) { block in
      block.values
    } collect: { block in
      values += block
    }
    return ReplicateEstimates(
      count: replicates.count, values: values, measureCount: measures.count,
      domainCounts: partitions.map(\.domainCount), failures: failures, partitions: partitions,
      sample: sample)
  }

  /// Makes something of every block of replicates, on the workers, and collects it in the blocks' order.
  ///
  /// Few blocks are held at a time, however many replicates there are. Values of domains in emptied groups
  /// are left as they are: only all replicates together tell which groups those are.
  ///
  /// - Throws: as `estimate(_:over:workers:)`, and what `body` throws.
  public func mapReplicates<Output: Sendable>(
    _ measures: [Measure], over partitions: [Partition], _ replicates: Replicates,
    workers: Workers,
    _ body: @escaping @Sendable (ReplicateBlock) throws(Diagnostic) -> Output,
    collect: (Output) -> Void
  ) throws(Diagnostic) -> ReplicateFailures {
    let replay = replicates.reweights ? CondensedReplay(sample) : nil
    let sums = try ReplicateSums(
      measures, of: sample, partitions: partitions,
      cellOfRow: replay?.classOfRow ?? [Int32](repeating: 0, count: sample.weights.count),
      isByRow: replicates.scheme.isByRow, workers: workers)
    let block = ReplicateSums.blockSize
    let blockCount = (replicates.count + block - 1) / block
    var unsolved: [Reweighting.Unsolved] = []
    for first in stride(from: 0, to: blockCount, by: 8) {
      let outputs = try workers.diagnosing(min(8, blockCount - first)) { index throws(Diagnostic) in
        let start = (first + index) * block
        let range = start..<min(replicates.count, start + block)
        let (factors, unsolved) = self.factors(of: range, replicates, sums.atoms, replay)
        let values = sums.values(factors, replicates: range.count)
        return (
          try body(
            ReplicateBlock(
              replicates: range, values: values, measureCount: measures.count,
              domainCounts: sums.domainCounts)), unsolved
        )
      }
      for output in outputs {
        collect(output.0)
        unsolved += output.1
      }
    }
    return ReplicateFailures(unsolved, replicates: replicates.count)
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
