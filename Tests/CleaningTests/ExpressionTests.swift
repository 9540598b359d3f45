import CanvassCleaning
import CanvassCompute
import CanvassSurvey
import Testing

@Suite("Expressions") struct ExpressionTests {
  @Test(
    "a comparison is unknown exactly where a value is missing",
    arguments: [
      ("age >= 18", "0111?"), ("age > 18", "0011?"), ("age < 18", "1000?"), ("age <= 18", "1100?"),
      ("age is 18", "0100?"), ("age = 18", "0100?"), ("age == 18", "0100?"),
      ("age is not 18", "1011?"), ("18 <= age", "0111?"), ("age is age", "1111?"),
      ("weight is 1.25", "01000"), ("weight > -0.5", "11111"), ("weight < 1e0", "10010"),
    ])
  func comparisons(text: String, expected: String) throws {
    #expect(try truth(text) == expected)
  }

  @Test(
    "after 'is', 'or' continues the set only before a literal that nothing else claims",
    arguments: [
      ("sex is 1 or 2", "11?01"), ("sex is 1 or 2 or 3", "11?11"), ("sex is not 1 or 2", "00?10"),
      ("sex is 1 or 2 and d5 is skipped", "10000"), ("sex is 1 or age > 30", "10?1?"),
      ("sex is 1 or 2 < age", "1111?"), ("sex is 3 or 2 + 16 = age", "01?1?"),
      ("sex is 1 or (age is 64)", "10?1?"), ("age is 18 to 30", "0110?"),
      ("age is 18 to 30 or 64", "0111?"), ("age is not 18 to 30 or 64", "1000?"),
      ("age is 18 or age is 64", "0101?"), ("home is 'Huế' or 'An Giang'", "10?11"),
      ("weight is -1 or 0.5", "10000"), ("weight is -1 to 0.5", "10010"),
      ("d5 is skipped or dont_know", "10100"), ("d5 is missing or 4", "11110"),
    ])
  func sets(text: String, expected: String) throws {
    #expect(try truth(text) == expected)
  }

  @Test(
    "'not' binds before 'and', 'and' before 'or', and brackets before all",
    arguments: [
      ("sex is 3 or sex is 2 and age > 20", "sex is 3 or (sex is 2 and age > 20)"),
      ("not sex is 1 and age > 20", "(not sex is 1) and age > 20"),
      ("not sex is 1 or age > 20", "(not sex is 1) or age > 20"),
      ("not not sex is 1", "sex is 1"),
      ("1 + 2 * 3 is 7", "1 + (2 * 3) is 7"), ("8 - 2 - 1 is 5", "(8 - 2) - 1 is 5"),
      ("8 / 4 / 2 is 1", "(8 / 4) / 2 is 1"), ("-age + 64 > 0", "(-age) + 64 > 0"),
      ("age + 1 > 18 and sex is 2", "((age + 1) > 18) and (sex is 2)"),
    ])
  func precedence(text: String, same: String) throws {
    #expect(try truth(text) == truth(same))
  }

  @Test("brackets change the answer where precedence would give another")
  func brackets() throws {
    #expect(try truth("sex is 2 or sex is 1 and age > 20") == "01?01")
    #expect(try truth("(sex is 2 or sex is 1) and age > 20") == "00?0?")
    #expect(try truth("not (sex is 1 and age > 20)") == "11?11")
    #expect(try truth("(1 + 2) * 3 is 9") == "11111")
    #expect(try truth("1 + 2 * 3 is 9") == "00000")
    #expect(try truth("8 - (2 - 1) is 7") == "11111")
  }

  @Test("three-valued logic follows Kleene in all nine cases")
  func kleene() throws {
    // Rows run over every pair of yes (1), no (0) and unknown (missing).
    let values: [Double?] = [1, 0, nil]
    let table = Table(columns: [
      Column(name: "a", numbers: values.flatMap { value in [value, value, value] }),
      Column(name: "b", numbers: values + values + values),
    ])
    #expect(try truth("a is 1 and b is 1", in: table) == "10?000?0?")
    #expect(try truth("a is 1 or b is 1", in: table) == "11110?1??")
    #expect(try truth("any(a is 1, b is 1)", in: table) == "11110?1??")
    #expect(try truth("not a is 1", in: table) == "000111???")
    #expect(try truth("not (a is 1 and b is 1)", in: table) == "01?111?1?")
    #expect(
      try truth("not (a is 1 and b is 1)", in: table)
        == truth("not a is 1 or not b is 1", in: table))
  }

  @Test(
    "questions about missing answers are never unknown",
    arguments: [
      ("d5 is skipped", "10000"), ("d5 is dont_know", "00100"), ("d5 is blank", "00010"),
      ("d5 is refused or not_selected or struck_out", "00000"), ("d5 is missing", "10110"),
      ("d5 is answered", "01001"), ("d5 is not answered", "10110"), ("d5 is not skipped", "01111"),
      ("home is missing", "00100"), ("silent is missing", "11111"), ("silent is answered", "00000"),
      ("(age + sex) is missing", "00101"), ("age + sex is answered", "11010"),
      ("weight / weight is missing", "00010"), ("'x' is answered", "11111"),
      ("d5 is answered or skipped", "11001"),
    ])
  func reasons(text: String, expected: String) throws {
    #expect(try truth(text) == expected)
  }

  @Test("a set of values and reasons is unknown only where another reason stands")
  func mixedSet() throws {
    #expect(try truth("d5 is 4 or skipped") == "11??0")
    #expect(try truth("d5 is not 4 or skipped") == "00??1")
  }

  @Test("arithmetic passes missing values on, and a division by zero has none")
  func arithmetic() throws {
    #expect(try truth("1 / weight > 0.6") == "110?1")
    #expect(try truth("age - sex * 2 >= 14") == "11?1?")
    #expect(try truth("-(-age) is 17") == "1000?")
    #expect(try truth("silent + 1 > 0") == "?????")
    #expect(try truth("1e300 * 1e300 > 0") == "?????")
  }

  @Test("count tells how many variables are answered and is never missing")
  func count() throws {
    #expect(try truth("count(age, sex, d5, home) >= 3") == "11011")
    #expect(try truth("count(silent) is 0") == "11111")
    #expect(try truth("count(d5) + count(sex) is 2") == "01001")
  }

  @Test("texts compare with texts, composed and decomposed letters alike")
  func texts() throws {
    #expect(try truth("home is 'Huế'") == "10?01")
    #expect(try truth("home is \"Hu\u{65}\u{302}\u{301}\"") == "10?01")
    #expect(try truth("home is born") == "10??0")
    #expect(try truth("home > born") == "01??1")
    #expect(try truth("'Huế' = home") == "10?01")
    #expect(try truth("home < 'B'") == "00?10")
    #expect(try truth("'B' > home") == "00?10")
    #expect(try truth("'it''s' is \"it's\"") == "11111")
  }

  @Test("a variable without any value is compared with numbers and texts alike, and unknown")
  func unanswered() throws {
    #expect(try truth("silent is 1") == "?????")
    #expect(try truth("silent is 'a' or 'b'") == "?????")
    #expect(try truth("silent is home") == "?????")
    #expect(try truth("silent < 'a'") == "?????")
  }

  @Test("names of other characters stand in backticks, and Vietnamese letters need none")
  func names() throws {
    let table = Table(columns: [
      Column(name: "họ tên", numbers: [1, 2]), Column(name: "tuổi", numbers: [3, 4]),
      Column(name: "is", numbers: [5, 6]), Column(name: "q1.a_2", numbers: [7, 8]),
      Column(name: "blank", numbers: [9, nil]),
    ])
    #expect(try truth("`họ tên` is 2", in: table) == "01")
    #expect(try truth("tuổi is 3", in: table) == "10")
    #expect(try truth("tu\u{6F}\u{302}\u{309}i is 3", in: table) == "10")
    #expect(try truth("`is` is 6", in: table) == "01")
    #expect(try truth("q1.a_2 is 7", in: table) == "10")
    #expect(try truth("blank is blank", in: table) == "01")
    #expect(try truth("tuổi is 4 or blank is 9", in: table) == "11")
    #expect(try Expression.parse("b + `a c` > b").variables == ["b", "a c"])
  }

  @Test(
    "chunks and workers leave no trace", arguments: [0, 1, 2, 3, 5, 10, 16_384, 16_385, 40_001])
  func chunks(count: Int) throws {
    let table = Table(columns: [
      Column(name: "x", numbers: (0..<count).map { $0 % 7 == 3 ? nil : Double($0 % 11) })
    ])
    let expected = (0..<count).map { $0 % 7 == 3 ? UInt8(2) : $0 % 11 > 4 ? 1 : 0 }
    let expression = try Expression.parse("x > 4")
    for workers in [1, 2, 3, 8] {
      #expect(try expression.truth(in: table, workers: Workers(workers)) == expected)
    }
  }
}
