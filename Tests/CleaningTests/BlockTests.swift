import CanvassCleaning
import CanvassSurvey
import Testing

@Suite("Blocks and first values") struct BlockTests {
  let table = Table(columns: [
    Column(name: "q7_a", numbers: [1, nil, nil, 88]),
    Column(name: "q7_b", numbers: [nil, 1, nil, nil]),
    Column(name: "q7_c", numbers: [nil, 1, nil, nil]),
    Column(name: "other", numbers: [nil, 2, 3, nil]),
    Column(name: "town", strings: ["Huế", nil, nil, "Vinh"]),
    Column(name: "village", strings: ["x", "y", nil, nil]),
  ])

  @Test("what is left blank in a block with an answer was not selected")
  func block() throws {
    var request = CleaningRequest(
      missing: [MissingRule(variables: ["q7_a"], codes: [.dontKnow: ["88"]])])
    request.multiSelect = [MultiSelectBlock(variables: ["q7_*"])]
    let cleaned = try Cleaning.clean(table, request: request).table
    func cells(_ name: String) -> [String?] { (0..<4).map { cleaned[name]?.cellText(at: $0) } }
    #expect(cells("q7_a") == ["1", "not_selected", "blank", "dont_know"])
    #expect(cells("q7_b") == ["not_selected", "1", "blank", "blank"])
    #expect(cells("q7_c") == ["not_selected", "1", "blank", "blank"])
    #expect(cells("other") == ["blank", "2", "3", "blank"])
    request.multiSelect = [MultiSelectBlock(variables: ["q8_*"])]
    let found = error { _ = try Cleaning.clean(table, request: request) }
    #expect(found?.kind == .badPipeline)
  }

  @Test("the first value counts, else the reason of the first variable")
  func first() throws {
    let request = CleaningRequest(
      missing: [MissingRule(variables: ["q7_a"], codes: [.dontKnow: ["88"]])],
      derivations: [
        Derivation(name: "number", rule: .first(of: ["q7_a", "q7_b", "other"])),
        Derivation(name: "place", rule: .first(of: ["village", "town"])),
      ])
    let cleaned = try Cleaning.clean(table, request: request).table
    #expect(
      (0..<4).map { cleaned["number"]?.cellText(at: $0) } == ["1", "1", "3", "dont_know"])
    #expect((0..<4).map { cleaned["place"]?.cellText(at: $0) } == ["x", "y", "blank", "Vinh"])
    let mixed = CleaningRequest(
      derivations: [Derivation(name: "both", rule: .first(of: ["town", "q7_a"]))])
    let found = error { _ = try Cleaning.clean(table, request: mixed) }
    #expect(found?.kind == .badPipeline && found?.place == "derivation both")
  }
}

@Suite("Decisions in the account") struct DecisionAccountTests {
  @Test("rows and cells add up over replaced cells and dropped rows, missing codes included")
  func balance() throws {
    let table = Table(columns: [
      Column(name: "id", strings: ["a", "b", "c", "d", "d"]),
      Column(name: "x", numbers: [1, 88, nil, 4, 4]),
      Column(name: "y", numbers: [88, 9, 3, 88, 88]),
      Column(name: "z", strings: ["1", "2", "o", "4", "4"]),
    ])
    var book = Variable(name: "y", title: LocalizedText(en: "Y"))
    book.high = 8
    var text = Variable(name: "z", title: LocalizedText(en: "Z"))
    text.kind = .number
    var request = CleaningRequest(
      missing: [MissingRule(variables: ["x", "y"], codes: [.dontKnow: ["88"]])], key: "id")
    request.codebook.range = .blank
    request.codebook.blanksTexts = true
    func decision(
      _ key: String, _ name: String, _ action: Decision.Action, _ old: String, _ new: String
    )
      -> Decision
    {
      Decision(
        key: key, variable: name, rule: "r", action: action, old: old, new: new, place: "d.csv:2")
    }
    request.decisions = [
      decision("a", "x", .replace, "1", "88"), decision("b", "x", .drop, "88", ""),
      decision("c", "x", .replace, "blank", "7"),
      decision("d", "y", .replace, "dont_know", "blank"),
    ]
    let (cleaned, report) = try Cleaning.clean(
      table, codebook: Codebook([book, text]), request: request)
    #expect(cleaned.rowCount == 3 && report.rowsIn - report.rowsOut == 2)
    #expect(report.cellsIn - report.cellsOut == report.lines.reduce(0) { $0 + $1.cells })
    #expect((0..<3).map { cleaned["x"]?.cellText(at: $0) } == ["dont_know", "7", "4"])
    #expect((0..<3).map { cleaned["y"]?.cellText(at: $0) } == ["dont_know", "3", "blank"])
    #expect((0..<3).map { cleaned["z"]?.cellText(at: $0) } == ["1", "struck_out", "4"])
    #expect(report.decisionsApplied == 5 && report.findings.map(\.rule) == ["type z"])
  }
}
