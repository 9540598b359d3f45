import CanvassScoring
import Testing

@Suite("The next group up")
struct NextGroupTests {
  @Test("the score to reach is the lowest that brings the unit up, quartiles moving with it")
  func reached() throws {
    let grouping = Grouping.quartiles(names: ["1", "2", "3", "4"])
    for count in 2...12 {
      let scores: [Double?] = (0..<count).map { Double(($0 * 7) % 13) + 0.25 * Double($0) }
      let before = grouping.groups(of: scores)
      for unit in scores.indices {
        guard let needed = grouping.scoreForNextGroup(of: unit, among: scores) else {
          // Nothing above: no higher score changes the group.
          var higher = scores
          higher[unit] = 1000
          #expect(grouping.groups(of: higher)[unit] == before[unit], "\(count) \(unit)")
          continue
        }
        var moved = scores
        moved[unit] = needed
        let after = try #require(grouping.groups(of: moved)[unit])
        #expect(after > (before[unit] ?? ""), "\(count) \(unit)")
        moved[unit] = needed - 1e-9
        #expect(grouping.groups(of: moved)[unit] == before[unit], "\(count) \(unit)")
      }
    }
  }

  @Test("fixed cuts stay where they are")
  func cuts() {
    let grouping = Grouping.cuts([0.25, 0.5], names: ["low", "middle", "high"])
    #expect(grouping.scoreForNextGroup(of: 0, among: [0.1, 0.3, nil]) == 0.25)
    #expect(grouping.scoreForNextGroup(of: 1, among: [0.1, 0.25, nil]) == 0.5)
    #expect(grouping.scoreForNextGroup(of: 0, among: [0.6, 0.3]) == nil)
    #expect(grouping.scoreForNextGroup(of: 0, among: [nil, 0.3]) == nil)
    #expect(Grouping.none.scoreForNextGroup(of: 0, among: [1, 2]) == nil)
  }
}
