/// The order of lines in a release: whole units, units by domain, national numbers.
enum RowOrder {
  /// A sort key for each row, from its (is a unit, unit, domain, node).
  ///
  /// Units, domains and nodes count in the order of their first appearance, the whole (empty) domain
  /// first.
  static func keys(
    _ rows: [(isUnit: Bool, unit: String, domain: String, node: String)]
  ) -> [[Int]] {
    var units = FirstAppearance()
    var domains = FirstAppearance()
    var nodes = FirstAppearance()
    _ = domains.position("")
    return rows.map { row in
      let domain = domains.position(row.domain)
      let part = row.isUnit ? (domain == 0 ? 0 : 1) : 2
      return [part, domain, units.position(row.unit), nodes.position(row.node)]
    }
  }

  /// The rows by their keys; rows with equal keys keep their order.
  static func sorted<Row>(_ rows: [Row], by keys: [[Int]]) -> [Row] {
    rows.indices.sorted { first, second in
      for (a, b) in zip(keys[first], keys[second]) where a != b { return a < b }
      return first < second
    }.map { rows[$0] }
  }
}

/// Numbers names in the order in which they first come.
private struct FirstAppearance {
  private var positions: [String: Int] = [:]

  mutating func position(_ name: String) -> Int {
    if let known = positions[name] { return known }
    positions[name] = positions.count
    return positions.count - 1
  }
}

extension IndicatorRow {
  /// Whether the row is a national number; the prefix is reserved for them.
  var isNational: Bool { unit.hasPrefix(NationalNumber.prefix) }
}
