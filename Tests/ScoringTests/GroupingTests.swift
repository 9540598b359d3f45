import CanvassScoring
import Testing

@Suite struct GroupingTests {
  // numpy 2.1 quantile([1, 2, 4, 8, 16], [.25, .5, .75]) = 2, 4, 8 (linear, type 7).
  @Test("quartiles interpolate by type 7 and a unit on a cut goes up")
  func quartiles() {
    let groups = Grouping.quartiles(names: ["a", "b", "c", "d"]).groups(of: [1, 2, nil, 4, 8, 16])
    #expect(groups == ["a", "b", nil, "c", "d", "d"])
  }

  @Test(
    "type 7 quantiles of small sets",
    arguments: [
      ([3.0], 0.25, 3.0), ([1, 2], 0.25, 1.25), ([1, 2], 1, 2), ([1, 2, 10], 0.75, 6),
    ])
  func quantile(sorted: [Double], probability: Double, expected: Double) {
    #expect(Quantile.type7(probability, of: sorted) == expected)
  }

  @Test("fixed cuts: on a cut goes up")
  func cuts() {
    let grouping = Grouping.cuts([0.25, 0.5, 0.75], names: ["low", "middle", "high", "very high"])
    #expect(
      grouping.groups(of: [0.2499, 0.25, 0.5, 0.75, nil])
        == ["low", "middle", "high", "very high", nil])
  }

  @Test("no scores, no grouping: no groups")
  func none() {
    #expect(
      Grouping.quartiles(names: Grouping.quartileNames).groups(of: [nil, nil]) == [nil, nil])
    #expect(Grouping.none.groups(of: [1, nil]) == [nil, nil])
    #expect(Grouping.quartiles(names: Grouping.quartileNames).groups(of: []) == [])
  }
}
