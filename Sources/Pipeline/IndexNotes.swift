import CanvassScoring
import CanvassSurvey

/// What was done to the values of units on their way into the index, in both languages.
enum IndexNotes {
  /// Counts of clamped, winsorized and imputed units, fitted weights, definitions of rates.
  static func notes(
    _ tree: IndexTree, _ frame: ScoringFrame, rankDecimals: Int?
  ) -> [LocalizedText] {
    var notes: [LocalizedText] = []
    func counted(
      _ count: (ScoringFrame.Adjustment) -> Int, _ en: String, _ vi: String
    ) {
      let list = frame.adjustments.filter { count($0) > 0 }
        .map { "\(tree.nodes[$0.node].id) (\(count($0)))" }.joined(separator: ", ")
      if !list.isEmpty {
        notes.append(LocalizedText(en: "\(en): \(list).", vi: "\(vi): \(list)."))
      }
    }
    counted(
      \.clamped, "Units brought back to a bound, by node", "Số đơn vị bị đưa về giá trị biên")
    counted(
      \.winsorized, "Outlying units winsorized, by node",
      "Số đơn vị ngoại lai được thu về (winsorize)")
    counted(
      \.imputed, "Units whose missing value was imputed, by node",
      "Số đơn vị thiếu số liệu được gán giá trị")
    for (index, node) in tree.nodes.enumerated()
    where node.weights == .principalComponent || node.weights == .regression {
      let list = zip(tree.parts[index], frame.weights[index]).map { part, weight in
        "\(tree.nodes[part.node].id) \(rounded(weight))"
      }.joined(separator: ", ")
      notes.append(
        LocalizedText(
          en: "The weights of \(node.id) were fitted on the units (\(node.weights.rawValue)) and "
            + "count as fixed in standard errors: \(list).",
          vi:
            "Quyền số của \(node.id) được ước lượng từ các đơn vị (\(node.weights.rawValue)) và coi "
            + "là cố định khi tính sai số chuẩn: \(list)."))
    }
    if let rankDecimals {
      notes.append(
        LocalizedText(
          en: "Ranks and groups compare scores rounded to \(rankDecimals) decimals.",
          vi: "Thứ hạng và nhóm so sánh điểm đã làm tròn đến \(rankDecimals) chữ số thập phân."))
    }
    for node in tree.nodes {
      guard let definition = node.leaf?.definition else { continue }
      notes.append(
        LocalizedText(
          en: "\(node.title.en): \(definition.en)", vi: "\(node.title.vi): \(definition.vi)"))
    }
    return notes
  }

  /// Nodes that stay skewed after winsorization.
  static func warnings(_ tree: IndexTree, _ frame: ScoringFrame) -> [LocalizedText] {
    let list = frame.adjustments.filter(\.isStillSkewed).map { tree.nodes[$0.node].id }
      .joined(separator: ", ")
    if list.isEmpty { return [] }
    return [
      LocalizedText(
        en: "After \(Winsorization.most) values were winsorized, skewness and kurtosis are still "
          + "beyond 2 and 3.5: \(list).",
        vi: "Sau khi thu \(Winsorization.most) giá trị, độ lệch và độ nhọn vẫn vượt 2 và 3,5: "
          + "\(list).")
    ]
  }

  /// Four decimals.
  private static func rounded(_ weight: Double) -> String {
    let scaled = (weight * 10_000).rounded() / 10_000
    return String(describing: scaled)
  }
}
