import CanvassCleaning
import CanvassCompute
import CanvassSurvey
import Testing

@Suite("Derivations") struct DerivationTests {
  let table = Table(columns: [
    Column(
      name: "age", values: .integers([17, 18, 24, 25, 64, 65, 0]),
      reasons: [0, 0, 0, 0, 0, 0, MissingReason.refused.rawValue]),
    Column(name: "sex", numbers: [1, 2, 3, nil, 1, 2, 1]),
    Column(name: "home", strings: ["a", "b", nil, "c", "a", "b", "01"]),
  ])

  func derive(_ rules: [(String, Derivation.Rule)], checks: [Check] = []) throws -> Table {
    let derivations = rules.map { Derivation(name: $0.0, rule: $0.1) }
    return try Cleaning.clean(
      table, request: CleaningRequest(checks: checks, derivations: derivations)
    ).table
  }

  func texts(_ table: Table, _ name: String) -> [String?] {
    (0..<table.rowCount).map { table[name]?.text(at: $0) }
  }

  @Test("a cut names its intervals, each with its lower end; a missing source keeps its reason")
  func cut() throws {
    let made = try derive([("band", .cut(of: "age", at: [18, 25, 65], labels: nil))])
    #expect(texts(made, "band") == ["<18", "18-24", "18-24", "25-64", "25-64", "65+", nil])
    #expect(made["band"]?.reason(at: 6) == .refused)
    #expect(made["band"]?.isNumeric == false)
  }

  @Test("labels of a cut: one more than points, or as many where nothing lies below")
  func labels() throws {
    let named = try derive([
      ("band", .cut(of: "age", at: [18, 65], labels: ["young", "adult", "old"]))
    ])
    #expect(texts(named, "band") == ["young", "adult", "adult", "adult", "adult", "old", nil])
    let found = error {
      _ = try derive([("band", .cut(of: "age", at: [18, 65], labels: ["adult", "old"]))])
    }
    #expect(found?.kind == .badData && found?.place == "row 1")
    #expect(found?.remedy?.contains("3 labels instead of 2") == true)
    let adult = Check(id: "adult", require: try Expression.parse("age >= 18"), otherwise: .drop)
    let adults = try derive(
      [("band", .cut(of: "age", at: [18, 65], labels: ["adult", "old"]))], checks: [adult])
    #expect(texts(adults, "band") == ["adult", "adult", "adult", "adult", "old", nil])
  }

  @Test("points that are not whole, negative or adjacent have labels that read well")
  func unevenPoints() throws {
    let made = try derive([
      ("half", .cut(of: "sex", at: [1.5, 2.5], labels: nil)),
      ("one", .cut(of: "sex", at: [1, 2, 3], labels: nil)),
      ("below", .cut(of: "sex", at: [-1, 2], labels: nil)),
    ])
    #expect(
      texts(made, "half") == ["<1.5", "1.5 to <2.5", "2.5+", nil, "<1.5", "1.5 to <2.5", "<1.5"])
    #expect(texts(made, "one") == ["1", "2", "3+", nil, "1", "2", "1"])
    #expect(texts(made, "below") == ["-1 to <2", "2+", "2+", nil, "-1 to <2", "2+", "-1 to <2"])
  }

  @Test("a recode of numbers gives numbers where all codes are, else texts")
  func recodeNumbers() throws {
    let made = try derive([
      ("female", .recode(of: "sex", map: ["1": "0", "2.0": "1"], otherwise: .blank)),
      ("kept", .recode(of: "sex", map: ["3": "9"], otherwise: .keep)),
      ("word", .recode(of: "sex", map: ["1": "nam", "2": "nữ"], otherwise: .keep)),
      ("code", .recode(of: "sex", map: ["1": "01", "2": "02"], otherwise: .blank)),
    ])
    #expect(made["female"]?.isNumeric == true)
    #expect(texts(made, "female") == ["0", "1", nil, nil, "0", "1", "0"])
    #expect(made["kept"]?.isNumeric == true)
    #expect(texts(made, "kept") == ["1", "2", "9", nil, "1", "2", "1"])
    #expect(texts(made, "word") == ["nam", "nữ", "3", nil, "nam", "nữ", "nam"])
    #expect(texts(made, "code") == ["01", "02", nil, nil, "01", "02", "01"])
  }

  @Test("a recode of texts compares them as they are; an unlisted one may be an error")
  func recodeTexts() throws {
    let made = try derive([
      ("h", .recode(of: "home", map: ["a": "1", "1": "2"], otherwise: .keep))
    ])
    #expect(texts(made, "h") == ["1", "b", nil, "c", "1", "b", "01"])
    let found = error {
      _ = try derive([("h", .recode(of: "home", map: ["a": "1", "b": "2"], otherwise: .error))])
    }
    #expect(found?.kind == .badData && found?.place == "row 4")
    #expect(found?.what.contains("2 rows") == true && found?.what.contains("'c'") == false)
  }

  @Test("a condition is 1 or 0, unknown is blank; arithmetic gives numbers; later ones use earlier")
  func expressions() throws {
    let made = try derive([
      ("old", .expression(try Expression.parse("age >= 64"))),
      ("both", .expression(try Expression.parse("old is 1 and sex is 1"))),
      ("sum", .expression(try Expression.parse("age / 2 + sex"))),
    ])
    #expect(texts(made, "old") == ["0", "0", "0", "0", "1", "1", nil])
    #expect(made["old"]?.reason(at: 6) == .blank)
    #expect(texts(made, "both") == ["0", "0", "0", "0", "1", "0", nil])
    #expect(texts(made, "sum") == ["9.5", "11", "15", nil, "33", "34.5", nil])
  }

  @Test("what is derived from a blanked variable is derived again before the next check")
  func fresh() throws {
    let (cleaned, report) = try Cleaning.clean(
      table,
      request: CleaningRequest(
        checks: [
          Check(id: "old", require: try Expression.parse("age < 60"), otherwise: .blank([])),
          Check(id: "seen", require: try Expression.parse("band is not '65+'"), otherwise: .flag),
          Check(id: "unknown", require: try Expression.parse("aged is answered"), otherwise: .flag),
        ],
        derivations: [
          Derivation(name: "band", rule: .cut(of: "age", at: [18, 25, 65], labels: nil)),
          Derivation(name: "aged", rule: .expression(try Expression.parse("band is '65+'"))),
        ]))
    #expect(texts(cleaned, "band") == ["<18", "18-24", "18-24", "25-64", nil, nil, nil])
    #expect(cleaned["band"]?.reason(at: 4) == .struckOut)
    #expect(cleaned["band"]?.reason(at: 6) == .refused)
    #expect(report.lines.map(\.rows) == [2, 0, 3])
    #expect(report.lines.map(\.cells) == [2, 0, 0])
    #expect(report.completeness.map(\.isDerived) == [false, false, false, true, true])
  }

  @Test("a rule that cannot work is refused with the name of the variable")
  func refused() throws {
    let broken: [([(String, Derivation.Rule)], String)] = [
      ([("age", .expression(try Expression.parse("sex is 1")))], "there is a variable"),
      ([("x", .cut(of: "aeg", at: [1], labels: nil))], "'aeg'"),
      ([("x", .cut(of: "home", at: [1], labels: nil))], "holds texts"),
      ([("x", .cut(of: "age", at: [], labels: nil))], "cut points that rise"),
      ([("x", .cut(of: "age", at: [2, 2], labels: nil))], "cut points that rise"),
      ([("x", .cut(of: "age", at: [2, 3], labels: ["a"]))], "1 labels for 2"),
      ([("x", .recode(of: "sex", map: ["a": "1"], otherwise: .keep))], "'a' is none"),
      ([("x", .recode(of: "sex", map: ["1": "1", "1.0": "2"], otherwise: .keep))], "twice"),
      ([("x", .expression(try Expression.parse("y is 1")))], "'y'"),
      ([("x", .expression(try Expression.parse("x is 1")))], "'x'"),
      ([("x", .expression(try Expression.parse("home")))], "alone"),
    ]
    for (rules, phrase) in broken {
      let found = error { _ = try derive(rules) }
      #expect(found?.kind == .badPipeline)
      #expect(found?.what.contains(phrase) == true, "\(String(describing: found))")
    }
    let blanks = Check(id: "c", require: try Expression.parse("b is 1"), otherwise: .blank([]))
    let found = error {
      _ = try derive([("b", .expression(try Expression.parse("sex is 1")))], checks: [blanks])
    }
    #expect(found?.what.contains("derived from others") == true)
  }
}
