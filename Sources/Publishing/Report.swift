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
    let first = content.languages[0]
    let table = ReportTable(
      markup: markup, rows: content.rows, groupTitles: content.groupTitles)
    var html =
      "<!DOCTYPE html>\n<html lang=\"\(first.rawValue)\">\n<head>\n<meta charset=\"utf-8\">\n"
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    html += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; "
    html += "style-src &#39;unsafe-inline&#39;; script-src &#39;unsafe-inline&#39;\">\n"
    html += "<title>\(Markup.escape(content.title[first]))</title>\n"
    html += "<style>\n\(ReportStyle.css)\n</style>\n</head>\n<body>\n"
    if content.languages.count > 1 { html += languageSwitch(content.languages) }
    html += "<main>\n<header><h1>\(markup.text(content.title))</h1>\n<p>"
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
    html += "</main>\n<script>\n\(ReportStyle.script)\n</script>\n</body>\n</html>\n"
    return html
  }

  private static func languageSwitch(_ languages: [ReleaseLanguage]) -> String {
    var html = ""
    for (index, language) in languages.enumerated() {
      let code = language.rawValue
      html +=
        "<input class=\"pick pick-\(code)\" type=\"radio\" name=\"language\" id=\"in-\(code)\""
      html += index == 0 ? " checked>" : ">"
    }
    html += "\n<nav class=\"bar\">"
    for language in languages {
      let code = language.rawValue
      html += "<label class=\"for-\(code)\" for=\"in-\(code)\" lang=\"\(code)\">"
      html += (language == .en ? "English" : "Tiếng Việt") + "</label>"
    }
    return html + "</nav>\n"
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
