import CanvassCompute
import CanvassScoring
import CanvassSurvey
import Testing

@Suite("Sobol indices")
struct SobolTests {
  // Ishigami & Homma 1990: f = sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ on (−π, π)³.
  // V = 49/8 + 0.1 π⁴/5 + 0.01 π⁸/18 + 1/2; S₁ = (1/2)(1 + 0.1 π⁴/5)² / V, S₂ = (49/8)/V, S₃ = 0,
  // T₁ = 1 − S₂, T₂ = S₂, T₃ = 8 · 0.01 π⁸/225 / V.
  @Test("Ishigami's function: within four Monte Carlo errors of its indices, which are small")
  func ishigami() throws {
    let found = try SobolIndices(
      inputCount: 3, rows: 20_000, seed: 1, workers: Workers(2)
    ) { inputs in
      let x = inputs.map { Double.pi * (2 * $0 - 1) }
      let power = x[2] * x[2] * x[2] * x[2]
      return [sine(x[0]) + 7 * sine(x[1]) * sine(x[1]) + 0.1 * power * sine(x[0])]
    }
    let fourth = Double.pi * Double.pi * Double.pi * Double.pi
    let variance = 49.0 / 8 + 0.1 * fourth / 5 + 0.01 * fourth * fourth / 18 + 0.5
    let first = 0.5 * (1 + 0.1 * fourth / 5) * (1 + 0.1 * fourth / 5) / variance
    let second = 49.0 / 8 / variance
    let third = 8 * 0.01 * fourth * fourth / 225 / variance
    for (input, expected) in [(first, 1 - second), (second, second), (0, third)].enumerated() {
      let index = try #require(found.index(ofInput: input, output: 0))
      #expect(abs(index.firstOrder - expected.0) < 4 * index.firstOrderError)
      #expect(abs(index.total - expected.1) < 4 * index.totalError)
      #expect(index.firstOrderError < 0.02 && index.totalError < 0.02)
      #expect(index.firstOrderError > 0.0005 && index.totalError > 0.0005)
    }
  }

  @Test("a linear function: each input's share of the variance, first order and total alike")
  func linear() throws {
    let slopes = [1.0, -2, 3, 0]
    let found = try SobolIndices(
      inputCount: 4, rows: 8_000, seed: 5, workers: Workers(3)
    ) { inputs in
      [zip(slopes, inputs).reduce(10) { $0 + $1.0 * $1.1 }, 4]
    }
    for (input, slope) in slopes.enumerated() {
      let share = slope * slope / 14
      let index = try #require(found.index(ofInput: input, output: 0))
      #expect(abs(index.firstOrder - share) <= 4 * index.firstOrderError + 1e-12)
      #expect(abs(index.total - share) <= 4 * index.totalError + 1e-12)
      #expect(found.index(ofInput: input, output: 1) == nil)
    }
    // An input without any effect has exactly no indices: f(A_B) is f(A).
    let none = try #require(found.index(ofInput: 3, output: 0))
    #expect(none.firstOrder == 0 && none.total == 0 && none.totalError == 0)
  }

  @Test("the errors are those of repetition: over 60 seeds estimates spread as they say")
  func errors() throws {
    var estimates: [(first: Double, total: Double)] = []
    var errors: [(first: Double, total: Double)] = []
    for seed in 1...60 {
      let found = try SobolIndices(
        inputCount: 2, rows: 500, seed: UInt64(seed), workers: Workers(1)
      ) { [$0[0] + 2 * $0[0] * $0[1]] }
      let index = try #require(found.index(ofInput: 0, output: 0))
      estimates.append((index.firstOrder, index.total))
      errors.append((index.firstOrderError, index.totalError))
    }
    for part in [\(first: Double, total: Double).first, \.total] {
      let values = estimates.map { $0[keyPath: part] }
      let mean = values.reduce(0, +) / 60
      let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 59).squareRoot()
      let said = errors.reduce(0) { $0 + $1[keyPath: part] } / 60
      // A standard deviation from 60 values is within 40 % of the true one at four of its errors.
      #expect(abs(spread / said - 1) < 0.4)
    }
  }

  @Test("threads change nothing; further rows leave the first ones as they were")
  func keyed() throws {
    func run(_ rows: Int, _ threads: Int) throws -> SobolIndices {
      try SobolIndices(inputCount: 2, rows: rows, seed: 9, workers: Workers(threads)) { $0 }
    }
    let one = try run(50, 1)
    let many = try run(50, 7)
    #expect(one.evaluations == many.evaluations)
    #expect(one.index(ofInput: 0, output: 0) == many.index(ofInput: 0, output: 0))
    #expect(Array(try run(80, 2).evaluations[..<50]) == Array(one.evaluations[..<50]))
  }
}

/// The series of the sine, exact to rounding on (−π, π).
private func sine(_ x: Double) -> Double {
  var (term, sum, n) = (x, x, 1.0)
  while abs(term) > 1e-18 {
    term *= -x * x / ((n + 1) * (n + 2))
    sum += term
    n += 2
  }
  return sum
}

@Suite("Ranks under other assumptions")
struct RankUncertaintyTests {
  /// Four units with three parts each, unit by unit.
  static let parts: [Double] = [9, 2, 5, 6, 6, 6, 3, 8, 4, 1, 1, 2]
  static let names = ["a", "b", "c"]

  func index(
    _ assumptions: IndexAssumptions, scale: ClosedRange<Double> = 1...10,
    parts: [Double] = parts, sampling: (covariance: CovarianceMatrix, draws: Int)? = nil
  ) throws -> AssumedIndex {
    try AssumedIndex(
      assumptions, parts: parts, names: Self.names, weights: [1, 2, 1], scale: scale,
      sampling: sampling, seed: 4)
  }

  @Test("the levels give the scores that hand arithmetic gives")
  func levels() throws {
    let all = try index(
      IndexAssumptions(
        scales: [.given, .minMax, .rank], means: [.arithmetic, .geometric, .harmonic],
        weightSpread: 0.5, leavesOut: true))
    #expect(
      all.choices.map(\.name) == ["normalization", "weights", "aggregation", "part left out"])
    #expect(all.choices.map(\.count) == [3, 1000, 3, 4])
    let plain = try index(
      IndexAssumptions(
        scales: [.given, .minMax, .rank], means: [.arithmetic, .geometric, .harmonic],
        leavesOut: true))
    func expect(_ levels: [Int], _ expected: [Double]) {
      for (a, b) in zip(plain.scores(levels), expected) { #expect(abs(a - b) < 1e-12) }
    }
    // (9 + 2·2 + 5)/4, (6 + 12 + 6)/4, (3 + 16 + 4)/4, (1 + 2 + 2)/4.
    expect([0, 0, 0], [4.5, 6, 5.75, 1.25])
    // Without b: (9 + 5)/2 …; without a: (4 + 5)/3 ….
    expect([0, 0, 2], [7, 6, 3.5, 1.5])
    expect([0, 0, 1], [3, 6, 20.0 / 3, 4.0 / 3])
    // Ranks from the lowest up: a 4 3 2 1, b 2 3 4 1, c 3 4 2 1.
    expect([2, 0, 0], [11.0 / 4, 13.0 / 4, 3, 1])
    // Min–max of c over 1 … 10: (x − 2)/4 · 9 + 1; only c is left when a and b are, so take without b: a, c.
    expect([1, 0, 2], [(10 + 7.75) / 2, (6.625 + 10) / 2, (3.25 + 5.5) / 2, 1])
    // Harmonic: 4/(1/9 + 2/2 + 1/5); geometric of unit 3: (1 · 1 · 1 · 2)^(1/4).
    expect([0, 2, 0], [4 / (1.0 / 9 + 1 + 0.2), 6, 4 / (1.0 / 3 + 0.25 + 0.25), 4 / 3.5])
    let geometric = plain.scores([0, 1, 0])
    #expect(abs(geometric[3] - 2.0.squareRoot().squareRoot()) < 1e-12)
    #expect(abs(geometric[1] - 6) < 1e-12)
    // z-scores: the mean over units is 0 in every part.
    let z = try index(IndexAssumptions(scales: [.given, .zScore])).scores([1])
    #expect(abs(z.reduce(0, +)) < 1e-12 && z[1] > z[2] && z[2] > z[0])
  }

  @Test("weights stay within their spread")
  func weights() throws {
    let some = try index(IndexAssumptions(weightSpread: 0.1))
    var seen = Set<Double>()
    for level in 0..<200 {
      let score = some.scores([level])[0]
      // The extreme weights are 1.1 : 1.8 : 1.1 and 0.9 : 2.2 : 0.9 about 4.5.
      let (high, low) = ((1.1 * 9 + 1.8 * 2 + 1.1 * 5) / 4.0, (0.9 * 9 + 2.2 * 2 + 0.9 * 5) / 4.0)
      #expect(score <= high + 1e-12 && score >= low - 1e-12)
      seen.insert(score)
    }
    #expect(seen.count == 200)
  }

  @Test("ranges, bands, shifts and indices of ranks follow from the combinations")
  func ranks() throws {
    let index = try index(IndexAssumptions(leavesOut: true))
    let reference = index.scores([0])
    let found = try RankUncertainty(
      index.choices, reference: reference, coverage: 0.9, rows: 400, seed: 2, workers: Workers(2),
      scores: index.scores)
    // Ranks: none out 3 1 2 4; without a 3 2 1 4; without b 1 2 3 4; without c (13/3, 6, 19/3, 1) 3 2 1 4.
    #expect(found.units.map(\.reference) == [3, 1, 2, 4])
    #expect(found.units.map(\.range) == [1...3, 1...2, 1...3, 4...4])
    #expect(found.units.map(\.band) == [1...3, 1...2, 1...3, 4...4])
    // Shifts of 0, 2/4, 4/4 and 2/4, each in a quarter of the combinations.
    #expect(abs(found.meanAbsoluteShift - 0.5) < 4 * found.meanAbsoluteShiftError)
    #expect(found.meanAbsoluteShiftError < 0.02)
    // A single choice explains everything, and nothing explains a rank that never moves.
    let only = try #require(found.indices.index(ofInput: 0, output: 0))
    #expect(abs(only.firstOrder - 1) < 4 * only.firstOrderError + 1e-9)
    #expect(abs(only.total - 1) < 4 * only.totalError + 1e-9)
    #expect(found.indices.index(ofInput: 0, output: 4) == nil)
  }

  @Test("sampling is one more choice, whose levels are draws around the estimates")
  func sampling() throws {
    let covariance = CovarianceMatrix(variances: Self.parts.map { _ in 0.01 })
    let index = try index(IndexAssumptions(), sampling: (covariance, 4000))
    #expect(index.choices.map(\.name) == ["sampling"])
    let draws = (0..<4000).map { index.scores([$0])[0] }
    let mean = draws.reduce(0, +) / 4000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999
    // Var (a + 2b + c)/4 = 0.01 · 6/16, its estimate within five errors √(2/4000).
    #expect(abs(mean - 4.5) < 5 * (0.00375 / 4000).squareRoot())
    #expect(abs(variance / 0.00375 - 1) < 5 * (2.0 / 4000).squareRoot())
  }

  @Test(
    "what is not defined is refused beforehand",
    arguments: [
      (IndexAssumptions(), "nothing to choose"),
      (IndexAssumptions(scales: [.given, .zScore], means: [.geometric]), "not defined"),
      (IndexAssumptions(means: [.arithmetic, .harmonic]), "'b' is not above 0"),
      (
        IndexAssumptions(scales: [.minMax], means: [.arithmetic, .geometric]),
        "begins at or below 0"
      ),
      (IndexAssumptions(scales: [.given, .minMax]), "same in all units"),
    ])
  func refused(assumptions: IndexAssumptions, message: String) {
    // The third part varies, except where that is the fault.
    let parts: [Double] = [3, 0, 7, 4, 2, message == "same in all units" ? 7 : 8]
    let error = #expect(throws: Diagnostic.self) {
      try index(assumptions, scale: 0...10, parts: parts)
    }
    #expect(error?.kind == .badPipeline && error?.description.contains(message) == true)
  }

  @Test("a mean that only some draws leave undefined is refused too")
  func refusedDraws() {
    let covariance = CovarianceMatrix(variances: Self.parts.map { _ in 4 })
    let error = #expect(throws: Diagnostic.self) {
      try index(
        IndexAssumptions(means: [.arithmetic, .geometric]), sampling: (covariance, 500))
    }
    #expect(error?.description.contains("under one of the draws") == true)
  }
}
