import CanvassCleaning
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// What became of cells without an answer.
struct MissingWords {
  let request: CleaningRequest
  let codebook: Codebook?
  let tree: IndexTree

  var items: [MethodsSection.Item] {
    var items: [MethodsSection.Item] = [
      .text(
        LocalizedText(
          en:
            "A cell without an answer keeps its reason: not asked, don't know, refused, not selected, blank, or "
            + "struck out by a rule. It is left out of a number unless the index says below what it counts as. "
            + "No answer of a person is imputed.",
          vi:
            "Ô không có câu trả lời vẫn giữ lý do: không hỏi, không biết, từ chối, không chọn, bỏ trống, hoặc bị "
            + "quy tắc loại. Ô đó không tính vào số liệu, trừ khi phần chỉ số dưới đây nêu rõ được tính là bao "
            + "nhiêu. Không gán câu trả lời cho bất kỳ ai."))
    ]
    for rule in request.missing {
      let codes = MissingReason.allCases.compactMap { reason in
        rule.codes[reason].map { (reason, $0.joined(separator: ", ")) }
      }
      func list(_ language: ReleaseLanguage) -> String {
        codes.map { "\(Self.name($0)[language]): \($1)" }.joined(separator: "; ")
      }
      let names = rule.variables.joined(separator: ", ")
      items.append(
        .point(
          LocalizedText(en: "\(names) – \(list(.en))", vi: "\(names) – \(list(.vi))"), depth: 0))
    }
    if codebook != nil {
      items.append(
        .point(
          LocalizedText(
            en: "The codes of each question stand in codebook.xml.",
            vi: "Mã khuyết của từng câu hỏi nằm trong codebook.xml."), depth: 0))
    }
    let counted = tree.nodes.filter { $0.leaf?.missing.isEmpty == false }
    if counted.isEmpty {
      items.append(
        .point(
          LocalizedText(
            en: "No indicator counts a missing answer as a value.",
            vi: "Không chỉ tiêu nào tính câu trả lời khuyết thành giá trị."), depth: 0))
    }
    return items
  }

  /// What a reason is called.
  static func name(_ reason: MissingReason) -> LocalizedText {
    switch reason {
    case .blank: LocalizedText(en: "blank", vi: "bỏ trống")
    case .skipped: LocalizedText(en: "not asked", vi: "không hỏi")
    case .dontKnow: LocalizedText(en: "don't know", vi: "không biết")
    case .refused: LocalizedText(en: "refused", vi: "từ chối")
    case .notSelected: LocalizedText(en: "not selected", vi: "không chọn")
    case .struckOut: LocalizedText(en: "struck out", vi: "bị loại")
    }
  }
}
