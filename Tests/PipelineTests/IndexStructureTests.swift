import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

/// Indices of other shapes, made of keys alone: every number here is found by hand.
@Suite("Index structures")
struct IndexStructureTests {
  /// Three provinces with four published values.
  private static let values = """
    province,a,b,c,d
    Hanoi,2,0.5,10,4
    48,3,0.25,30,
    79,1,1,20,9

    """

  private func workshop(_ index: String, _ values: String = values, units: String = "") throws
    -> Workshop
  {
    let workshop = try Workshop()
    try workshop.write("values.csv", values)
    try workshop.write(
      "pipeline.yaml",
      """
      canvass: 1
      name: small
      units: {variable: province, places: places.csv, vintage: 2004\(units)}
      published: {file: values.csv, unit: province}
      index:
      \(index)

      """)
    return workshop
  }

  private func scores(_ workshop: Workshop) throws -> [String: [String: String]] {
    try workshop.run()
    var rows: [String: [String: String]] = [:]
    for row in CSVTable(try workshop.released("scores.csv")).rows where row["domain"] == "" {
      rows["\(row["node"] ?? "")|\(row["unit"] ?? "")"] = row
    }
    return rows
  }

  private func expect(
    _ rows: [String: [String: String]], _ node: String, _ expected: [Double?],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (unit, number) in zip(["01", "48", "79"], expected) {
      let text = rows["\(node)|\(unit)"]?["score"] ?? "no row"
      guard let number else {
        #expect(text.isEmpty, "\(node) \(unit)", sourceLocation: sourceLocation)
        continue
      }
      expectClose(
        Double(text), String(number), tolerance: 1e-12, sourceLocation: sourceLocation)
    }
  }

  @Test("a tree of unequal depth: a leaf beside a branch of three levels")
  func unequalDepth() throws {
    let rows = try scores(
      workshop(
        """
          scale: [0, 100]
          structure:
            - {node: index, combine: weighted}
            - {node: a, parent: index, weight: 3, variable: a, low: 0, high: 4}
            - {node: one, parent: index, weight: 1}
            - {node: two, parent: one, combine: sum, multiplier: 0.5}
            - {node: three, parent: two, combine: harmonic}
            - {node: b, parent: three, weight: 1, variable: b, low: 0, high: 1}
            - {node: c, parent: three, weight: 3, variable: c, low: 0, high: 40}
        """))
    // Hanoi: a 50, b 50, c 25; three = 4 / (1/50 + 3/25) = 28.571…; two = half of it.
    let parts: [(a: Double, b: Double, c: Double)] = [(50, 50, 25), (75, 25, 75), (25, 100, 50)]
    let three = parts.map { part -> Double in 4 / (1 / part.b + 3 / part.c) }
    let index = zip(parts, three).map { part, below -> Double in (3 * part.a + below / 2) / 4 }
    expect(rows, "three", three)
    expect(rows, "index", index)
  }

  @Test("an index of ranks: the mean of percentile ranks, low good in one")
  func ranks() throws {
    let rows = try scores(
      workshop(
        """
          scale: [0, 1]
          aggregate:
            indicator: {normalize: percentile-rank}
          structure:
            - {node: index, missing: drop}
            - {node: a, parent: index, variable: a}
            - {node: b, parent: index, variable: b, direction: down}
            - {node: d, parent: index, variable: d}
        """))
    expect(rows, "a", [0.5, 1, 0])
    expect(rows, "b", [0.5, 1, 0])
    expect(rows, "d", [0, nil, 1])
    expect(rows, "index", [1.0 / 3, 1, 1.0 / 3])
    #expect(rows["d|48"]?["status"] == "not published")
  }

  @Test("a geometric mean with a zero is an error that names unit and part, and a floor mends it")
  func geometricZero() throws {
    let index = """
        scale: [0, 1]
        structure:
          - {node: index, combine: geometric}
          - {node: a, parent: index, variable: a, low: 1, high: 4}
          - {node: b, parent: index, variable: b}
      """
    let error = #expect(throws: Diagnostic.self) { try workshop(index).run() }
    #expect(error?.kind == .badData)
    #expect(error?.what == "the geometric mean of 'index' does not exist in unit '79'")
    #expect(error?.why == "its part 'a' is not above 0 there")
    #expect(error?.place?.contains("pipeline.yaml:8:") == true, "\(error?.place ?? "")")
    let rows = try scores(
      workshop(index.replacing("variable: a, low", with: "variable: a, floor: 1.3, low")))
    let products: [Double] = [0.5 / 3, 2 * 0.25 / 3, 0.1]
    expect(rows, "index", products.map { $0.squareRoot() })
  }

  @Test("a line with years replaces cells in its years alone")
  func years() throws {
    let index = """
        year: 2021
        scale: [0, 10]
        structure:
          - {node: index}
          - {node: a, parent: index, variable: a, low: 0, high: 4}
          - {node: a, years: 2021-, high: 5}
          - {node: a, years: "2018|2020", high: 8}
          - {node: b, parent: index, variable: b, low: 0, high: 1}
          - {node: b, years: "2019-2021", scored: no}
          - {node: c, parent: index, years: "2020", variable: c}
      """
    expect(try scores(workshop(index)), "index", [4, 6, 2])
    // 2020: a on 0–8, b not scored, c as it is.
    expect(
      try scores(workshop(index.replacing("year: 2021", with: "year: 2020"))), "index",
      [(2.5 + 10) / 2, (3.75 + 30) / 2, (1.25 + 20) / 2])
    // 2017: a on 0–4 and b.
    expect(
      try scores(workshop(index.replacing("year: 2021", with: "year: 2017"))), "index",
      [5, (7.5 + 2.5) / 2, (2.5 + 10) / 2])
  }

  @Test("a missing value is imputed where asked, with its status, from units, group or last round")
  func imputation() throws {
    func rows(_ rule: String, _ more: String = "") throws -> [String: [String: String]] {
      let workshop = try workshop(
        """
          scale: [0, 10]
        \(more)
          structure:
            - {node: index}
            - {node: d, parent: index, variable: d, impute: \(rule)}
        """)
      try workshop.write("last.csv", "province,d\n79,8\n48,3.5\nHanoi,1\n")
      return try scores(workshop)
    }
    expect(try rows("mean"), "index", [4, 6.5, 9])
    expect(try rows("median"), "index", [4, 6.5, 9])
    let last = try rows("last-round", "  last_round: {file: last.csv, unit: province}")
    expect(last, "index", [4, 3.5, 9])
    #expect(last["d|48"]?["status"] == "imputed" && last["d|01"]?["status"] == "")
    // Da Nang is the only unit of its region: nothing to impute from.
    expect(try rows("group"), "index", [4, nil, 9])
    let error = #expect(throws: Diagnostic.self) { try rows("last-round") }
    #expect(error?.remedy?.contains("last_round") == true)
    let unused = #expect(throws: Diagnostic.self) {
      try rows("mean", "  last_round: {file: last.csv, unit: province}")
    }
    #expect(unused?.what.contains("no leaf has") == true)
  }

  @Test(
    "values of the last round are those of the node, by the name that it had, not of its variable")
  func lastRoundByNode() throws {
    func made(_ table: String) throws -> Workshop {
      let workshop = try workshop(
        """
          scale: [0, 10]
          last_round: {file: last.csv, unit: province, variable: node, value: value}
          structure:
            - {node: index}
            - {node: plain, parent: index, variable: d, impute: last-round}
            - {node: scaled, parent: index, variable: d, low: 0, high: 20, same_as: former, impute: last-round}
        """)
      try workshop.write("last.csv", "province,node,value\n" + table)
      return workshop
    }
    // The variable's own name says nothing here.
    let rows = try scores(try made("48,plain,3\n48,former,8\n48,d,99\n79,plain,1\n"))
    expect(rows, "plain", [4, 3, 9])
    expect(rows, "scaled", [2, 4, 4.5])
    #expect(rows["scaled|48"]?["status"] == "imputed" && rows["plain|79"]?["status"] == "")
    let lacking = try made("48,plain,3\n48,scaled,8\n")
    let error = #expect(throws: Diagnostic.self) { try lacking.run() }
    #expect(error?.kind == .badPipeline)
    #expect(error?.what.hasPrefix("there are no values of 'former' in ") == true)
    #expect(error?.why == "it has values of: plain, scaled")
    #expect(error?.place == lacking.path("pipeline.yaml") + ":11:7")
  }

  @Test(
    "a mean divides by a fixed divisor, a power mean takes its exponent, copeland compares units")
  func combinations() throws {
    let rows = try scores(
      workshop(
        """
          structure:
            - {node: index, divisor: 4, missing: drop}
            - {node: a, parent: index, variable: a}
            - {node: d, parent: index, variable: d}
            - {node: power, combine: power, exponent: 2}
            - {node: a, parent: power}
            - {node: b, parent: power, variable: b}
            - {node: duel, combine: copeland}
            - {node: a, parent: duel, weight: 1}
            - {node: b, parent: duel, weight: 2}
        """))
    expect(rows, "index", [1.5, 0.75, 2.5])
    expect(
      rows, "power",
      [(4.25 / 2).squareRoot(), (9.0625 / 2).squareRoot(), 1])
    // By b, which weighs more: 79 beats both, Hanoi beats 48.
    expect(rows, "duel", [0, -2, 2])
  }

  @Test("scores of a clamped leaf are counted, ranks may compare rounded scores")
  func clampedAndRounded() throws {
    let workshop = try workshop(
      """
        scale: [0, 1]
        rank_decimals: 1
        structure:
          - {node: index}
          - {node: c, parent: index, variable: c, low: 0, high: 19, clamp: yes}
          - {node: b, variable: b}
      """, "province,b,c\nHanoi,0.51,10\n48,0.54,30\n79,0.7,20\n")
    let rows = try scores(workshop)
    expect(rows, "index", [10 / 19.0, 1, 1])
    #expect(["01", "48", "79"].map { rows["b|\($0)"]?["rank"] } == ["2", "2", "1"])
    let report = try workshop.released("report.html")
    #expect(report.contains("Units brought back to a bound, by node: c (2)."))
    #expect(report.contains("rounded to 1 decimals"))
  }

  @Test(
    "contradictions of the structure are errors of their cell",
    arguments: [
      ("low: 0", "needs both ends"), ("low: 3, high: 3", "low must be below high"),
      ("normalize: z-score, low: 0, high: 1", "takes none"),
      ("normalize: rankk", "did you mean 'rank'?"), ("clamp: yes", "no value can lie"),
      ("direction: down", "direction needs"), ("target: 3", "only there"),
      ("normalize: distance-to-reference, reference: 99", "no published value"),
      ("combine: mean", "belongs to a node with parts"), ("good: 1", "belongs to a share"),
      ("low: 0, high: x", "a number or 'observed'"), ("source: respondents", "no respondents"),
      ("years: 2020", "which year it is"),
    ])
  func contradictions(cells: String, message: String) throws {
    let workshop = try workshop(
      """
        structure:
          - {node: index}
          - {node: a, parent: index, variable: a, \(cells)}
      """)
    let error = #expect(throws: Diagnostic.self) { try workshop.run() }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(message), "\(text)")
    #expect(error?.place?.contains("pipeline.yaml:8") == true, "\(text)")
  }

  @Test("a published standard error carries on to one figure's node, not to a node of two")
  func publishedErrors() throws {
    let workshop = try workshop(
      """
        structure:
          - {node: index}
          - {node: one, parent: index}
          - {node: a, parent: one, variable: a, low: 0, high: 90}
          - {node: b, parent: index, variable: b}
      """)
    try workshop.write(
      "values.csv",
      "province,name,value,error\nHanoi,a,20,1.5\n48,a,40,2\n79,a,30,1\nHanoi,b,1,0.25\n48,b,2,\n79,b,3,\n"
    )
    let text = try String(contentsOfFile: workshop.path("pipeline.yaml"), encoding: .utf8)
    try workshop.write(
      "pipeline.yaml",
      text.replacing(
        "unit: province}",
        with: "unit: province, variable: name, value: value, se: error, df: 20}"))
    let rows = try scores(workshop)
    // 9/90 of the figure's standard error, on the scale 1–10; t(20) at 0.975 is 2.0859634472658364
    // (scipy 1.17.1, t.ppf(.975, 20)).
    expectClose(rows["one|01"].flatMap { Double($0["se"] ?? "") }, "0.15")
    expectClose(
      rows["one|01"].flatMap { Double($0["ci_high"] ?? "") },
      String(3 + 0.15 * 2.0859634472658364))
    #expect(rows["one|01"]?["se_method"] == "published" && rows["one|01"]?["df"] == "20")
    #expect(rows["index|01"]?["se"] == "")
    #expect(rows["index|01"]?["se_method"] == "none (covariances)")
    // Elsewhere b has no standard error: that is an error of unknown size, and no error of 0.
    for unit in ["48", "79"] {
      #expect(rows["b|\(unit)"]?["se"] == "")
      #expect(rows["b|\(unit)"]?["se_method"] == "none (unknown)")
      #expect(rows["index|\(unit)"]?["se"] == "")
      #expect(rows["index|\(unit)"]?["se_method"] == "none (covariances)")
    }
    #expect(rows["b|national:mean-of-units"]?["se"] == "")
    // Provinces were sampled apart: the mean of units adds variances.
    expectClose(
      rows["one|national:mean-of-units"].flatMap { Double($0["se"] ?? "") },
      String(0.0725.squareRoot() / 3))
  }

  // MARK: - Respondents

  @Test("leaves from a table stand beside leaves of respondents, in units alone")
  func mixed() throws {
    let workshop = try Workshop()
    try workshop.write("values.csv", "province,files\nHanoi,20\n48,50\n79,35\n")
    try workshop.run(
      replacing:
        "    - {node: honest, parent: index, weight: 1, variable: bribe, statistic: share, "
        + "good: 0, low: 0, high: 1}",
      with: "    - {node: files, parent: index, weight: 1, source: table, variable: files, low: 0, "
        + "high: 100}\npublished: {file: values.csv, unit: province}")
    let rows = CSVTable(try workshop.released("scores.csv")).rows
    func row(_ node: String, _ unit: String, _ domain: String = "") -> [String: String]? {
      rows.first { $0["node"] == node && $0["unit"] == unit && $0["domain"] == domain }
    }
    for (unit, files) in [("01", 20.0), ("48", 50), ("79", 35)] {
      let (index, trust, own) = (row("index", unit), row("trust", unit), row("files", unit))
      expectClose(own.flatMap { Double($0["score"] ?? "") }, String(1 + 9 * files / 100))
      let number = try #require(trust.flatMap { Double($0["score"] ?? "") })
      expectClose(
        index.flatMap { Double($0["score"] ?? "") },
        String((2 * number + 1 + 9 * files / 100) / 3))
      // The table's value has no sampling error: two thirds of trust's remain.
      let error = try #require(trust.flatMap { Double($0["se"] ?? "") })
      expectClose(index.flatMap { Double($0["se"] ?? "") }, String(2 * error / 3))
      #expect(own?["se"] == "" && own?["n"] == "")
    }
    #expect(row("files", "01", "sex=F")?["score"] == "")
    #expect(row("index", "national:survey")?["score"] == "")
    #expect(row("trust", "national:survey")?["score"] != "")
  }

  @Test(
    "z-scores of a survey have mean 0 over units, and standard errors; ranks say why they have none"
  )
  func standardized() throws {
    let workshop = try Workshop()
    try workshop.run(
      replacing: "variable: trust, low: 0, high: 4}", with: "variable: trust, normalize: z-score}")
    var rows = CSVTable(try workshop.released("scores.csv")).rows
    let mean = rows.first { $0["node"] == "trust" && $0["unit"] == "national:mean-of-units" }
    #expect(abs(mean.flatMap { Double($0["score"] ?? "") } ?? 1) < 1e-12)
    let units = rows.filter { $0["node"] == "trust" && ["01", "48", "79"].contains($0["unit"]) }
    #expect(units.filter { $0["domain"] == "" }.allSatisfy { $0["se_method"] == "linearization" })
    #expect(units.contains { $0["domain"] == "sex=F" && $0["score"] != "" })
    try workshop.run(
      replacing: "variable: trust, low: 0, high: 4}", with: "variable: trust, normalize: rank}")
    rows = CSVTable(try workshop.released("scores.csv")).rows
    for node in ["trust", "index"] {
      let row = try #require(
        rows.first { $0["node"] == node && $0["unit"] == "48" && $0["domain"] == "" })
      #expect(row["score"] != "" && row["se"] == "" && row["se_method"] == "none (rank)")
    }
    let honest = rows.first { $0["node"] == "honest" && $0["unit"] == "48" && $0["domain"] == "" }
    #expect(honest?["se_method"] == "linearization")
  }

  @Test("an observed end that another unit could set is a warning, one that is clear is none")
  func uncertainEnds() throws {
    let workshop = try Workshop()
    let outcome = try workshop.run(
      replacing: "variable: trust, low: 0, high: 4}",
      with: "variable: trust, low: observed, high: 4}")
    #expect(outcome.notes.contains { $0.contains("another unit sets") && $0.contains("trust low") })
    #expect(!outcome.notes.contains { $0.contains("trust high") })
  }

  @Test("under pooled variances a node that is measured against the units keeps its direct one")
  func pooledBesideObserved() throws {
    let workshop = try Workshop()
    try workshop.run(
      replacing: "variable: trust, low: 0, high: 4}",
      with: "variable: trust, low: observed, high: 4}")
    let direct = CSVTable(try workshop.released("scores.csv")).rows
    let text = try String(contentsOfFile: workshop.path("pipeline.yaml"), encoding: .utf8)
    try workshop.write(
      "pipeline.yaml", text.replacing("design:\n", with: "design:\n  variance: pooled\n"))
    try workshop.run()
    let pooled = CSVTable(try workshop.released("scores.csv")).rows
    var methods: [String: Set<String>] = [:]
    for (one, other) in zip(direct, pooled)
    where ["01", "48", "79"].contains(one["unit"]) && one["domain"] == "" && other["se"] != "" {
      methods[one["node"] ?? "", default: []].insert(other["se_method"] ?? "")
      if one["node"] != "honest" { #expect(one["se"] == other["se"]) }
    }
    #expect(
      methods == [
        "index": ["linearization"], "trust": ["linearization"], "honest": ["pooled"],
      ])
  }

  @Test("a count is the weighted number of people with a good answer")
  func count() throws {
    let workshop = try Workshop()
    try workshop.run(
      replacing: "statistic: share, good: 0, low: 0, high: 1}",
      with: "statistic: count, good: 0, low: 0, high: 3000}")
    let counts = CSVTable(try workshop.released("indicators.csv")).rows
    try workshop.run(replacing: "name: small", with: "name: small")
    let shares = CSVTable(try workshop.released("indicators.csv")).rows
    // Raking makes the people of a province add up to its margins; nobody left 'bribe' blank.
    for (unit, people) in [("01", 2400.0), ("48", 820), ("79", 4100)] {
      func estimate(_ rows: [[String: String]]) throws -> Double {
        try #require(
          rows.first {
            $0["indicator"] == "honest" && $0["unit"] == unit && $0["domain"] == ""
          }.flatMap { Double($0["estimate"] ?? "") })
      }
      expectClose(try estimate(counts), String(people * (try estimate(shares))))
    }
  }
}
