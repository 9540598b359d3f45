import CanvassSurvey

/// `disclosure.json`: what was left empty and why, without telling which cell protects which.
public enum DisclosureFile {
  /// The file's bytes.
  public static func bytes(_ rows: ReleasedRows) -> [UInt8] {
    let rules = rows.rules
    func counts(_ tally: [CellStatus: Int]) -> JSONValue {
      .object(
        Dictionary(
          tally.map { ($0.key == .ok ? "published" : $0.key.rawValue, .integer($0.value)) },
          uniquingKeysWith: { first, _ in first }))
    }
    let sensitive = rules.nodes.filter(\.value.isSensitive).keys.sorted(by: Column.precedes)
    return JSONValue.object([
      "rules": [
        "minimum_respondents": .integer(rules.minimumRespondents),
        "minimum_sampling_units": .integer(rules.minimumSamplingUnits),
        "widest_interval": rules.widestInterval.map { .number($0) } ?? .null,
        "round_counts": rules.roundCounts.map { .integer($0) } ?? .null,
        "sensitive": .list(sensitive.map { .text($0) }),
        "sensitive_shares_without_number": ["below": 0.05, "above": 0.95],
      ],
      "scores": counts(rows.tally.scores),
      "indicators": counts(rows.tally.indicators),
      "withheld_by_decision": .list(
        rules.decisions.map { decision in
          [
            "unit": .text(decision.unit), "nodes": .list(decision.nodes.map { .text($0) }),
            "reason": .text(decision.reason), "approved_by": .text(decision.approvedBy),
          ]
        }),
      "statuses": .object(
        Dictionary(
          CellStatus.allCases.filter { $0 != .ok }.map {
            ($0.rawValue, .text(Phrase.status($0).en))
          }, uniquingKeysWith: { first, _ in first })),
    ]).document
  }
}
