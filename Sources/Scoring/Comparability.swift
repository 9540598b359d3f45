public import CanvassSurvey

/// What a round says of its index: enough to tell which of its scores mean the same as another's.
public struct RoundDefinitions: Sendable, Hashable {
  /// The year of the round, where it is known.
  public var year: Int?
  /// The vintage of its units, where it is known.
  public var vintage: String?
  /// The definitions by node; empty where none are known, as with a table that somebody else published.
  public var nodes: [String: NodeDefinition]

  /// Definitions.
  public init(year: Int? = nil, vintage: String? = nil, nodes: [String: NodeDefinition] = [:]) {
    self.year = year
    self.vintage = vintage
    self.nodes = nodes
  }
}

/// How a node of this round stands to a former round.
public struct NodeComparability: Sendable, Hashable {
  /// What the node was called in the former round.
  public let former: String
  /// Properties that are not the same: name, value then, value now; nil for a property that was not there.
  public let differences: [Difference]
  /// Why the two scores may not be compared; nil where they may.
  public let obstacle: LocalizedText?

  /// A property that is not the same in both rounds.
  public struct Difference: Sendable, Hashable {
    /// The property.
    public let property: String
    /// Its value in the former round.
    public let before: String?
    /// Its value now.
    public let after: String?
  }
}

/// Which nodes of this round may be compared with a former one.
///
/// A node is comparable if its own definition is the same and all its parts are comparable. `sameAs`
/// declares a node to be a former one whatever the definitions say, where the former round has that one, and a node
/// whose name another one claims is new; `breakSince` declares the contrary, and it wins. A
/// node whose scale or weights the units of each round make (observed ends, z-scores, ranks) has another
/// yardstick in every round and is not comparable unless it is declared so. Where the former round's
/// definitions are not known only what is declared counts.
public struct Comparability: Sendable {
  private let current: RoundDefinitions
  private let former: RoundDefinitions
  /// The nodes that the former round has, where anything is known of them.
  private let formerNodes: Set<String>
  /// Which node of this round is declared to be a former one, by the former one.
  private let claimants: [String: String]
  /// By node of this round.
  public private(set) var nodes: [String: NodeComparability] = [:]

  /// Whether the former round's definitions are known.
  public var isChecked: Bool { !former.nodes.isEmpty }

  /// Compares two rounds, node by node.
  ///
  /// - Parameter scored: the nodes that the former round has numbers of, for one without definitions; empty
  ///   where they are not known either.
  public init(
    of current: RoundDefinitions, with former: RoundDefinitions, scored: Set<String> = []
  ) {
    self.current = current
    self.former = former
    let known = former.nodes.isEmpty ? scored : Set(former.nodes.keys)
    formerNodes = known
    var claimants: [String: String] = [:]
    for (node, definition) in current.nodes {
      guard let same = definition.sameAs, known.isEmpty || known.contains(same) else { continue }
      // Of two claims, which a structure cannot make, the first by name counts.
      claimants[same] = claimants[same].map { Column.precedes($0, node) ? $0 : node } ?? node
    }
    self.claimants = claimants
    for node in current.nodes.keys.sorted(by: Column.precedes) { _ = settle(node) }
  }

  private mutating func settle(_ node: String) -> NodeComparability {
    if let known = nodes[node] { return known }
    guard let definition = current.nodes[node] else {
      return NodeComparability(former: node, differences: [], obstacle: nil)
    }
    let name = formerName(node)
    let isDeclared = name == definition.sameAs
    var obstacle = declaredBreak(definition)
    if obstacle == nil, let claimant = claimants[node], claimant != node, !isDeclared {
      obstacle = LocalizedText(
        en: "not in the former round, where \(node) is what is \(claimant) now",
        vi: "không có trong vòng trước: \(node) khi đó nay là \(claimant)")
    }
    var differences: [NodeComparability.Difference] = []
    if isChecked {
      if let before = former.nodes[name] {
        differences = Self.differences(
          before.properties, definition.renamingParts { formerName($0) })
        if obstacle == nil, !isDeclared {
          obstacle = Self.obstacle(differences) ?? Self.yardstick(definition)
        }
      } else {
        obstacle =
          obstacle
          ?? LocalizedText(en: "not in the former round", vi: "không có trong vòng trước")
      }
    }
    for part in definition.parts {
      let below = settle(part)
      if obstacle == nil, !isDeclared, below.obstacle != nil {
        obstacle = LocalizedText(
          en: "its part \(part) is not comparable",
          vi: "thành phần \(part) không so sánh được")
      }
    }
    let result = NodeComparability(former: name, differences: differences, obstacle: obstacle)
    nodes[node] = result
    return result
  }

  /// What a node was called in the former round; a name that no former node has, where another one claims its own.
  private func formerName(_ node: String) -> String {
    if let same = current.nodes[node]?.sameAs, claimants[same] == node { return same }
    return claimants[node] == nil ? node : "\(node) (new)"
  }

  private func declaredBreak(_ definition: NodeDefinition) -> LocalizedText? {
    guard let since = definition.breakSince else { return nil }
    // A break lies between two rounds if it is after the earlier and not after the later one.
    if let then = former.year {
      if min(then, current.year ?? Int.max) >= since { return nil }
      if let now = current.year, max(then, now) < since { return nil }
    } else if let now = current.year, now < since {
      return nil
    }
    let reason = definition.breakReason.map { ": \($0)" } ?? ""
    return LocalizedText(
      en: "declared to be another since \(since)\(reason)",
      vi: "được khai báo là khác từ \(since)\(reason)")
  }

  private static func differences(
    _ before: [String: String], _ after: [String: String]
  ) -> [NodeComparability.Difference] {
    Set(before.keys).union(after.keys).sorted(by: Column.precedes).compactMap { property in
      // A codebook that says nothing of who is asked is no other questionnaire.
      if property == NodeDefinition.asked, before[property] == nil || after[property] == nil {
        return nil
      }
      return before[property] == after[property]
        ? nil
        : NodeComparability.Difference(
          property: property, before: before[property], after: after[property])
    }
  }

  private static func obstacle(_ differences: [NodeComparability.Difference]) -> LocalizedText? {
    guard !differences.isEmpty else { return nil }
    let list = differences.map { difference in
      "\(difference.property): \(difference.before ?? "–") → \(difference.after ?? "–")"
    }.joined(separator: "; ")
    return LocalizedText(
      en: "another definition (\(list))", vi: "định nghĩa khác (\(list))")
  }

  private static func yardstick(_ definition: NodeDefinition) -> LocalizedText? {
    guard definition.properties[NodeDefinition.yardstick] != nil else { return nil }
    return LocalizedText(
      en: "measured against the units of each round, so that the yardstick changes with them",
      vi: "được đo theo các đơn vị của từng vòng nên thước đo thay đổi theo")
  }
}
