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
