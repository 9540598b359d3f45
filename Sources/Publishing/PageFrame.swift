import CanvassSurvey

/// What every page has around its content: head, style, and the switch between languages.
enum PageFrame {
  /// A whole page around `body`, which begins with `<main>`; the first language is the one shown first.
  static func page(
    _ title: LocalizedText, _ languages: [ReleaseLanguage], body: String
  ) -> String {
    let first = languages.first ?? .en
    var html =
      "<!DOCTYPE html>\n<html lang=\"\(first.rawValue)\">\n<head>\n<meta charset=\"utf-8\">\n"
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    html += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; "
    html += "style-src &#39;unsafe-inline&#39;; script-src &#39;unsafe-inline&#39;\">\n"
    html += "<title>\(Markup.escape(title[first]))</title>\n"
    html += "<style>\n\(ReportStyle.css)\n</style>\n</head>\n<body>\n"
    if languages.count > 1 { html += languageSwitch(languages) }
    return html + body + "</body>\n</html>\n"
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
}
