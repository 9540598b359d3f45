import CanvassCleaning
import CanvassSurvey
import Testing

@Suite("Measures of field work") struct FieldworkTests {
  @Test("AAPOR's response rates of a published example")
  func rates() throws {
    // I 650, P 50, R 150, NC 100, O 30, unknown 20, not eligible 0: "RR1 = 65 %" (statscalculators.com,
    // survey response rate calculator, read 24 November 2026); the others by AAPOR's formulas by hand.
    var rates = OutcomeRates()
    rates[.complete] = 650
    rates[.partial] = 50
    rates[.refusal] = 150
    rates[.nonContact] = 100
    rates[.other] = 30
    rates[.unknownHousehold] = 20
    #expect(rates.responseRate(1) == 0.65 && rates.responseRate(2) == 0.7)
    #expect(rates.responseRate(3) == 0.65 && rates.responseRate(4) == 0.7)
    #expect(rates.responseRate(5) == 650.0 / 980 && rates.responseRate(6) == 700.0 / 980)
    #expect(rates.refusalRate == 0.15 && rates.contactRate == 0.88)
    // With 245 that are not eligible e is 980 / 1225 = 0.8, and 16 of the 20 unknown count.
    rates[.notEligible] = 245
    #expect(rates.eligibleShare == 0.8)
    #expect(rates.responseRate(1) == 0.65 && rates.responseRate(3) == 650.0 / 996)
    #expect(rates.responseRate(4) == 700.0 / 996 && rates.responseRate(5) == 650.0 / 980)
    #expect(OutcomeRates().responseRate(1) == nil && OutcomeRates().eligibleShare == nil)
  }

  @Test(
    "disposition codes are read with and without points",
    arguments: [
      ("1.1", .complete), ("110", .complete), ("1.2", .partial), ("2.112", .refusal),
      ("211", .refusal), ("2.2", .nonContact), ("2.35", .other), ("3.1", .unknownHousehold),
      ("3.9", .unknownOther), ("4.7", .notEligible), ("1", nil), ("5.1", nil), ("1.3", nil),
      ("", nil), ("2.0", nil), ("a1", nil), ("-11", nil),
    ] as [(String, OutcomeRates.Outcome?)])
  func codes(code: String, outcome: OutcomeRates.Outcome?) {
    #expect(OutcomeRates.Outcome(code: code) == outcome)
  }

  @Test("Whipple's index is 100 for equal ages, 500 for round ones, and by its definition between")
  func whipple() throws {
    #expect(WhippleIndex.value((23...62).map(Double.init))?.index == 100)
    #expect(WhippleIndex.value([25, 30, 60].map(Double.init))?.index == 500)
    #expect(WhippleIndex.value([24, 31].map(Double.init))?.index == 0)
    // 30 of 100 persons of 23 to 62 at ages ending in 0 or 5: 5 × 30 / 100 × 100 = 150; 20 and 65 do not count.
    let ages = [Double](repeating: 40, count: 30) + [Double](repeating: 41, count: 70) + [20, 65]
    let value = try #require(WhippleIndex.value(ages))
    #expect(value.index == 150 && value.count == 100)
    #expect(WhippleIndex.value([10, 70].map(Double.init)) == nil)
  }

  @Test("Wilson's interval of a published example")
  func wilson() throws {
    // 81 of 263: 0.2553 to 0.3662 (Newcombe 1998, Statistics in Medicine 17, table I, method 3).
    let interval = try #require(ShareInterval(81, of: 263))
    #expect(abs(interval.low - 0.2553) < 5e-5 && abs(interval.high - 0.3662) < 5e-5)
    // 0 of 20: 0 to 0.1611; 1 of 29: 0.0061 to 0.1718 (same table).
    #expect(abs((ShareInterval(0, of: 20)?.high ?? 0) - 0.1611) < 5e-5)
    let one = try #require(ShareInterval(1, of: 29))
    #expect(abs(one.low - 0.0061) < 5e-5 && abs(one.high - 0.1718) < 5e-5)
    #expect(ShareInterval(0, of: 0) == nil && ShareInterval(5, of: 5)?.high == 1)
  }

  @Test("the percent match of two interviews counts what either answered")
  func match() throws {
    let columns = (0..<5).map { item in
      Column(
        name: "d\(item)",
        numbers: [[1, 1, 1, 1, nil], [1, 1, 1, 2, nil], [2, 2, 2, 2, 2], [1, nil, 1, 1, nil]].map {
          $0[item]
        })
    }
    let match = PercentMatch(columns)
    #expect(match.share(0, 1) == 0.75 && match.share(0, 3) == 0.75 && match.share(1, 3) == 0.5)
    #expect(match.share(0, 2) == 0 && match.share(1, 2) == 0.2)
    let best = match.greatest(among: [0, 1, 2, 3])
    #expect(best.map { $0?.share } == [0.75, 0.75, 0.2, 0.75])
    #expect(best.map { $0?.other } == [1, 0, 1, 0])
    #expect(match.greatest(among: []).isEmpty && match.greatest(among: [2])[0] == nil)
  }

  @Test("nearly identical interviews are findings of both, within their group")
  func nearDuplicates() throws {
    let table = Table(columns: [
      Column(name: "id", strings: ["a", "b", "c", "d"]),
      Column(name: "village", numbers: [1, 1, 2, 1]),
      Column(name: "d1", numbers: [1, 1, 1, nil]), Column(name: "d2", numbers: [2, 2, 2, nil]),
      Column(name: "d3", numbers: [3, 4, 3, nil]), Column(name: "d4", numbers: [4, 4, 4, nil]),
    ])
    var request = CleaningRequest(key: "id")
    request.nearDuplicates = NearDuplicateRule(variables: ["d*"], within: "village", share: 0.75)
    let report = try Cleaning.clean(table, request: request).report
    #expect(
      report.findings.map { "\($0.rule) \($0.row) \($0.value) \($0.state)" } == [
        "near_duplicates 0 b open", "near_duplicates 1 a open",
      ])
    request.nearDuplicates?.share = 0.8
    #expect(try Cleaning.clean(table, request: request).report.findings.isEmpty)
  }

  @Test("the page counts outcomes, quotas and what each interviewer does")
  func page() throws {
    let count = 12
    let table = Table(columns: [
      Column(name: "who", strings: (0..<count).map { $0 < 6 ? "A" : "B" }),
      Column(
        name: "outcome", numbers: (0..<count).map { [110, 110, 110, 110, 211, 220][$0 % 6] }),
      Column(
        name: "started",
        strings: (0..<count).map { $0 == 1 ? "2026-09-01T03:10" : "2026-09-01T10:00" }),
      Column(name: "minutes", numbers: [40, 42, 38, 41, nil, nil, 39, 43, 2, 40, nil, nil]),
      Column(name: "age", numbers: (0..<count).map { Double(30 + $0) }),
      Column(name: "s1", numbers: [1, 2, 3, 4, nil, nil, 3, 3, 3, 1, nil, nil]),
      Column(name: "s2", numbers: [2, 2, 3, 4, nil, nil, 3, 3, 3, 2, nil, nil]),
      Column(name: "s3", numbers: [3, 1, 2, 4, nil, nil, 3, 3, 3, nil, nil, nil]),
      Column(
        name: "north", numbers: [21, 21.001, 21, 21, nil, nil, 22, 22, 22, 21.5, nil, nil]),
      Column(
        name: "east", numbers: (0..<count).map { _ in 105.8 }),
    ])
    var request = FieldworkRequest(interviewer: "who")
    request.outcome = "outcome"
    request.started = "started"
    request.minutes = "minutes"
    request.age = "age"
    request.items = ["s*"]
    request.scales = ["s?"]
    request.items = ["s1", "s2", "s3"]
    request.scales = request.items
    request.positions = .init(
      latitude: "north", longitude: "east", cluster: "who", kilometres: 5)
    request.quotas = [.init(by: "who", wanted: ["A": 5, "C": 3])]
    let tables = try Fieldwork.tables(table, request: request)
    #expect(
      tables.map(\.name) == [
        "outcomes_all", "outcomes_who", "interviews_who", "interviewers", "ages",
      ])
    #expect(tables[0].rows[0][1...2] == [.count(12), .count(8)])
    #expect(tables[0].rows[0][10] == .share(8.0 / 12))
    #expect(
      tables[2].rows == [
        [.text("A"), .count(4), .number(5, digits: 0), .share(0.8)],
        [.text("B"), .count(4), .number(0, digits: 0), .share(nil)],
        [.text("C"), .count(0), .number(3, digits: 0), .share(0)],
      ])
    let people = tables[3]
    func cell(_ row: Int, _ name: String) throws -> FieldworkTable.Cell {
      people.rows[row][try #require(people.columns.firstIndex { $0.name == name })]
    }
    #expect(try cell(0, "median_minutes") == .number(40.5, digits: 1))
    #expect(try cell(1, "far_out_durations") == .count(1))
    #expect(try cell(0, "straight_lining") == .share(0.25))
    #expect(try cell(1, "straight_lining") == .share(1))
    #expect(try cell(0, "odd_hours") == .share(0.25) && cell(1, "odd_hours") == .share(0))
    #expect(try cell(0, "nonresponse") == .share(0))
    #expect(try cell(1, "nonresponse") == .share(1.0 / 12))
    #expect(try cell(1, "near_identical") == .count(3))
    #expect(try cell(1, "displaced") == .share(0.25) && cell(0, "displaced") == .share(0))
    #expect(
      tables[4].rows[0] == [
        .text("all"), .count(8), .number(62.5, digits: 0),
      ])
  }

  @Test("a case without a known outcome is an error of its place")
  func outcome() throws {
    let table = Table(columns: [
      Column(name: "who", strings: ["A", "A"]), Column(name: "outcome", numbers: [110, 7]),
    ])
    var request = FieldworkRequest(interviewer: "who")
    request.outcome = "outcome"
    let found = error { _ = try Fieldwork.tables(table, request: request) }
    #expect(found?.kind == .badData && found?.place == "row 2")
  }
}
