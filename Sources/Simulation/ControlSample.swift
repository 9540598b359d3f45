import CanvassCompute
package import CanvassSurvey

extension SimulatedProvince {
  /// A sample by a textbook design: `draws` villages drawn with replacement, each time with probability
  /// proportional to their adults, and in every draw the specification's number of persons.
  ///
  /// The variable `draw` identifies the sampling unit; a village drawn twice is two of them. The expected
  /// number of times that an adult is drawn, the same for all, stands in `p_person`; the probabilities
  /// of the stages above are 1. Its inverse is the weight of Hansen & Hurwitz (1943).
  ///
  /// With `villageSeed` the villages are those of that seed, and the persons those of `seed`: another round in
  /// the same places.
  package func controlSample(draws: Int, seed: UInt64, villageSeed: UInt64? = nil) -> Table {
    var stream = RandomStream(
      seed: villageSeed ?? seed, Purpose.villages.rawValue, UInt64(people.index), UInt64.max)
    var villages: [VillageDraw] = []
    for draw in 0..<draws {
      let village = Int(people.villageOfAdult[stream.below(people.adultCount)])
      let expected = Double(draws * spec.personsDrawn) / Double(people.adultCount)
      villages.append(
        VillageDraw(
          village: village, chances: [1, 1, 1, expected],
          persons: RandomStream(
            seed: seed, Purpose.persons.rawValue, UInt64(people.index), UInt64.max, UInt64(draw))))
    }
    var table = sample(seed: seed, villages: villages)
    table.set(
      Column(
        name: "draw",
        values: .integers(
          villages.indices.flatMap { [Int16](repeating: Int16($0 + 1), count: spec.personsDrawn) }))
    )
    return table
  }
}
