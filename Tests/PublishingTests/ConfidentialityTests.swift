import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import Testing

/// A dimension of two leaves, one of them sensitive, in four units and a country, by sex.
@Suite struct ConfidentialityTests {
  private static let units = ["1", "2", "3", "4", "national:survey"]
  private static let domains = ["", "sex=F", "sex=M"]

  private static var rules: GateRules {
    GateRules(
      nodes: [
        "all": .init(parts: ["bribe", "trust"], scaleLength: 9),
        "bribe": .init(shareEnds: .init(zero: 1, one: 10), scaleLength: 9, isSensitive: true),
        "trust": .init(scaleLength: 9),
      ])
  }

  /// Rows with shares and counts as `value` gives them for the sensitive leaf.
  private static func gate(
    _ rules: GateRules = rules, former: FormerCells = .none,
    _ value: (_ unit: String, _ domain: String) -> (share: Double, n: Int)
  ) throws(Diagnostic) -> ReleasedRows {
    var scores: [ScoreRow] = []
    var indicators: [IndicatorRow] = []
    for unit in units {
      for domain in domains {
        let (share, n) = value(unit, domain)
        let isUnit = unit != "national:survey"
        for (node, score, count) in [
          ("all", 3 + share, 200), ("bribe", 1 + 9 * share, n), ("trust", 5, 150),
        ] {
          scores.append(
            scoreRow(
              unit, score, node: node, domain: domain, error: 0.1, respondents: count,
              isUnit: isUnit))
        }
        var leaf = indicatorRow(unit, share, respondents: n, domain: domain)
        leaf.indicator = "bribe"
        indicators.append(leaf)
      }
    }
    return try Gate.pass(
      scores: scores, indicators: indicators, rules: rules,
      grouping: .quartiles(names: Grouping.quartileNames), former: former)
  }

  private func bribe(_ rows: ReleasedRows, _ unit: String, _ domain: String = "") -> IndicatorRow? {
    rows.indicators.first { $0.unit == unit && $0.domain == domain }
  }

  @Test(
    "a sensitive cell on 9 respondents shows no number and no count, on 10 both",
    arguments: [9, 10])
  func few(n: Int) throws {
    let rows = try Self.gate { unit, domain in
      (0.4, unit == "2" && domain == "sex=F" ? n : 100)
    }
    let cell = try #require(bribe(rows, "2", "sex=F"))
    #expect((cell.status == .confidential) == (n == 9))
    #expect((cell.estimate == nil) == (n == 9) && (cell.respondents == nil) == (n == 9))
    #expect((cell.samplingUnits == nil) == (n == 9) && (cell.designEffect == nil) == (n == 9))
    #expect((cell.degreesOfFreedom == nil) == (n == 9))
    let score = try #require(
      rows.scores.first { $0.unit == "2" && $0.domain == "sex=F" && $0.node == "bribe" })
    #expect((score.score == nil) == (n == 9) && (score.respondents == nil) == (n == 9))
    #expect(rows.tally.primaryCells == (n == 9 ? 1 : 0))
    // By the levels of sex, by the units and by the parts of the dimension one more must go each.
    #expect((rows.tally.complementaryCells >= 3) == (n == 9))
    if n == 9 {
      #expect(bribe(rows, "2", "sex=M")?.estimate == nil || bribe(rows, "2")?.estimate == nil)
      let others = ["all", "trust"].compactMap { node in
        rows.scores.first { $0.unit == "2" && $0.domain == "sex=F" && $0.node == node }?.score
      }
      #expect(others.count < 2)
    }
  }

  @Test(
    "sensitive shares at the ends have no number, exact or not",
    arguments: [0, 0.049, 0.05, 0.5, 0.95, 0.951, 1])
  func ends(share: Double) throws {
    let rows = try Self.gate { unit, _ in (unit == "3" ? share : 0.4, 100) }
    let cell = try #require(bribe(rows, "3"))
    let expected: CellStatus? =
      share < 0.05 ? .underFivePercent : share > 0.95 ? .overNinetyFivePercent : nil
    #expect(expected == nil || cell.status == expected)
    #expect((cell.estimate == nil) == (expected != nil))
    #expect(cell.respondents == 100)
    #expect((cell.standardError == nil && cell.designEffect == nil) == (expected != nil))
    let score = rows.scores.first { $0.unit == "3" && $0.domain == "" && $0.node == "bribe" }
    // Flags may differ: the two intervals are made in two ways.
    #expect(expected == nil || score?.status == expected)
    #expect((score?.score == nil) == (expected != nil))
  }

  @Test(
    "a confidential number that other units' scores are made with is refused, and the node named",
    arguments: [true, false])
  func traces(bearsOnOthers: Bool) throws {
    var rules = Self.rules
    rules.nodes["bribe"]?.bearsOnOthers = bearsOnOthers
    let rows = Result { () throws(Diagnostic) in
      try Self.gate(rules) { unit, domain in
        (unit == "3" && domain.isEmpty ? 0.01 : 0.4, 100)
      }
    }
    guard bearsOnOthers else {
      #expect(throws: Never.self) { try rows.get() }
      return
    }
    let error = #expect(throws: Diagnostic.self) { try rows.get() }
    #expect(error?.kind == .disclosure && error?.place == "node bribe")
  }

  @Test("a decision withholds a unit's numbers in every domain, and protects them")
  func decisions() throws {
    var rules = Self.rules
    rules.decisions = [
      .init(unit: "4", nodes: ["trust"], reason: "flooded villages", approvedBy: "board")
    ]
    let rows = try Self.gate(rules) { _, _ in (0.4, 100) }
    let withheld = rows.scores.filter { $0.status == .withheld }
    #expect(withheld.count == 3 && withheld.allSatisfy { $0.score == nil && $0.respondents == nil })
    #expect(rows.tally.complementaryCells > 0)
    let text = String(decoding: DisclosureFile.bytes(rows), as: UTF8.self)
    #expect(text.contains("flooded villages") && text.contains("\"withheld\": 3"))
    #expect(!text.contains("complement"))
  }

  @Test("a number that moved by a few respondents since the former release is not published")
  func differencing() throws {
    for (before, isClosed) in [(100, false), (101, true), (109, true), (110, false), (91, true)] {
      var former = FormerCells()
      former.add(unit: "1", domain: "", node: "bribe", .init(value: 4.7, respondents: before))
      let rows = try Self.gate(former: former) { _, _ in (0.4, 100) }
      #expect((bribe(rows, "1")?.estimate == nil) == isClosed, "\(before)")
    }
    var same = FormerCells()
    same.add(unit: "1", domain: "", node: "bribe", .init(value: 1 + 9 * 0.4, respondents: 101))
    #expect(bribe(try Self.gate(former: same) { _, _ in (0.4, 100) }, "1")?.estimate == 0.4)
  }

  @Test("counts are rounded, numbers have 4 digits, design effects go", arguments: [3, 5, 10])
  func rounding(base: Int) throws {
    var rules = Self.rules
    rules.roundCounts = base
    let rows = try Self.gate(rules) { _, _ in (0.412_345_678, 101) }
    for row in rows.indicators {
      #expect(row.estimate == 0.4123 && row.designEffect == nil)
      #expect((row.respondents ?? 1) % base == 0 && abs((row.respondents ?? 0) - 101) * 2 <= base)
    }
    #expect(rows.scores.allSatisfy { ($0.respondents ?? 1) % base == 0 })
    #expect(rows.scores.contains { $0.score == 4.711 })
  }

  @Test("without anything sensitive no cell is confidential, however small")
  func nothingSensitive() throws {
    let rows = try Self.gate(GateRules()) { _, _ in (0, 3) }
    #expect(rows.tally.complementaryCells == 0 && rows.tally.primaryCells == 0)
    #expect(rows.indicators.allSatisfy { $0.status == .suppressed && $0.respondents == 3 })
  }

  @Test("numbers on few respondents and wide intervals stand with a flag, too wide ones do not")
  func flags() throws {
    var rules = Self.rules
    rules.nodes["bribe"]?.isSensitive = false
    let few = try Self.gate(rules) { _, _ in (0.4, 29) }
    #expect(few.indicators.allSatisfy { $0.status == .fewRespondents && $0.estimate == 0.4 })
    // The fixture's interval is two standard errors of 0.03 to each side: 0.12 wide.
    let narrow = try Self.gate(rules) { _, _ in (0.4, 30) }
    #expect(narrow.indicators.allSatisfy { $0.status == .ok })
    let relative = try Self.gate(rules) { _, _ in (0.08, 30) }
    #expect(relative.indicators.allSatisfy { $0.status == .wideInterval && $0.estimate == 0.08 })
    rules.widestInterval = 0.1
    let wide = try Self.gate(rules) { _, _ in (0.4, 30) }
    #expect(
      wide.indicators.allSatisfy {
        $0.status == .tooWide && $0.estimate == nil && $0.respondents == 30
      })
  }
}
