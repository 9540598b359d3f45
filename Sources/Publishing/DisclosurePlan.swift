import CanvassSurvey

/// A number of the release: one node in one domain of one unit, on whichever scale and in whichever file.
struct ReleaseCell: Hashable {
  let unit: String
  let domain: String
  let node: String
}

/// Which cells are confidential, by themselves or because another one would follow from them.
///
/// Relations between cells are those that a reader of the release can compute: a node and its scored
/// parts, a whole unit and the levels of a breakdown, all respondents and the units.
struct DisclosurePlan {
  /// Confidential by itself: a sensitive cell that rests on too few, a sensitive share at an end of its
  /// scale, a number whose difference from the former release rests on too few, a decision.
  private(set) var primary: Set<ReleaseCell> = []
  /// Withheld so that nothing of `primary` follows from what is published.
  private(set) var complementary: Set<ReleaseCell> = []
  /// Relations among the cells.
  private(set) var relationCount = 0

  /// The plan for rows that have passed the rules of single cells.
  ///
  /// - Throws: `disclosure` where a confidential number follows from what is left whatever is withheld.
  init(
    scores: [ScoreRow], statuses: [ReleaseCell: CellStatus], rules: GateRules,
    former: FormerCells
  ) throws(Diagnostic) {
    guard rules.hasSecrets else { return }
    // Cells in one order, whatever the order of the rows.
    var counts: [ReleaseCell: Int] = [:]
    for row in scores where row.isUnit || row.unit == NationalNumber.survey.rawValue {
      counts[row.cell] = row.respondents ?? 0
    }
    let cells = counts.keys.sorted { first, second in
      (first.unit, first.domain, first.node) < (second.unit, second.domain, second.node)
    }
    let numbers = Dictionary(
      cells.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    var hidden: Set<Int> = []
    var secret: Set<Int> = []
    var absent: Set<Int> = []
    var shown: Set<Int> = []
    for (index, cell) in cells.enumerated() {
      let status = statuses[cell] ?? .ok
      if former.shows(cell) { shown.insert(index) }
      if status.isConfidential {
        primary.insert(cell)
        secret.insert(index)
      } else if status.hasHiddenNumber {
        hidden.insert(index)
      } else if !status.allowsNumber {
        absent.insert(index)
      }
    }
    if secret.isEmpty { return }
    let relations = Self.relations(cells, numbers: numbers, rules: rules)
      .filter { relation in relation.last.map { !absent.contains($0) } ?? false }
      .map { $0.filter { !absent.contains($0) } }.filter { $0.count > 1 }
    relationCount = relations.count
    let height = Self.heights(rules.nodes)
    let order = cells.indices.sorted { first, second in
      Self.cost(cells[first], counts, height).lexicographicallyPrecedes(
        Self.cost(cells[second], counts, height))
    }
    var costs = [Int](repeating: 0, count: cells.count)
    for (rank, index) in order.enumerated() { costs[index] = rank }
    guard
      let complement = ComplementarySuppression(relations: relations, costs: costs)
        .complement(protecting: secret, hidden: hidden, known: shown)
    else {
      throw Diagnostic(
        .disclosure, "a confidential number follows from the published ones, whatever is withheld",
        why: "\(secret.count) cells are confidential, over \(relations.count) relations",
        remedy: "take the breakdowns or nodes away that give it back, or raise minimum_respondents")
    }
    complementary = Set(complement.map { cells[$0] })
    try demandNoTrace(rules)
  }

  /// Throws where the scores of other units are made with a confidential number: who knows theirs finds it.
  private func demandNoTrace(_ rules: GateRules) throws(Diagnostic) {
    let traced = primary.union(complementary).filter { cell in
      cell.domain.isEmpty && !cell.unit.hasPrefix(NationalNumber.prefix)
        && rules.nodes[cell.node]?.bearsOnOthers == true
    }
    let nodes = Set(traced.map(\.node)).sorted(by: Column.precedes)
    guard let first = nodes.first else { return }
    throw Diagnostic(
      .disclosure, "scores of other units are made with confidential numbers of '\(first)'",
      at: "node \(first)",
      why: "ends, moments, weights or means taken from the units give these numbers away"
        + (nodes.count > 1 ? "; \(nodes.count) nodes are concerned" : ""),
      remedy: "give fixed ends and weights there, or leave the node out")
  }

  /// Cheap to withhold: a leaf before what is made of it, a breakdown before a whole unit, a unit before
  /// the country, few respondents before many.
  private static func cost(
    _ cell: ReleaseCell, _ counts: [ReleaseCell: Int], _ height: [String: Int]
  ) -> [Int] {
    [
      height[cell.node] ?? 0, cell.unit.hasPrefix(NationalNumber.prefix) ? 1 : 0,
      cell.domain.isEmpty ? 1 : 0, counts[cell] ?? 0,
    ]
  }

  /// Steps from each node down to its deepest leaf.
  private static func heights(_ nodes: [String: GateRules.Node]) -> [String: Int] {
    var heights: [String: Int] = [:]
    func height(_ name: String) -> Int {
      if let known = heights[name] { return known }
      let below = (nodes[name]?.parts ?? []).map(height).max()
      heights[name] = below.map { $0 + 1 } ?? 0
      return heights[name] ?? 0
    }
    for name in nodes.keys { _ = height(name) }
    return heights
  }

  private static func relations(
    _ cells: [ReleaseCell], numbers: [ReleaseCell: Int], rules: GateRules
  ) -> [[Int]] {
    var relations: [[Int]] = []
    var levels: [[String]: [Int]] = [:]
    var units: [[String]: [Int]] = [:]
    for (index, cell) in cells.enumerated() {
      let parts = rules.nodes[cell.node]?.parts ?? []
      if !parts.isEmpty {
        let below = parts.compactMap {
          numbers[ReleaseCell(unit: cell.unit, domain: cell.domain, node: $0)]
        }
        relations.append(Array(Set(below)).sorted() + [index])
      }
      if let variable = cell.domain.split(separator: "=").first {
        levels[[cell.unit, cell.node, String(variable)], default: []].append(index)
      }
      if !cell.unit.hasPrefix(NationalNumber.prefix) {
        units[[cell.domain, cell.node], default: []].append(index)
      }
    }
    for key in levels.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      guard let whole = numbers[ReleaseCell(unit: key[0], domain: "", node: key[1])] else {
        continue
      }
      relations.append((levels[key] ?? []) + [whole])
    }
    for key in units.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      guard
        let all = numbers[
          ReleaseCell(unit: NationalNumber.survey.rawValue, domain: key[0], node: key[1])]
      else { continue }
      relations.append((units[key] ?? []) + [all])
    }
    return relations
  }
}

/// What an earlier release has shown of the cells of this one.
public struct FormerCells: Sendable {
  /// A number and its count as they were published.
  public struct Shown: Sendable, Hashable {
    /// The number.
    public var value: Double
    /// Respondents behind it; nil where the count was not shown.
    public var respondents: Int?

    /// A published number.
    public init(value: Double, respondents: Int?) {
      self.value = value
      self.respondents = respondents
    }
  }

  private var cells: [ReleaseCell: Shown] = [:]

  /// No earlier release.
  public static let none = FormerCells()

  /// An earlier release without a cell.
  public init() {}

  /// Adds a published score.
  public mutating func add(unit: String, domain: String, node: String, _ shown: Shown) {
    cells[ReleaseCell(unit: unit, domain: domain, node: node)] = shown
  }

  /// The cells with a number, by unit, domain and node.
  var all: [ReleaseCell] {
    cells.keys.sorted { ($0.unit, $0.domain, $0.node) < ($1.unit, $1.domain, $1.node) }
  }

  /// The number that was published.
  func value(_ cell: ReleaseCell) -> Double? { cells[cell]?.value }

  /// Whether the earlier release had a number there.
  func shows(_ cell: ReleaseCell) -> Bool { cells[cell] != nil }

  /// Whether the difference between the earlier number and this one rests on a few respondents, so that
  /// it says what they answered.
  func difference(_ cell: ReleaseCell, value: Double?, respondents: Int?, below minimum: Int)
    -> Bool
  {
    guard let shown = cells[cell], let before = shown.respondents, let value, let respondents,
      shown.value != value
    else { return false }
    return (1..<minimum).contains(abs(respondents - before))
  }
}

extension ScoreRow {
  var cell: ReleaseCell { ReleaseCell(unit: unit, domain: domain, node: node) }
}

extension IndicatorRow {
  var cell: ReleaseCell { ReleaseCell(unit: unit, domain: domain, node: indicator) }
}
