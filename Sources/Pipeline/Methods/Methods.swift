import CanvassCleaning
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// What `methods.md` says of a run: what must be disclosed of a survey, and how every number was made.
///
/// Counts and numbers are those that the gate lets out; all else comes from the plan.
struct Methods {
  let computation: Computation
  let content: ReportContent

  var plan: PipelinePlan { computation.plan }

  /// The sections in the order of the document.
  var sections: [MethodsSection] {
    var sections = [disclosure]
    if case .respondents(let request) = plan.door, let survey = computation.survey {
      sections.append(
        MethodsSection(
          LocalizedText(en: "Sample design", vi: "Thiết kế mẫu"),
          DesignWords(request: request.design).items))
      sections.append(
        MethodsSection(
          LocalizedText(en: "Missing answers", vi: "Câu trả lời khuyết"),
          MissingWords(
            request: request.cleaning, codebook: survey.codebook, tree: plan.tree
          ).items))
      sections.append(
        MethodsSection(
          LocalizedText(en: "Weighting", vi: "Quyền số"),
          WeightingWords(steps: request.weighting, accounts: content.weighting).items))
      sections.append(
        MethodsSection(
          LocalizedText(
            en: "Estimates, standard errors and intervals",
            vi: "Ước lượng, sai số chuẩn và khoảng tin cậy"),
          VarianceWords(request: request, content: content, confidence: plan.confidence).items))
    } else {
      sections.append(
        MethodsSection(
          LocalizedText(en: "Source of the values", vi: "Nguồn số liệu"),
          [
            .text(
              LocalizedText(
                en:
                  "The values come from a table of published figures by unit; nobody was asked for "
                  + "this index.",
                vi:
                  "Các giá trị lấy từ bảng số liệu đã công bố theo đơn vị; không có khảo sát riêng cho "
                  + "chỉ số này."))
          ]))
    }
    sections.append(
      MethodsSection(
        LocalizedText(en: "The index", vi: "Chỉ số"),
        IndexWords(tree: plan.tree, scale: plan.tree.scale).items))
    sections.append(publication)
    if !content.warnings.isEmpty || !content.notes.isEmpty {
      sections.append(
        MethodsSection(
          LocalizedText(en: "To keep in mind", vi: "Lưu ý"),
          (content.warnings + content.notes).map { .point($0, depth: 0) }))
    }
    sections.append(software)
    return sections
  }

  /// What the American Association for Public Opinion Research asks to be disclosed.
  private var disclosure: MethodsSection {
    let study = plan.study
    func told(_ item: StudyDescription.Item) -> MethodsSection.Item {
      .fact(item.title, study[item])
    }
    let isSurvey = computation.survey != nil
    var items: [MethodsSection.Item] = [
      .text(
        LocalizedText(
          en:
            "The items that AAPOR's code of ethics (2021) asks to be disclosed, filled from the pipeline file "
            + "(key “about”) and from the run.",
          vi:
            "Các mục mà quy tắc đạo đức của AAPOR (2021) yêu cầu công khai, lấy từ tệp quy trình (khoá "
            + "“about”) và từ lần chạy.")),
      .fact(
        LocalizedText(en: "Kind of data", vi: "Loại số liệu"),
        isSurvey
          ? LocalizedText(en: "a sample survey of people", vi: "điều tra mẫu")
          : LocalizedText(en: "published figures by unit", vi: "số liệu đã công bố theo đơn vị")),
    ]
    items += [.sponsor, .conductedBy, .population, .frame, .recruitment, .mode].map(told)
    items.append(
      .fact(
        LocalizedText(en: "Dates of interviews", vi: "Thời gian phỏng vấn"),
        study.fieldPeriod.map {
          LocalizedText(en: "\($0.from) to \($0.to)", vi: "\($0.from) đến \($0.to)")
        }))
    items += [.instrument, .incentives].map(told)
    if isSurvey {
      items.append(
        .fact(
          LocalizedText(en: "Wording of the questions", vi: "Nội dung câu hỏi"),
          LocalizedText(en: "codebook.xml", vi: "codebook.xml")))
      items.append(.fact(LocalizedText(en: "Sample size", vi: "Cỡ mẫu"), sampleSize))
      items.append(.fact(LocalizedText(en: "Precision", vi: "Độ chính xác"), precision))
      items.append(
        .fact(LocalizedText(en: "Design effect of weights", vi: "Hệ số thiết kế do quyền số"), kish)
      )
    }
    items.append(.fact(StudyDescription.Item.response.title, rates ?? study[.response]))
    items.append(told(.quality))
    if let cleaning = content.cleaning {
      items.append(
        .fact(LocalizedText(en: "Processing", vi: "Xử lý số liệu"), processing(cleaning)))
    }
    items += [.limitations, .contact, .license].map(told)
    return MethodsSection(
      LocalizedText(en: "What a reader must be told", vi: "Thông tin công khai bắt buộc"), items)
  }

  private var sampleSize: LocalizedText? {
    guard !content.sample.isEmpty else { return nil }
    func list(_ language: ReleaseLanguage) -> String {
      content.sample.map { "\($0.count) \($0.label[language])" }.joined(separator: ", ")
    }
    return LocalizedText(en: list(.en), vi: list(.vi))
  }

  /// The interval of the first index over all respondents, as it was released.
  private var precision: LocalizedText? {
    let row = content.rows.scores.first {
      $0.unit == NationalNumber.survey.rawValue && $0.node == plan.headline && $0.domain.isEmpty
    }
    guard let row, let score = row.score, let bounds = row.interval else {
      return LocalizedText(
        en: "intervals of every number stand in scores.csv and indicators.csv",
        vi: "khoảng tin cậy của từng số liệu nằm trong scores.csv và indicators.csv")
    }
    func numbers(_ language: ReleaseLanguage) -> [String] {
      [score, bounds.lowerBound, bounds.upperBound].map {
        FixedNumber.text($0, decimals: 2, language: language)
      }
    }
    let percent = FixedNumber.text(row.confidence * 100, decimals: 0)
    let (en, vi) = (numbers(.en), numbers(.vi))
    return LocalizedText(
      en:
        "all respondents: \(en[0]), \(percent)% interval \(en[1]) to \(en[2]); those of every other number "
        + "stand in scores.csv and indicators.csv",
      vi:
        "toàn mẫu: \(vi[0]), khoảng tin cậy \(percent)% từ \(vi[1]) đến \(vi[2]); của mọi số liệu khác nằm "
        + "trong scores.csv và indicators.csv")
  }

  /// Kish's design effect of the final weights.
  private var kish: LocalizedText? {
    content.weighting.last.map { FixedNumber.localized($0.kishDesignEffect, decimals: 2) }
  }

  /// AAPOR's rates over all cases, where the field period is known.
  private var rates: LocalizedText? {
    guard let table = computation.survey?.fieldwork.first(where: { $0.name == "outcomes_all" }),
      let cells = table.rows.first
    else { return nil }
    func text(_ language: ReleaseLanguage) -> String {
      zip(table.columns, cells).compactMap { column, cell -> String? in
        guard case .share(let share?) = cell else { return nil }
        let percent = FixedNumber.text(share * 100, decimals: 1, language: language)
        return "\(column.title[language]) \(percent)%"
      }.joined(separator: ", ")
    }
    return LocalizedText(
      en: text(.en) + " (AAPOR Standard Definitions, 10th edition, unweighted)",
      vi: text(.vi) + " (AAPOR Standard Definitions, bản thứ 10, không quyền số)")
  }

  private func processing(_ account: CleaningAccount) -> LocalizedText {
    LocalizedText(
      en:
        "\(account.rowsIn) rows came in and \(account.rowsOut) were left; what each of "
        + "\(account.rules.count) rules took away stands in cleaning.csv",
      vi:
        "\(account.rowsIn) dòng đầu vào, còn lại \(account.rowsOut); kết quả của từng quy tắc "
        + "(\(account.rules.count)) nằm trong cleaning.csv")
  }

  /// What is not shown, and how numbers are rounded.
  private var publication: MethodsSection {
    let rules = plan.gate
    var items: [MethodsSection.Item] = [
      .point(
        LocalizedText(
          en:
            "A number on fewer than \(rules.minimumRespondents) respondents or "
            + "\(rules.minimumSamplingUnits) sampling units is left blank; its count stays.",
          vi:
            "Số liệu dựa trên dưới \(rules.minimumRespondents) người trả lời hoặc "
            + "\(rules.minimumSamplingUnits) đơn vị mẫu được để trống; số đếm vẫn giữ."), depth: 0)
    ]
    if let widest = rules.widestInterval {
      let percent = FixedNumber.localized(widest * 100, decimals: 0)
      items.append(
        .point(
          LocalizedText(
            en: "An interval longer than \(percent.en)% of the scale blanks its number.",
            vi: "Khoảng tin cậy dài hơn \(percent.vi)% thang đo thì số liệu để trống."), depth: 0))
    }
    if rules.hasSecrets {
      items.append(
        .point(
          LocalizedText(
            en:
              "Numbers that are confidential, and those from which one of them would follow, show neither a "
              + "number nor a count.",
            vi:
              "Số liệu bảo mật, và số liệu có thể suy ra số liệu bảo mật, không có giá trị và số đếm."
          ),
          depth: 0))
    }
    if let base = rules.roundCounts {
      items.append(
        .point(
          LocalizedText(
            en: "Counts are multiples of \(base), other numbers have 4 significant digits.",
            vi: "Số đếm là bội số của \(base), các số khác có 4 chữ số có nghĩa."), depth: 0))
    }
    items.append(
      .point(
        LocalizedText(
          en: "Means, medians, groups and ranks of units use published units alone.",
          vi: "Trung bình, trung vị, nhóm và thứ hạng chỉ dùng các đơn vị được công bố."), depth: 0)
    )
    return MethodsSection(
      LocalizedText(en: "What is not shown", vi: "Số liệu không công bố"), items)
  }

  /// By what the numbers were made, and how to see that they are the same.
  private var software: MethodsSection {
    var items: [MethodsSection.Item] = [
      .text(
        LocalizedText(
          en:
            "Made by Canvass \(Version.number). The same data and pipeline file give the same bytes; "
            + "sha256sum -c MANIFEST.sha256 compares them.",
          vi:
            "Tạo bởi Canvass \(Version.number). Cùng số liệu và tệp quy trình cho cùng kết quả từng byte; "
            + "lệnh sha256sum -c MANIFEST.sha256 để đối chiếu."))
    ]
    items.append(
      .table(
        [LocalizedText(en: "File", vi: "Tệp"), LocalizedText(en: "SHA-256")],
        content.digests.map { [LocalizedText(en: $0.file), LocalizedText(en: $0.sha256)] }))
    return MethodsSection(
      LocalizedText(en: "Software and digests", vi: "Phần mềm và mã kiểm tra"), items)
  }
}
