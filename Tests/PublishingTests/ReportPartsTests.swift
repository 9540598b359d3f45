import CanvassCompute
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import Foundation
import Testing

@Suite("Map, chart and profiles of the report")
struct ReportPartsTests {
  static let harm = "<script>alert(1)</script>\"']]>\u{202E}" + String(repeating: "Đ", count: 300)

  /// Four published units and one without a score; two items, one of them far from the country's.
  func content(ranks: Bool = true, name: String = "Hà Nội") throws -> ReportContent {
    var rows: [ScoreRow] = []
    for (place, unit) in ["01", "02", "03", "04"].enumerated() {
      let score = 50 - Double(place) * 3
      rows.append(scoreRow(unit, score, name: place == 0 ? name : nil))
      rows.append(scoreRow(unit, score / 10, node: "d1", error: 0.1))
      rows.append(scoreRow(unit, 8 - Double(place) * 2, node: "a", error: 0.25))
      rows.append(scoreRow(unit, 5, node: "b", error: 0.25))
    }
    rows.append(scoreRow("05", 77.7777, respondents: 3))
    rows.append(scoreRow("national:survey", 46, isUnit: false))
    rows.append(scoreRow("national:survey", 5.0, node: "a", isUnit: false))
    rows.append(scoreRow("national:survey", 5.1, node: "b", isUnit: false))
    let released = try Gate.pass(
      scores: rows, indicators: [], rules: GateRules(publishesRanks: ranks),
      grouping: .cuts([45], names: ["low", "high"]))
    let field = released.rankField(node: "index")
    let assessments =
      field.units.isEmpty
      ? []
      : [
        RankAssessment(
          field, direct: CovarianceMatrix(variances: field.standardErrors.map { $0 * $0 }),
          rules: RankRules(method: .bonferroni, confidence: 0.9),
          grouping: .cuts([45], names: ["low", "high"]))
      ]
    var content = ReportContent(
      title: LocalizedText(en: "Demo", vi: "Minh hoạ"), languages: [.en, .vi], released: nil,
      status: .draft,
      rows: released.ranked(assessments, rules: RankRules(method: .bonferroni, confidence: 0.9)),
      headline: ReportNode(id: "index", title: LocalizedText(en: "Index", vi: "Chỉ số")))
    content.outline = [
      OutlineNode(id: "index", title: LocalizedText(en: "Index"), depth: 0, isLeaf: false),
      OutlineNode(id: "d1", title: LocalizedText(en: "Part", vi: "Phần"), depth: 1, isLeaf: false),
      OutlineNode(id: "a", title: LocalizedText(en: "Item A"), depth: 2, isLeaf: true),
      OutlineNode(id: "b", title: LocalizedText(en: "Item B"), depth: 2, isLeaf: true),
    ]
    content.map = TileMap(tiles: [
      TileMap.Tile(code: "01", column: 1, row: 1), TileMap.Tile(code: "02", column: 2, row: 1),
      TileMap.Tile(code: "03", column: 1, row: 2), TileMap.Tile(code: "04", column: 2, row: 2),
      TileMap.Tile(code: "05", column: 3, row: 2),
      TileMap.Tile(
        code: "04", column: 4, row: 3, label: LocalizedText(en: "Hoang Sa", vi: "Hoàng Sa")),
    ])
    return content
  }

  func page(_ content: ReportContent) -> String {
    String(decoding: Report.bytes(content), as: UTF8.self)
  }

  func file(_ name: String, _ content: ReportContent, _ language: ReleaseLanguage = .vi) -> String {
    let figure = Report.figures(content).first { $0.name == name }
    return figure.map { String(decoding: $0.file(language), as: UTF8.self) } ?? ""
  }

  @Test("a tile has its group's colour, its name and score; without a score it is hatched")
  func map() throws {
    let svg = file("map", try content())
    let tiles = svg.components(separatedBy: "<g>").dropFirst()
    #expect(tiles.count == 6)
    let colors = tiles.map { tile in
      ["q0", "q6", "empty"].first { color in
        tile.contains("tile \(color)\"") || tile.contains("island \(color)\"")
      }
    }
    #expect(colors == ["q6", "q6", "q0", "q0", "empty", "q0"])
    #expect(tiles.map { $0.contains("hatch") } == [false, false, false, false, true, false])
    #expect(tiles.map { $0.contains("island") } == [false, false, false, false, false, true])
    #expect(tiles.first?.contains(">50,0<") == true && !svg.contains("77"))
    let html = page(try content())
    #expect(html.contains("Hoàng Sa (") && html.contains("4 of 5 units published"))
  }

  @Test("units stand under their groups, the highest first, in the page and in the chart")
  func groups() throws {
    let html = page(try content())
    let order = [
      "high <small>", "Hà Nội</a>", "Unit 02", "low <small>", "Unit 03", "Unit 04", "in no group",
    ]
    var rest = try #require(html.components(separatedBy: "id=\"units\"").last)[...]
    for word in order {
      let found = try #require(rest.range(of: word), "\(word) comes too early or not at all")
      rest = rest[found.upperBound...]
    }
    let svg = file("scores", try content(), .en)
    #expect(svg.contains("too few respondents") && svg.contains(">47.00<") && !svg.contains("77.7"))
  }

  @Test("a profile says who cannot be told apart, what is clear, and shows every part")
  func profile() throws {
    let html = page(try content())
    let profiles = html.components(separatedBy: "<details class=\"profile\">").dropFirst()
    #expect(profiles.count == 5)
    let first = try #require(profiles.first)
    // 50 against 47, 44 and 41 with standard errors 0.5: all differences are clear at 90 %.
    #expect(first.contains("cannot be told apart from 0 of the 3 other published units"))
    // Item A: 8 ± 0.5 against 5 is clear; item B: 5 ± 0.5 against 5.1 is not.
    let strengths = try #require(first.components(separatedBy: "Clearest").dropFirst().first)
    #expect(strengths.contains("Item A") && !strengths.contains("Item B"))
    #expect(first.contains("5.00 ▲") && first.contains("5,10<") && !first.contains("5.10 ▲"))
    let last = try #require(profiles.dropFirst(3).first)
    let weaknesses = last.components(separatedBy: "Clearest").last ?? ""
    #expect(weaknesses.contains("Item A") && last.contains("5.00 ▼"))
  }

  @Test("changes stand with their interval, and what is not comparable with its reason")
  func changes() throws {
    var content = try content()
    var moved = ChangeRow(
      round: "2019", unit: "01", unitName: LocalizedText(en: "Hà Nội"), node: "index",
      level: "index", confidence: 0.95, status: .ok)
    moved.before = 48
    moved.after = 50
    moved.change = 2
    moved.interval = -0.5...4.5
    let broken = ChangeRow(
      round: "2019", unit: "01", unitName: LocalizedText(en: "Hà Nội"), node: "d1",
      level: "dimension", confidence: 0.95, status: .notComparable,
      reason: LocalizedText(en: "another question", vi: "câu hỏi khác"))
    content.changes = [ChangesSince(name: "2019", rows: [moved, broken])]
    let html = page(content)
    for word in ["Since 2019", "+", "may be chance", "not comparable", "câu hỏi khác"] {
      #expect(html.contains(word), "lacks \(word)")
    }
    #expect(html.contains("\u{2212}0.50"))
  }

  @Test("without ranks no rank stands anywhere, and groups and intervals do")
  func withoutRanks() throws {
    let content = try content(ranks: false)
    #expect(content.rows.scores.allSatisfy { $0.rank == nil && $0.rankInterval == nil })
    #expect(content.rows.scores.contains { $0.group == "high" })
    let html = page(content)
    #expect(!html.contains("Possible ranks") && !html.contains(">Rank<") && !html.contains("Hạng"))
    #expect(html.contains("pairs of units cannot be told apart"))
    #expect(!ConsoleTable.render(content.rows, node: "index").contains("rank"))
    let ranked = try self.content()
    #expect(page(ranked).contains("Possible ranks"))
    #expect(ConsoleTable.render(ranked.rows, node: "index").contains("rank"))
  }

  @Test("names that try to be markup stay names in the page and in the drawings")
  func harmless() throws {
    let content = try content(name: Self.harm)
    let html = page(content)
    #expect(!html.contains("<script>alert") && html.contains("&lt;script&gt;alert"))
    #expect(!html.contains("\u{202E}"))
    var titled = content
    titled.outline[1].title = LocalizedText(en: "</style><script>alert(2)</script>\"}\\")
    #expect(page(titled).contains("content:\"\\3c /style\\3e \\3c script\\3e alert(2)"))
    #expect(!page(titled).contains("</style><script>alert"))
    for name in ["map", "scores"] {
      let svg = file(name, content)
      let parser = XMLCheck(svg)
      #expect(parser.problem == nil, "\(name): \(parser.problem ?? "")")
      #expect(!svg.contains("<script") && !svg.contains(String(repeating: "Đ", count: 60)))
    }
  }

  @Test("63 units with 160 nodes stay below 3 MB")
  func size() throws {
    var rows: [ScoreRow] = []
    let nodes = (1..<160).map { "n\($0)" }
    for node in ["index"] + nodes {
      for unit in 1...63 { rows.append(scoreRow("u\(unit)", 44.1234 + Double(unit), node: node)) }
      rows.append(scoreRow("national:survey", 47.5, node: node, isUnit: false))
    }
    var content = ReportContent(
      title: LocalizedText(en: "Demo", vi: "Minh hoạ"), languages: [.en, .vi], released: nil,
      status: .draft, rows: gate(rows),
      headline: ReportNode(id: "index", title: LocalizedText(en: "Index", vi: "Chỉ số")))
    let english = "An indicator with a title of the usual length"
    let vietnamese = "Tỷ lệ người trả lời cho biết một điều với độ dài thường gặp của câu hỏi"
    content.outline =
      [OutlineNode(id: "index", title: LocalizedText(en: "Index"), depth: 0, isLeaf: false)]
      + nodes.enumerated().map { place, id in
        OutlineNode(
          id: id, title: LocalizedText(en: english, vi: vietnamese),
          depth: place < 8 ? 1 : place < 36 ? 2 : 3, isLeaf: place >= 36)
      }
    content.sections = (1...8).map {
      ReportNode(id: "n\($0)", title: LocalizedText(en: english, vi: vietnamese))
    }
    #expect(Report.bytes(content).count < 3_000_000, "\(Report.bytes(content).count) bytes")
  }
}

/// Whether open elements are closed in order, attributes are quoted and no bare ampersand stands.
struct XMLCheck {
  var problem: String?

  init(_ text: String) {
    var open: [Substring] = []
    for part in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
      guard let end = part.firstIndex(of: ">") else {
        problem = "unclosed tag"
        return
      }
      let tag = part[..<end]
      if part[end...].dropFirst().contains(">") { problem = "a bare >" }
      if tag.count(where: { $0 == "\"" }) % 2 != 0 { problem = "a bare quote" }
      if tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        if open.popLast() != tag.dropFirst() { problem = "</\(tag)> closes something else" }
      } else {
        open.append(tag.prefix { $0 != " " })
      }
    }
    if !open.isEmpty { problem = "open: \(open)" }
  }
}
