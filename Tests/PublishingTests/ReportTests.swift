import CanvassPublishing
import CanvassSurvey
import Testing

@Suite struct ReportTests {
  private func content(_ name: String = "Hà Nội") -> ReportContent {
    var content = ReportContent(
      title: LocalizedText(en: "Demo & more", vi: "Minh hoạ"), languages: [.en, .vi],
      released: "2026-12-01", status: .draft,
      rows: gate([
        scoreRow("01", 51.5, degrees: 2, name: name), scoreRow("02", 44.25), scoreRow("03", 40),
        scoreRow("04", 77.7777, respondents: 3), scoreRow("national:survey", 47, isUnit: false),
        scoreRow("national:survey", 46, domain: "sex=F", isUnit: false),
        scoreRow("01", 5, node: "d1"),
      ]), headline: ReportNode(id: "index", title: LocalizedText(en: "Index", vi: "Chỉ số")))
    content.sections = [ReportNode(id: "d1", title: LocalizedText(en: "Part", vi: "Phần"))]
    content.cleaning = CleaningAccount(
      rowsIn: 1000, rowsOut: 990, cellsIn: 9000, cellsOut: 8905,
      rules: [.init(name: LocalizedText(en: "adult <18"), rows: 10, cells: 95)])
    content.weighting = [
      WeightingAccount(
        name: LocalizedText(en: "rake"), kishDesignEffect: 1.25, effectiveRespondents: 800,
        range: 0.5...3, distanceBefore: 0.2, distanceAfter: 1e-11)
    ]
    content.sample = [(LocalizedText(en: "Villages", vi: "Thôn"), 414)]
    content.digests = [("scores.csv", "abcd")]
    content.warnings = [LocalizedText(en: "A <b> warning")]
    return content
  }

  /// Open elements must be closed in order; void ones stand alone.
  private func problem(in html: String) -> String? {
    var open: [String] = []
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
      guard let end = rest[start...].firstIndex(of: ">") else { return "unclosed tag" }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber })
      if tag.hasPrefix("!") || tag.hasSuffix("/") || ["meta", "input", "br"].contains(name) {
        continue
      }
      if tag.hasPrefix("/") {
        if open.popLast() != name { return "</\(name)> closes something else" }
      } else {
        open.append(name)
        if name == "script" || name == "style" {
          while !rest.isEmpty, !rest.hasPrefix("</\(name)>") { rest.removeFirst() }
        }
      }
    }
    return open.isEmpty ? nil : "open: \(open)"
  }

  @Test("the page is well formed, whatever a province is called")
  func wellFormed() {
    let page = String(decoding: Report.bytes(content("<script>alert(1)</script>")), as: UTF8.self)
    #expect(problem(in: page) == nil)
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("adult &lt;18") && page.contains("A &lt;b&gt; warning"))
    #expect(page.contains("<title>Demo &amp; more</title>"))
  }

  @Test("nothing is fetched and suppressed numbers appear nowhere")
  func sealed() {
    let page = String(decoding: Report.bytes(content()), as: UTF8.self)
    for word in ["http:", "https:", "src=", "url(", "@import", "77.7", "77,7"] {
      #expect(!page.contains(word), "found \(word)")
    }
  }

  @Test("both languages, df with t, the warning below 4 df and the accounts are there")
  func contents() {
    let page = String(decoding: Report.bytes(content()), as: UTF8.self)
    for word in [
      "lang=\"vi\">51,50<", "lang=\"en\">51.50<", "df &lt; 4", "Kish", "All respondents",
      "2 · <span lang=\"en\">2.00<", "sex=F", "</span>e-11", "414", "abcd", "2026-12-01",
      "prefers-color-scheme:dark", "<details>", "scope=\"row\"", "too few respondents",
    ] {
      #expect(page.contains(word), "lacks \(word)")
    }
    #expect(!page.contains("does not add up"))
    var wrong = content()
    wrong.cleaning?.rowsOut = 991
    #expect(String(decoding: Report.bytes(wrong), as: UTF8.self).contains("does not add up"))
    #expect(Report.bytes(content()) == Report.bytes(content()))
  }
}
