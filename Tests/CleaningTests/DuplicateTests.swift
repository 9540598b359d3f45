import CanvassCleaning
import CanvassSurvey
import Testing

@Suite("Duplicates") struct DuplicateTests {
  let table = Table(columns: [
    Column(name: "id", numbers: [1, 2, 1, 3, 2, 1]),
    Column(
      name: "when",
      strings: ["2026-01-02", "2026-03-01", "2026-01-02", nil, "2026-02-01", "2026-01-02"]),
    Column(name: "x", numbers: [5, 6, 5, 7, 8, 5]),
  ])

  @Test("identical rows become one, counted; differing ones fail")
  func fail() throws {
    let found = error { _ = try Cleaning.clean(table, request: CleaningRequest(key: "id")) }
    #expect(found?.kind == .badData)
    #expect(found?.what.hasPrefix("1 keys 'id'") == true)
    #expect(found?.place == "row 2")
    #expect(found?.why == "also at row 5")
    let same = table.gathering([0, 2, 3, 5])
    let (cleaned, report) = try Cleaning.clean(same, request: CleaningRequest(key: "id"))
    #expect(cleaned.rowCount == 2)
    #expect(report.lines.map(\.rows) == [2, 0])
    #expect(report.lines.map(\.cells) == [6, 0])
  }

  @Test("the latest row stays whatever the order of rows")
  func latest() throws {
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [4, 0, 1, 5, 3, 2]] {
      let (cleaned, report) = try Cleaning.clean(
        table.gathering(order), request: CleaningRequest(key: "id", duplicates: .latestBy("when")))
      let rows = (0..<cleaned.rowCount).map { row in
        cleaned.columns.map { $0.text(at: row) ?? "-" }.joined(separator: " ")
      }
      #expect(rows.sorted() == ["1 2026-01-02 5", "2 2026-03-01 6", "3 - 7"])
      #expect(
        report.lines.map { "\($0.kind.rawValue) \($0.rows)" } == ["identical 2", "superseded 1"])
    }
  }

  @Test("a row without the deciding value loses; a tie of differing rows fails")
  func ties() throws {
    let tied = Table(columns: [
      Column(name: "id", strings: ["a", "a", "a"]),
      Column(name: "when", numbers: [3, 3, nil]),
      Column(name: "x", numbers: [1, 2, 3]),
    ])
    let request = CleaningRequest(key: "id", duplicates: .latestBy("when"))
    #expect(error { _ = try Cleaning.clean(tied, request: request) }?.kind == .badData)
    let (cleaned, _) = try Cleaning.clean(tied.gathering([2, 1]), request: request)
    #expect(cleaned["x"]?.number(at: 0) == 2)
  }

  @Test("one key for all rows is refused quickly")
  func constantKey() {
    let count = 50_000
    let table = Table(columns: [
      Column(name: "id", numbers: [Double?](repeating: 1, count: count)),
      Column(name: "x", numbers: (0..<count).map(Double.init)),
    ])
    let found = error { _ = try Cleaning.clean(table, request: CleaningRequest(key: "id")) }
    #expect(found?.what.hasPrefix("1 keys") == true && found?.place == "row 1")
  }

  @Test("a row without a key is an error, unless a check dropped it")
  func missingKey() throws {
    let open = Table(columns: [
      Column(name: "id", numbers: [1, nil, nil]), Column(name: "x", numbers: [1, 2, 3]),
    ])
    let found = error { _ = try Cleaning.clean(open, request: CleaningRequest(key: "id")) }
    #expect(found?.kind == .badData && found?.place == "row 2")
    let check = Check(
      id: "keyed", require: try Expression.parse("id is answered"), otherwise: .drop)
    let (cleaned, _) = try Cleaning.clean(
      open, request: CleaningRequest(checks: [check], key: "id"))
    #expect(cleaned.rowCount == 1)
  }
}
