import CanvassCleaning
import CanvassSurvey
import Testing

@Suite("Checks that contradict") struct RuleConflictTests {
  static func check(_ id: String, _ when: String?, _ require: String) throws -> Check {
    Check(
      id: id, when: try when.map { try Expression.parse($0) },
      require: try Expression.parse(require), otherwise: .flag)
  }

  @Test(
    "one that can never apply, hold or fail is an error, where that can be decided",
    arguments: [
      (nil, "age > 5 and age < 3", "never hold"), (nil, "age is 1 and age is 2", "never hold"),
      ("x is 1", "x is 2", "never hold"), ("x is missing", "x > 2", "never hold"),
      ("x is skipped", "x is refused or 3", "never hold"), (nil, "5 < x and x <= 5", "never hold"),
      ("x is 1 and x is missing", "y is 1", "never apply"),
      ("x < 3 and x is 3 to 5", "y is 1", "never apply"),
      ("s is 'a'", "s is 'b' or 'c'", "never hold"),
      (nil, "x is answered or missing", "never fail"),
      ("x is 1", "x is 1 or 2", "never fail"), ("x is 1 to 3", "x > 0", "never fail"),
      ("not (x is missing)", "x is missing", "never hold"),
      ("any(x is 1, x is 2)", "x is 3", "never hold"), (nil, "x is not 1 and x is 1", "never hold"),
      (nil, "age >= 18", nil), ("x is 1", "y is skipped", nil), (nil, "x + 1 < x", nil),
      (nil, "x < y and y < x", nil), ("x is 1", "x is missing or 1 to 3", "never fail"),
      (nil, "x is answered", nil), ("x is -2", "x < -3", "never hold"),
      (nil, "x < 3 or x > 5", nil),
      ("s is not 'a'", "s is 'a'", "never hold"), ("s is not 'a'", "s is 'b'", nil),
    ] as [(String?, String, String?)])
  func alone(when: String?, require: String, fault: String?) throws {
    let found = error { try [Self.check("c", when, require)].demandConsistent() }
    if let fault {
      #expect(found?.what.contains(fault) == true, "\(require): \(String(describing: found))")
      #expect(found?.kind == .badPipeline && found?.place == "check c")
    } else {
      #expect(found == nil, "\(require)")
    }
  }

  @Test(
    "two that no row can pass are an error that names both",
    arguments: [
      (nil, "x is 1", nil, "x is 2", true), ("y is 1", "x is 1", nil, "x > 3", true),
      ("y is 1", "x is 1", "y is 2", "x is 2", false), (nil, "x > 1", nil, "x < 3", false),
      ("y is 1 to 5", "x is answered", "y is 3", "x is skipped", true),
      (nil, "age >= 18", "age < 18", "x is 1", false),
      (nil, "x is 1 or s is 'a'", nil, "x is 2 or s is 'b'", false),
    ] as [(String?, String, String?, String, Bool)])
  func pairs(when: String?, one: String, other: String?, two: String, isFault: Bool) throws {
    let found = error {
      try [Self.check("first", when, one), Self.check("second", other, two)].demandConsistent()
    }
    #expect((found != nil) == isFault, "\(String(describing: found))")
    if isFault { #expect(found?.what == "check 'second' contradicts check 'first'") }
  }
}

@Suite("Functions of expressions") struct FunctionTests {
  static let table = Table(columns: [
    Column(name: "a", numbers: [1, nil, nil, -3]), Column(name: "b", numbers: [2, 5, nil, 1e308]),
    Column(name: "c", numbers: [nil, 7, nil, 1e308]),
    Column(
      name: "t",
      strings: ["2026-12-01T08:30", "2024-02-29", "2023-02-29", "2026-12-01 23:59:30+07:00"]),
    Column(name: "u", strings: ["2026-12-01T09:15Z", "1970-01-01", nil, "2026-12-02"]),
  ])

  static func values(_ text: String) throws -> [Double?] {
    let expression = try Expression.parse(text)
    let request = CleaningRequest(
      derivations: [Derivation(name: "made", rule: .expression(expression))])
    let made = try Cleaning.clean(table, request: request).table["made"]
    return (0..<4).map { made?.number(at: $0) }
  }

  @Test(
    "they take the operands that have a value, and yield none where nothing has or it is not finite",
    arguments: [
      ("sum(a, b, c)", [3, 12, nil, nil]), ("mean(a, b)", [1.5, 5, nil, 5e307]),
      ("least(a, b, c)", [1, 5, nil, -3]), ("greatest(a, b, c)", [2, 7, nil, 1e308]),
      ("first(c, b, a)", [2, 7, nil, 1e308]), ("abs(a - 4)", [3, nil, nil, 7]),
      ("count(a is 1, b > 1, c is missing)", [3, 1, 1, 1]), ("count(a, b > 1)", [2, 1, 0, 2]),
      ("a / 0", [nil, nil, nil, nil]), ("b * 10", [20, 50, nil, nil]),
      ("days(t)", [20_788, 19_782, nil, 20_788]), ("hour(t)", [8.5, 0, nil, 23 + 59.5 / 60]),
      ("days('1970-01-02')", [1, 1, 1, 1]),
      ("minutes(u) - minutes(t)", [45, -28_486_080, nil, 420.5]),
    ] as [(String, [Double?])])
  func functions(text: String, expected: [Double?]) throws {
    let found = try Self.values(text)
    for (one, other) in zip(found, expected) {
      if let one, let other {
        #expect(abs(one - other) <= 1e-9 * max(1, abs(other)), "\(text): \(found)")
      } else {
        #expect(one == nil && other == nil, "\(text): \(found)")
      }
    }
  }

  @Test(
    "a function that gets something else is an error at its place",
    arguments: [
      "days(a)", "abs(a, b)", "sum(t)", "hour(2)", "summ(a)", "count(a + 1)", "days(t, u)",
    ])
  func faults(text: String) throws {
    let found = error { _ = try Self.values(text) }
    #expect(found?.kind == .badPipeline && found?.place != nil, "\(String(describing: found))")
  }
}
