import CanvassCompute
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// Two rounds side by side: the lines of their comparison, one by one.
struct RoundPairing {
  let comparability: Comparability
  /// Who contributed what, with sampling units numbered alike; nil where one round does not say.
  let contributions: (now: NumberedContributions, then: NumberedContributions)?
  /// Primary sampling units of this round, and those that the former one has too.
  let samplingUnits: (now: Int, shared: Int)

  private let current: Round
  private let former: Round
  private let confidence: Double
  private let gate: GateRules
  private let before: [RoundContributions.Key: Round.Score]
  /// The units whose score is published, by node.
  private let published: (now: [String: Set<String>], then: [String: Set<String>])

  init(_ current: Round, _ former: Round, confidence: Double, gate: GateRules) {
    self.current = current
    self.former = former
    self.confidence = confidence
    self.gate = gate
    comparability = Comparability(
      of: current.definitions, with: former.definitions, scored: Set(former.scores.map(\.node)))
    var before: [RoundContributions.Key: Round.Score] = [:]
    for score in former.scores {
      before[RoundContributions.Key(unit: score.unit, node: score.node)] = score
    }
    self.before = before
    published = (Self.publishedUnits(current), Self.publishedUnits(former))
    if let now = current.contributions, let then = former.contributions {
      let known = Set(then.samplingUnits)
      contributions = (now.numbered(as: now), then.numbered(as: now))
      samplingUnits = (now.samplingUnits.count, now.samplingUnits.count { known.contains($0) })
    } else {
      contributions = nil
      samplingUnits = (0, 0)
    }
  }

  /// The line of a score of this round; nil for a national number that neither round has.
  func row(_ score: Round.Score) -> ChangeRow? {
    let node = comparability.nodes[score.node]
    let name = node?.former ?? score.node
    var row = ChangeRow(
      round: former.name, unit: score.unit, unitName: score.name, node: score.node,
      level: score.level, confidence: confidence, status: .ok)
    let old = before[RoundContributions.Key(unit: score.unit, node: name)]
    let isOfUnits =
      score.unit.hasPrefix(NationalNumber.prefix) && score.unit != NationalNumber.survey.rawValue
    if let obstacle = node?.obstacle {
      row.status = .notComparable
      row.reason = obstacle
      return row
    }
    guard let value = score.value, let old, let oldValue = old.value else {
      if isOfUnits, score.value == nil, old?.value == nil { return nil }
      row.before = old?.value
      row.after = score.value
      row.status = score.value == nil ? .notNow : .notBefore
      return row
    }
    if isOfUnits, published.now[score.node] != published.then[name] {
      row.status = .notComparable
      row.reason = LocalizedText(
        en: "made of other units than in the former round",
        vi: "tính từ các đơn vị khác với vòng trước")
      return row
    }
    row.before = oldValue
    row.after = value
    let then = contributions?.then.of(unit: score.unit, node: name) ?? []
    let now = contributions?.now.of(unit: score.unit, node: score.node) ?? []
    let change = ScoreChange(
      from: RoundScore(
        value: oldValue, standardError: old.standardError,
        degreesOfFreedom: old.degreesOfFreedom ?? .infinity, contributions: then),
      to: RoundScore(
        value: value, standardError: score.standardError,
        degreesOfFreedom: score.degreesOfFreedom ?? .infinity, contributions: now))
    row.sharedSamplingUnits = then.isEmpty || now.isEmpty ? nil : change.sharedUnits
    show(change, in: &row)
    return row
  }

  /// Puts a change into its line, rounded where the gate rounds.
  private func show(_ change: ScoreChange, in row: inout ChangeRow) {
    row.change = change.value
    row.standardError = gate.shown(change.standardError)
    guard let error = change.standardError, let degrees = change.degreesOfFreedom else { return }
    row.degreesOfFreedom = degrees.isFinite ? gate.shown(degrees) : nil
    guard
      let critical = StudentT(degreesOfFreedom: degrees)?.criticalValue(confidence: confidence)
    else { return }
    let low = change.value - critical * error
    let high = change.value + critical * error
    row.interval = (gate.shown(low) ?? low)...(gate.shown(high) ?? high)
  }

  /// The lines of units that were published before and are not there any more.
  var vanished: [ChangeRow] {
    let present = Set(current.scores.map(\.unit))
    let levels = Dictionary(
      current.scores.map { ($0.node, $0.level) }, uniquingKeysWith: { first, _ in first })
    let nodeOfFormer = nodeOfFormer
    return former.scores.compactMap { score in
      guard !present.contains(score.unit), !score.unit.hasPrefix(NationalNumber.prefix),
        score.value != nil, let node = nodeOfFormer[score.node]
      else { return nil }
      let obstacle = comparability.nodes[node]?.obstacle
      var row = ChangeRow(
        round: former.name, unit: score.unit, unitName: score.name, node: node,
        level: levels[node] ?? score.level, confidence: confidence,
        status: obstacle == nil ? .notNow : .notComparable, reason: obstacle)
      if obstacle == nil { row.before = score.value }
      return row
    }
  }

  /// The node of this round that a former one is; in the order of names, whatever runs of old claim.
  private var nodeOfFormer: [String: String] {
    Dictionary(
      comparability.nodes.sorted { Column.precedes($0.key, $1.key) }
        .map { ($0.value.former, $0.key) }, uniquingKeysWith: { first, _ in first })
  }

  /// Units and nodes that the former round has numbers of and this one does not know, in the order of the round.
  var unknown: (units: [String], nodes: [String]) {
    let units = Set(current.units)
    // Without definitions of its own, a round's nodes are those that it scores.
    let nodes = nodeOfFormer.isEmpty ? Set(current.scores.map(\.node)) : Set(nodeOfFormer.keys)
    var seen = nodes
    return (
      former.units.filter { !units.contains($0) },
      former.scores.map(\.node).filter { seen.insert($0).inserted }
    )
  }

  /// Whether any unit has numbers in both rounds.
  var sharesUnits: Bool { !Set(current.units).isDisjoint(with: former.units) }

  private static func publishedUnits(_ round: Round) -> [String: Set<String>] {
    round.scores.reduce(into: [:]) { units, score in
      if score.value != nil, !score.unit.hasPrefix(NationalNumber.prefix) {
        units[score.node, default: []].insert(score.unit)
      }
    }
  }
}
