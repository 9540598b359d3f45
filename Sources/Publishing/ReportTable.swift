import CanvassSurvey

/// Tables of scores with intervals on a common axis.
struct ReportTable {
  let markup: Markup
  let rows: ReleasedRows
  /// What groups are called, by the name in the rows.
  var groupTitles: [String: LocalizedText] = [:]

  /// Units at a node by rank.
  func units(_ node: ReportNode) -> String {
    let units = rows.unitsByRank(node: node.id, domain: "")
    return table(
      units, caption: node.title, node: node, ranked: true,
      label: { markup.text($0.unitName) })
  }

  /// The survey estimate of each domain at a node; nil where there are none.
  func breakdowns(_ node: ReportNode, titles: [String: LocalizedText]) -> String? {
    let domains = rows.scores.filter {
      $0.unit == NationalNumber.survey.rawValue && $0.node == node.id && !$0.domain.isEmpty
    }
    guard !domains.isEmpty else { return nil }
    let caption = LocalizedText(
      en: node.title.en + " by group of people", vi: node.title.vi + " theo nhóm người")
    return table(
      domains, caption: caption, node: node, ranked: false,
      label: { markup.text(titles[$0.domain] ?? LocalizedText(en: $0.domain)) })
  }

  private func table(
    _ lines: [ScoreRow], caption: LocalizedText, node: ReportNode, ranked: Bool,
    label: (ScoreRow) -> String
  ) -> String {
    let values = lines.flatMap { row in
      [row.score, row.interval?.lowerBound, row.interval?.upperBound].compactMap(\.self)
    }
    let axis = Whisker(values)
    let groups = rows.groupsByScore(node: node.id)
    let hasInterval = lines.contains { $0.interval != nil }
    let hasRanks = ranked && lines.contains { $0.rankInterval != nil }
    let hasGroup = ranked && !groups.isEmpty
    let hasCount = lines.contains { $0.respondents != nil }
    let confidence = lines.compactMap { $0.interval == nil ? nil : $0.confidence }.first ?? 0.95
    let percent = FixedNumber.text(confidence * 100, decimals: 0) + "%"
    var html = "<div class=\"scroll\"><table class=\"scores\"><caption>"
    html += markup.text(caption) + "</caption>\n<thead><tr>"
    func head(_ content: String, _ kind: String = "") {
      html += "<th scope=\"col\"\(kind.isEmpty ? "" : " class=\"\(kind)\"")>\(content)</th>"
    }
    if ranked { head(markup.text("Rank", "Hạng"), "num sort") }
    if hasRanks { head(markup.text("Possible ranks", "Hạng có thể"), "num") }
    head(ranked ? markup.text("Unit", "Đơn vị") : markup.text("Group of people", "Nhóm"), "sort")
    head(markup.text("Score", "Điểm"), "num sort")
    let drawn =
      hasInterval ? markup.text("interval", "khoảng tin cậy") : markup.text("scale", "thang điểm")
    head("<span class=\"sr\">\(drawn)</span>" + (axis?.axis(markup) ?? ""), "draw")
    if hasInterval {
      head(markup.text(percent + " interval", "Khoảng tin cậy " + percent), "num wide")
      head("df · t", "num wide")
    }
    if hasGroup { head(markup.text("Group", "Nhóm"), "sort") }
    if hasCount { head("n", "num sort") }
    html += "</tr></thead>\n<tbody>\n"
    for row in lines {
      html += "<tr>"
      if ranked {
        html += "<td class=\"num\" data-v=\"\(row.rank ?? 9_999_999)\">"
        html += (row.rank.map { String($0) } ?? "–") + "</td>"
        if hasRanks { html += "<td class=\"num\">\(ranks(row))</td>" }
      }
      html += "<th scope=\"row\">\(label(row))</th>"
      let shape = row.group.flatMap { groups.firstIndex(of: $0) } ?? 0
      if let score = row.score {
        html +=
          "<td class=\"num score\" data-v=\"\(score)\">\(markup.number(score, 2))</td><td class=\"draw\">"
        html += axis?.drawing(score: score, interval: row.interval, shape: shape % 4) ?? ""
        if row.interval == nil, row.status != .ok {
          html += "<small>\(markup.text(Phrase.status(row.status)))</small>"
        }
        html += "</td>"
      } else {
        html += "<td class=\"num\" data-v=\"-1e308\">–</td><td class=\"draw\"><small>"
        html += markup.text(Phrase.status(row.status)) + "</small></td>"
      }
      if hasInterval { html += interval(row) }
      if hasGroup {
        html += "<td class=\"group\" data-v=\"\(row.group == nil ? 9 : shape)\">"
        if let group = row.group {
          html +=
            "<b class=\"c\(shape % 4)\" aria-hidden=\"true\">\(["▲", "△", "▽", "▼"][shape % 4])</b> "
          html += markup.text(groupTitles[group] ?? Phrase.group(group))
        }
        html += "</td>"
      }
      if hasCount {
        let count = row.respondents
        html += "<td class=\"num\" data-v=\"\(count ?? -1)\">\(count.map(Markup.count) ?? "")</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  /// The unit's own rank interval, and in small print the simultaneous one.
  private func ranks(_ row: ScoreRow) -> String {
    guard let own = row.rankInterval, let all = row.simultaneousRankInterval else { return "" }
    return "\(own.lowerBound)\u{2009}–\u{2009}\(own.upperBound) <small>"
      + "(\(all.lowerBound)\u{2009}–\u{2009}\(all.upperBound))</small>"
  }

  private func interval(_ row: ScoreRow) -> String {
    guard let bounds = row.interval, let score = row.score, let error = row.standardError else {
      return "<td class=\"num wide\"></td><td class=\"num wide\"></td>"
    }
    var html = "<td class=\"num wide\">" + markup.number(bounds.lowerBound, 2) + "\u{2009}–\u{2009}"
    html += markup.number(bounds.upperBound, 2) + "</td><td class=\"num wide\">"
    if let degrees = row.degreesOfFreedom {
      let whole = degrees == degrees.rounded()
      html += markup.number(degrees, whole ? 0 : 1)
      html += " · " + markup.number((bounds.upperBound - score) / error, 2)
      if degrees < 4 { html += "<b class=\"few\" title=\"df &lt; 4\">\u{2020}</b>" }
    }
    return html + "</td>"
  }
}
