import CanvassCompute
import CanvassIngestion
import CanvassPipeline
import CanvassSurvey
import Foundation
import FoundationXML
import Testing

@Suite("codebook.xml") struct CodebookDocumentTests {
  /// The parts of DDI-Codebook 2.5 that are written: for each element those in it, in their order, and
  /// whether they may come again. After the DDI Alliance's tree of elements of the Codebook.
  static let model: [String: [(name: String, repeats: Bool)]] = [
    "codeBook": [("docDscr", true), ("stdyDscr", true), ("fileDscr", true), ("dataDscr", true)],
    "docDscr": [("citation", false)],
    "stdyDscr": [("citation", true), ("stdyInfo", true), ("method", true), ("dataAccs", true)],
    "citation": [
      ("titlStmt", false), ("rspStmt", false), ("prodStmt", false), ("distStmt", false),
      ("serStmt", false), ("verStmt", true), ("biblCit", false),
    ],
    "titlStmt": [("titl", false), ("subTitl", true), ("altTitl", true), ("parTitl", true)],
    "rspStmt": [("AuthEnty", true)],
    "prodStmt": [
      ("producer", true), ("copyright", false), ("prodDate", true), ("prodPlac", true),
      ("software", true), ("fundAg", true),
    ],
    "distStmt": [("distrbtr", true), ("contact", true), ("distDate", false)],
    "verStmt": [("version", false)],
    "stdyInfo": [("subject", false), ("abstract", true), ("sumDscr", true), ("notes", true)],
    "sumDscr": [
      ("timePrd", true), ("collDate", true), ("nation", true), ("geogCover", true),
      ("anlyUnit", true), ("universe", true), ("dataKind", true),
    ],
    "method": [("dataColl", true), ("notes", true), ("anlyInfo", false)],
    "dataColl": [
      ("timeMeth", true), ("dataCollector", true), ("collectorTraining", true), ("frequenc", true),
      ("sampProc", true), ("sampleFrame", true), ("deviat", true), ("collMode", true),
      ("resInstru", true), ("collSitu", true), ("actMin", true), ("ConOps", true),
      ("weight", true), ("cleanOps", true),
    ],
    "sampleFrame": [("txt", true)],
    "anlyInfo": [("respRate", true), ("EstSmpErr", true), ("dataAppr", true)],
    "dataAccs": [("setAvail", true), ("useStmt", true)],
    "useStmt": [("restrctn", false), ("contact", true), ("citReq", false), ("conditions", false)],
    "dataDscr": [("var", true)],
    "var": [
      ("labl", true), ("qstn", true), ("valrng", true), ("invalrng", true), ("universe", true),
      ("txt", true), ("catgry", true), ("varFormat", false), ("notes", true),
    ],
    "valrng": [("item", true), ("range", true)], "invalrng": [("item", true), ("range", true)],
    "catgry": [("catValu", false), ("labl", true)],
  ]

  /// Elements that must be there.
  static let demanded = [
    "codeBook": "stdyDscr", "stdyDscr": "citation", "citation": "titlStmt", "titlStmt": "titl",
  ]

  static func problems(_ element: XMLElement) -> [String] {
    let name = element.name ?? ""
    let children = (element.children ?? []).compactMap { $0 as? XMLElement }
    guard let rule = model[name] else {
      return children.isEmpty ? [] : ["\(name) holds elements"]
    }
    var problems: [String] = []
    var last = -1
    for child in children {
      guard let place = rule.firstIndex(where: { $0.name == child.name }) else {
        problems.append("\(child.name ?? "") in \(name)")
        continue
      }
      if place < last || (place == last && !rule[place].repeats) {
        problems.append("\(child.name ?? "") out of its place in \(name)")
      }
      last = max(last, place)
    }
    if children.isEmpty { problems.append("\(name) is empty") }
    if let need = demanded[name], !children.contains(where: { $0.name == need }) {
      problems.append("\(name) lacks \(need)")
    }
    return problems + children.flatMap(Self.problems)
  }

  /// The small survey with a codebook, released.
  static func release(_ edits: [(String, String)] = []) throws -> Workshop {
    let workshop = try CodebookTests.workshop()
    let pipeline = Workshop.pipeline.replacing(
      "  text: [province]", with: "  text: [province]\n  codebook: {file: codebook.csv}")
    try workshop.write("pipeline.yaml", Workshop.edited(pipeline, edits))
    try workshop.run()
    return workshop
  }

  @Test("the document keeps the order of DDI-Codebook 2.5, however much the file says")
  func order() throws {
    for edits in [[], [("units: {", MethodsDocumentTests.about)]] {
      let text = try Self.release(edits).released("codebook.xml")
      let document = try XMLDocument(data: Data(text.utf8))
      let root = try #require(document.rootElement())
      #expect(root.name == "codeBook" && text.contains(" version=\"2.5\" "))
      #expect(Self.problems(root) == [])
    }
  }

  @Test("the rules find an element out of its place, twice, unknown, empty or lacking")
  func rules() throws {
    for (text, problem) in [
      ("<titlStmt><parTitl>a</parTitl><titl>b</titl></titlStmt>", "titl out of its place"),
      ("<titlStmt><titl>a</titl><titl>b</titl></titlStmt>", "titl out of its place"),
      ("<titlStmt><title>a</title></titlStmt>", "title in titlStmt"),
      ("<invalrng></invalrng>", "invalrng is empty"),
      ("<stdyDscr><method><notes>a</notes></method></stdyDscr>", "stdyDscr lacks citation"),
    ] {
      let root = try #require(try XMLDocument(data: Data(text.utf8)).rootElement())
      #expect(Self.problems(root).contains { $0.hasPrefix(problem) }, "\(text)")
    }
  }

  @Test("it reads back as the codebook that it was made of, and gives the same release")
  func back() throws {
    let workshop = try Self.release()
    let scores = try workshop.released("scores.csv")
    let document = try workshop.released("codebook.xml")
    for text in [
      "<var ID=\"V1\" name=\"trust\">", "<range min=\"0\" max=\"4\"/>", "<item VALUE=\"88\"/>",
      "missType=\"dont_know\"", "<notes type=\"sensitive\">yes</notes>", "<labl>Female</labl>",
    ] { #expect(document.contains(text), "\(text)") }
    try workshop.write("codebook.xml", document)
    let pipeline = try String(
      contentsOf: workshop.folder.appending(path: "pipeline.yaml"), encoding: .utf8)
    try workshop.write(
      "pipeline.yaml",
      pipeline.replacing("{file: codebook.csv}", with: "{file: codebook.xml}")
        .replacing("        - {variables: trust, dont_know: 88}\n", with: "")
        .replacing("  missing:\n    - {variables: trust, dont_know: 88}\n", with: ""))
    try workshop.run()
    #expect(try workshop.released("scores.csv") == scores)
    #expect(try workshop.released("codebook.xml") == document)
  }

  @Test("questions that no number stands on are not told, nor how many gave an answer")
  func silent() throws {
    let workshop = try Self.release()
    let document = try workshop.released("codebook.xml")
    for word in ["name=\"id\"", "name=\"why\"", "name=\"weight\"", "catStat", "sumStat", "r1<"] {
      #expect(!document.contains(word), "\(word)")
    }
    let root = try #require(try XMLDocument(data: Data(document.utf8)).rootElement())
    let names = try root.nodes(forXPath: "//*[local-name()='var']/@name").compactMap(\.stringValue)
    #expect(names == ["trust", "bribe", "sex"])
  }

  @Test("names with markup come out harmless")
  func harmless() throws {
    let name = "<script>alert(1)</script> ]]> \"quoted\" & more"
    let workshop = try Self.release([("title: {en: Small, vi: Nhỏ}", "title: '\(name)'")])
    let root = try #require(
      try XMLDocument(data: Data(workshop.released("codebook.xml").utf8)).rootElement())
    let title = try root.nodes(
      forXPath: "/*/*[local-name()='stdyDscr']//*[local-name()='titl']")
    #expect(title.first?.stringValue == name)
  }
}
