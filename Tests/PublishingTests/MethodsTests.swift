import CanvassPublishing
import CanvassSurvey
import Testing

@Suite("The methods as Markdown")
struct MethodsTests {
  func text(
    _ items: [MethodsSection.Item], title: String = "Part", _ language: ReleaseLanguage = .en
  ) -> String {
    let content = ReportContent(
      title: LocalizedText(en: title, vi: "Tên"), languages: [.en, .vi], released: "2026-12-01",
      status: .draft, rows: gate(),
      headline: ReportNode(id: "index", title: LocalizedText(en: "Index")))
    let section = MethodsSection(LocalizedText(en: "How", vi: "Cách"), items)
    return String(decoding: MethodsFile.bytes(content, [section], language), as: UTF8.self)
  }

  @Test("facts, lists, formulas and tables stand apart; what nobody says is said to be so")
  func layout() {
    let items: [MethodsSection.Item] = [
      .fact(
        LocalizedText(en: "Mode", vi: "Phương thức"), LocalizedText(en: "web", vi: "trực tuyến")),
      .fact(LocalizedText(en: "Sponsor", vi: "Tài trợ"), nil),
      .formula("w = d\nd = 1"),
      .point(LocalizedText(en: "deep"), depth: 1),
      .table(
        [LocalizedText(en: "a"), LocalizedText(en: "b")], [[.init(en: "1"), .init(en: "2")]]),
    ]
    #expect(
      text(items) == """
        # Part

        **Draft – do not quote** · released 2026-12-01

        ## How

        - **Mode**: web
        - **Sponsor**: *not stated in the pipeline file*

            w = d
            d = 1

          - deep

        | a | b |
        | --- | --- |
        | 1 | 2 |

        """)
    let vietnamese = text(items, .vi)
    #expect(vietnamese.contains("**Phương thức**: trực tuyến"))
    #expect(vietnamese.contains("*tệp quy trình không nêu*"))
  }

  @Test(
    "no name becomes markup",
    arguments: [
      ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
      ("[x](javascript:y)", "\\[x\\](javascript:y)"), ("a|b `c` *d*", "a\\|b \\`c\\` \\*d\\*"),
      ("d1_2 _x_", "d1_2 \\_x\\_"), ("x\u{202E}y\u{0}z", "xyz"), ("a\n# b", "a # b"),
      ("A&lt;", "A&amp;lt;"),
    ])
  func harmless(name: String, written: String) {
    #expect(text([.text(LocalizedText(en: name))]).contains("\n" + written + "\n"))
    #expect(text([.fact(LocalizedText(en: name), nil)]).contains("**\(written)**"))
    #expect(text([], title: name).hasPrefix("# \(written)\n"))
  }

  @Test(
    "a paragraph begins no heading, list, rule or quotation",
    arguments: ["# x", "> x", "- x", "+ x", "=== x", "12. x", "3) x"])
  func beginnings(paragraph: String) {
    let lines = text([.text(LocalizedText(en: paragraph))]).split(separator: "\n")
    #expect(lines.last?.contains("\\") == true)
  }
}
