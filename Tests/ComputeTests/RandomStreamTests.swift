import CanvassCompute
import Testing

@Suite("Random streams") struct RandomStreamTests {
  @Test("the finalizer is SplitMix64's")
  func splitMix() {
    // First five outputs for the seed 1234567, as Rosetta Code's "Pseudo-random numbers/Splitmix64"
    // lists them (2026-11-23); output n is the finalizer of seed + n × golden gamma.
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    for (position, output) in expected.enumerated() {
      let state = 1_234_567 &+ UInt64(position + 1) &* 0x9E37_79B9_7F4A_7C15
      #expect(RandomStream.mix(state) == output)
    }
  }

  @Test("one name gives one stream, every other name another")
  func keys() {
    func first(_ stream: RandomStream) -> [UInt64] {
      var stream = stream
      return (0..<4).map { _ in stream.next() }
    }
    #expect(first(RandomStream(seed: 1, 2, 3)) == first(RandomStream(seed: 1, 2, 3)))
    let streams = [
      RandomStream(seed: 1), RandomStream(seed: 2), RandomStream(seed: 1, 0),
      RandomStream(seed: 1, 2, 3), RandomStream(seed: 1, 3, 2), RandomStream(seed: 2, 2, 3),
      RandomStream(seed: 1, 2), RandomStream(seed: 0), RandomStream(seed: 0, 0, 0),
    ]
    #expect(Set(streams.map(first)).count == streams.count)
    // Streams do not overlap by a shift either: no value of one is near the start of another.
    #expect(Set(streams.flatMap(first)).count == 4 * streams.count)
  }

  @Test("uniform numbers lie in [0, 1) with the moments of the uniform distribution")
  func uniform() {
    var stream = RandomStream(seed: 5, 1)
    let draws = (0..<100_000).map { _ in stream.uniform() }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = draws.reduce(0, +) / 100_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
    // Five standard errors: 5 × √(1/12 / 100,000) and 5 × √(1/180 / 100,000).
    #expect(abs(mean - 0.5) < 0.0046)
    #expect(abs(variance - 1.0 / 12) < 0.0012)
  }

  @Test("whole numbers below a bound are equally likely", arguments: [1, 2, 3, 7, 10])
  func below(bound: Int) {
    var stream = RandomStream(seed: 9, UInt64(bound))
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<50_000 { counts[stream.below(bound)] += 1 }
    let expected = 50_000.0 / Double(bound)
    for count in counts { #expect(abs(Double(count) - expected) < 5 * expected.squareRoot()) }
  }

  @Test("a bound near the largest number works, where bias would show most")
  func largeBound() {
    var stream = RandomStream(seed: 4)
    let bound = Int.max / 3 * 2
    let draws = (0..<10_000).map { _ in stream.below(bound) }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < bound })
    let lower = draws.count { $0 < bound / 2 }
    #expect(abs(lower - 5_000) < 250)
  }
}
