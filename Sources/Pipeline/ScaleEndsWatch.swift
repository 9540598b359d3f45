import CanvassScoring
import CanvassSurvey

/// Counts answers beyond the ends of their scale: a forgotten missing code, or ends that are too narrow.
enum ScaleEndsWatch {
  /// A warning for the leaves whose numbers lie below `low` or above `high` in some rows; nothing is clamped.
  static func warnings(_ tree: IndexTree, table: Table) -> [LocalizedText] {
    var found: [(node: String, count: Int)] = []
    for node in tree.nodes {
      guard let leaf = node.leaf, leaf.source == .respondents, leaf.statistic == .mean,
        let ends = node.normalization?.fixedEnds, let column = table[leaf.variable]
      else { continue }
      let count = (0..<table.rowCount).count { row in
        column.number(at: row).map { !ends.contains($0) } ?? false
      }
      if count > 0 { found.append((node.id, count)) }
    }
    if found.isEmpty { return [] }
    let list = found.map { "\($0.node) (\($0.count))" }.joined(separator: ", ")
    return [
      LocalizedText(
        en:
          "Answers lie beyond the ends of the scale and count as they are: \(list). A missing code may "
          + "have been forgotten.",
        vi:
          "Có câu trả lời nằm ngoài hai đầu thang đo và được tính nguyên giá trị: \(list). Có thể còn mã "
          + "thiếu dữ liệu chưa khai báo.")
    ]
  }
}
