/// Degrees of freedom of replicate weights within domains: the rank of the weights of the rows that take part,
/// less 1 (R survey's `degf` of a subset).
///
/// Rows whose weights are proportional over all replicates, as those of one sampling unit are, add nothing to
/// each other's rank: they are one class, and a set of classes is ranked once.
public struct ReplicateDegrees: Sendable {
  /// Which classes of rows take part.
  public typealias Classes = Set<Int32>

  private let count: Int
  /// The class of each row, −1 for rows without weight in every replicate.
  private let classOfRow: [Int32]
  /// The replicates' weights of each class, summed over its rows.
  private let weightsOfClass: [[Double]]
  private var known: [Classes: Int] = [:]

  /// The classes of weights that came with the file.
  ///
  /// - Precondition: the replicates' method is `given`.
  public init(_ replicates: Replicates) {
    precondition(replicates.scheme.isByRow, "weights of rows have degrees of freedom of their own")
    count = replicates.count
    let weights = (0..<count).map { replicates.scheme.multipliers(of: $0) }
    var classOfRow = [Int32](repeating: -1, count: weights.first?.count ?? 0)
    var classes: [[Float]: Int32] = [:]
    var sums: [[Double]] = []
    for row in classOfRow.indices {
      let own = weights.map { $0[row] }
      let total = own.reduce(0, +)
      guard total > 0 else { continue }
      let profile = own.map { Float($0 / total) }
      if let number = classes[profile] {
        classOfRow[row] = number
        for replicate in own.indices { sums[Int(number)][replicate] += own[replicate] }
      } else {
        classOfRow[row] = Int32(sums.count)
        classes[profile] = Int32(sums.count)
        sums.append(own)
      }
    }
    self.classOfRow = classOfRow
    weightsOfClass = sums
  }

  /// The classes of the rows of each domain of a partition that are in `rows`.
  public func classes(of rows: RowSet, in partition: Partition) -> [Classes] {
    var result = [Classes](repeating: [], count: partition.domainCount)
    for row in classOfRow.indices
    where classOfRow[row] >= 0 && partition.domainOfRow[row] >= 0 && rows.contains(row) {
      result[Int(partition.domainOfRow[row])].insert(classOfRow[row])
    }
    return result
  }

  /// The rank of the weights of `classes` less 1; −1 without any.
  public mutating func degreesOfFreedom(of classes: Classes) -> Int {
    if let known = known[classes] { return known }
    let members = classes.sorted().map { weightsOfClass[Int($0)] }
    let degrees = Replicates.rank(count) { replicate in members.map { $0[replicate] } } - 1
    known[classes] = degrees
    return degrees
  }
}
