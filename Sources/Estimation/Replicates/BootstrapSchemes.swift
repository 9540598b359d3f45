import CanvassCompute
import CanvassSurvey

/// Multipliers that are drawn stratum by stratum, each stratum from the stream (seed, replicate, stratum).
private struct StratumDraws: Sendable {
  let strata: ReplicateStrata
  let seed: UInt64

  /// The multipliers of all PSUs: 1, and in strata that vary what `draw` leaves there.
  func multipliers(
    of replicate: Int,
    _ draw: (ReplicateStrata.Stratum, inout RandomStream, inout [Double]) -> Void
  ) -> [Double] {
    var result = [Double](repeating: 1, count: strata.psuCount)
    for stratum in strata.varying {
      var random = RandomStream(seed: seed, UInt64(replicate), UInt64(stratum.number))
      draw(stratum, &random, &result)
    }
    return result
  }
}

/// m − 1 draws with replacement in each stratum; a PSU drawn k times has the multiplier k m/(m − 1).
///
/// Source: Rao & Wu 1988, JASA 83, 231–241, with n = m − 1 (McCarthy & Snowden 1985).
struct RaoWuScheme: ReplicateScheme {
  let count: Int
  private let draws: StratumDraws

  /// - Throws: `badPipeline` for a design with a finite population correction, which this ignores.
  init(_ strata: ReplicateStrata, count: Int, seed: UInt64) throws(Diagnostic) {
    if strata.varying.contains(where: { $0.fraction > 0 }) {
      throw Diagnostic(
        .badPipeline,
        "the method 'rao_wu' draws with replacement, and the design has a population "
          + "or fraction",
        remedy: "use 'method: canty_davison' or 'generalized', or remove the population")
    }
    self.count = count
    draws = StratumDraws(strata: strata, seed: seed)
  }

  func multipliers(of replicate: Int) -> [Double] {
    draws.multipliers(of: replicate) { stratum, random, result in
      let size = stratum.psus.count
      let share = Double(size) / Double(size - 1)
      for psu in stratum.psus { result[psu] = 0 }
      for _ in 1..<size { result[stratum.psus.lowerBound + random.below(size)] += share }
    }
  }
}

/// m − 1 draws without replacement from M copies of the stratum's PSUs, shrunk to the design's variance.
///
/// Each PSU stands for ⌊M/m⌋ copies, and the M mod m copies that are left over go to a simple random
/// sample of PSUs anew in every replicate. A PSU drawn k times has the multiplier 1 + c (k m/(m − 1) − 1)
/// with the constant c < 1 that makes the variance of a multiplier 1 − f exactly.
/// Source: Canty & Davison 1999, The Statistician 48, 379–391; Booth, Butler & Hall 1994.
struct CantyDavisonScheme: ReplicateScheme {
  let count: Int
  private let draws: StratumDraws

  init(_ strata: ReplicateStrata, count: Int, seed: UInt64) {
    self.count = count
    draws = StratumDraws(strata: strata, seed: seed)
  }

  func multipliers(of replicate: Int) -> [Double] {
    draws.multipliers(of: replicate) { stratum, random, result in
      let size = stratum.psus.count
      let population =
        stratum.fraction > 0 ? Int((Double(size) / stratum.fraction).rounded()) : 0
      var drawn = [Double](repeating: 0, count: size)
      if population == 0 {
        for _ in 1..<size { drawn[random.below(size)] += 1 }
      } else {
        var copies = [Int](repeating: population / size, count: size)
        for psu in sample(population % size, of: size, &random) { copies[psu] += 1 }
        var left = population
        for _ in 1..<size {
          var place = random.below(left)
          var psu = 0
          while place >= copies[psu] {
            place -= copies[psu]
            psu += 1
          }
          copies[psu] -= 1
          left -= 1
          drawn[psu] += 1
        }
      }
      let share = Double(size) / Double(size - 1)
      let shrunk = CantyDavisonScheme.shrinkage(stratum, population: population)
      for (psu, times) in zip(stratum.psus, drawn) {
        result[psu] = 1 + shrunk * (times * share - 1)
      }
    }
  }

  /// `count` of 0 ..< `size` without replacement (Floyd's rule keeps the stream's length fixed).
  private func sample(_ count: Int, of size: Int, _ random: inout RandomStream) -> Set<Int> {
    var chosen = Set<Int>()
    for last in (size - count)..<size {
      let pick = random.below(last + 1)
      if !chosen.insert(pick).inserted { chosen.insert(last) }
    }
    return chosen
  }

  /// c = √((1 − f) / V), V the variance of k m/(m − 1) for n = m − 1 draws:
  /// Var k = n (M − n)/(M − 1) (1/m − 1/m² − p(1 − p)/M²) + n² p(1 − p)/M², p = (M mod m)/m.
  static func shrinkage(_ stratum: ReplicateStrata.Stratum, population: Int) -> Double {
    guard population > 0 else { return 1 }
    let size = Double(stratum.psus.count)
    let all = Double(population)
    let draws = size - 1
    let part = Double(population % stratum.psus.count) / size
    let uneven = part * (1 - part) / (all * all)
    let variance =
      draws * (all - draws) / (all - 1) * (1 / size - 1 / (size * size) - uneven)
      + draws * draws * uneven
    return min(1, (stratum.rest / (variance * size * size / (draws * draws))).squareRoot())
  }
}

/// Random multipliers that are always positive, with the variances of the design itself.
///
/// Within a stratum the multipliers are m times a Dirichlet vector: mean 1, variance (1 − f)/τ² and
/// covariance −(1 − f)/((m − 1) τ²) exactly, for any m ≥ 2; the variance of estimates is multiplied back
/// by τ². Positive multipliers empty no cell, so that a raking that had a solution keeps one.
/// Source: Beaumont & Patak 2012, International Statistical Review 80, 127–148.
struct GeneralizedScheme: ReplicateScheme {
  /// τ.
  static let shrinkage = 2.0

  let count: Int
  private let draws: StratumDraws

  init(_ strata: ReplicateStrata, count: Int, seed: UInt64) {
    self.count = count
    draws = StratumDraws(strata: strata, seed: seed)
  }

  func multipliers(of replicate: Int) -> [Double] {
    draws.multipliers(of: replicate) { stratum, random, result in
      let size = Double(stratum.psus.count)
      let spread = GeneralizedScheme.shrinkage * GeneralizedScheme.shrinkage
      let shape = (spread * (size - 1) / stratum.rest - 1) / size
      var sum = 0.0
      for psu in stratum.psus {
        result[psu] = random.gamma(shape: shape)
        sum += result[psu]
      }
      for psu in stratum.psus { result[psu] *= size / sum }
    }
  }
}
