import CanvassSurvey

/// A profile of every unit: what stands behind its score, beside the rest of the country.
enum ReportProfiles {
  /// The identifier of a unit's profile in the page.
  static func anchor(_ unit: String) -> String {
    "unit-"
      + unit.utf8.map { byte in
        let isPlain =
          UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
          || UInt8(ascii: "a")...UInt8(ascii: "z") ~= (byte | 0x20)
        return isPlain ? String(UnicodeScalar(byte)) : "_\(byte)"
      }.joined()
  }

  static func section(_ content: ReportContent, _ markup: Markup) -> String {
    let facts = ProfileFacts(content)
    guard !facts.units.isEmpty, content.outline.count > 1 else { return "" }
    let items = content.outline.count { $0.isLeaf }
    var html = "<section id=\"profiles\"><h2>"
    html += markup.text("A profile of each unit", "Hồ sơ từng đơn vị") + "</h2>\n<p class=\"soft\">"
    let comparison = facts.comparisonTitle
    html += markup.text(
      "▲ and ▼: the whole interval lies above or below the number beside it (\(comparison.en)); without a "
        + "sign the difference may be chance. Where many items are looked at, about one in twenty shows a "
        + "sign by chance alone (here \(items) items). Under the names of parts: the dot is the unit, the "
        + "grey stroke the median of units, the dark one the best unit.",
      "▲ và ▼: toàn bộ khoảng tin cậy nằm trên hoặc dưới con số bên cạnh (\(comparison.vi)); không có dấu "
        + "nghĩa là khác biệt có thể do ngẫu nhiên. Khi xem nhiều chỉ tiêu, khoảng một trên hai mươi có "
        + "dấu chỉ do ngẫu nhiên (ở đây \(items) chỉ tiêu). Dưới tên thành phần: chấm là đơn vị, vạch "
        + "xám là trung vị các đơn vị, vạch đậm là đơn vị cao nhất.")
    html += "</p>\n"
    html += "<style>\n\(titles(content))</style>\n"
    for unit in facts.units { html += profile(unit, facts, content, markup) }
    return html + "</section>\n"
  }

  /// Style rules that write a node's title after its identifier: the titles of a large index in every
  /// profile and language would be half of the page.
  private static func titles(_ content: ReportContent) -> String {
    var css = ""
    for (place, node) in content.outline.enumerated() {
      for (index, language) in content.languages.enumerated() {
        let scope = index == 0 ? "" : ".pick-\(language.rawValue):checked~main "
        css += "\(scope).t\(place)::after{content:\"\(Markup.styleText(node.title[language]))\"}\n"
      }
    }
    return css
  }

  private static func profile(
    _ unit: ScoreRow, _ facts: ProfileFacts, _ content: ReportContent, _ markup: Markup
  ) -> String {
    var html = "<details class=\"profile\"><summary>" + markup.text(unit.unitName) + " <small>"
    html +=
      unit.score.map { markup.number($0, 2) } ?? markup.text(Phrase.status(unit.status))
    if let group = unit.group {
      html += " · " + markup.text(content.groupTitles[group] ?? Phrase.group(group))
    }
    html += "</small></summary>\n<div id=\"\(Markup.escape(anchor(unit.unit)))\">\n"
    html += "<p>" + markup.text(words(unit, facts)) + "</p>\n"
    html += extremes(unit, facts, markup)
    html += parts(unit, facts, content, markup)
    html += changes(unit, content, markup)
    return html + "</div></details>\n"
  }

  /// The unit's interviews and company in plain words.
  private static func words(_ unit: ScoreRow, _ facts: ProfileFacts) -> LocalizedText {
    func text(_ language: ReleaseLanguage) -> String {
      let isEnglish = language == .en
      var sentences: [String] = []
      if let n = unit.respondents, let places = unit.samplingUnits {
        sentences.append(
          isEnglish
            ? "\(n) interviews in \(places) places (primary sampling units)."
            : "\(n) cuộc phỏng vấn tại \(places) địa điểm (đơn vị mẫu cấp một).")
      } else if let n = unit.respondents {
        sentences.append(isEnglish ? "\(n) interviews." : "\(n) cuộc phỏng vấn.")
      }
      if let bounds = unit.interval {
        let percent = FixedNumber.text(unit.confidence * 100, decimals: 0)
        let ends = [bounds.lowerBound, bounds.upperBound].map {
          FixedNumber.text($0, decimals: 2, language: language)
        }
        sentences.append(
          isEnglish
            ? "With \(percent)% confidence its score lies between \(ends[0]) and \(ends[1])."
            : "Với độ tin cậy \(percent)%, điểm số nằm trong khoảng từ \(ends[0]) đến \(ends[1]).")
      }
      if let company = facts.company(of: unit.unit) {
        let (alike, others) = company
        sentences.append(
          isEnglish
            ? "It cannot be told apart from \(alike) of the \(others) other published units."
            : "Không thể phân biệt với \(alike) trong số \(others) đơn vị được công bố khác.")
      }
      return sentences.joined(separator: " ")
    }
    return LocalizedText(en: text(.en), vi: text(.vi))
  }

  /// The three items that lie most clearly above the rest of the country, and the three below.
  private static func extremes(
    _ unit: ScoreRow, _ facts: ProfileFacts, _ markup: Markup
  ) -> String {
    let clear = facts.clearItems(of: unit.unit)
    guard let clear else { return "" }
    func list(_ title: String, _ items: [OutlineNode]) -> String {
      var html = "<div><h3>\(title)</h3><ul>"
      for item in items {
        let line = facts.line(item, of: unit.unit)
        html += "<li>" + markup.text(item.title) + ": <b>" + markup.text(line.value) + "</b> ("
        html += markup.text(facts.comparisonHead) + " " + markup.text(line.comparison) + ")</li>"
      }
      if items.isEmpty {
        html += "<li>" + markup.text("nothing clearly", "không có gì rõ rệt") + "</li>"
      }
      return html + "</ul></div>"
    }
    return "<div class=\"pair\">"
      + list(markup.text("Clearest strengths", "Điểm mạnh rõ nhất"), clear.strengths)
      + list(markup.text("Clearest weaknesses", "Điểm yếu rõ nhất"), clear.weaknesses)
      + "</div>\n"
  }

  private static func parts(
    _ unit: ScoreRow, _ facts: ProfileFacts, _ content: ReportContent, _ markup: Markup
  ) -> String {
    var html = "<div class=\"scroll\"><table class=\"parts\"><thead><tr><th scope=\"col\">"
    html += markup.text("Part", "Thành phần") + "</th>"
    for title in [
      LocalizedText(en: "Value", vi: "Giá trị"), LocalizedText(en: "Interval", vi: "Khoảng"),
      LocalizedText(en: "n"), facts.comparisonHead,
    ] {
      html += "<th scope=\"col\">\(markup.text(title))</th>"
    }
    html += "</tr></thead><tbody>\n"
    for (place, node) in content.outline.enumerated().dropFirst() {
      let line = facts.line(node, of: unit.unit)
      html += node.isLeaf ? "<tr>" : "<tr class=\"d\(min(node.depth, 2))\">"
      html += "<th><i class=\"t\(place)\">\(Markup.escape(node.id))</i>"
      if node.depth == 1, let row = facts.score(node.id, of: unit.unit) {
        html +=
          facts.chart?.drawing(
            row, step: facts.groups(node.id).step(of: row) ?? 3, others: facts.marks(node.id)) ?? ""
      }
      html += "</th><td>\(markup.short(line.value))</td><td>\(markup.short(line.interval))</td><td>"
      html += line.respondents.map(Markup.count) ?? ""
      html += "</td><td>\(markup.short(line.comparison))</td></tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  /// What has changed since former rounds, for the index and its parts.
  private static func changes(
    _ unit: ScoreRow, _ content: ReportContent, _ markup: Markup
  ) -> String {
    let upper = content.outline.filter { $0.depth < 2 }
    var html = ""
    for round in content.changes {
      let rows = round.rows[unit.unit] ?? [:]
      html += "<h3>" + markup.text("Since \(round.name)", "So với \(round.name)") + "</h3><ul>"
      for node in upper {
        guard let row = rows[node.id] else { continue }
        html += "<li>" + markup.text(node.title) + ": "
        if let change = row.change, let before = row.before, let after = row.after {
          html += markup.number(before, 2) + " → " + markup.number(after, 2)
          html += ", <b>" + (change > 0 ? "+" : "") + markup.number(change, 2) + "</b>"
          if let bounds = row.interval {
            html += " (" + markup.number(bounds.lowerBound, 2) + " – "
            html += markup.number(bounds.upperBound, 2) + ")"
            if bounds.contains(0) {
              html += " " + markup.text("may be chance", "có thể do ngẫu nhiên")
            }
          }
        } else {
          html += markup.text(Phrase.change(row.status))
          if let reason = row.reason { html += ": " + markup.text(reason) }
        }
        html += "</li>"
      }
      let lost = content.outline.filter {
        $0.depth > 1 && rows[$0.id]?.status == .notComparable
      }
      if !lost.isEmpty {
        html += "<li>" + markup.text("not comparable", "không so sánh được") + ": "
        html += lost.map { markup.text($0.title) }.joined(separator: "; ") + "</li>"
      }
      html += "</ul>\n"
    }
    return html
  }
}
