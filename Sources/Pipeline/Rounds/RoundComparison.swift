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

  /// Units and nodes that the former round has numbers of and this one does not know.
  let unknown: (units: [String], nodes: [String])

  /// Compares `current` with `former`; `gate` says whether numbers are rounded.
  ///
  /// - Throws: `badPipeline` where the units are those of another division, `badData` where no unit is in both.
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
    let pairing = RoundPairing(current, former, confidence: confidence, gate: gate)
    guard pairing.sharesUnits else {
      throw Diagnostic(
        .badData, "the round '\(former.name)' has none of the units of this one",
        why: pairing.unknown.units.isEmpty
          ? nil : "it has: \(BriefList.text(pairing.unknown.units))",
        remedy: "units are compared by their codes: name them alike, or give both a places file")
    }
    unknown = pairing.unknown
    self.former = former.name
    comparability = pairing.comparability
    matchesSamplingUnits = pairing.contributions != nil
    samplingUnits = pairing.samplingUnits
    rows = current.scores.compactMap(pairing.row) + pairing.vanished
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
    if !unknown.units.isEmpty {
      let units = BriefList.text(unknown.units)
      notes.append(
        LocalizedText(
          en: "Units of \(former) that are not in this round: \(units).",
          vi: "Đơn vị của \(former) không có trong vòng này: \(units)."))
    }
    if !unknown.nodes.isEmpty {
      let nodes = BriefList.text(unknown.nodes)
      notes.append(
        LocalizedText(
          en: "Nodes of \(former) that are not in this round: \(nodes).",
          vi: "Mục của \(former) không có trong vòng này: \(nodes)."))
    }
    return notes
  }
}
