public import CanvassScoring

/// `coherence.csv`: whether the parts of the index belong together, over the published units.
public enum CoherenceFile {
  /// Its columns.
  public static let header = "statistic,node,part,other,method,value,units,flag"

  /// Findings over the units that `rows` publish, whole units alone.
  public static func findings(_ tree: IndexTree, _ rows: ReleasedRows) -> [Coherence.Finding] {
    var units: [String: Int] = [:]
    var scores: [[Int]: Double] = [:]
    for row in rows.scores where row.isUnit && row.domain.isEmpty {
      let unit = units[row.unit] ?? units.count
      units[row.unit] = unit
      guard let score = row.score, let node = tree.index(of: row.node) else { continue }
      scores[[node, unit]] = score
    }
    return Coherence.findings(tree, unitCount: units.count) { scores[[$0, $1]] }
  }

  /// The file's bytes.
  public static func bytes(_ findings: [Coherence.Finding], _ tree: IndexTree) -> [UInt8] {
    var file = CommaSeparated(header: header, expectedLines: findings.count)
    func name(_ node: Int?) -> String { node.map { tree.nodes[$0].id } ?? "" }
    for finding in findings {
      file.add(finding.statistic.rawValue)
      file.add(name(finding.node))
      file.add(name(finding.part))
      file.add(name(finding.other))
      file.add(finding.method)
      file.add(finding.value)
      file.add(finding.units)
      file.add(finding.flag?.rawValue ?? "")
      file.endLine()
    }
    return file.bytes
  }

  /// What the report says of each node: α and the first component's share, and how many pairs to look at.
  public static func account(
    _ findings: [Coherence.Finding], _ tree: IndexTree
  ) -> [CoherenceAccount] {
    var accounts: [CoherenceAccount] = []
    for (index, node) in tree.nodes.enumerated() {
      let here = findings.filter { $0.node == index }
      func value(_ statistic: Coherence.Finding.Statistic, _ method: String) -> Double? {
        here.first { $0.statistic == statistic && $0.method == method }?.value
      }
      guard let first = here.first else { continue }
      accounts.append(
        CoherenceAccount(
          node: ReportNode(id: node.id, title: node.title), units: first.units,
          alpha: value(.alpha, "correlations"),
          firstComponentShare: value(.firstComponentShare, "correlations"),
          flaggedPairs: here.count {
            $0.flag != nil && $0.method == "pearson" && $0.statistic == .within
          },
          partsElsewhere: Set(
            here.filter { $0.flag == .elsewhere && $0.method == "pearson" }.map(\.part)
          ).count))
    }
    return accounts
  }
}

/// The coherence of one node, for the report.
public struct CoherenceAccount: Sendable, Hashable {
  /// The node whose parts are looked at.
  public var node: ReportNode
  /// Units with all its parts.
  public var units: Int
  /// Cronbach's α of the standardized parts.
  public var alpha: Double?
  /// The share of their variance on the first principal component.
  public var firstComponentShare: Double?
  /// Pairs of parts whose correlation is negative, weak or redundant.
  public var flaggedPairs: Int
  /// Parts that correlate more with another node.
  public var partsElsewhere: Int
}
