import CanvassScoring
import Testing

@Suite struct RankingTests {
  @Test("ties share the better rank and the next rank is skipped")
  func ties() {
    #expect(Ranking.ranks(of: [2, 5, nil, 5, 1, 3]) == [4, 1, nil, 1, 5, 3])
  }

  @Test("ranks see what rounding would hide")
  func unrounded() {
    #expect(Ranking.ranks(of: [1.000_000_1, 1.000_000_2]) == [2, 1])
    #expect(Ranking.ranks(of: [0.0, -0.0]) == [1, 1])
  }

  @Test("nothing to rank")
  func empty() {
    #expect(Ranking.ranks(of: []) == [])
    #expect(Ranking.ranks(of: [nil]) == [nil])
  }
}
