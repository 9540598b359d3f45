import CanvassCompute
import CanvassSimulation
import CanvassSurvey
import Testing

@Suite struct SampleTests {
  @Test("the drop is the same bytes twice and on 1, 2 and 8 workers")
  func bytes() throws {
    let spec = fixture()
    let files = try Simulation.files(spec, sampleSeed: 5, workers: Workers(1))
    #expect(
      files.map(\.name) == [
        "codebook.csv", "frame.csv", "responses/part-1.csv", "responses/part-2.csv",
      ])
    for workers in [1, 2, 8] {
      #expect(try Simulation.files(spec, sampleSeed: 5, workers: Workers(workers)) == files)
    }
    let other = try Simulation.files(spec, sampleSeed: 6, workers: Workers(2))
    #expect(other[0] == files[0] && other[1] == files[1] && other[2] != files[2])
  }

  @Test("inclusion probabilities sum to the number drawn, large units are certain")
  func probabilities() {
    #expect(
      ProportionalDraw.probabilities(sizes: [10, 20, 30, 40], count: 1) == [0.1, 0.2, 0.3, 0.4])
    // 90 exceeds the interval 130/2 and is certain; the rest share one draw.
    #expect(
      ProportionalDraw.probabilities(sizes: [90, 10, 20, 10], count: 2) == [1, 0.25, 0.5, 0.25])
    // 60 lies within 190/3, but once 100 is certain it exceeds 90/2, and is certain too.
    #expect(
      ProportionalDraw.probabilities(sizes: [100, 60, 10, 20], count: 3)
        == [1, 1, 10.0 / 30, 20.0 / 30])
    #expect(ProportionalDraw.probabilities(sizes: [3, 4], count: 2) == [1, 1])
    for count in 1...5 {
      let sizes = [61, 75, 90, 333, 118, 64]
      let sum = ProportionalDraw.probabilities(sizes: sizes, count: count).reduce(0, +)
      #expect(abs(sum - Double(count)) < 1e-12)
    }
  }

  @Test("units are drawn as often as their probabilities say", arguments: 1...3)
  func frequencies(_ count: Int) {
    let sizes = [61, 75, 90, 160, 118]
    let chances = ProportionalDraw.probabilities(sizes: sizes, count: count)
    let draws = 8_000
    var times = [Int](repeating: 0, count: sizes.count)
    for draw in 0..<draws {
      var stream = RandomStream(seed: 3, UInt64(draw))
      let units = ProportionalDraw.draw(sizes: sizes, count: count, stream: &stream)
      #expect(units.count == count)
      for unit in units {
        times[unit.unit] += 1
        #expect(unit.probability == chances[unit.unit])
      }
    }
    for unit in sizes.indices {
      let p = chances[unit]
      let error = (p * (1 - p) / Double(draws)).squareRoot()
      #expect(abs(Double(times[unit]) / Double(draws) - p) <= 4 * error)
    }
  }

  @Test("each stage draws its numbers, the seats with certainty")
  func stages() throws {
    let spec = fixture()
    for (index, districts) in [(0, 3), (2, 5)] {
      let table = try SimulatedProvince(index, spec: spec).sample(seed: 8)
      #expect(table.rowCount == districts * 2 * 2 * 20)
      #expect(try table.column("district").grouped().levels.count == districts)
      #expect(try table.column("commune").grouped().levels.count == districts * 2)
      #expect(try table.column("village").grouped().levels.count == districts * 4)
      let seat = try table.column("seat")
      let chance = try table.column("p_district")
      for row in 0..<table.rowCount {
        let certain = seat.number(at: row) == 1
        #expect(try #require(chance.number(at: row)) == 1 || !certain)
      }
      #expect((0..<table.rowCount).count { seat.number(at: $0) == 1 } == 80)
    }
  }

  @Test("weighting drawn adults by inverse probabilities counts the province without bias")
  func unbiased() throws {
    let spec = fixture()
    let province = try SimulatedProvince(0, spec: spec)
    let population = province.population()
    let names = ["p_district", "p_commune", "p_village", "p_person"]
    let minority = try population.column("ethnicity")
    let truth = [
      Double(province.adultCount),
      Double((0..<population.rowCount).count { minority.text(at: $0) == "minority" }),
    ]
    let samples = 300
    var sums = [0.0, 0.0]
    var squares = [0.0, 0.0]
    for seed in 0..<samples {
      let table = province.sample(seed: UInt64(seed))
      let chances = try names.map { try table.column($0) }
      let ethnicity = try table.column("ethnicity")
      var totals = [0.0, 0.0]
      for row in 0..<table.rowCount {
        let weight = 1 / chances.reduce(1) { $0 * ($1.number(at: row) ?? 0) }
        totals[0] += weight
        if ethnicity.text(at: row) == "minority" { totals[1] += weight }
      }
      for place in totals.indices {
        sums[place] += totals[place]
        squares[place] += totals[place] * totals[place]
      }
    }
    // Sizes are adults, so that every sample counts all adults exactly; minorities vary.
    #expect(abs(sums[0] / Double(samples) - truth[0]) < 1e-9 * truth[0])
    let mean = sums[1] / Double(samples)
    let variance = (squares[1] / Double(samples) - mean * mean) / Double(samples - 1)
    #expect(variance.squareRoot() > 0.001 * truth[1])
    #expect(abs(mean - truth[1]) < 4 * variance.squareRoot())
  }

  @Test("who does not respond stays in the sample with blank answers, at the rates of the cell")
  func nonresponse() throws {
    var spec = fixture()
    spec.responseSpread = 0
    let province = try SimulatedProvince(2, spec: spec)
    var seen = [0, 0]
    var responding = [0, 0]
    for seed in 0..<30 {
      let table = province.sample(seed: UInt64(seed))
      let responded = try table.column("responded")
      let urban = try table.column("urban")
      let answers = try spec.items.map { try table.column($0.variable) }
      for row in 0..<table.rowCount {
        let cell = urban.number(at: row) == 1 ? 1 : 0
        seen[cell] += 1
        let agrees = responded.number(at: row) == 1
        responding[cell] += agrees ? 1 : 0
        #expect(answers.allSatisfy { ($0.reason(at: row) == .blank) == !agrees })
      }
    }
    for (cell, rate) in [(0, 0.9), (1, 0.82)] {
      let n = Double(seen[cell])
      #expect(n > 1_000)
      #expect(
        abs(Double(responding[cell]) / n - rate) < 4 * (rate * (1 - rate) / n).squareRoot())
    }
  }

  @Test("a sampled adult has the traits and answers of the population")
  func fixedTraits() throws {
    let spec = fixture()
    let province = try SimulatedProvince(1, spec: spec)
    let population = province.population()
    let names = ["village", "urban", "sex", "age", "ethnicity"] + spec.items.map(\.variable)
    func rows(_ table: Table, where keep: (Int) -> Bool = { _ in true }) throws -> [String] {
      let columns = try names.map { try table.column($0) }
      return (0..<table.rowCount).filter(keep).map { row in
        columns.map { $0.text(at: row) ?? "(\($0.reasons[row]))" }.joined(separator: " ")
      }
    }
    let all = Set(try rows(population))
    let sample = province.sample(seed: 4)
    let responded = try sample.column("responded")
    let drawn = try rows(sample) { responded.number(at: $0) == 1 }
    #expect(drawn.count > 150)
    #expect(drawn.allSatisfy(all.contains))
  }
}
