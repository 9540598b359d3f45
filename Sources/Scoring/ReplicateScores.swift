import CanvassEstimation
public import CanvassSurvey

extension ScoringPlan {
  /// The numbers of every node in the domains of several partitions in one replicate:
  /// `result[p][node · domains + domain]`, NaN where there is none.
  ///
  /// Ends, moments and weights that the units determine are found again. The first partition holds the units.
  ///
  /// - Parameters:
  ///   - counts: whether a unit's value counts in ends, moments and weights, as in the whole sample.
  ///   - value: a measure in a domain of a partition, NaN where nobody is left in it.
  /// - Throws: as `score(_:in:by:units:frame:)`.
  public func numbers(
    over domainCounts: [Int], units: IndexUnits,
    counts: @escaping (_ node: Int, _ unit: Int) -> Bool,
    value: @escaping (_ measure: Int, _ partition: Int, _ domain: Int) -> Double
  ) throws(Diagnostic) -> [[Double]] {
    var frame: ScoringFrame?
    var result: [[Double]] = []
    for (partition, domainCount) in domainCounts.enumerated() {
      let isOverUnits = partition == 0
      var pass = ScoringPass(
        tree: tree, units: units, domainCount: domainCount, frame: frame, knowsCovariances: true,
        counts: counts
      ) { node, domain in
        if let measure = measureOfNode[node] {
          let number = value(measure, partition, domain)
          return number.isFinite ? .constant(number) : nil
        }
        guard isOverUnits, let leaf = tree.nodes[node].leaf else { return nil }
        return leaf.tableValue(in: units.table, unit: domain).map { .constant($0) }
      }
      try pass.run()
      frame = pass.frame
      result.append(pass.cells.map { $0?.value ?? .nan })
    }
    return result
  }
}
