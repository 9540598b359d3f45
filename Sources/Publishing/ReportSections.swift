import CanvassScoring
import CanvassSurvey

/// The parts of the report around its tables of scores.
enum ReportSections {
  static func national(_ content: ReportContent, _ markup: Markup) -> String {
    let rows = content.rows.scores.filter {
      !$0.isUnit && $0.node == content.headline.id && $0.domain.isEmpty
    }
    guard !rows.isEmpty else { return "" }
    var html =
      "<section><h2>\(markup.text("The whole country", "Cả nước"))</h2>\n<p class=\"soft\">"
    html += markup.text(
      "Different questions have different national numbers; they are not to be mixed.",
      "Mỗi con số toàn quốc trả lời một câu hỏi khác nhau; không dùng lẫn lộn.")
    html += "</p>\n<dl class=\"four\">\n"
    for row in rows {
      let known = NationalNumber(rawValue: row.unit)
      html += "<div><dt>\(markup.text(known?.title ?? row.unitName))</dt><dd class=\"big\">"
      html += row.score.map { markup.number($0, 2) } ?? "–"
      html += "</dd>"
      if let bounds = row.interval {
        html += "<dd>\(FixedNumber.text(row.confidence * 100, decimals: 0))%: "
        html += markup.number(bounds.lowerBound, 2) + "\u{2009}–\u{2009}"
        html += markup.number(bounds.upperBound, 2) + "</dd>"
      } else if row.status != .ok {
        html += "<dd>\(markup.text(Phrase.status(row.status)))</dd>"
      }
      if let meaning = known?.meaning { html += "<dd>\(markup.text(meaning))</dd>" }
      html += "</div>\n"
    }
    return html + "</dl></section>\n"
  }

  static func reading(_ content: ReportContent, _ markup: Markup) -> String {
    guard hasIntervals(content) else { return "" }
    var html = "<p class=\"soft\">"
    html += markup.text(
      "The dot is the score, the line its interval. Differences of units whose lines overlap may well"
        + " be chance.",
      "Chấm là điểm số, vạch là khoảng tin cậy. Khác biệt giữa các đơn vị có vạch chồng lên nhau có"
        + " thể chỉ do ngẫu nhiên.")
    html += "</p>\n" + possibleRanks(content, markup)
    let few = content.rows.scores.count {
      $0.isUnit && $0.node == content.headline.id && $0.domain.isEmpty
        && ($0.degreesOfFreedom ?? 4) < 4
    }
    if few > 0 {
      html += "<div class=\"warn\"><p><b class=\"few\">\u{2020}</b> \(few) × df &lt; 4: "
      html += markup.text(
        "these standard errors rest on so few sampling units that they are themselves uncertain;"
          + " such intervals may cover the truth less often than they say.",
        "sai số chuẩn dựa trên quá ít đơn vị mẫu nên bản thân nó không chắc chắn; khoảng tin cậy có"
          + " thể chứa giá trị thật ít hơn mức công bố.")
      html += "</p></div>\n"
    }
    return html
  }

  /// What the rank intervals of the headline mean and how wide they are.
  private static func possibleRanks(_ content: ReportContent, _ markup: Markup) -> String {
    guard let ranks = content.rows.ranks, let assessment = ranks[content.headline.id] else {
      return ""
    }
    let level = FixedNumber.text(ranks.rules.confidence * 100, decimals: 0) + "%"
    let intervals = assessment.intervals
    let units = assessment.field.units.count
    let (alone, all) = (
      RankIntervals.meanWidth(intervals.marginal), RankIntervals.meanWidth(intervals.simultaneous)
    )
    let pairs = intervals.indistinguishable.count
    let allPairs = units * (units - 1) / 2
    func sentence(_ language: ReleaseLanguage) -> String {
      let own = FixedNumber.text(alone, decimals: 1, language: language)
      let together = FixedNumber.text(all, decimals: 1, language: language)
      let ranges: String
      let alike: String
      switch language {
      case .en:
        ranges =
          "Possible ranks: with \(level) confidence the rank that the whole population would give a "
          + "unit lies in the first range, and for all units at once in the ranges in brackets. They are "
          + "\(own) and \(together) ranks wide on average, of \(units). "
        alike =
          "\(pairs) of \(allPairs) pairs of units cannot be told apart (indistinguishable.csv)."
      case .vi:
        ranges =
          "Hạng có thể: với độ tin cậy \(level), hạng thực của một đơn vị nằm trong khoảng thứ nhất; "
          + "xét đồng thời mọi đơn vị thì nằm trong khoảng trong ngoặc. Bề rộng trung bình là \(own) và "
          + "\(together) hạng trên \(units). "
        alike =
          "\(pairs) trên \(allPairs) cặp đơn vị không thể phân biệt (indistinguishable.csv)."
      }
      return (content.rows.rules.publishesRanks ? ranges : "") + alike
    }
    return "<p class=\"soft\">\(markup.text(sentence(.en), sentence(.vi)))</p>\n"
  }

  static func warnings(_ content: ReportContent, _ markup: Markup) -> String {
    guard !content.warnings.isEmpty || !content.notes.isEmpty else { return "" }
    var html = "<section><h2>\(markup.text("To keep in mind", "Lưu ý"))</h2>\n"
    if !content.warnings.isEmpty {
      html += "<div class=\"warn\">"
      for warning in content.warnings { html += "<p>\(markup.text(warning))</p>" }
      html += "</div>\n"
    }
    if !content.notes.isEmpty {
      html += "<ul>"
      for note in content.notes { html += "<li>\(markup.text(note))</li>" }
      html += "</ul>\n"
    }
    return html + "</section>\n"
  }

  static func sample(_ content: ReportContent, _ markup: Markup) -> String {
    let lines = content.sample.map { [markup.text($0.label), Markup.count($0.count)] }
    return section(
      markup.text("The sample", "Mẫu khảo sát"),
      [markup.text("What", "Nội dung"), markup.text("Count", "Số lượng")],
      lines)
  }

  static func coherence(_ content: ReportContent, _ markup: Markup) -> String {
    func number(_ value: Double?) -> String { value.map { markup.number($0, 2) } ?? "–" }
    let lines = content.coherence.map { account in
      [
        markup.text(account.node.title), Markup.count(account.units), number(account.alpha),
        number(account.firstComponentShare), Markup.count(account.flaggedPairs),
        Markup.count(account.partsElsewhere),
      ]
    }
    let meaning = markup.text(
      "Cronbach’s α near 1: the parts rise and fall together over the units. Pairs to look at correlate"
        + " below 0.3 or above 0.92; parts elsewhere correlate more with a neighbouring node than with"
        + " their own. All correlations are in coherence.csv.",
      "Cronbach’s α gần 1: các thành phần cùng tăng giảm giữa các đơn vị. Cặp cần xem xét có hệ số tương"
        + " quan dưới 0,3 hoặc trên 0,92; thành phần lạc chỗ tương quan với nút bên cạnh mạnh hơn với nút"
        + " của mình. Mọi hệ số tương quan nằm trong coherence.csv.")
    return section(
      markup.text("Do the parts belong together?", "Các thành phần có nhất quán không?"),
      [
        markup.text("Node", "Nút"), markup.text("Units", "Đơn vị"),
        markup.text("Cronbach’s α", "Cronbach’s α"),
        markup.text("Share of the first component", "Tỷ trọng thành phần chính thứ nhất"),
        markup.text("Pairs to look at", "Cặp cần xem xét"),
        markup.text("Parts elsewhere", "Thành phần lạc chỗ"),
      ], lines, after: "<p class=\"soft\">\(meaning)</p>")
  }

  static func cleaning(_ content: ReportContent, _ markup: Markup) -> String {
    guard let account = content.cleaning else { return "" }
    var lines = [
      [
        markup.text("Came in", "Đầu vào"), Markup.count(account.rowsIn),
        Markup.count(account.cellsIn),
      ]
    ]
    for rule in account.rules {
      lines.append([
        "– " + markup.text(rule.name), Markup.count(-rule.rows), Markup.count(-rule.cells),
      ])
    }
    lines.append(
      [
        markup.text("Were left", "Còn lại"), Markup.count(account.rowsOut),
        Markup.count(account.cellsOut),
      ])
    let balance =
      account.balances
      ? ""
      : "<p class=\"warn\">\(markup.text("The account does not add up.", "Số liệu không khớp."))</p>"
    return section(
      markup.text("Cleaning", "Làm sạch số liệu"),
      [markup.text("Rule", "Quy tắc"), markup.text("Rows", "Dòng"), markup.text("Cells", "Ô")],
      lines,
      after: balance)
  }

  static func weighting(_ content: ReportContent, _ markup: Markup) -> String {
    let lines = content.weighting.map { step in
      [
        markup.text(step.name), markup.number(step.kishDesignEffect, 3),
        markup.number(step.effectiveRespondents, 0),
        markup.number(step.range.lowerBound, 2) + "\u{2009}–\u{2009}"
          + markup.number(step.range.upperBound, 2),
        step.factors.map { factors in
          [factors.lowest, factors.median, factors.highest].map { markup.number($0, 2) }
            .joined(separator: " / ")
        } ?? "–",
        [step.distanceBefore, step.distanceAfter].map { distance in
          distance.map { scientific($0, markup) } ?? "–"
        }.joined(separator: " → "),
      ]
    }
    return section(
      markup.text("Weighting", "Quyền số"),
      [
        markup.text("Step", "Bước"), markup.text("Kish design effect", "Hệ số thiết kế Kish"),
        markup.text("Effective n", "n hiệu dụng"),
        markup.text("Range of weights", "Khoảng quyền số"),
        markup.text(
          "Factor: least / median / greatest", "Hệ số: nhỏ nhất / trung vị / lớn nhất"),
        markup.text("Distance to targets", "Chênh lệch so với mục tiêu"),
      ], lines) + balance(content, markup)
  }

  /// The numbers of a love plot: each target's standardized difference before and after.
  private static func balance(_ content: ReportContent, _ markup: Markup) -> String {
    let steps = content.weighting.filter { !$0.balance.isEmpty }
    let lines = steps.flatMap { step in
      step.balance.map { line in
        [
          markup.text(step.name), Markup.escape(line.name),
          line.before.map { markup.number($0, 3) } ?? "–",
          line.after.map { markup.number($0, 3) } ?? "–",
        ]
      }
    }
    if lines.isEmpty { return "" }
    return section(
      markup.text(
        "Balance: absolute standardized differences to the targets",
        "Cân bằng: chênh lệch chuẩn hoá tuyệt đối so với mục tiêu"),
      [
        markup.text("Step", "Bước"), markup.text("Level", "Nhóm"),
        markup.text("Before", "Trước"), markup.text("After", "Sau"),
      ], lines)
  }

  static func gate(_ content: ReportContent, _ markup: Markup) -> String {
    let tally = content.rows.tally
    let lines = CellStatus.allCases.compactMap { status -> [String]? in
      let scores = tally.scores[status] ?? 0
      let indicators = tally.indicators[status] ?? 0
      guard scores + indicators > 0 else { return nil }
      let name =
        status == .ok ? markup.text("published", "công bố") : markup.text(Phrase.status(status))
      return [name, Markup.count(scores), Markup.count(indicators)]
    }
    let rule = markup.text(
      "A cell that rests on fewer than \(content.rows.rules.minimumRespondents) respondents is left"
        + " blank as unreliable; its count stays. Ranks and groups compare published units only.",
      "Ô có dưới \(content.rows.rules.minimumRespondents) người trả lời được để trống vì không đủ tin"
        + " cậy; số người trả lời vẫn giữ. Xếp hạng và phân nhóm chỉ dựa trên đơn vị được công bố.")
    let secrets =
      !content.rows.rules.hasSecrets
      ? ""
      : "<p class=\"soft\">"
        + markup.text(
          "Confidential cells show neither a number nor a count: they rest on too few answers to a"
            + " sensitive question, or one of them would follow from them. Sensitive shares under 5 %"
            + " and over 95 % have no number.",
          "Ô bảo mật không có số liệu và số người trả lời: do quá ít câu trả lời cho câu hỏi nhạy cảm,"
            + " hoặc vì có thể suy ra một ô như vậy từ chúng. Tỷ lệ nhạy cảm dưới 5 % và trên 95 % không"
            + " công bố con số.") + "</p>"
    return section(
      markup.text("What was published", "Số liệu được công bố"),
      [
        markup.text("Status", "Tình trạng"), markup.text("Scores", "Điểm"),
        markup.text("Indicators", "Chỉ tiêu"),
      ], lines, after: "<p class=\"soft\">\(rule)</p>" + secrets)
  }

  static func method(_ content: ReportContent, _ markup: Markup) -> String {
    var html = "<section><h2>\(markup.text("Method", "Phương pháp"))</h2>\n<p>"
    if hasIntervals(content) {
      html += markup.text(
        "Standard errors come from Taylor linearization over the primary sampling units within their"
          + " strata, covariances between parts of a score included. Intervals use Student’s t with "
          + (content.degreesOfFreedomRule?.en
            ?? "the design’s degrees of freedom (sampling units less strata that have answers)")
          + "; df and t stand beside them. Factors for nonresponse count as fixed.",
        "Sai số chuẩn được tính bằng tuyến tính hoá Taylor trên các đơn vị mẫu cấp một trong từng"
          + " tầng, có tính hiệp phương sai giữa các thành phần. Khoảng tin cậy dùng phân phối t của"
          + " Student với "
          + (content.degreesOfFreedomRule?.vi
            ?? "bậc tự do của thiết kế mẫu (số đơn vị mẫu trừ số tầng có trả lời)")
          + "; df và t được ghi bên cạnh. Hệ số điều chỉnh không trả lời được coi là cố định.")
      if let rule = content.linearizationRule { html += " " + markup.text(rule) }
    } else {
      html += markup.text(
        "The scores have no standard errors: none can be found from the figures they were made of.",
        "Điểm số không kèm sai số chuẩn: không thể tính từ số liệu đầu vào.")
    }
    return html + "</p></section>\n"
  }

  static func citation(_ content: ReportContent, _ markup: Markup) -> String {
    let date = content.released.map { " (\($0))" } ?? ""
    let cite =
      content.study[.citeAs]
      ?? LocalizedText(en: content.title.en + date + ".", vi: content.title.vi + date + ".")
    var html =
      "<footer><h2>\(markup.text("To cite and to repeat", "Trích dẫn và kiểm chứng"))</h2>\n"
    html += "<p>\(markup.text(cite))</p>\n"
    if !content.digests.isEmpty {
      html += "<p class=\"soft\">"
      html += markup.text(
        "The same data and pipeline file give these files again, byte for byte (SHA-256):",
        "Cùng số liệu và tệp quy trình sẽ cho lại đúng các tệp này (SHA-256):")
      html += "</p>\n<ul>"
      for digest in content.digests {
        html +=
          "<li>\(Markup.escape(digest.file))<br><code>\(Markup.escape(digest.sha256))</code></li>"
      }
      html += "</ul>\n"
    }
    return html + "</footer>\n"
  }

  private static func hasIntervals(_ content: ReportContent) -> Bool {
    content.rows.scores.contains { $0.interval != nil }
  }

  private static func scientific(_ value: Double, _ markup: Markup) -> String {
    var exponent = 0
    var mantissa = abs(value)
    guard mantissa > 0, mantissa.isFinite, mantissa < 0.001 else {
      return markup.number(value, 3)
    }
    while mantissa < 0.95 {
      mantissa *= 10
      exponent -= 1
    }
    return markup.number(mantissa, 1) + "e" + String(exponent)
  }

  /// A section with a plain table: the first column heads its rows, the others are numbers.
  private static func section(
    _ title: String, _ heads: [String], _ lines: [[String]], after: String = ""
  ) -> String {
    guard !lines.isEmpty else { return "" }
    var html =
      "<section><h2>\(title)</h2>\n<div class=\"scroll\"><table class=\"narrow\"><thead><tr>"
    for (index, head) in heads.enumerated() {
      html += "<th scope=\"col\"\(index == 0 ? "" : " class=\"num\"")>\(head)</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for line in lines {
      html += "<tr><th scope=\"row\">\(line[0])</th>"
      for cell in line.dropFirst() { html += "<td class=\"num\">\(cell)</td>" }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n\(after)</section>\n"
  }
}
