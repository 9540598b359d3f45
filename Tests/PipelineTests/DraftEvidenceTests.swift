import CanvassCompute
import CanvassIngestion
import CanvassPipeline
import CanvassSurvey
import CanvassTestSupport
import Foundation
import Testing

/// A Stata file with characteristics, as `char` and `svyset` leave them.
private enum StataFile {
  typealias Characteristic = (owner: String, name: String, text: String)

  /// The release 118 of `table` with the characteristics put in, and the map mended.
  static func bytes(
    of table: Table, codebook: Codebook?, _ characteristics: [Characteristic]
  ) throws -> [UInt8] {
    var bytes = try StatisticsWriter.bytes(of: table, codebook: codebook, format: .dta)
    let mark = try #require(find("<characteristics>", in: bytes))
    let added = characteristics.flatMap { entry -> [UInt8] in
      let content =
        field(entry.owner, 129) + field(entry.name, 129) + Array(entry.text.utf8) + [0]
      return Array("<ch>".utf8) + little(content.count, 4) + content + Array("</ch>".utf8)
    }
    bytes.insert(contentsOf: added, at: mark + 17)
    let map = try #require(find("<map>", in: bytes)) + 5
    for entry in 9..<14 {
      let place = map + 8 * entry..<map + 8 * entry + 8
      let old = bytes[place].reversed().reduce(0) { $0 << 8 | Int($1) }
      bytes.replaceSubrange(place, with: little(old + added.count, 8))
    }
    return bytes
  }

  /// Release 114 by hand: a variable of bytes, two rows, in either byte order.
  static func old(isLittle: Bool, _ characteristics: [Characteristic]) -> [UInt8] {
    func number(_ value: Int, _ width: Int) -> [UInt8] {
      isLittle ? little(value, width) : little(value, width).reversed()
    }
    var bytes: [UInt8] = [114, isLittle ? 2 : 1, 1, 0] + number(1, 2) + number(2, 4)
    bytes += field("", 81) + field("", 18)
    bytes += [251] + field("psu", 33) + number(0, 2) + number(0, 2) + field("%8.0g", 49)
    bytes += field("", 33) + field("Village", 81)
    for entry in characteristics {
      let content = field(entry.owner, 33) + field(entry.name, 33) + Array(entry.text.utf8) + [0]
      bytes += [1] + number(content.count, 4) + content
    }
    return bytes + [0] + number(0, 4) + [1, 2]
  }

  private static func field(_ text: String, _ width: Int) -> [UInt8] {
    Array(text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count)
  }

  private static func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func find(_ text: String, in bytes: [UInt8]) -> Int? {
    let sought = Array(text.utf8)
    return bytes.indices.first { bytes[$0...].starts(with: sought) }
  }
}

@Suite("Evidence of first drafts")
struct DraftEvidenceTests {
  private func draft(
    _ workshop: Workshop, _ drop: String, form: String? = nil
  ) throws -> (pipeline: String, book: String, structure: String) {
    let made = try FirstDraft.make(
      drop: workshop.path(drop), name: "draft", output: workshop.folder.path,
      form: form.map { workshop.path($0) }, workers: Workers(1))
    func text(_ name: String) -> String {
      made.files.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    }
    return (text("draft.yaml"), text("draft-codebook.csv"), text("draft-structure.csv"))
  }

  private func write(_ workshop: Workshop, _ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: workshop.folder.appending(path: name))
  }

  private static let answers = Table(columns: [
    Column(name: "psu", numbers: [1, 1, 2, 2]), Column(name: "region", numbers: [1, 1, 2, 2]),
    Column(name: "pw", numbers: [1.5, 2, 3, 0.5]),
    Column(name: "rate", numbers: [0.1, 0.1, 0.2, 0.2]),
    Column(name: "trust", numbers: [0, 1, 1, 0]),
  ])

  @Test("svyset becomes the design and the weight; what it declares besides is named")
  func svyset() throws {
    let workshop = try Workshop()
    let settings = [
      ("_svy_version", "2"), ("_svy_stages", "1"), ("_svy_su1", "psu"), ("_svy_strata1", "region"),
      ("_svy_fpc1", "rate"), ("_svy_wtype", "pweight"), ("_svy_wvar", "pw"),
      ("_svy_singleunit", "scaled"), ("_svy_poststrata", "region"),
    ]
    try write(
      workshop, "s.dta",
      StataFile.bytes(
        of: Self.answers, codebook: nil, settings.map { ("_dta", $0.0, $0.1) }))
    let text = try draft(workshop, "s.dta").pipeline
    #expect(
      text.contains("    - {strata: [\"region\"], unit: \"psu\", fraction: \"rate\"}\n"))
    #expect(text.contains("  lonely_psu: average\n"))
    #expect(text.contains("  - base: \"pw\"\n"))
    #expect(text.contains("not taken over: poststrata\n"))
  }

  @Test(
    "rows that were drawn by themselves, and frequency weights, are no sampling units and weights")
  func rowsDrawn() throws {
    let workshop = try Workshop()
    let settings = [
      ("_svy_su1", "_n"), ("_svy_strata1", "region"), ("_svy_wtype", "fweight"),
      ("_svy_wvar", "pw"),
    ]
    try write(
      workshop, "s.dta",
      StataFile.bytes(of: Self.answers, codebook: nil, settings.map { ("_dta", $0.0, $0.1) }))
    let text = try draft(workshop, "s.dta").pipeline
    #expect(text.contains("    - {strata: [\"region\"]}\n"))
    #expect(!text.contains("base: \"pw\""))
  }

  @Test("a file without svyset leaves design and weight as questions")
  func without() throws {
    let workshop = try Workshop()
    try write(workshop, "s.dta", StataFile.bytes(of: Self.answers, codebook: nil, []))
    let text = try draft(workshop, "s.dta").pipeline
    #expect(text.contains("{strata: [\"?\"], unit: \"?\"}"))
    #expect(text.contains("- base: \"?\""))
  }

  @Test(
    "formats before Stata 13 keep the same in their expansion fields", arguments: [true, false])
  func old(isLittle: Bool) throws {
    let workshop = try Workshop()
    try write(
      workshop, "s.dta",
      StataFile.old(isLittle: isLittle, [("_dta", "note1", "a note"), ("_dta", "_svy_su1", "psu")]))
    #expect(try draft(workshop, "s.dta").pipeline.contains("    - {unit: \"psu\"}\n"))
  }

  @Test(
    "labels in a second language complete the first", arguments: [("en", "vi"), ("tieng", "vi_VN")])
  func languages(current: String, other: String) throws {
    let workshop = try Workshop()
    var trust = Variable(name: "trust", title: LocalizedText(en: "Trust"))
    trust.valueLabels = ["0": LocalizedText(en: "No"), "1": LocalizedText(en: "Yes")]
    var helper = Variable(name: "psu", title: LocalizedText(en: "Village"))
    helper.valueLabels = ["0": LocalizedText(en: "Không"), "1": LocalizedText(en: "Có")]
    // The writer calls a set of labels like its variable.
    try write(
      workshop, "s.dta",
      StataFile.bytes(
        of: Self.answers, codebook: try Codebook([trust, helper]),
        [
          ("_dta", "_lang_list", "\(other) \(current)"), ("_dta", "_lang_c", current),
          ("trust", "_lang_v_\(other)", "Niềm tin"), ("trust", "_lang_l_\(other)", "psu"),
        ]))
    let book = try draft(workshop, "s.dta").book
    #expect(book.contains("\ntrust,Trust,Niềm tin,"))
    #expect(book.contains(",0=No|1=Yes,0=Không|1=Có,"))
  }

  @Test("what a form demands besides ranges becomes a check that lists, or a question with its row")
  func constraints() throws {
    let workshop = try Workshop()
    let survey = [
      ["type", "name", "label::English (en)", "label::Tiếng Việt (vi)", "constraint", "relevant"],
      ["integer", "age", "Age", "Tuổi", ". >= 18 and . <= 120", ""],
      ["integer", "children", "Children", "Số con", ". < ${age}", "${age} > 20"],
      ["text", "phone", "Phone", "Điện thoại", "regex(., '[0-9]+')", ""],
    ]
    let sheets = [("survey", survey), ("choices", [["list_name", "name", "label"]])].map {
      (name: $0.0, rows: $0.1.map { $0.map { SmallWorkbook.Cell.text($0) } })
    }
    try write(workshop, "form.xlsx", SmallWorkbook.bytes(sheets))
    try workshop.write("answers.csv", "KEY,age,children,phone\nuuid:1,30,1,090\nuuid:2,40,2,091\n")
    let made = try draft(workshop, "answers.csv", form: "form.xlsx")
    #expect(made.pipeline.contains("key: \"KEY\""))
    #expect(
      made.pipeline.contains(
        """
              when: "children is answered"
              require: "children < age"
              otherwise: flag

        """))
    #expect(
      made.pipeline.contains(
        "form.xlsx:survey:4\n      when: \"phone is answered\"\n      require: \"?\""))
    #expect(!made.pipeline.contains("form-age"), "a range stands in the codebook")
    #expect(made.book.contains("age,Age,Tuổi,,,,,,,,integer,18,120,"))
    #expect(made.book.contains("children,Children,Số con,,,,,,,,integer,,,age > 20"))
  }

  @Test(
    "a DDI in the drop is the codebook, though keys lie in several files; paradata are no respondents"
  )
  func surveySolutions() throws {
    let workshop = try Workshop()
    let folder = workshop.folder.appending(path: "export")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try workshop.write(
      "export/survey.tab",
      "interview__id\ttrust\nab1\t1\nab2\t-999999999\nab3\t0\n")
    try workshop.write(
      "export/members.tab",
      "interview__id\tmembers__id\tage\nab1\t1\t30\nab1\t2\t31\nab2\t1\t40\nab3\t1\t50\n")
    try workshop.write(
      "export/interview__actions.tab",
      "interview__id\taction\tdate\ttime\nab1\t1\t2\t3\nab2\t1\t2\t3\nab3\t1\t2\t3\nab3\t4\t2\t3\n")
    try workshop.write(
      "export/ddi.xml",
      """
      <?xml version="1.0" encoding="utf-8"?>
      <codeBook xmlns="ddi:codebook:2_5" version="2.5"><dataDscr>
      <var ID="V1" name="interview__id" files="F1"><labl>Key</labl></var>
      <var ID="V2" name="trust" files="F1"><labl>Trust</labl><qstn><qstnLit>Do you?</qstnLit></qstn>
      <catgry><catValu>0</catValu><labl>No</labl></catgry>
      <catgry><catValu>1</catValu><labl>Yes</labl></catgry></var>
      <var ID="V3" name="interview__id" files="F2"><labl>Key</labl></var>
      </dataDscr></codeBook>
      """)
    let made = try draft(workshop, "export")
    #expect(made.pipeline.contains("members: \"survey.tab\""))
    #expect(made.pipeline.contains("key: \"interview__id\""))
    #expect(made.pipeline.contains("empty: skipped"))
    #expect(made.pipeline.contains("blank: [\"##N/A##\", \"-999999999\"]"))
    #expect(
      made.pipeline.contains(
        "# interview__actions.tab has 4 rows: Survey Solutions' own, no respondents"))
    #expect(
      made.pipeline.contains("# collapse: {group: {members: \"members.tab\", by: interview__id,"))
    #expect(made.book.contains("trust,Trust,,,,,,,0=No|1=Yes,,code,"))
    // Twice in one file is a mistake all the same.
    let twice =
      "<codeBook><dataDscr><var name=\"a\" files=\"F1\"/><var name=\"a\" files=\"F1\"/></dataDscr></codeBook>"
    try workshop.write("twice.xml", twice)
    #expect(throws: Diagnostic.self) { try draft(workshop, "drop.csv", form: "twice.xml") }
  }

  @Test("COINr's iMeta gives tree, weights and directions; what it does not say is a question")
  func coin() throws {
    let workshop = try Workshop()
    try workshop.write(
      "iMeta.csv",
      "iCode,iName,Direction,Level,Weight,Parent,Type\n"
        + "LPI,Logistics,1,1,2,Conn,Indicator\nTariff,Mean tariff,-1,1,1,Conn,Indicator\n"
        + "Pop,Population,,,,NA,Denominator\nConn,Connectivity,1,2,1,Index,Aggregate\n"
        + "Index,Index,1,3,1,NA,Aggregate\n")
    try workshop.write(
      "iData.csv", "uCode,uName,LPI,Tariff,Pop\nA,Aland,3,2,10\nB,Bland,2,1,20\nC,Cland,1,0,30\n")
    let made = try FirstDraft.make(
      drop: workshop.path("iData.csv"), name: "draft", output: workshop.folder.path,
      form: workshop.path("iMeta.csv"), workers: Workers(1))
    _ = try made.write(to: workshop.folder.path, drop: workshop.path("iData.csv"))
    #expect(made.notes == ["not in the index: Pop (Denominator)"])
    let structure = try String(
      contentsOf: workshop.folder.appending(path: "draft-structure.csv"), encoding: .utf8)
    #expect(
      structure == """
        node,parent,level,title_en,title_vi,variable,low,high,direction,weight,combine
        Index,,index,Index,,,,,,,weighted
        Conn,Index,level-2,Connectivity,,,,,,1,weighted
        LPI,Conn,indicator,Logistics,,LPI,,,up,2,
        Tariff,Conn,indicator,Mean tariff,,Tariff,,,down,1,

        """)
    let pipeline = try String(
      contentsOf: workshop.folder.appending(path: "draft.yaml"), encoding: .utf8)
    #expect(pipeline.contains("normalize: \"?\""))
    try workshop.write(
      "draft.yaml",
      pipeline.replacing("title: {en: \"?\", vi: \"?\"}", with: "title: Logistics")
        .replacing("normalize: \"?\"", with: "normalize: min-max"))
    _ = try PipelineRun.run(
      workshop.path("draft.yaml"),
      options: RunOptions(output: workshop.path("Runs"), workers: Workers(1)), progress: { _ in })
    let scores = try String(
      contentsOf: workshop.folder.appending(path: "Runs/draft/latest/release/scores.csv"),
      encoding: .utf8)
    // LPI 100, 50, 0 and tariff 0, 50, 100 (down), weights 2 and 1: 66.67, 50, 33.33.
    #expect(scores.contains("A,A,,Index,index,66.6"))
    #expect(scores.contains("B,B,,Index,index,50,"))
  }
}
