import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import CanvassTestSupport
import Foundation
import Testing

/// A form with groups, a repeat, choices in two languages, conditions and constraints.
private let survey: [[String]] = [
  ["type", "name", "label::English (en)", "label::Tiếng Việt (vi)", "relevant", "constraint"],
  ["start", "start", "", "", "", ""], ["deviceid", "device", "", "", "", ""],
  ["integer", "age", "Age", "Tuổi", "", ". >= 18 and .<=120"],
  ["select_one yesno", "paid", "Paid a bribe?", "Đưa hối lộ?", "", ""],
  ["begin group", "services", "Services", "", "${paid} = 'yes' or ${age} > 60", ""],
  ["select_multiple offices", "where", "Where?", "Ở đâu?", "", ""],
  ["text", "other", "Which other?", "", "selected(${where}, '9')", ""],
  ["integer", "times", "How often?", "", "not(selected(${where}, '1')) and ${age} != 20", ""],
  ["end group", "", "", "", "", ""],
  ["text", "why", "Why?", "", "regex(${other}, 'a')", "string-length(.) > 2"],
  ["begin repeat", "child", "Child", "", "${age} > 20", ""],
  ["integer", "child_age", "Age of child", "", "", ". < 18"],
  ["select_one yesno", "school", "At school?", "", "${child_age} >= 6", ""],
  ["end repeat", "", "", "", "", ""], ["note", "thanks", "Thank you", "", "", ""],
]
private let choices: [[String]] = [
  ["list_name", "name", "label::English (en)", "label::Tiếng Việt (vi)"],
  ["yesno", "yes", "Yes", "Có"], ["yesno", "no", "No", "Không"],
  ["offices", "1", "Commune", "Xã"], ["offices", "2", "District", "Huyện"],
  ["offices", "9", "Other", "Khác"],
]

private func workbook(_ survey: [[String]] = survey, _ choices: [[String]] = choices) -> [UInt8] {
  func cells(_ rows: [[String]]) -> [[SmallWorkbook.Cell]] {
    rows.map { $0.map { $0.isEmpty ? .empty : .text($0) } }
  }
  return SmallWorkbook.bytes([
    ("survey", cells(survey)), ("choices", cells(choices)), ("settings", [[.text("form_id")]]),
  ])
}

private func read(
  _ csv: String, form: [UInt8] = workbook(), _ change: (inout IngestionRequest) -> Void = { _ in }
) throws -> Ingested {
  try withFile(form, name: "form.xlsx") { form in
    try withFile(Array(csv.utf8), name: "data.csv") { path in
      var request = IngestionRequest(drops: [path], respondents: MemberRequest(members: "*"))
      request.codebook = .file(form, MemberRequest(members: "*"))
      change(&request)
      return try Ingestion.ingest(request, workers: Workers(1))
    }
  }
}

@Suite("Forms of ODK, Kobo and SurveyCTO")
struct FormTests {
  @Test("a form is a codebook: labels in both languages, types, ranges, conditions")
  func codebook() throws {
    let book = try #require(try read("age,paid\n30,yes\n").codebook)
    let age = try #require(book["age"])
    #expect(age.title.en == "Age" && age.title.vi == "Tuổi")
    #expect(age.kind == .integer && age.low == 18 && age.high == 120)
    #expect(book["paid"]?.valueLabels["yes"]?.vi == "Có" && book["paid"]?.kind == .code)
    #expect(book["where"]?.kind == .codes && book["where"]?.valueLabels.count == 3)
    #expect(book["device"]?.isSensitive == true && book["start"]?.kind == .date)
    #expect(book["child_age"]?.high == 17)
    #expect(book["thanks"] == nil && book["child"] == nil)
    #expect(age.place?.hasSuffix("form.xlsx:survey:4") == true)
    let gate = "(paid is \"yes\" or age > 60)"
    #expect(book["where"]?.askedIf == gate)
    #expect(book["other"]?.askedIf == "\(gate) and where_9 is 1")
    #expect(
      book["times"]?.askedIf
        == "\(gate) and (where_1 is not 1 or where_1 is missing) and "
        + "(age is not 20 or age is missing)")
    #expect(book["school"]?.askedIf == "child_age >= 6" && book["child_age"]?.askedIf == nil)
  }

  @Test("a condition that is not translated is listed with its place, and nothing is made of it")
  func untranslated() throws {
    let book = try #require(try read("age,paid\n30,yes\n").codebook)
    #expect(book["why"]?.askedIf == nil)
    #expect(book.untranslated.count == 1)
    #expect(book.untranslated.first?.contains("form.xlsx:survey:11: 'regex'") == true)
    // Where a condition is missing, "asked of all" is not known of anybody.
    #expect(!book.givesConditions)
  }

  @Test(
    "XPath becomes an expression, or is refused",
    arguments: [
      ("${paid} != 'yes'", "(paid is not \"yes\" or paid is missing)"),
      ("${age} != ''", "age is answered"), ("${age} = \"\"", "age is missing"),
      (
        "not(${age} = 3 and ${paid} = 'no')",
        "((age is not 3 or age is missing) or (paid is not \"no\" or paid is missing))"
      ),
      ("not(${age} > 3)", "(age <= 3 or age is missing)"),
      ("${age} = -99", "age is -99"), ("${age} * 2 + 1 div 4 >= 7", "((age * 2) + (1 / 4)) >= 7"),
      ("selected(${paid}, 'yes')", "paid is \"yes\""), ("${ age }>=18", "age >= 18"),
      ("${where} = '1'", nil), ("selected(${where}, '4')", nil), ("${nobody} = 1", nil),
      ("${child_age} > 1", nil), ("count-selected(${where}) > 1", nil), ("${age} >", nil),
      ("(${age} > 1", nil), ("${age} > 1)", nil), ("${age} and ${paid}", nil), ("'a' > 'b'", nil),
      (String(repeating: "(", count: 5_000), nil), ("${age", nil), ("'x", nil), ("$", nil),
    ] as [(String, String?)])
  func expressions(xpath: String, expected: String?) throws {
    var rows = survey
    rows[10][4] = xpath
    let book = try #require(try read("age,paid\n30,yes\n", form: workbook(rows)).codebook)
    #expect(book["why"]?.askedIf == expected)
    #expect(book.untranslated.isEmpty == (expected != nil))
  }

  @Test("several answers as text, as 0/1 columns and as both are one table")
  func several() throws {
    let text = "age,where\n20,1 9\n30,2\n40,\n50,9\n"
    let split = "age,where/1,where/2,where/9\n20,1,0,1\n30,0,1,0\n40,,,\n50,0,0,1\n"
    let both =
      "age,where,where_1,where_2,where_9\n20,9 1,1,0,1\n30,2,0,1,0\n40,,0,0,0\n50,9,0,0,1\n"
    let survey = "age,where__1,where__2,where__9\n20,1,0,1\n30,0,1,0\n40,,,\n50,0,0,1\n"
    for csv in [text, split, both, survey] {
      let read = try read(csv)
      for (name, wanted) in [
        ("where_1", [1, 0, nil, 0]), ("where_2", [0, 1, nil, 0]), ("where_9", [1, 0, nil, 1]),
      ] as [(String, [Double?])] {
        let column = try read.table.column(name)
        #expect((0..<4).map { column.number(at: $0) } == wanted, "\(name) of \(csv)")
        #expect(column.reason(at: 2) == .blank)
      }
      #expect(!read.table.names.contains { $0.contains("/") || $0.contains("__") })
      #expect(read.codebook?["where_9"]?.title.vi == "Ở đâu?: Khác")
    }
  }

  @Test("text and 0/1 columns that differ, and codes that no list holds, are refused at their row")
  func differing() throws {
    for (csv, what) in [
      ("age,where,where_1\n20,1,1\n30,1,0\n", "differ"),
      ("age,where,where_1\n20,1,1\n30,2,\n", "differ"),
      ("age,where,where_1\n20,1,1\n30,,1\n", "differ"),
      ("age,where\n20,1\n30,1 4\n", "does not list"),
    ] {
      let failure = #expect(throws: Diagnostic.self) { try read(csv) }
      #expect(failure?.what.contains(what) == true, "\(csv)")
      #expect(failure?.place?.hasSuffix(":3") == true)
    }
    let twice = #expect(throws: Diagnostic.self) { try read("age,where/1,where_1\n20,1,1\n") }
    #expect(twice?.what.contains("several columns") == true)
  }

  @Test("a missing code among the choices is missing in all of them")
  func missingCode() throws {
    let rules = [MissingTagRule(variables: ["wh*"], reasons: ["9": .dontKnow])]
    let read = try read("age,where\n20,1 2\n30,9\n") { $0.missingTags = rules }
    #expect(try read.table.column("where_1").reason(at: 1) == .dontKnow)
    #expect(try read.table.column("where_2").number(at: 0) == 1)
    #expect(read.table["where_9"] == nil)
  }

  @Test("groups go from the names, choices keep their question, and two names never become one")
  func groups() throws {
    func header(_ csv: String, _ separator: Character) throws -> [String] {
      try withFile(Array(csv.utf8), name: "data.csv") { path in
        var source = MemberRequest(members: "*")
        source.dialect.groupSeparator = separator
        return try Ingestion.ingest(
          IngestionRequest(drops: [path], respondents: source), workers: Workers(1)
        ).table.names
      }
    }
    #expect(
      try header("_id,a/b/age,a/where,a/where/1,a/where/2,x-y\n1,2,1,1,0,3\n", "/")
        == ["_id", "age", "where", "where/1", "where/2", "x-y"])
    #expect(try header("a-age,b\n1,2\n", "-") == ["age", "b"])
    let failure = #expect(throws: Diagnostic.self) { try header("a/age,b/age\n1,2\n", "/") }
    #expect(failure?.what.contains("two columns are called 'age'") == true)
    // With the form, choices get the names of variables.
    let csv = "g/age,g/where,g/where/1,g/where/2,g/where/9\n20,1,1,0,0\n"
    let read = try read(csv) { $0.respondents.dialect.groupSeparator = "/" }
    #expect(Set(read.table.names) == ["age", "where", "where_1", "where_2", "where_9"])
  }

  @Test(
    "an empty cell was not asked where the tool marks unanswered ones", arguments: [false, true])
  func empty(isStata: Bool) throws {
    let csv = Array("id,q1,t\n1,-999999999,##N/A##\n2,,\n3,4,x\n".utf8)
    func read(_ bytes: [UInt8], _ name: String) throws -> Table {
      try withFile(bytes, name: name) { path in
        var source = MemberRequest(members: "*")
        source.dialect.emptyCell = .skipped
        return try Ingestion.ingest(
          IngestionRequest(
            drops: [path], respondents: source, blankText: ["##N/A##", "-999999999"]),
          workers: Workers(1)
        ).table
      }
    }
    var table = try read(csv, "data.csv")
    if isStata {
      let plain = try withFile(csv, name: "data.csv") { path in
        try Ingestion.ingest(
          IngestionRequest(drops: [path], respondents: MemberRequest(members: "*")),
          workers: Workers(1)
        ).table
      }
      let bytes = try StatisticsWriter.bytes(of: plain, codebook: nil, format: .dta)
      table = try read(bytes, "data.dta")
      // A number is no text: its code belongs under 'clean: missing'.
      #expect(table["q1"]?.number(at: 0) == -999_999_999)
    } else {
      #expect(table["q1"]?.reason(at: 0) == .blank)
    }
    #expect(table["t"]?.reason(at: 0) == .blank)
    #expect(table["q1"]?.reason(at: 1) == .skipped && table["t"]?.reason(at: 1) == .skipped)
    #expect(table["q1"]?.number(at: 2) == 4)
  }

  @Test("forms with faults are refused at their row")
  func faults() throws {
    func form(_ row: Int, _ column: Int, _ text: String) -> [UInt8] {
      var rows = survey
      rows[row][column] = text
      return workbook(rows)
    }
    for (bytes, place) in [
      (form(4, 0, "select_one nolist"), ":survey:5"), (form(3, 1, ""), ":survey:4"),
      (form(8, 0, "end repeat"), ":survey:9"), (form(5, 0, "note"), ":survey:10"),
      (form(0, 0, "typ"), ":survey:1"),
      (workbook(survey, [["list_name", "label"], ["yesno", "Yes"]]), ":choices:2"),
      (form(4, 1, "age"), "form.xlsx"),
    ] {
      let failure = #expect(throws: Diagnostic.self) { try read("age,paid\n30,yes\n", form: bytes) }
      #expect(failure?.kind == .badData)
      #expect(failure?.place?.hasSuffix(place) == true, "\(failure.map { "\($0)" } ?? "")")
    }
  }
}
