public import CanvassSurvey

/// A table of texts in the languages of a page; the first column heads its lines.
public struct PlainTable: Sendable, Hashable {
  /// What the table shows.
  public var title: LocalizedText
  /// A heading for each column.
  public var headings: [LocalizedText]
  /// The lines, a text for each column.
  public var lines: [[LocalizedText]]

  /// A table.
  public init(title: LocalizedText, headings: [LocalizedText], lines: [[LocalizedText]]) {
    self.title = title
    self.headings = headings
    self.lines = lines
  }
}

/// A page of tables and nothing else, for the survey's own people.
public enum TablePage {
  /// The page's bytes: every table under its title, in all languages with a switch between them.
  public static func bytes(
    _ title: LocalizedText, _ tables: [PlainTable], languages: [ReleaseLanguage]
  ) -> [UInt8] {
    let markup = Markup(languages: languages)
    var html = "<main>\n<header><h1>\(markup.text(title))</h1></header>\n"
    for table in tables {
      html +=
        "<section><h2>\(markup.text(table.title))</h2>\n<div class=\"scroll\"><table><thead><tr>"
      for (column, heading) in table.headings.enumerated() {
        html +=
          "<th scope=\"col\"\(column == 0 ? "" : " class=\"num\"")>\(markup.text(heading))</th>"
      }
      html += "</tr></thead><tbody>\n"
      for line in table.lines {
        html += "<tr>"
        for (column, cell) in line.enumerated() {
          html +=
            column == 0
            ? "<th scope=\"row\">\(markup.text(cell))</th>"
            : "<td class=\"num\">\(markup.text(cell))</td>"
        }
        html += "</tr>\n"
      }
      html += "</tbody></table></div></section>\n"
    }
    return Array(PageFrame.page(title, languages, body: html + "</main>\n").utf8)
  }
}
