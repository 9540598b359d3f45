import CanvassCompute
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// This round beside a former one: what may be compared, and what has changed.
struct RoundComparison {
  /// The former round's name.
  let former: String
  let comparability: Comparability
  /// One for every published line of whole units and national numbers, in their order.
  let rows: [ChangeRow]
  /// Whether the sampling units of both rounds are known by name.
  let matchesSamplingUnits: Bool
  /// Primary sampling units of this round, and those that the former one has too.
  let samplingUnits: (now: Int, shared: Int)

  /// Compares `current` with `former`; `gate` says whether numbers are rounded.
  ///
  /// - Throws: `badPipeline` where the units are those of another division.
  init(
    of current: Round, with former: Round, confidence: Double,
    gate: GateRules = GateRules()
  ) throws(Diagnostic) {
    if let now = current.definitions.vintage, let then = former.definitions.vintage, now != then {
      throw Diagnostic(
        .badPipeline,
        "the round '\(former.name)' has the units of \(then), this one those of \(now)",
        why: "one name may mean different land in each",
        remedy: "score the former round again for the units of \(now), with a crosswalk")
    }
    self.former = former.name
    let comparability = Comparability(of: current.definitions, with: former.definitions)
    self.comparability = comparability
    var before: [RoundContributions.Key: Round.Score] = [:]
    for score in former.scores {
      before[RoundContributions.Key(unit: score.unit, node: score.node)] = score
    }
    var numbered: (now: NumberedContributions, then: NumberedContributions)?
    var units = (now: 0, shared: 0)
    if let now = current.contributions, let then = former.contributions {
      numbered = (now.numbered(as: now), then.numbered(as: now))
      let known = Set(then.samplingUnits)
      units = (now.samplingUnits.count, now.samplingUnits.count { known.contains($0) })
    }
    matchesSamplingUnits = numbered != nil
    samplingUnits = units
    let ofUnits = (now: Self.publishedUnits(current), then: Self.publishedUnits(former))
    var criticalValues: [Double: Double] = [:]
    var rows: [ChangeRow] = current.scores.compactMap { score in
      let node = comparability.nodes[score.node]
      var row = ChangeRow(
        round: former.name, unit: score.unit, unitName: score.name, node: score.node,
        level: score.level, confidence: confidence, status: .ok)
      if let obstacle = node?.obstacle {
        row.status = .notComparable
        row.reason = obstacle
        return row
      }
      let name = node?.former ?? score.node
      let isOfUnits =
        score.unit.hasPrefix(NationalNumber.prefix) && score.unit != NationalNumber.survey.rawValue
      row.after = score.value
      let old = before[RoundContributions.Key(unit: score.unit, node: name)]
      row.before = old?.value
      guard let value = score.value, let old, let oldValue = old.value else {
        // A national number that neither round has is no news.
        if isOfUnits, score.value == nil, old?.value == nil { return nil }
        row.status = score.value == nil ? .notNow : .notBefore
        return row
      }
      if isOfUnits, ofUnits.now[score.node] != ofUnits.then[name] {
        row.before = nil
        row.after = nil
        row.status = .notComparable
        row.reason = LocalizedText(
          en: "made of other units than in the former round",
          vi: "tính từ các đơn vị khác với vòng trước")
        return row
      }
      let then = numbered?.then.of(unit: score.unit, node: name) ?? []
      let now = numbered?.now.of(unit: score.unit, node: score.node) ?? []
      let change = ScoreChange(
        from: RoundScore(
          value: oldValue, standardError: old.standardError,
          degreesOfFreedom: old.degreesOfFreedom ?? .infinity, contributions: then),
        to: RoundScore(
          value: value, standardError: score.standardError,
          degreesOfFreedom: score.degreesOfFreedom ?? .infinity, contributions: now))
      row.change = change.value
      row.standardError = gate.shown(change.standardError)
      row.sharedSamplingUnits = then.isEmpty || now.isEmpty ? nil : change.sharedUnits
      guard let error = change.standardError, let degrees = change.degreesOfFreedom else {
        return row
      }
      row.degreesOfFreedom = degrees.isFinite ? gate.shown(degrees) : nil
      let critical =
        criticalValues[degrees]
        ?? StudentT(degreesOfFreedom: degrees)?.criticalValue(confidence: confidence)
      criticalValues[degrees] = critical
      if let critical {
        let low = change.value - critical * error
        let high = change.value + critical * error
        row.interval = (gate.shown(low) ?? low)...(gate.shown(high) ?? high)
      }
      return row
    }
    // Units that were there and are not any more.
    let present = Set(current.scores.map(\.unit))
    let levels = Dictionary(
      current.scores.map { ($0.node, $0.level) }, uniquingKeysWith: { first, _ in first })
    let nodeOfFormer = Dictionary(
      comparability.nodes.map { ($0.value.former, $0.key) }, uniquingKeysWith: { first, _ in first }
    )
    for score in former.scores
    where !present.contains(score.unit) && !score.unit.hasPrefix(NationalNumber.prefix) {
      guard let node = nodeOfFormer[score.node], score.value != nil else { continue }
      let obstacle = comparability.nodes[node]?.obstacle
      var row = ChangeRow(
        round: former.name, unit: score.unit, unitName: score.name, node: node,
        level: levels[node] ?? score.level, confidence: confidence,
        status: obstacle == nil ? .notNow : .notComparable, reason: obstacle)
      if obstacle == nil { row.before = score.value }
      rows.append(row)
    }
    self.rows = rows
  }

  /// The units whose score is published, by node.
  private static func publishedUnits(_ round: Round) -> [String: Set<String>] {
    round.scores.reduce(into: [:]) { units, score in
      if score.value != nil, !score.unit.hasPrefix(NationalNumber.prefix) {
        units[score.node, default: []].insert(score.unit)
      }
    }
  }

  /// What a reader must know about the comparison.
  var notes: [LocalizedText] {
    let count = comparability.nodes.count
    let comparable = comparability.nodes.values.count { $0.obstacle == nil }
    var notes = [
      LocalizedText(
        en: "Changes since \(former): \(comparable) of \(count) nodes are comparable"
          + (comparability.isChecked
            ? comparable == count
              ? "." : "; the others are defined otherwise (changes.csv says how)."
            : "; the definitions of that round are not known, so that only declared breaks count."),
        vi: "Thay đổi so với \(former): \(comparable) trên \(count) mục so sánh được"
          + (comparability.isChecked
            ? comparable == count
              ? "." : "; các mục còn lại có định nghĩa khác (xem changes.csv)."
            : "; không biết định nghĩa của vòng đó nên chỉ tính các thay đổi đã khai báo."))
    ]
    if matchesSamplingUnits {
      notes.append(
        LocalizedText(
          en: "\(samplingUnits.shared) of \(samplingUnits.now) primary sampling units were in both "
            + "rounds; the standard error of a change takes account of them.",
          vi:
            "\(samplingUnits.shared) trên \(samplingUnits.now) đơn vị mẫu sơ cấp có ở cả hai vòng; "
            + "sai số chuẩn của thay đổi đã tính đến điều đó."))
    } else {
      notes.append(
        LocalizedText(
          en: "Standard errors of changes since \(former) take the two samples as independent.",
          vi: "Sai số chuẩn của thay đổi so với \(former) coi hai mẫu là độc lập."))
    }
    return notes
  }
}
