import CanvassCleaning
import CanvassSurvey
import Testing

private func collapsed(
  _ measures: [(String, String)], parents: [String] = ["a", "b", "c", "d"],
  keys: [String] = ["b", "a", "b", "b", "d"], bribe: [Double?] = [1, 0, 98, 0, 98],
  age: [Double?] = [7, 3.5, nil, 12.25, nil]
) throws -> Table {
  let group = Table(columns: [
    Column(name: "PARENT_KEY", strings: keys), Column(name: "bribe", numbers: bribe),
    Column(name: "age", numbers: age),
  ])
  let respondents = Table(columns: [Column(name: "KEY", strings: parents)])
  let request = CollapseRequest(
    name: "children", key: "PARENT_KEY", parentKey: "KEY",
    measures: try measures.map { try CollapseRequest.Measure(name: $0, text: $1) })
  return try request.collapse(
    group, into: respondents, codebook: nil,
    missing: [
      MissingRule(variables: ["bribe", "nothing*"], codes: [.dontKnow: ["98"]]),
      MissingRule(variables: ["elsewhere"], codes: [.refused: ["1"]]),
    ])
}

@Suite("Repeated groups become variables of respondents")
struct CollapseTests {
  @Test(
    "a summary has the values that its rows give, none and unknown ones among them",
    arguments: [
      // a has one row (0, 3.5), b three (1, 7), (?, ?), (0, 12.25), c none, d one (?, ?).
      ("count()", [1, 3, 0, 1]), ("count(bribe is 1)", [0, 1, 0, 0]),
      ("any(bribe is 1)", [0, 1, 0, nil]), ("all(bribe is 1)", [0, 0, nil, nil]),
      ("all(age > 3)", [1, nil, nil, nil]), ("any(age > 13)", [0, nil, 0, nil]),
      ("sum(age)", [3.5, 19.25, 0, nil]), ("mean(age)", [3.5, 9.625, nil, nil]),
      ("least(age)", [3.5, 7, nil, nil]), ("greatest(age)", [3.5, 12.25, nil, nil]),
      ("sum(age * 2 + 1)", [8, 40.5, 0, nil]), (" count( ) ", [1, 3, 0, 1]),
      ("count(bribe is dont_know)", [0, 1, 0, 1]),
    ] as [(String, [Double?])])
  func summaries(text: String, expected: [Double?]) throws {
    let column = try collapsed([("x", text)]).column("x")
    #expect((0..<4).map { column.number(at: $0) } == expected)
  }

  @Test("no respondents, no rows and one of each are collapsed", arguments: 0...2, 0...3)
  func small(parents: Int, rows: Int) throws {
    let names = ["a", "b"].prefix(parents)
    let table = try collapsed(
      [("n", "count()"), ("m", "mean(age)")], parents: Array(names),
      keys: (0..<rows).map { ["a", "b"][$0 % 2] }, bribe: (0..<rows).map { _ in 1 },
      age: (0..<rows).map { Double($0) })
    #expect(table.rowCount == parents && table.names == ["KEY", "n", "m"])
    if parents > 0 { #expect(table["n"]?.number(at: 0) == Double((rows + 1) / 2)) }
  }

  @Test("the order of rows leaves no trace in a sum")
  func order() throws {
    let ages: [Double?] = [0.1, 0.2, 0.3, 1e15, -1e15]
    let keys = ["a", "a", "a", "a", "a"]
    let one = try collapsed([("s", "sum(age)")], keys: keys, age: ages).column("s").text(at: 0)
    let other = try collapsed([("s", "sum(age)")], keys: keys, age: ages.reversed()).column("s")
    #expect(one != nil && other.text(at: 0) == one)
  }

  @Test(
    "what says no summary, or does not fit the group, is an error of the pipeline file",
    arguments: [
      "", "count", "median(age)", "any()", "sum()", "any(nobody is 1)", "any(bribe is)", "sum(KEY)",
      "count(age", "any(age is 1) + 1",
    ])
  func faults(text: String) throws {
    let failure = #expect(throws: Diagnostic.self) { try collapsed([("x", text)]) }
    #expect(failure?.kind == .badPipeline)
    #expect(throws: Diagnostic.self) { try collapsed([("KEY", "count()")]) }
  }
}
