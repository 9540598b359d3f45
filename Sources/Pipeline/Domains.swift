import CanvassEstimation
import CanvassSurvey

/// A partition of the rows and what its domains are called in the release.
struct LabelledPartition: Sendable {
  /// A domain's unit (nil: all respondents) and label (empty, or `sex=F`).
  struct Domain: Sendable {
    let unit: Int?
    let label: String
  }

  let partition: Partition
  let domains: [Domain]
}

/// Everything that is estimated is estimated over these: units, all respondents, and each breakdown
/// within units and over all.
enum Domains {
  /// The partitions of a table whose rows belong to `units`.
  ///
  /// A row without a value of a breakdown belongs to none of its domains.
  static func partitions(
    of table: Table, units: UnitAssignment, breakdowns: [String]
  ) throws(Diagnostic) -> [LabelledPartition] {
    let unitCount = units.units.count
    var partitions = [
      LabelledPartition(
        partition: Partition(id: "unit", domainOfRow: units.unitOfRow, domainCount: unitCount),
        domains: (0..<unitCount).map { .init(unit: $0, label: "") }),
      LabelledPartition(
        partition: Partition(
          id: "all", domainOfRow: [Int32](repeating: 0, count: table.rowCount), domainCount: 1),
        domains: [.init(unit: nil, label: "")]),
    ]
    for name in breakdowns {
      let (overAll, levels) = Partition.byLevels(of: try table.column(name))
      let count = levels.count
      let within = overAll.domainOfRow.enumerated().map { row, level in
        level < 0 ? -1 : units.unitOfRow[row] * Int32(count) + level
      }
      partitions.append(
        LabelledPartition(
          partition: Partition(
            id: "unit × \(name)", domainOfRow: within, domainCount: unitCount * count),
          domains: (0..<unitCount).flatMap { unit in
            levels.map { .init(unit: unit, label: "\(name)=\($0)") }
          }))
      partitions.append(
        LabelledPartition(
          partition: overAll, domains: levels.map { .init(unit: nil, label: "\(name)=\($0)") }))
    }
    return partitions
  }
}
