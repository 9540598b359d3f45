/// Cronbach's α of columns over the same units.
public enum CronbachAlpha {
  /// k/(k − 1) · (1 − Σ variances / Σ covariances); nil for fewer than two columns or units, or no variation.
  public static func ofCovariances(_ columns: [[Double]]) -> Double? {
    guard let units = columns.first?.count, units > 1, columns.count > 1 else { return nil }
    let k = Double(columns.count)
    func squares(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(units)
      return values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    // The sum of all covariances is the variance of the sum of columns.
    let whole = squares((0..<units).map { unit in columns.reduce(0.0) { $0 + $1[unit] } })
    guard whole > 0 else { return nil }
    return k / (k - 1) * (1 - columns.reduce(0.0) { $0 + squares($1) } / whole)
  }

  /// The same of standardized columns: of their correlations.
  public static func ofCorrelations(_ columns: [[Double]]) -> Double? {
    guard columns.count > 1 else { return nil }
    let k = Double(columns.count)
    var sum = k
    for i in columns.indices {
      for j in 0..<i {
        guard let r = Correlation.pearson.of(columns[i], columns[j]) else { return nil }
        sum += 2 * r
      }
    }
    return sum > 0 ? k / (k - 1) * (1 - k / sum) : nil
  }
}

/// Whether the parts of an index belong together, over the published units.
public enum Coherence {
  /// One finding.
  public struct Finding: Sendable, Hashable {
    /// What is measured.
    public enum Statistic: String, Sendable, CaseIterable, Hashable {
      /// Cronbach's α of a node's parts.
      case alpha
      /// The share of its parts' variance on their first principal component.
      case firstComponentShare = "first_component_share"
      /// The correlation of two parts of one node.
      case within
      /// The correlation of a part with the node it belongs to, or with one beside it.
      case across
    }
    /// What to look at.
    public enum Flag: String, Sendable, CaseIterable, Hashable {
      /// A correlation below −0.4: the parts offset each other.
      case negative
      /// A correlation between parts below 0.3.
      case weak
      /// A correlation between parts above 0.92: the parts say the same.
      case redundant
      /// α below 0.7.
      case low
      /// A part that correlates more with another node than with its own.
      case elsewhere
    }

    /// What is measured.
    public var statistic: Statistic
    /// Index of the node whose parts are looked at.
    public var node: Int
    /// Index of a part.
    public var part: Int?
    /// Index of the other part, or of the node it is compared with.
    public var other: Int?
    /// `pearson`, `spearman`, `kendall`; for α `covariances` or `correlations`; for components `correlations`.
    public var method: String
    /// The value.
    public var value: Double
    /// Units that have all the numbers it needs.
    public var units: Int
    /// What to look at, or nil.
    public var flag: Flag?
  }

  /// Everything about every node with at least two parts, from `score(node, unit)` of published units.
  ///
  /// Thresholds are those of the OECD/JRC Handbook's practice as COINr has them (−0.4, 0.3, 0.92).
  public static func findings(
    _ tree: IndexTree, unitCount: Int, score: (_ node: Int, _ unit: Int) -> Double?
  ) -> [Finding] {
    let scores = tree.nodes.indices.map { node in (0..<unitCount).map { score(node, $0) } }
    func complete(_ nodes: [Int]) -> [[Double]] {
      let units = (0..<unitCount).filter { unit in nodes.allSatisfy { scores[$0][unit] != nil } }
      return nodes.map { node in units.compactMap { scores[node][$0] } }
    }
    var findings: [Finding] = []
    for node in tree.nodes.indices where tree.parts[node].count > 1 {
      let parts = tree.parts[node].map(\.node)
      findings += whole(node, complete(parts))
      for (position, part) in parts.enumerated() {
        for other in parts[..<position] {
          let columns = complete([part, other])
          for method in Correlation.allCases {
            guard let r = method.of(columns[0], columns[1]) else { continue }
            let flag: Finding.Flag? =
              r < -0.4 ? .negative : r < 0.3 ? .weak : r > 0.92 ? .redundant : nil
            findings.append(
              Finding(
                statistic: .within, node: node, part: part, other: other,
                method: method.rawValue, value: r, units: columns[0].count, flag: flag))
          }
        }
      }
      findings += across(node, parts, beside: tree.nodesBeside(node), complete)
    }
    return findings
  }

  private static func whole(_ node: Int, _ columns: [[Double]]) -> [Finding] {
    var findings: [Finding] = []
    let units = columns[0].count
    for (method, alpha) in [
      ("covariances", CronbachAlpha.ofCovariances(columns)),
      ("correlations", CronbachAlpha.ofCorrelations(columns)),
    ] {
      guard let alpha else { continue }
      findings.append(
        Finding(
          statistic: .alpha, node: node, method: method, value: alpha, units: units,
          flag: alpha < 0.7 ? .low : nil))
    }
    if let share = PrincipalComponents(columns)?.shares.first {
      findings.append(
        Finding(
          statistic: .firstComponentShare, node: node, method: "correlations", value: share,
          units: units))
    }
    return findings
  }

  /// Each part against its own node and those beside it.
  private static func across(
    _ node: Int, _ parts: [Int], beside others: [Int], _ complete: ([Int]) -> [[Double]]
  ) -> [Finding] {
    guard !others.isEmpty else { return [] }
    var findings: [Finding] = []
    for part in parts {
      for method in Correlation.allCases {
        func correlation(_ other: Int) -> (value: Double, units: Int)? {
          let columns = complete([part, other])
          return method.of(columns[0], columns[1]).map { ($0, columns[0].count) }
        }
        let own = correlation(node)
        for other in [node] + others {
          guard let found = correlation(other) else { continue }
          let isElsewhere = other != node && found.value > own?.value ?? .infinity
          findings.append(
            Finding(
              statistic: .across, node: node, part: part, other: other,
              method: method.rawValue, value: found.value, units: found.units,
              flag: isElsewhere ? .elsewhere : found.value < -0.4 ? .negative : nil))
        }
      }
    }
    return findings
  }
}

extension IndexTree {
  /// The other nodes with parts below the same node, in listing order.
  func nodesBeside(_ node: Int) -> [Int] {
    let parents = Set(nodes[node].memberships.compactMap { index(of: $0.parent) })
    return nodes.indices.filter { other in
      other != node && nodes[other].leaf == nil
        && parents.contains { parent in parts[parent].contains { $0.node == other } }
    }
  }
}
