import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// The tree of the index in words: what every node is made of, and how.
struct IndexWords {
  let tree: IndexTree
  let scale: ClosedRange<Double>

  var items: [MethodsSection.Item] {
    let ends = "\(Column.render(scale.lowerBound)) … \(Column.render(scale.upperBound))"
    var items: [MethodsSection.Item] = [
      .text(
        LocalizedText(
          en:
            "A node between two ends of a scale has the score a + (b − a) · s, where a … b is the index scale "
            + "(\(ends)) and s the share of the way from the worst end to the best one. Definitions as "
            + "data: definitions.csv; weights in the whole index: effective-weights.csv.",
          vi:
            "Thành phần có hai đầu thang đo có điểm a + (b − a) · s, với a … b là thang của chỉ số (\(ends)) và "
            + "s là tỷ phần quãng đường từ đầu kém nhất đến đầu tốt nhất. Định nghĩa dạng số liệu: "
            + "definitions.csv; trọng số trong toàn chỉ số: effective-weights.csv."))
    ]
    for root in tree.nodes.indices where tree.isRoot(root) {
      add(root, weight: nil, depth: 0, to: &items)
    }
    return items
  }

  private func add(
    _ index: Int, weight: Double?, depth: Int, to items: inout [MethodsSection.Item]
  ) {
    let node = tree.nodes[index]
    let words = node.leaf.map { leaf(node, $0) } ?? combined(node)
    let share = weight.map { $0 == 1 ? "" : " × \(Column.render($0))" } ?? ""
    items.append(
      .point(
        LocalizedText(
          en: "\(node.id)\(share) – \(node.title.en): \(words.en)",
          vi: "\(node.id)\(share) – \(node.title.vi): \(words.vi)"), depth: depth))
    let isWeighted = node.weights == .given && node.combine.takesWeights
    for part in tree.parts[index] {
      add(part.node, weight: isWeighted ? part.weight : nil, depth: depth + 1, to: &items)
    }
    for (position, other) in tree.nodes.enumerated()
    where !other.scored && other.memberships.contains(where: { $0.parent == node.id }) {
      add(position, weight: nil, depth: depth + 1, to: &items)
    }
  }

  /// Clauses in both languages, joined as a sentence.
  private struct Clauses {
    var en: [String] = []
    var vi: [String] = []

    mutating func add(_ en: String, _ vi: String) {
      self.en.append(en)
      self.vi.append(vi)
    }

    var sentence: LocalizedText {
      LocalizedText(en: en.joined(separator: "; ") + ".", vi: vi.joined(separator: "; ") + ".")
    }
  }

  private func leaf(_ node: IndexNode, _ leaf: IndexLeaf) -> LocalizedText {
    var clauses = Clauses()
    let good = leaf.good?.joined(separator: ", ") ?? ""
    switch leaf.statistic {
    case .mean: clauses.add("mean of \(leaf.variable)", "trung bình của \(leaf.variable)")
    case .share:
      clauses.add(
        "share of people whose \(leaf.variable) is \(good)",
        "tỷ lệ người có \(leaf.variable) là \(good)")
    case .ratio:
      let below = leaf.denominator ?? ""
      clauses.add("\(leaf.variable) / \(below)", "\(leaf.variable) / \(below)")
    case .median: clauses.add("median of \(leaf.variable)", "trung vị của \(leaf.variable)")
    case .quantile:
      let share = Column.render(leaf.quantile.probability)
      clauses.add(
        "quantile \(share) of \(leaf.variable)", "phân vị \(share) của \(leaf.variable)")
    case .total: clauses.add("total of \(leaf.variable)", "tổng của \(leaf.variable)")
    case .count:
      clauses.add(
        "number of people whose \(leaf.variable) is \(good)",
        "số người có \(leaf.variable) là \(good)")
    }
    if leaf.source == .table { clauses.add("from a published table", "từ bảng đã công bố") }
    if let definition = leaf.definition { clauses.add(definition.en, definition.vi) }
    for reason in MissingReason.allCases {
      guard let value = leaf.missing[reason] else { continue }
      let name = MissingWords.name(reason)
      let text = Column.render(value)
      clauses.add("“\(name.en)” counts as \(text)", "“\(name.vi)” tính là \(text)")
    }
    if let imputation = leaf.imputation {
      clauses.add(
        "a unit without a value takes: \(imputation.rawValue)",
        "đơn vị thiếu giá trị được gán: \(imputation.rawValue)")
    }
    if let normalization = node.normalization { describe(normalization, in: &clauses) }
    if let constant = leaf.constant {
      let text = Column.render(constant)
      clauses.add("counts as \(text) for every unit", "tính là \(text) cho mọi đơn vị")
    }
    if !node.scored { clauses.add("published, not scored", "chỉ công bố, không tính điểm") }
    return clauses.sentence
  }

  private func combined(_ node: IndexNode) -> LocalizedText {
    var clauses = Clauses()
    let name: (String, String) =
      switch node.combine {
      case .mean: ("mean of its parts", "trung bình các thành phần")
      case .weighted: ("weighted mean of its parts", "trung bình có trọng số của các thành phần")
      case .sum: ("sum of its parts", "tổng các thành phần")
      case .geometric: ("geometric mean of its parts", "trung bình nhân của các thành phần")
      case .harmonic: ("harmonic mean of its parts", "trung bình điều hoà của các thành phần")
      case .power:
        (
          "power mean of its parts, exponent \(node.exponent.map(Column.render) ?? "")",
          "trung bình luỹ thừa của các thành phần, số mũ \(node.exponent.map(Column.render) ?? "")"
        )
      case .median: ("median of its parts", "trung vị các thành phần")
      case .copeland: ("Copeland's rule over its parts", "quy tắc Copeland trên các thành phần")
      }
    clauses.add(name.0, name.1)
    if node.averageFirst == .respondents {
      clauses.add(
        "each respondent's answers are averaged first, then respondents",
        "lấy trung bình từng người trả lời trước, sau đó trung bình các người trả lời")
    }
    switch node.missing {
    case .drop: clauses.add("a part without a value is left out", "bỏ qua thành phần thiếu giá trị")
    case .keep:
      clauses.add("a part without a value counts 0", "thành phần thiếu giá trị tính là 0")
    case .blank:
      clauses.add("no value where a part has none", "không có giá trị nếu một thành phần thiếu")
    }
    switch node.weights {
    case .given: break
    case .equal: clauses.add("equal weights", "trọng số bằng nhau")
    case .principalComponent:
      clauses.add(
        "weights from the first principal component over published units",
        "trọng số từ thành phần chính thứ nhất của các đơn vị được công bố")
    case .regression:
      let outcome = node.outcome ?? ""
      clauses.add(
        "weights from a regression of \(outcome) over published units",
        "trọng số từ hồi quy \(outcome) trên các đơn vị được công bố")
    }
    if let divisor = node.divisor.map(Column.render) {
      clauses.add("divided by \(divisor)", "chia cho \(divisor)")
    }
    if node.multiplier != 1 {
      let factor = Column.render(node.multiplier)
      clauses.add("times \(factor)", "nhân \(factor)")
    }
    if let normalization = node.normalization { describe(normalization, in: &clauses) }
    return clauses.sentence
  }

  private func describe(_ normalization: Normalization, in clauses: inout Clauses) {
    func end(_ end: ScaleEnd?) -> (en: String, vi: String) {
      switch end {
      case .fixed(let number): (Column.render(number), Column.render(number))
      case .observed: ("observed", "quan sát được")
      case nil: ("", "")
      }
    }
    if let floor = normalization.floor.map(Column.render) {
      clauses.add("lower values count as \(floor)", "giá trị thấp hơn tính là \(floor)")
    }
    if let ceiling = normalization.ceiling.map(Column.render) {
      clauses.add("higher values count as \(ceiling)", "giá trị cao hơn tính là \(ceiling)")
    }
    if let transform = normalization.transform {
      clauses.add("transformed: \(transform.rawValue)", "biến đổi: \(transform.rawValue)")
    }
    if normalization.method == .minMax {
      let (low, high) = (end(normalization.low), end(normalization.high))
      clauses.add("scale \(low.en) … \(high.en)", "thang \(low.vi) … \(high.vi)")
    } else if normalization.method != .none {
      clauses.add(
        "normalized: \(normalization.method.rawValue)",
        "chuẩn hoá: \(normalization.method.rawValue)")
    }
    if let reference = normalization.reference {
      clauses.add("reference unit \(reference)", "đơn vị tham chiếu \(reference)")
    }
    if let target = normalization.target.map(Column.render) {
      clauses.add("target \(target)", "mục tiêu \(target)")
    }
    if normalization.isReversed { clauses.add("a low value is good", "giá trị thấp là tốt") }
    if normalization.isClamped {
      clauses.add("values beyond the ends count as the ends", "giá trị vượt biên tính bằng biên")
    }
  }
}
