import CanvassCleaning
import CanvassCompute
import CanvassSurvey
import Testing

@Suite("The account of cleaning") struct AccountTests {
  /// Rows with overlapping faults: codes, wrong skips, minors, duplicates, other rounds.
  static func survey(_ count: Int, seed: UInt64) -> Table {
    var random = RandomStream(seed: seed)
    func cells(_ pick: (inout RandomStream) -> Double?) -> [Double?] {
      (0..<count).map { _ in pick(&random) }
    }
    let round = cells { $0.below(10) == 0 ? 2025 : 2026 }
    let age = cells { $0.below(20) == 0 ? nil : $0.below(15) == 0 ? 99 : Double($0.below(80)) }
    let asked = cells { [0, 1, 88, nil][$0.below(4)] }
    let steps = cells { [1, 2, 77, 88, 99, nil][$0.below(6)] }
    let places = ["Huế", "Cà Mau", "kxđ", nil]
    let home = (0..<count).map { _ in places[random.below(4)] }
    let table = Table(columns: [
      Column(name: "id", numbers: (0..<count).map(Double.init)),
      Column(name: "round", numbers: round), Column(name: "age", numbers: age),
      Column(name: "d_asked", numbers: asked), Column(name: "d_steps", numbers: steps),
      Column(name: "home", strings: home),
      Column(name: "silent", numbers: [Double?](repeating: nil, count: count)),
    ])
    // Every seventh row came twice.
    return table.gathering((0..<count).flatMap { $0 % 7 == 0 ? [$0, $0] : [$0] })
  }

  static func request() throws -> CleaningRequest {
    CleaningRequest(
      filter: try Expression.parse("round is 2026"),
      missing: [
        MissingRule(
          variables: ["d_*"], codes: [.dontKnow: ["88"], .refused: ["99"], .skipped: ["77"]]),
        MissingRule(variables: ["age"], codes: [.refused: ["99"]]),
        MissingRule(variables: ["home"], codes: [.dontKnow: ["kxđ"]]),
      ],
      checks: [
        Check(id: "adult", require: try Expression.parse("age >= 18"), otherwise: .drop),
        Check(
          id: "skip", when: try Expression.parse("d_asked is not 1"),
          require: try Expression.parse("d_steps is skipped"), otherwise: .blank([])),
        Check(
          id: "place", require: try Expression.parse("home is answered or d_steps is answered"),
          otherwise: .drop),
        Check(
          id: "old", require: try Expression.parse("age < 70"), otherwise: .blank(["home", "age"])),
        Check(id: "odd", require: try Expression.parse("band is not '65+'"), otherwise: .flag),
      ],
      derivations: [
        Derivation(name: "band", rule: .cut(of: "age", at: [18, 25, 65], labels: nil))
      ],
      key: "id")
  }

  @Test("rows and cells add up over overlapping rules", arguments: [0, 1, 2, 3, 5, 10, 1_000])
  func balance(count: Int) throws {
    let table = AccountTests.survey(count, seed: 7)
    let (cleaned, report) = try Cleaning.clean(table, request: AccountTests.request())
    // Counted here from the tables alone, not from the report.
    func answered(_ table: Table, _ columns: Int) -> Int {
      table.columns.prefix(columns).reduce(0) { $0 + $1.reasons.count { $0 == 0 } }
    }
    #expect(report.rowsIn == table.rowCount && report.rowsOut == cleaned.rowCount)
    #expect(report.cellsIn == answered(table, 7) && report.cellsOut == answered(cleaned, 7))
    let removed = report.lines.filter(\.kind.removesRows).reduce(0) { $0 + $1.rows }
    #expect(report.rowsIn - report.rowsOut == removed)
    #expect(report.cellsIn - report.cellsOut == report.lines.reduce(0) { $0 + $1.cells })
    #expect(report.completeness.map(\.variable) == cleaned.names)
    for (column, line) in zip(cleaned.columns, report.completeness) {
      #expect(line.answered + line.missing.reduce(0, +) == cleaned.rowCount)
      #expect(line.answered == column.reasons.count { $0 == 0 })
    }
    if count == 1_000 {
      #expect(
        report.lines.map(\.rule) == [
          "where", "skipped", "dont_know", "refused", "adult", "skip", "place", "old", "odd",
          "duplicates", "duplicates",
        ])
      #expect(report.lines.filter { $0.rule != "duplicates" }.allSatisfy { $0.rows > 0 })
      #expect(report.lines[9].rows > 0 && report.lines[10].rows == 0)
    }
  }

  @Test("the order of rows and the number of workers change nothing but the order of rows")
  func order() throws {
    let table = AccountTests.survey(700, seed: 11)
    let (cleaned, report) = try Cleaning.clean(table, request: AccountTests.request())
    var random = RandomStream(seed: 3)
    for workers in [1, 2, 3, 8] {
      let shuffled = table.gathering(Array(0..<table.rowCount).shuffled(using: &random))
      let (other, otherReport) = try Cleaning.clean(
        shuffled, request: AccountTests.request(), workers: Workers(workers))
      // Findings and changes name rows by their place: by key they are the same.
      #expect(Self.events(otherReport, shuffled) == Self.events(report, table))
      #expect(Self.withoutEvents(otherReport) == Self.withoutEvents(report))
      #expect(AccountTests.rows(other).sorted() == AccountTests.rows(cleaned).sorted())
    }
  }

  static func events(_ report: CleaningReport, _ table: Table) -> [String] {
    func key(_ row: Int) -> String { table["id"]?.text(at: row) ?? "" }
    return
      (report.findings.map { "\($0.rule) \(key($0.row)) \($0.variable) \($0.value) \($0.state)" }
      + report.changes.map {
        "\($0.rule) \(key($0.row)) \($0.variable) \($0.old) \($0.new) \($0.cells)"
      }
      + (0..<report.rowsIn).map { row in
        let account = report.rowAccount
        let coded = MissingReason.allCases.map { account.coded[$0]?[row] ?? 0 }
        return "\(key(row)) \(account.cellsIn[row]) \(account.leftOut[row] ?? -1) \(coded) "
          + "\(account.cellsOut[row])"
      })
      .sorted()
  }

  static func withoutEvents(_ report: CleaningReport) -> CleaningReport {
    var report = report
    report.findings = []
    report.changes = []
    report.rowAccount.cellsIn = []
    report.rowAccount.cellsOut = []
    report.rowAccount.leftOut = [:]
    report.rowAccount.coded = [:]
    return report
  }

  static func rows(_ table: Table) -> [String] {
    (0..<table.rowCount).map { row in
      table.columns.map { $0.text(at: row) ?? $0.reason(at: row)?.name ?? "" }
        .joined(separator: "|")
    }
  }

  @Test("rows keep their order, and a request for nothing changes nothing")
  func identity() throws {
    let table = AccountTests.survey(50, seed: 5)
    let (cleaned, report) = try Cleaning.clean(table, request: CleaningRequest())
    #expect(AccountTests.rows(cleaned) == AccountTests.rows(table))
    #expect(report.lines.isEmpty && report.coded.isEmpty)
    let (kept, _) = try Cleaning.clean(
      table, request: CleaningRequest(filter: try Expression.parse("id is answered")))
    #expect(AccountTests.rows(kept) == AccountTests.rows(table))
  }

  @Test("a filter sees missing codes as missing, and its rows count as they came in")
  func filter() throws {
    let table = Table(columns: [
      Column(name: "a", numbers: [1, 2, 99, nil]), Column(name: "b", numbers: [99, 99, 99, 99]),
    ])
    let request = CleaningRequest(
      filter: try Expression.parse("a > 1"),
      missing: [MissingRule(variables: ["*"], codes: [.refused: ["99"]])])
    let (cleaned, report) = try Cleaning.clean(table, request: request)
    #expect(cleaned.rowCount == 1 && cleaned["a"]?.number(at: 0) == 2)
    #expect(report.lines.map(\.rows) == [3, 1])
    #expect(report.lines.map(\.cells) == [5, 1])
    #expect(report.lines.map(\.unknown) == [2, 0])
  }

  @Test("a table without columns stays one")
  func nothing() throws {
    let (cleaned, report) = try Cleaning.clean(Table(columns: []), request: CleaningRequest())
    #expect(cleaned.columns.isEmpty && report.rowsIn == 0 && report.cellsIn == 0)
  }
}
