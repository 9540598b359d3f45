import CanvassSurvey

/// Tables of scores with intervals on a common axis.
struct ReportTable {
  let markup: Markup
  let rows: ReleasedRows
  /// What groups are called, by the name in the rows.
  var groupTitles: [String: LocalizedText] = [:]

  /// Units at a node under their groups; `isFull`: with the figures of the intervals.
  func units(_ node: ReportNode, isFull: Bool = true) -> String {
    let units = rows.inReadingOrder(node: node.id)
    let groups = UnitGroups(rows, node: node.id, titles: groupTitles)
    var blocks: [Block] = []
    for row in units {
      if blocks.last.map({ $0.group != row.group }) ?? true {
        blocks.append(Block(group: row.group))
      }
      blocks[blocks.count - 1].rows.append(row)
    }
    for index in blocks.indices where !groups.names.isEmpty {
      blocks[index].head = heading(blocks[index], groups)
    }
    return table(
      blocks, title: node.title, groups: groups, named: markup.text("Unit", "Đơn vị"),
      isFull: isFull
    ) { row in
      "<a href=\"#\(Markup.escape(ReportProfiles.anchor(row.unit)))\">"
        + markup.text(row.unitName) + "</a>"
    }
  }

  /// The survey estimate of each domain at a node; nil where there are none.
  func breakdowns(
    _ node: ReportNode, titles: [String: LocalizedText], isFull: Bool = true
  ) -> String? {
    let domains = rows.scores.filter {
      $0.unit == NationalNumber.survey.rawValue && $0.node == node.id && !$0.domain.isEmpty
    }
    guard !domains.isEmpty else { return nil }
    let title = LocalizedText(
      en: node.title.en + " by group of people", vi: node.title.vi + " theo nhóm người")
    return table(
      [Block(rows: domains)], title: title,
      groups: UnitGroups(rows, node: "", titles: [:]),
      named: markup.text("Group of people", "Nhóm"), isFull: isFull
    ) { row in markup.text(titles[row.domain] ?? LocalizedText(en: row.domain)) }
  }

  /// Rows that stand together.
  private struct Block {
    var group: String?
    var head = ""
    var rows: [ScoreRow] = []
  }

  /// The group's colour, name and size.
  private func heading(_ block: Block, _ groups: UnitGroups) -> String {
    let count = Markup.count(block.rows.count)
    let size = markup.text(
      block.rows.count == 1 ? "1 unit" : "\(count) units", "\(count) đơn vị")
    guard let group = block.group, let place = groups.names.firstIndex(of: group) else {
      return markup.text(Phrase.noGroup) + " <small>\(size)</small>"
    }
    return "<i class=\"swatch q\(groups.step(place))\"></i>"
      + markup.text(groups.title(group)) + " <small>\(size)</small>"
  }

  private func table(
    _ blocks: [Block], title: LocalizedText, groups: UnitGroups, named: String, isFull: Bool,
    label: (ScoreRow) -> String
  ) -> String {
    let lines = blocks.flatMap(\.rows)
    let chart = DotAndWhisker(lines)
    let hasInterval = isFull && lines.contains { $0.interval != nil }
    let hasRank = lines.contains { $0.rank != nil }
    let hasRanks = lines.contains { $0.rankInterval != nil }
    let hasCount = lines.contains { $0.respondents != nil }
    let confidence = lines.compactMap { $0.interval == nil ? nil : $0.confidence }.first ?? 0.95
    let percent = FixedNumber.text(confidence * 100, decimals: 0) + "%"
    var columns = 0
    var html = "<div class=\"scroll\"><table class=\"scores\"\(chart?.grid ?? "")><caption>"
    html += markup.text(title) + "</caption>\n<thead><tr>"
    func head(_ content: String, _ kind: String = "") {
      columns += 1
      html += "<th scope=\"col\"\(kind.isEmpty ? "" : " class=\"\(kind)\"")>\(content)</th>"
    }
    head(named, "sort")
    head(markup.text("Score", "Điểm"), "num sort")
    let drawn =
      lines.contains { $0.interval != nil }
      ? markup.text(percent + " interval", "Khoảng tin cậy " + percent)
      : markup.text("scale", "thang điểm")
    // Where a column of its own names the interval, the words are for screen readers.
    head(
      "<span\(hasInterval ? " class=\"sr\"" : "")>\(drawn)</span>" + (chart?.axis(markup) ?? ""),
      "draw")
    if hasInterval {
      head(markup.text(percent + " interval", "Khoảng tin cậy " + percent), "num wide")
      head("df · t", "num wide")
    }
    if hasRank { head(markup.text("Rank", "Hạng"), "num sort") }
    if hasRanks { head(markup.text("Possible ranks", "Hạng có thể"), "num") }
    if hasCount { head("n", "num sort count") }
    html += "</tr></thead>\n"
    for block in blocks {
      html += "<tbody>\n"
      if !block.head.isEmpty {
        html += "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"\(columns)\">"
        html += block.head + "</th></tr>\n"
      }
      for row in block.rows {
        html += "<tr><th scope=\"row\">\(label(row))</th>"
        html += score(row, chart, step: groups.step(of: row) ?? 3)
        if hasInterval { html += interval(row) }
        if hasRank {
          html += "<td class=\"num\" data-v=\"\(row.rank ?? 9_999_999)\">"
          html += (row.rank.map { String($0) } ?? "–") + "</td>"
        }
        if hasRanks { html += "<td class=\"num\">\(ranks(row))</td>" }
        if hasCount {
          let count = row.respondents
          html += "<td class=\"num count\" data-v=\"\(count ?? -1)\">"
          html += (count.map(Markup.count) ?? "") + "</td>"
        }
        html += "</tr>\n"
      }
      html += "</tbody>\n"
    }
    return html + "</table></div>\n"
  }

  private func score(_ row: ScoreRow, _ chart: DotAndWhisker?, step: Int) -> String {
    guard let score = row.score else {
      return "<td class=\"num\" data-v=\"-1e308\">–</td><td class=\"draw\"><small>"
        + markup.text(Phrase.status(row.status)) + "</small></td>"
    }
    var html = "<td class=\"num score\" data-v=\"\(score)\">\(markup.number(score, 2))</td>"
    html += "<td class=\"draw\">" + (chart?.drawing(row, step: step) ?? "")
    if row.interval == nil, row.status != .ok {
      html += "<small>\(markup.text(Phrase.status(row.status)))</small>"
    }
    return html + "</td>"
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
