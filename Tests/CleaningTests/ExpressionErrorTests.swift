import CanvassCleaning
import CanvassCompute
import CanvassSurvey
import Testing

@Suite("Errors of expressions") struct ExpressionErrorTests {
  @Test(
    "an error says the column, counted in characters from 1, and what is wrong",
    arguments: [
      ("", 1, "empty"), ("age >=", 7, "not the end"), ("age >= 18 18", 11, "does not continue"),
      ("age ! 18", 5, "no meaning"), ("age is 'x", 8, "never closed"), ("`age is 1", 1, "closed"),
      ("(age is 1", 10, "column 1 is open"), ("age is 1)", 9, "does not continue"),
      ("age is 12abc", 8, "neither a number nor a name"), ("18 <= age <= 30", 11, "follow another"),
      ("age is 30 to 18", 8, "holds no number"), ("home is 'a' to 'b'", 9, "between numbers"),
      ("age is 18 to x", 14, "number must stand"), ("total(age) > 1", 1, "no function 'total'"),
      ("count(age, 3) > 1", 12, "a condition must stand here"),
      ("age and sex is 1", 1, "'age' alone"),
      ("sex is 1 or age", 13, "'age' alone"), ("age + 1", 5, "condition must stand"),
      ("aeg >= 18", 1, "no variable 'aeg'"), ("age >= 18 and sxe is 1", 15, "'sxe'"),
      ("age is 'x'", 8, "'age' holds numbers and cannot be compared with a text"),
      ("home is 3", 9, "'home' holds texts and cannot be compared with a number"),
      (
        "home > age", 6, "'home' holds texts and cannot be compared with 'age', which holds numbers"
      ),
      (
        "age is home", 5,
        "'age' holds numbers and cannot be compared with 'home', which holds texts"
      ),
      ("home + 1 > 2", 1, "'home' holds texts"), ("(age + 1) is skipped", 14, "only a variable"),
      ("(age is 1) is 1", 6, "condition cannot be compared"), ("not age", 5, "'age' alone"),
      ("Huế is 'ế' and nothng is 1", 1, "'Huế'"), ("home is 'ế' and nothng is 1", 17, "'nothng'"),
    ] as [(String, Int, String)])
  func located(text: String, column: Int, phrase: String) throws {
    let error = try #require(fault(text))
    #expect(error.kind == .badPipeline)
    #expect(error.place == "column \(column)")
    #expect(error.what.contains(phrase), "\(error.what)")
  }

  @Test("an unknown variable suggests a near one")
  func suggestion() throws {
    #expect(fault("wieght > 1")?.remedy == "did you mean 'weight'?")
  }

  @Test(
    "the column counts on from where the text begins in its file, in errors of reading and of checking"
  )
  func origin() throws {
    let reading = error { _ = try Expression.parse("age >=", at: "p.yaml:3:7") }
    #expect(reading?.place == "p.yaml:3:13")
    let expression = try Expression.parse("age > aeg", at: "p.yaml:3:7")
    let checking = error { try expression.check(against: people) }
    #expect(checking?.place == "p.yaml:3:13")
    #expect(try expression == Expression.parse("age > aeg"))
  }

  @Test("deep nesting and endless expressions are refused, not crashed on")
  func bounds() throws {
    let deep = String(repeating: "(", count: 5_000) + "age" + String(repeating: ")", count: 5_000)
    #expect(fault(deep) != nil)
    let nested = String(repeating: "(", count: 101) + "age" + String(repeating: ")", count: 101)
    #expect(fault(nested + " > 1")?.what.contains("nested") == true)
    let long = Array(repeating: "age is 1", count: 2_000).joined(separator: " or ")
    #expect(fault(long)?.what.contains("words and signs") == true)
    let many = Array(repeating: "age > 1", count: 240).joined(separator: " and ")
    #expect(try truth(many) == "1111?")
  }

  @Test("any sequence of words is read or refused at a column that it has", arguments: 0..<4)
  func anything(seed: UInt64) throws {
    let words = [
      "age", "sex", "home", "silent", "is", "not", "and", "or", "to", "1", "18", "-", "+", "*", "/",
      "(", ")", "<", "<=", "=", "'Huế'", "missing", "skipped", "answered", "count(", "any(", ",",
      "`d5`", "0.5", "age is 18", "sex is 1 or", "and not", "d5 is skipped", "2", "or", "sex > 1",
      "and",
    ]
    var random = RandomStream(seed: seed)
    var valid = 0
    for _ in 0..<3_000 {
      let text = (0...random.below(6)).map { _ in words[random.below(words.count)] }
        .joined(separator: " ")
      guard let found = fault(text) else {
        valid += 1
        let bytes = try Expression.parse(text).truth(in: people)
        #expect(bytes.count == 5 && bytes.allSatisfy { $0 <= 2 })
        // Twice negated, and in brackets, a condition is itself.
        #expect(try truth("not not (\(text))") == truth(text))
        continue
      }
      let column = try #require(found.place?.split(separator: " ").last.flatMap { Int($0) })
      #expect((1...text.count + 1).contains(column), "\(text): \(found)")
    }
    #expect(valid > 30)
  }

  @Test("an expression is checked before any row is read, from names and kinds alone")
  func schema() throws {
    var schema = Schema()
    schema.add("x", .text)
    #expect(throws: Diagnostic.self) { try Expression.parse("x > 1").check(against: schema) }
    schema.add("x", .number)
    try Expression.parse("x > 1").check(against: schema)
  }
}
