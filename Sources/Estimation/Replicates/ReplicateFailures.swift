public import CanvassWeighting

/// Groups of weighting steps that had no solution in some replicates.
///
/// In such a replicate the group kept the weights that entered the step, scaled to its total. A group with
/// more than one such replicate in twenty has no replicate results at all.
public struct ReplicateFailures: Sendable, Hashable {
  /// A group and the number of replicates in which it had no solution.
  public struct Group: Sendable, Hashable {
    /// The step's number, the base weight's being 0.
    public let step: Int
    /// The group's number within the step.
    public let group: Int
    /// What it is called: `province=12`, or `the sample`.
    public let name: String
    /// Replicates without solution.
    public let count: Int
    /// Whether the group's results are emptied.
    public let isEmptied: Bool
  }

  /// The groups, by step and number.
  public let groups: [Group]

  init(_ unsolved: [Reweighting.Unsolved], replicates: Int) {
    var counts: [Reweighting.Unsolved: Int] = [:]
    for one in unsolved { counts[one, default: 0] += 1 }
    groups =
      counts
      .map { one, count in
        Group(
          step: one.step, group: one.group, name: one.name, count: count,
          isEmptied: Double(count) > 0.05 * Double(replicates))
      }
      .sorted { ($0.step, $0.group) < ($1.step, $1.group) }
  }

  /// Whether each domain of a partition has a weighted row in an emptied group.
  public func emptied(_ partition: Partition, of sample: WeightedSample) -> [Bool] {
    var result = [Bool](repeating: false, count: partition.domainCount)
    for group in groups where group.isEmptied {
      let groupOfRow = sample.groups(ofStep: group.step)
      for row in groupOfRow.indices
      where Int(groupOfRow[row]) == group.group && sample.weights[row] != 0 {
        let domain = Int(partition.domainOfRow[row])
        if domain >= 0 { result[domain] = true }
      }
    }
    return result
  }
}
