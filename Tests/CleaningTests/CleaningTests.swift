import CanvassCleaning
import CanvassCompute
import CanvassSurvey
import Testing

func error(_ body: () throws -> Void) -> Diagnostic? {
  do {
    try body()
    return nil
  } catch {
    return error as? Diagnostic
  }
}

@Suite("Missing codes") struct MissingCodeTests {
  let table = Table(columns: [
    Column(name: "d1", numbers: [1, 88, 99, 2, nil, 888]),
    Column(name: "d2", numbers: [88.5, 88, 0.5, 70_000, nil, 1]),
    Column(name: "d3", strings: ["x", "88", "kxđ", "Huế", nil, "Hu\u{65}\u{302}\u{301}"]),
    Column(name: "age", numbers: [88, 20, 30, 40, 50, 99]),
  ])

  @Test("codes become missing for their reason, numbers by value and texts as they are")
  func codes() throws {
    let rule = MissingRule(
      variables: ["d*"], codes: [.dontKnow: ["88", "888.0"], .refused: ["99"], .skipped: ["Huế"]])
    let (cleaned, report) = try Cleaning.clean(table, request: CleaningRequest(missing: [rule]))
    #expect(
      (0..<6).map { cleaned["d1"]?.reason(at: $0) } == [
        nil, .dontKnow, .refused, nil, .blank, .dontKnow,
      ])
    #expect(
      (0..<6).map { cleaned["d2"]?.reason(at: $0) } == [nil, .dontKnow, nil, nil, .blank, nil])
    #expect(
      (0..<6).map { cleaned["d3"]?.reason(at: $0) } == [
        nil, .dontKnow, nil, .skipped, .blank, .skipped,
      ])
    #expect(cleaned["age"]?.number(at: 0) == 88)
    #expect(
      report.coded.map { "\($0.variable) \($0.reason.name) \($0.cells)" } == [
        "d1 dont_know 2", "d1 refused 1", "d2 dont_know 1", "d3 skipped 2", "d3 dont_know 1",
      ])
    #expect(
      report.lines.map { "\($0.rule) \($0.kind.rawValue) \($0.rows) \($0.cells)" } == [
        "skipped missing code 2 2", "dont_know missing code 2 4", "refused missing code 1 1",
      ])
    #expect(report.completeness[0].missing(.dontKnow) == 2)
    #expect(report.completeness[0].missing(.blank) == 1)
    #expect(report.completeness[0].answered == 2)
  }

  @Test("the codebook's codes belong to its variables, those absent from the data are passed over")
  func codebook() throws {
    let book = try Codebook([
      Variable(name: "age", title: LocalizedText(en: "Age"), missingCodes: ["99": .refused]),
      Variable(name: "gone", title: LocalizedText(en: "Gone"), missingCodes: ["1": .skipped]),
    ])
    let (cleaned, _) = try Cleaning.clean(table, codebook: book, request: CleaningRequest())
    #expect(cleaned["age"]?.reason(at: 5) == .refused)
    #expect(cleaned["d1"]?.number(at: 2) == 99)
  }

  @Test("a column that is text for its codes alone is numeric without them")
  func textCodes() throws {
    let table = Table(columns: [
      Column(name: "x", strings: ["1", "DK", "2.50", nil, "88", "DK"]),
      Column(name: "code", strings: ["01", "DK", "02", nil, "3", "4"]),
    ])
    let rule = MissingRule(variables: ["*"], codes: [.dontKnow: ["DK"], .refused: ["88.0"]])
    let (cleaned, report) = try Cleaning.clean(
      table,
      request: CleaningRequest(
        filter: try Expression.parse("x is missing or x < 2.6"), missing: [rule],
        checks: [Check(id: "c", require: try Expression.parse("x < 2"), otherwise: .flag)]))
    #expect((0..<6).map { cleaned["x"]?.number(at: $0) } == [1, nil, 2.5, nil, nil, nil])
    #expect(cleaned["x"]?.reason(at: 4) == .refused && cleaned["x"]?.reason(at: 1) == .dontKnow)
    #expect(cleaned["code"]?.isNumeric == false && cleaned["code"]?.text(at: 0) == "01")
    #expect(report.lines.map(\.cells) == [0, 3, 1, 0])
  }

  @Test("a pattern that fits no variable is an error with a suggestion")
  func pattern() throws {
    let rule = MissingRule(variables: ["aged"], codes: [.refused: ["1"]])
    let found = error { _ = try Cleaning.clean(table, request: CleaningRequest(missing: [rule])) }
    #expect(found?.kind == .badPipeline)
    #expect(found?.what.contains("'aged'") == true)
    #expect(found?.remedy == "did you mean 'age'?")
  }

  @Test("one code with two reasons is an error, also between codebook and rule, 88 being 88.0")
  func conflict() throws {
    let book = try Codebook([
      Variable(name: "d1", title: LocalizedText(en: "D1"), missingCodes: ["88": .refused])
    ])
    let rule = MissingRule(variables: ["d1"], codes: [.dontKnow: ["88.0"]])
    let found = error {
      _ = try Cleaning.clean(table, codebook: book, request: CleaningRequest(missing: [rule]))
    }
    #expect(found?.kind == .badPipeline)
    #expect(found?.what.contains("refused and dont_know") == true)
  }

  @Test(
    "stars stand for any characters and question marks for one",
    arguments: [
      ("d*", "d1 d2 d3"), ("?1", "d1"), ("*", "d1 d2 d3 age"), ("a*e", "age"), ("*g*", "age"),
      ("d?*", "d1 d2 d3"), ("**3", "d3"), ("age", "age"),
    ])
  func stars(pattern: String, names: String) throws {
    let everything = ["1", "88", "99", "2", "888", "0.5", "20"]
    let rule = MissingRule(variables: [pattern], codes: [.notSelected: everything])
    let (_, report) = try Cleaning.clean(table, request: CleaningRequest(missing: [rule]))
    #expect(report.coded.map(\.variable).joined(separator: " ") == names)
  }
}

@Suite("Checks") struct CheckTests {
  let table = Table(
    columns: [
      Column(name: "age", numbers: [17, 18, nil, 40, 90]),
      Column(name: "asked", numbers: [1, nil, 0, 0, 0]),
      Column(name: "steps", numbers: [3, 4, 5, nil, 6]),
    ],
    origins: RowOrigins(
      sources: ["a.zip:b.csv"], sourceOfRow: [0, 0, 0, 0, 0], lineOfRow: [2, 3, 4, 5, 9]))

  func request(_ when: String?, _ require: String, _ otherwise: Check.Consequence) throws
    -> CleaningRequest
  {
    CleaningRequest(checks: [
      Check(
        id: "rule", when: try when.map { try Expression.parse($0) },
        require: try Expression.parse(require),
        otherwise: otherwise)
    ])
  }

  @Test("a row whose requirement is unknown does not fail, and is counted")
  func drop() throws {
    let (cleaned, report) = try Cleaning.clean(table, request: request(nil, "age >= 18", .drop))
    #expect(cleaned.rowCount == 4)
    #expect((0..<4).map { cleaned.place(of: $0) }.first == "a.zip:b.csv:3")
    let line = try #require(report.lines.first)
    #expect(
      line == report.lines.last && line.kind == .drop && line.applied == 5 && line.rows == 1
        && line.unknown == 1 && line.cells == 3)
    #expect(report.cellsIn == 12)
    #expect(report.cellsOut == 9)
  }

  @Test("an answer is demanded by 'is answered'")
  func answered() throws {
    let (cleaned, _) = try Cleaning.clean(
      table, request: request(nil, "age is answered and age >= 18", .drop))
    #expect(cleaned.rowCount == 3)
  }

  @Test(
    "a check applies only where 'when' holds, and blanks the variables it requires something of")
  func blank() throws {
    let (cleaned, report) = try Cleaning.clean(
      table, request: request("asked is not 1", "steps is missing", .blank([])))
    #expect(
      (0..<5).map { cleaned["steps"]?.reason(at: $0) } == [
        nil, nil, .struckOut, .blank, .struckOut,
      ])
    let line = try #require(report.lines.first)
    #expect(line.applied == 3 && line.rows == 2 && line.unknown == 0 && line.cells == 2)
    #expect(report.completeness[2].missing(.struckOut) == 2)
  }

  @Test("listed variables are blanked instead; cells without a value keep their reason")
  func blankListed() throws {
    let (cleaned, report) = try Cleaning.clean(
      table, request: request(nil, "steps < 5", .blank(["age", "asked"])))
    #expect((0..<5).map { cleaned["age"]?.reason(at: $0) } == [nil, nil, .blank, nil, .struckOut])
    #expect(cleaned["steps"]?.number(at: 4) == 6)
    #expect(report.lines.first?.cells == 3)
  }

  @Test("a stop names the check, the rows and the first three places")
  func stop() throws {
    let found = error { _ = try Cleaning.clean(table, request: request(nil, "steps > 100", .stop)) }
    #expect(found?.kind.exitCode == 10)
    #expect(found?.what == "4 of 5 rows fail the check 'rule'")
    #expect(found?.place == "a.zip:b.csv:2")
    #expect(found?.why?.contains("also at a.zip:b.csv:3, a.zip:b.csv:4 and 1 more") == true)
  }

  @Test("a flag changes nothing but the count")
  func flag() throws {
    let (cleaned, report) = try Cleaning.clean(table, request: request(nil, "age < 50", .flag))
    #expect(cleaned.rowCount == 5)
    #expect(report.lines.first?.rows == 1)
    #expect(report.cellsIn == report.cellsOut)
  }

  @Test("later checks see what earlier ones struck out")
  func order() throws {
    let checks = [
      Check(id: "a", require: try Expression.parse("steps < 6"), otherwise: .blank([])),
      Check(id: "b", require: try Expression.parse("age >= 18"), otherwise: .drop),
      Check(id: "c", require: try Expression.parse("steps is not struck_out"), otherwise: .flag),
      Check(id: "d", require: try Expression.parse("age >= 18"), otherwise: .drop),
    ]
    let (_, report) = try Cleaning.clean(table, request: CleaningRequest(checks: checks))
    #expect(report.lines.map(\.rows) == [1, 1, 1, 0])
    #expect(report.lines.map(\.applied) == [5, 5, 4, 4])
  }

  @Test("a rule that does not fit is refused before any rule runs")
  func validation() throws {
    let broken: [(CleaningRequest, String)] = [
      (try request("agee > 1", "age > 1", .flag), "'agee'"),
      (try request(nil, "age is 'x'", .flag), "'age' holds numbers"),
      (try request(nil, "age > 1", .blank(["stepz"])), "'stepz'"),
      (try request(nil, "1 > 2", .blank([])), "names no variable"),
      (CleaningRequest(key: "id"), "'id'"),
      (CleaningRequest(duplicates: .latestBy("age")), "no key"),
    ]
    for (request, phrase) in broken {
      let found = error { _ = try Cleaning.clean(table, request: request) }
      #expect(found?.kind == .badPipeline)
      #expect(found?.what.contains(phrase) == true, "\(String(describing: found))")
    }
    let check = Check(id: "x", require: try Expression.parse("age > 1"), otherwise: .flag)
    let twice = error {
      _ = try Cleaning.clean(table, request: CleaningRequest(checks: [check, check]))
    }
    #expect(twice?.what.contains("two checks are called 'x'") == true)
  }
}
