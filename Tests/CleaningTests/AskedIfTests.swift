import CanvassCleaning
import CanvassCompute
import CanvassSurvey
import Testing

@Suite("Asked-if conditions of a codebook") struct AskedIfTests {
  static func variable(_ name: String, askedIf: String? = nil) -> Variable {
    var variable = Variable(
      name: name, title: LocalizedText(en: name),
      missingCodes: ["77": .skipped, "88": .dontKnow, "99": .refused])
    variable.askedIf = askedIf
    variable.place = "codebook.csv:\(name)"
    return variable
  }

  /// A gate, a question behind it and one behind that; the codebook lists them last first.
  static func codebook(_ second: String? = "gate is 1") throws -> Codebook {
    try Codebook([
      variable("third", askedIf: "second >= 3"), variable("second", askedIf: second),
      variable("gate"),
    ])
  }

  static let table = Table(columns: [
    Column(name: "id", numbers: (1...9).map(Double.init)),
    Column(name: "gate", numbers: [1, 0, 88, 99, nil, 0, 1, 0, 1]),
    Column(name: "second", numbers: [3, nil, 77, nil, nil, 4, 77, 88, 2]),
    Column(name: "third", numbers: [5, 77, nil, 77, nil, 6, nil, nil, nil]),
  ])

  static func clean(
    _ codebook: Codebook?, _ consequence: CodebookRules.Consequence = .flag, table: Table = table
  ) throws -> (table: Table, report: CleaningReport) {
    var request = CleaningRequest(key: "id")
    request.codebook.askedIf = consequence
    return try Cleaning.clean(table, codebook: codebook, request: request)
  }

  @Test("a question that was not asked is skipped; a blank gate leaves it open")
  func skipped() throws {
    let (cleaned, report) = try Self.clean(Self.codebook())
    #expect(
      (0..<9).map { cleaned["second"]?.cellText(at: $0) } == [
        "3", "skipped", "skipped", "skipped", "blank", "4", "skipped", "dont_know", "2",
      ])
    #expect(
      (0..<9).map { cleaned["third"]?.cellText(at: $0) } == [
        "5", "skipped", "skipped", "skipped", "blank", "6", "skipped", "skipped", "skipped",
      ])
    #expect(
      report.findings.map { "\($0.rule) \($0.row) \($0.value) \($0.state)" } == [
        "asked_if second 5 4 open", "asked_if second 7 dont_know open",
        "asked_if second 6 skipped open",
      ])
    #expect(report.cellsIn - report.cellsOut == report.lines.reduce(0) { $0 + $1.cells })
  }

  @Test("a blanked answer becomes skipped, and so does what hangs on it")
  func blanked() throws {
    let (cleaned, report) = try Self.clean(Self.codebook(), .blank)
    #expect(cleaned["second"]?.reason(at: 5) == .skipped)
    #expect(cleaned["third"]?.reason(at: 5) == .skipped)
    #expect(
      report.changes.map { "\($0.rule) \($0.row) \($0.variable) \($0.old) \($0.new)" } == [
        "asked_if second 5 second 4 skipped", "asked_if second 7 second dont_know skipped",
        "asked_if third 5 third 6 skipped",
      ])
    #expect(report.lines.filter { $0.kind == .blank }.map(\.cells) == [1, 1])
  }

  @Test("to stop names the count, the place and the condition")
  func stop() throws {
    let found = error { _ = try Self.clean(Self.codebook(), .stop) }
    #expect(found?.kind == .checkFailed && found?.place == "row 6")
    #expect(found?.what == "3 cells of 'second' are not as its asked_if says")
    #expect(found?.remedy?.contains("codebook.csv:second") == true)
  }

  @Test("skipped cells without a condition are an error with the count and the place")
  func unconditional() throws {
    let found = error { _ = try Self.clean(Self.codebook(nil)) }
    #expect(found?.kind == .checkFailed && found?.place == "row 3")
    #expect(
      found?.what == "2 cells of 'second' are skipped, and the codebook has no asked_if for it")
    // A codebook without any condition says nothing about who is asked.
    _ = try Self.clean(Codebook([Self.variable("second"), Self.variable("gate")]))
  }

  @Test(
    "a condition that cannot be is an error of the codebook",
    arguments: [
      ("gate is", "column"), ("gat is 1", "did you mean"), ("gate", "alone"),
      ("third is 1", "itself"), ("second is 1", "itself"),
    ])
  func faults(condition: String, word: String) throws {
    let found = error { _ = try Self.clean(Self.codebook(condition)) }
    #expect(found?.kind == .badData && found?.place?.hasPrefix("codebook.csv") == true)
    #expect(found?.description.contains(word) == true, "\(String(describing: found))")
  }

  @Test(
    "conditions do what they say on any number of rows", arguments: [0, 1, 2, 3, 5, 10, 40_000])
  func sizes(count: Int) throws {
    var random = RandomStream(seed: 5)
    let gates: [Double?] = (0..<count).map { _ in [0, 1, 88, nil][random.below(4)] }
    let table = Table(columns: [
      Column(name: "id", numbers: (0..<count).map(Double.init)),
      Column(name: "gate", numbers: gates),
      Column(name: "second", numbers: gates.map { $0 == 1 ? 2 : nil }),
    ])
    let book = try Codebook([
      Self.variable("gate"), Self.variable("second", askedIf: "gate is 1"),
    ])
    let (cleaned, report) = try Self.clean(book, table: table)
    for row in 0..<count {
      let expected = gates[row] == nil ? "blank" : gates[row] == 1 ? "2" : "skipped"
      #expect(cleaned["second"]?.cellText(at: row) == expected)
    }
    #expect(report.findings.isEmpty)
  }
}

@Suite("Types, ranges and labels of a codebook") struct DomainTests {
  static let book: Result<Codebook, any Error> = Result {
    var age = Variable(name: "age", title: LocalizedText(en: "Age"))
    age.kind = .integer
    age.low = 18
    age.high = 99
    var sex = Variable(
      name: "sex", title: LocalizedText(en: "Sex"),
      valueLabels: ["F": LocalizedText(en: "Female"), "M": LocalizedText(en: "Male")])
    sex.kind = .code
    var yes = Variable(
      name: "yes", title: LocalizedText(en: "Yes"),
      valueLabels: ["0": LocalizedText(en: "No"), "1": LocalizedText(en: "Yes")])
    yes.kind = .code
    var scale = Variable(
      name: "scale", title: LocalizedText(en: "Scale"),
      valueLabels: ["1": LocalizedText(en: "Least"), "5": LocalizedText(en: "Most")])
    scale.kind = .integer
    scale.low = 1
    scale.high = 5
    let gone = Variable(name: "gone", title: LocalizedText(en: "Gone"))
    return try Codebook([age, sex, yes, scale, gone])
  }

  static let table = Table(columns: [
    Column(name: "age", strings: ["17", "18", "4o", nil, "100", "99"]),
    Column(name: "sex", strings: ["F", "F", "x", nil, "F", "f"]),
    Column(name: "yes", numbers: [0, 1, 2, nil, -1, 0]),
    Column(name: "scale", numbers: [1, 2, 3, 6, 5.5, nil]),
    Column(name: "more", numbers: [1, 2, 3, 4, 5, 6]),
  ])

  @Test("what is out of range, without a label or no number is found, each by its rule")
  func found() throws {
    var request = CleaningRequest()
    request.codebook.range = .blank
    request.codebook.blanksTexts = true
    let (cleaned, report) = try Cleaning.clean(
      Self.table, codebook: Self.book.get(), request: request)
    #expect(
      report.findings.map { "\($0.rule) \($0.row) \($0.value) \($0.state)" } == [
        "type age 2 4o settled", "range age 0 17 settled", "range age 4 100 settled",
        "labels sex 2 x open", "labels sex 5 f open", "labels yes 2 2 open", "labels yes 4 -1 open",
        "range scale 3 6 settled", "range scale 4 5.5 settled",
      ])
    #expect((0..<6).map { cleaned["age"]?.number(at: $0) } == [nil, 18, nil, nil, nil, 99])
    #expect(cleaned["age"]?.reason(at: 2) == .struckOut && cleaned["sex"]?.text(at: 2) == "x")
    #expect(report.changes.count == 5)
    #expect(report.cellsIn - report.cellsOut == 5)
  }

  @Test("codebook and data are compared both ways")
  func comparison() throws {
    let found = try #require(
      try Cleaning.clean(Self.table, codebook: Self.book.get(), request: CleaningRequest()).report
        .codebook)
    #expect(found.withoutData == ["gone"] && found.undescribed == ["more"])
    #expect(found.otherKind == ["age", "scale"])
    #expect(
      found.unlabelled.map { "\($0.variable) \($0.codes) \($0.cells) \($0.place ?? "")" } == [
        "sex 2 2 row 3", "yes 2 2 row 3",
      ])
    #expect(found.unused.map { "\($0.variable) \($0.codes)" } == ["sex 1", "scale 1"])
  }

  @Test("to stop is an error with the count and the place")
  func stop() throws {
    var request = CleaningRequest()
    request.codebook.labels = .stop
    let found = error {
      _ = try Cleaning.clean(Self.table, codebook: Self.book.get(), request: request)
    }
    #expect(found?.kind == .checkFailed && found?.place == "row 3")
  }
}
