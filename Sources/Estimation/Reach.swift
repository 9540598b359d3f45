import CanvassSurvey
import CanvassWeighting

/// The sampling units that have a row of positive weight in a domain.
///
/// Only rules that ask where a domain is present need it: `average` over the strata that it reaches, and
/// lone units within domains.
public struct Reach: Sendable, Hashable {
  /// Whether each sampling unit of the design is reached.
  let isReached: [Bool]

  /// Whether any of `units` is reached.
  func contains(anyOf units: Range<Int>) -> Bool { isReached[units].contains(true) }
}

extension Estimator {
  /// The sampling units that a domain reaches with rows of positive weight; `rows` restricts them further.
  public func reach(of partition: Partition, domain: Int, rows: RowSet? = nil) -> Reach {
    var isReached = [Bool](repeating: false, count: sample.design.samplingUnitCount)
    for row in unitOfRow.indices
    where Int(partition.domainOfRow[row]) == domain && sample.weights[row] > 0
      && rows?.contains(row) ?? true
    {
      isReached[Int(unitOfRow[row])] = true
    }
    return Reach(isReached: isReached)
  }
}
