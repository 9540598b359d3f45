import CanvassSurvey

/// `report.html`: one file that needs no net, no script and no other file.
///
/// Every language of the release is in it and a switch shows one of them; without a style sheet all are
/// shown. Numbers come from rows that passed the gate and from nowhere else.
public enum Report {
  /// The page's bytes; the same content gives the same bytes.
  public static func bytes(_ content: ReportContent) -> [UInt8] {
    Array(page(content).utf8)
  }

  private static func page(_ content: ReportContent) -> String {
    let markup = Markup(languages: content.languages)
    let table = ReportTable(
      markup: markup, rows: content.rows, groupTitles: content.groupTitles)
    var html = "<main>\n<header><h1>\(markup.text(content.title))</h1>\n<p>"
    html +=
      "<span class=\"badge \(content.status.rawValue)\">\(status(content.status, markup))</span>"
    if let released = content.released {
      html += " <span class=\"soft\">\(markup.text("Released", "Công bố")) "
      html += Markup.escape(released) + "</span>"
    }
    html += "</p></header>\n"
    html += ReportSections.national(content, markup)
    html += "<section id=\"units\"><h2>\(markup.text(content.headline.title))</h2>\n"
    html += ReportSections.reading(content, markup)
    html += "<p hidden><label>\(markup.text("Find", "Tìm")) "
    html += "<input type=\"search\" id=\"find\" autocomplete=\"off\"></label></p>\n"
    html += table.units(content.headline) + "</section>\n"
    if let breakdowns = table.breakdowns(content.headline, titles: content.domainTitles) {
      html += "<section><h2>\(markup.text("Groups of people", "Theo nhóm người trả lời"))</h2>\n"
      html += breakdowns + "</section>\n"
    }
    if !content.sections.isEmpty {
      html += "<section><h2>\(markup.text("Dimensions", "Các chỉ số nội dung"))</h2>\n"
      for node in content.sections {
        html += "<details><summary>\(markup.text(node.title))</summary>\n" + table.units(node)
        html += table.breakdowns(node, titles: content.domainTitles) ?? ""
        html += "</details>\n"
      }
      html += "</section>\n"
    }
    html += ReportAssumptions.section(content, markup)
    html += ReportSections.warnings(content, markup)
    html += ReportSections.coherence(content, markup)
    html += ReportSections.sample(content, markup)
    html += ReportSections.cleaning(content, markup)
    html += ReportSections.weighting(content, markup)
    html += ReportSections.gate(content, markup)
    html += ReportSections.method(content, markup)
    html += ReportSections.citation(content, markup)
    html += "</main>\n<script>\n\(ReportStyle.script)\n</script>\n"
    return PageFrame.page(content.title, content.languages, body: html)
  }

  private static func status(_ status: PublicationStatus, _ markup: Markup) -> String {
    switch status {
    case .draft: markup.text("Draft – do not quote", "Bản thảo – không trích dẫn")
    case .embargoed:
      markup.text("Embargoed until its release", "Chưa được phép công bố trước ngày phát hành")
    case .final: markup.text("Final", "Bản chính thức")
    }
  }
}
