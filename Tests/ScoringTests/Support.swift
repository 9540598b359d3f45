import CanvassScoring
import CanvassSurvey

/// A leaf below `parent`.
func leaf(
  _ id: String, _ parent: String?, low: Double? = nil, high: Double? = nil, reversed: Bool = false,
  weight: Double? = nil, constant: Double? = nil, scored: Bool = true
) -> IndexNode {
  IndexNode(
    id: id, memberships: parent.map { [.init(parent: $0, weight: weight)] } ?? [],
    level: "indicator", title: LocalizedText(en: id),
    leaf: IndexLeaf(
      variable: id, statistic: .mean, constant: constant),
    normalization: low.flatMap { low in
      high.map { Normalization.between(low, $0, isReversed: reversed) }
    }, scored: scored)
}

/// A node made of parts.
func composite(
  _ id: String, _ parent: String? = nil, combine: Combination = .mean,
  averageFirst: AverageFirst = .units, missing: MissingPart = .blank, multiplier: Double = 1,
  weight: Double? = nil
) -> IndexNode {
  IndexNode(
    id: id, memberships: parent.map { [.init(parent: $0, weight: weight)] } ?? [], level: "level",
    title: LocalizedText(en: id), combine: combine, averageFirst: averageFirst, missing: missing,
    multiplier: multiplier)
}
