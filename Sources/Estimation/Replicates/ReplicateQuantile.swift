import CanvassSurvey
import CanvassWeighting

/// The values of every domain in order, ready to be weighted anew: a quantile in a replicate is one walk over them.
struct ReplicateQuantile: Sendable {
  /// One domain's rows, by value.
  private struct Sorted: Sendable {
    var values: [Double] = []
    var weights: [Double] = []
    var atoms: [Int32] = []
  }

  private let definition: QuantileDefinition
  /// By domain, one partition after another.
  private let domains: [Sorted]

  init(
    _ y: [Double], _ definition: QuantileDefinition, _ sample: WeightedSample,
    _ atoms: ReplicateAtoms, _ partitions: [Partition], isByRow: Bool
  ) {
    self.definition = definition
    let order = y.indices.filter { !y[$0].isNaN }.sorted {
      y[$0] == y[$1] ? $0 < $1 : y[$0] < y[$1]
    }
    var domains: [Sorted] = []
    for partition in partitions {
      let first = domains.count
      domains += [Sorted](repeating: Sorted(), count: partition.domainCount)
      for row in order where partition.domainOfRow[row] >= 0 {
        let domain = first + Int(partition.domainOfRow[row])
        domains[domain].values.append(y[row])
        domains[domain].weights.append(isByRow ? 1 : sample.weights[row])
        domains[domain].atoms.append(atoms.atomOfRow[row])
      }
    }
    self.domains = domains
  }

  /// The quantile in a domain with the factors of one replicate; NaN where no weight is left.
  func value(_ factors: [Double], replicate: Int, domain: Int) -> Double {
    let sorted = domains[domain]
    var values: [Double] = []
    var weights: [Double] = []
    values.reserveCapacity(sorted.values.count)
    weights.reserveCapacity(sorted.values.count)
    for index in sorted.values.indices {
      let factor = factors[Int(sorted.atoms[index]) * ReplicateSums.blockSize + replicate]
      let weight = sorted.weights[index] * factor
      guard weight > 0 else { continue }
      values.append(sorted.values[index])
      weights.append(weight)
    }
    return WeightedValues(ascending: values, weights: weights)
      .quantile(definition.probability, definition.rule) ?? .nan
  }
}
