import CanvassEstimation
import CanvassScoring
import CanvassSurvey
import Testing

@Suite("Scores from a published table")
struct PublishedScoresTests {
  func score(
    _ nodes: [IndexNode], _ values: [String: [Double?]], units: Int = 1
  ) throws -> (Scores, IndexTree) {
    let tree = try IndexTree(nodes, scale: 1...10)
    return (
      try ScoringPlan(tree).score(
        published: IndexUnits(codes: (0..<units).map(String.init), table: values)), tree
    )
  }

  @Test("a leaf is brought to the index scale, reversed where a low value is good")
  func rescaled() throws {
    let (scores, _) = try score(
      [leaf("a", nil, low: 0, high: 4), leaf("b", nil, low: 0, high: 4, reversed: true)],
      ["a": [1, 4], "b": [1, 4]], units: 2)
    #expect(scores.estimate(0, 0)?.value == 3.25)
    #expect(scores.estimate(0, 1)?.value == 10)
    #expect(scores.estimate(1, 0)?.value == 7.75)
    #expect(scores.estimate(1, 1)?.value == 1)
  }

  @Test(
    "a part without a value drops out, keeps its share, or blanks the node",
    arguments: [(MissingPart.drop, 4.0 as Double?), (.keep, 8.0 / 3), (.blank, nil)])
  func missing(rule: MissingPart, expected: Double?) throws {
    let (scores, _) = try score(
      [composite("m", missing: rule), leaf("a", "m"), leaf("b", "m"), leaf("c", "m")],
      ["a": [3], "b": [nil], "c": [5]])
    #expect(scores.estimate(0, 0)?.value == expected)
  }

  @Test("weights count in a weighted mean and in a sum, the multiplier afterwards")
  func weights() throws {
    let parts = [leaf("a", "m", weight: 3), leaf("b", "m", weight: 1)]
    let weighted = try score(
      [composite("m", combine: .weighted, multiplier: 0.5)] + parts, ["a": [2], "b": [6]]
    ).0
    #expect(weighted.estimate(0, 0)?.value == 1.5)
    let sum = try score(
      [composite("m", combine: .sum, multiplier: 0.5)] + parts, ["a": [2], "b": [6]]
    ).0
    #expect(sum.estimate(0, 0)?.value == 6)
  }

  @Test("a constant part counts as itself, an unscored one not at all")
  func constants() throws {
    let (scores, _) = try score(
      [
        composite("m", multiplier: 0.33), leaf("a", "m", low: 0, high: 1),
        leaf("b", "m", low: 0, high: 1), leaf("c", "m", constant: 0), leaf("d", "m", scored: false),
      ], ["a": [0.5], "b": [0.25], "c": [0.9], "d": [77]])
    // PAPI 3.3: 0.33 · (1 + 9 x₁ + 1 + 9 x₂ + 0) / 3 = 0.22 + 0.99 (x₁ + x₂).
    let value = try #require(scores.estimate(0, 0)?.value)
    #expect(abs(value - (0.22 + 0.99 * 0.75)) < 1e-15)
  }

  @Test("a node shared by two indices has one score and a weight in each")
  func shared() throws {
    var shared = composite("d", "sum", weight: nil)
    shared.memberships.append(.init(parent: "weighted", weight: 2))
    let (scores, tree) = try score(
      [
        composite("sum", combine: .sum), composite("weighted", combine: .sum), shared,
        leaf("a", "d"), leaf("b", "d"), composite("e", "sum"), leaf("c", "e"),
      ], ["a": [1], "b": [4], "c": [10]])
    #expect(scores.estimate(0, 0)?.value == 12.5)
    #expect(scores.estimate(1, 0)?.value == 5)
    #expect(tree.isRoot(0) && tree.isRoot(1) && !tree.isRoot(2))
  }

  @Test("a variable that the table lacks is named, with a near one")
  func absent() throws {
    let error = #expect(throws: Diagnostic.self) {
      try score([leaf("trsut", nil)], ["trust": [1]])
    }
    #expect(error?.remedy == "did you mean 'trust'?")
    #expect(error?.place == "node trsut")
  }

  @Test("the national numbers differ, and leave out units without a score")
  func national() throws {
    let (scores, _) = try score([leaf("a", nil)], ["a": [1, nil, 4, 10]], units: 4)
    let values = (0..<4).map { scores.estimate(0, $0) }
    let national = NationalNumbers(scores: values, populations: [10, 1000, 30, 60])
    #expect(national.meanOfUnits?.value == 5)
    #expect(national.populationWeightedMean?.value == 7.3)
    #expect(national.medianOfUnits == 4)
    let none = NationalNumbers(scores: [nil], populations: nil)
    #expect(none.meanOfUnits == nil && none.populationWeightedMean == nil)
    #expect(none.medianOfUnits == nil)
  }
}
