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

  /// The page's charts as files: a name, and an SVG document in one language.
  public static func figures(
    _ content: ReportContent
  ) -> [(name: String, file: (ReleaseLanguage) -> [UInt8])] {
    let groups = UnitGroups(
      content.rows, node: content.headline.id, titles: content.groupTitles)
    let figures = [
      ("map", content.map?.figure(content.rows, node: content.headline, groups: groups)),
      ("scores", DotAndWhisker.figure(content.rows, node: content.headline, groups: groups)),
    ]
    return figures.compactMap { name, figure in figure.map { (name, $0.file) } }
  }

  private static func page(_ content: ReportContent) -> String {
    let markup = Markup(languages: content.languages)
    let table = ReportTable(
      markup: markup, rows: content.rows, groupTitles: content.groupTitles)
    var html = "<main>\n<header><h1>\(markup.text(content.title))</h1>\n<p>"
    html +=
      "<span class=\"badge \(content.status.rawValue)\">\(markup.text(Phrase.status(content.status)))</span>"
    if let released = content.released {
      html += " <span class=\"soft\">\(markup.text("Released", "Công bố")) "
      html += Markup.escape(released) + "</span>"
    }
    html += "</p>" + ReportFront.lead(content, markup) + "</header>\n"
    html += ReportSections.national(content, markup)
    html += ReportFront.map(content, markup)
    html += "<section id=\"units\"><h2>" + markup.text(content.headline.title)
    html += ReportFront.published(content, markup) + "</h2>\n"
    html += ReportSections.reading(content, markup)
    html += "<p hidden><label>\(markup.text("Find", "Tìm")) "
    html += "<input type=\"search\" id=\"find\" autocomplete=\"off\"></label></p>\n"
    html += table.units(content.headline) + "</section>\n"
    if let breakdowns = table.breakdowns(content.headline, titles: content.domainTitles) {
      html += "<section><h2>\(markup.text("Groups of people", "Theo nhóm người trả lời"))</h2>\n"
      html += breakdowns + "</section>\n"
    }
    html += ReportProfiles.section(content, markup)
    if !content.sections.isEmpty {
      html += "<section><h2>\(markup.text("Dimensions", "Các chỉ số nội dung"))</h2>\n"
      for node in content.sections {
        html +=
          "<details><summary>\(markup.text(node.title))</summary>\n"
          + table.units(node, isFull: false)
        html +=
          table.breakdowns(node, titles: content.domainTitles, isFull: false) ?? ""
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
}
