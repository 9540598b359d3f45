import CanvassCompute
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import Testing

@Suite("Rank assessments")
struct RankAssessmentTests {
  static let rules = RankRules(method: .bonferroni, confidence: 0.9)

  /// Four units: two near each other, one far, one without a standard error; a fifth is suppressed.
  func released() -> ReleasedRows {
    gate([
      scoreRow("01", 50, error: 1), scoreRow("02", 51, error: 1.5), scoreRow("03", 20, error: 1),
      scoreRow("04", 49, error: nil), scoreRow("05", 90, respondents: 2),
      scoreRow("01", 7, node: "part"), scoreRow("01", 50, domain: "sex=F"),
      scoreRow("national:survey", 47, isUnit: false),
    ])
  }

  func ranked() -> ReleasedRows {
    let rows = released()
    let field = rows.rankField(node: "index")
    let assessment = RankAssessment(
      field, direct: CovarianceMatrix(variances: field.standardErrors.map { $0 * $0 }),
      rules: Self.rules, grouping: .cuts([40], names: ["low", "high"]))
    return rows.ranked([assessment], rules: Self.rules)
  }

  @Test("a field holds the published whole units; those without a standard error stand apart")
  func field() {
    let field = released().rankField(node: "index")
    #expect(field.units == ["01", "02", "03"])
    #expect(field.scores == [50, 51, 20] && field.standardErrors == [1, 1.5, 1])
    #expect(field.others == [49] && !field.isPooled)
    #expect(released().rankField(node: "nothing").units.isEmpty)
  }

  @Test("intervals stand in their columns; suppressed, national and domain rows have none")
  func columns() {
    let lines = parseCSV(ScoresFile.bytes(ranked(), language: .en))
    func cells(_ unit: String, _ node: String, _ domain: String = "") -> [String] {
      lines.first { $0[0] == unit && $0[3] == node && $0[2] == domain }.map { Array($0[12...16]) }
        ?? []
    }
    // 03 is told apart from 01 and 02, not from 04, whose error is unknown.
    #expect(cells("01", "index") == ["2", "1", "3", "1", "3"])
    #expect(cells("03", "index") == ["4", "3", "4", "3", "4"])
    for row in [
      cells("04", "index"), cells("05", "index"), cells("national:survey", "index"),
      cells("01", "index", "sex=F"), cells("01", "part"),
    ] {
      #expect(row.dropFirst().allSatisfy { $0.isEmpty } && row.count == 5)
    }
  }

  @Test("the files list undecided pairs, higher score first, and a share for every group")
  func files() throws {
    let ranks = try #require(ranked().ranks)
    let pairs = parseCSV(IndistinguishableFile.bytes(ranks))
    #expect(
      pairs[0] == ["unit", "other_unit", "node", "difference", "sim_low", "sim_high", "confidence"])
    #expect(pairs.count == 2)
    #expect(Array(pairs[1][0...3]) == ["02", "01", "index", "1"] && pairs[1][6] == "0.9")
    #expect(Double(pairs[1][4]) ?? 1 < 0 && Double(pairs[1][5]) ?? 0 > 2)
    let shares = parseCSV(GroupProbabilitiesFile.bytes(ranks))
    #expect(shares.count == 1 + 3 * 2)
    #expect(shares[1] == ["01", "index", "low", "0"] && shares[2] == ["01", "index", "high", "1"])
    #expect(shares[5] == ["03", "index", "low", "1"])
  }

  @Test("the console shows possible ranks where there is room, and drops them first")
  func console() {
    let rows = ranked()
    let wide = ConsoleTable.render(rows, node: "index", width: 100)
    #expect(wide.contains("90% ranks") && wide.contains("1–3"))
    let narrow = ConsoleTable.render(rows, node: "index", width: 78)
    #expect(!narrow.contains("90% ranks") && narrow.contains("95% interval"))
    #expect(!ConsoleTable.render(released(), node: "index", width: 100).contains("% ranks"))
  }

  @Test("pooled errors keep the correlations of the direct ones and share their degrees of freedom")
  func pooled() {
    var rows = [scoreRow("01", 3, error: 2, degrees: 40), scoreRow("02", 4, error: 3, degrees: 40)]
    for index in rows.indices { rows[index].standardErrorMethod = "pooled" }
    let field = gate(rows).rankField(node: "index")
    var direct = CovarianceMatrix(variances: [1, 16])
    direct[0, 1] = 2
    let scores = field.uncertainScores(direct: direct)
    #expect(scores.covariance.values == [4, 3, 3, 9])
    #expect(scores.knowledge == .together(degreesOfFreedom: 40))
    let own = gate([scoreRow("01", 3), scoreRow("02", 4, degrees: 5)]).rankField(node: "index")
    #expect(
      own.uncertainScores(direct: CovarianceMatrix(order: 2)).knowledge
        == .separately(degreesOfFreedom: [12, 5]))
  }
}
