import CanvassCompute
import Testing

@Suite struct StudentTTests {
  // scipy 1.17.1 on 2026-11-23: stats.t.isf(p, df) for p = 0.25, 0.05, 0.025, 0.005, 1e-8, then
  // stats.t.sf(t, df) for t = 0.1, 1, 2.5, 30.
  static let expected: [(df: Double, quantiles: [Double], tails: [Double])] = [
    (
      0.5,
      [
        1.5537739740300383, 41.13600009287826, 164.55767348048846, 4113.964588804181,
        1028491156316339.8,
      ], [0.4731658105643032, 0.30112161084132205, 0.2004852645266466, 0.058546841490053445]
    ),
    (
      9999.5,
      [
        0.6745142857104077, 1.6450060256898897, 1.9602012517553988, 2.5763210712613334,
        5.616563657197472,
      ], [0.460173165065654, 0.15866735277014135, 0.006217610172631089, 1.0230883128168498e-189]
    ),
    (
      10001.0,
      [
        0.6745142820303297, 1.6450060028302351, 1.9602012161646414, 2.5763209974902983,
        5.616562972424185,
      ], [0.46017316491531945, 0.1586673509555424, 0.006217608980732579, 1.0203167140002819e-189]
    ),
    (
      1.0,
      [
        1.0000000000000002, 6.313751514675044, 12.706204736174705, 63.65674116287158,
        31830988.61837906,
      ], [0.4682744825694465, 0.25000000000000006, 0.12111894159084341, 0.010606402405535426]
    ),
    (
      1.5,
      [
        0.8725946625415716, 3.7051808200967518, 6.016663104427933, 17.82031051446281,
        112450.05997355733,
      ], [0.4660207267434814, 0.22556768363835517, 0.08490325130734802, 0.002292821161489703]
    ),
    (
      2.0,
      [
        0.8164965809277261, 2.9199855803537256, 4.302652729749464, 9.924843200918293,
        7071.067705799458,
      ], [0.4647327192070701, 0.2113248654051871, 0.06480586011075541, 0.0005546313409798295]
    ),
    (
      2.5,
      [
        0.7850136829922992, 2.5582186141359364, 3.5746548420036834, 7.163728138948786,
        1389.227583027538,
      ], [0.4639032720312449, 0.20203051363913682, 0.0522849815390777, 0.00014553235457869768]
    ),
    (
      3.0,
      [
        0.7648923284043444, 2.353363434801824, 3.1824463052837086, 5.840909309733357,
        479.5250695797382,
      ], [0.46332617440040297, 0.19550110947788524, 0.04385332350403278, 4.067640213581979e-05]
    ),
    (
      4.7,
      [
        0.730227781246547, 2.043811093013788, 2.6207260753531707, 4.1678920401190584,
        75.28894065471859,
      ], [0.46223420636739804, 0.18298775649727492, 0.02879607967343366, 7.487958678441195e-07]
    ),
    (
      10.0,
      [
        0.6998120613124317, 1.812461122811676, 2.2281388519862753, 3.1692726726169504,
        15.895687652513546,
      ], [0.4611603592822041, 0.17044656615103, 0.01572342211830441, 1.9808961710156623e-11]
    ),
    (
      12.0,
      [
        0.6954828655117926, 1.7822875556493194, 2.1788128296672293, 3.054539589392902,
        12.98409809086107,
      ], [0.4609977852284129, 0.16852452897679226, 0.01395769978566262, 5.886590953509468e-13]
    ),
    (
      29.5,
      [
        0.682897308926109, 1.698177638838006, 2.0437249667721225, 2.7531332702563254,
        7.5982092271854675,
      ], [0.4605104177882219, 0.162721502653944, 0.009109308633461547, 5.8488177659714315e-24]
    ),
    (
      100.0,
      [
        0.6769510430114717, 1.6602343260853396, 1.983971518523552, 2.6258905214380173,
        6.101573472029795,
      ], [0.4602722655479256, 0.15986207789206167, 0.007022894562038586, 4.190166279344164e-52]
    ),
    (
      1234.5,
      [
        0.6746885345729045, 1.64608888026902, 1.9618874833313455, 2.5798177297333225,
        5.649141641275977,
      ], [0.46018028101295266, 0.15875323761559554, 0.0062741302014264685, 2.8638262081392563e-149]
    ),
    (
      100000.0,
      [
        0.674492203553292, 1.6448688647849699, 1.95998770753461, 2.5758784699083757,
        5.612457174881714,
      ], [0.46017226295336316, 0.1586564637820551, 0.0062104595962795255, 3.68926843611138e-197]
    ),
    (
      1000000.0,
      [
        0.6744899955310875, 1.6448551507220406, 1.9599663568141072, 2.5758342201053344,
        5.6120468343692815,
      ], [0.4601721727460216, 0.15865537491678916, 0.006209744751081627, 6.010047116832059e-198]
    ),
  ]

  @Test("quantiles and tails agree with scipy to 1e-12", arguments: expected)
  func agree(df: Double, quantiles: [Double], tails: [Double]) throws {
    let t = try #require(StudentT(degreesOfFreedom: df))
    for (probability, theirs) in zip([0.25, 0.05, 0.025, 0.005, 1e-8], quantiles) {
      let mine = t.quantile(probability)
      #expect(
        abs(-mine - theirs) <= 1e-12 * theirs, "df \(df) p \(probability): \(-mine), \(theirs)")
      let critical = t.criticalValue(confidence: 1 - 2 * probability)
      #expect(abs(critical - theirs) <= 1e-7 * theirs)
    }
    for (x, theirs) in zip([0.1, 1, 2.5, 30], tails) {
      let mine = t.cumulative(-x)
      #expect(abs(mine - theirs) <= 1e-12 * theirs, "df \(df) t \(x): \(mine), \(theirs)")
      #expect(abs(t.cumulative(x) - (1 - theirs)) <= 1e-15)
    }
  }

  @Test("one degree of freedom is Cauchy's distribution, two have a closed form")
  func closedForms() throws {
    let one = try #require(StudentT(degreesOfFreedom: 1))
    #expect(abs(one.quantile(0.75) - 1) < 1e-14)
    #expect(abs(one.cumulative(1) - 0.75) < 1e-15)
    let two = try #require(StudentT(degreesOfFreedom: 2))
    for p in [0.1, 0.4, 0.499, 0.5, 0.500001, 0.9, 0.999] {
      let exact = (2 * p - 1) / (2 * p * (1 - p)).squareRoot()
      #expect(abs(two.quantile(p) - exact) <= 1e-12 * abs(exact))
    }
  }

  @Test("a quantile's probability is the probability it was asked for")
  func roundTrip() throws {
    for df in [0.3, 1, 2.7, 8, 33.3, 1e4] {
      let t = try #require(StudentT(degreesOfFreedom: df))
      for p in [1e-12, 1e-4, 0.02, 0.2, 0.3, 0.49999, 0.7] {
        #expect(abs(t.cumulative(t.quantile(p)) - p) <= 1e-12 * p, "df \(df) p \(p)")
      }
    }
  }

  @Test("the ends of the range, and degrees of freedom that are none")
  func ends() throws {
    for df in [0, -1, Double.nan] { #expect(StudentT(degreesOfFreedom: df) == nil) }
    let t = try #require(StudentT(degreesOfFreedom: 3))
    #expect(t.quantile(0) == -.infinity && t.quantile(1) == .infinity && t.quantile(0.5) == 0)
    #expect(t.quantile(1.5).isNaN && t.criticalValue(confidence: -0.1).isNaN)
    #expect(t.cumulative(-.infinity) == 0 && t.cumulative(.infinity) == 1)
    #expect(t.criticalValue(confidence: 0) == 0 && t.criticalValue(confidence: 1) == .infinity)
    let normal = try #require(StudentT(degreesOfFreedom: .infinity))
    #expect(normal.criticalValue(confidence: 0.95) == NormalDistribution.quantile(0.975))
  }
}

@Suite struct NormalDistributionTests {
  // scipy 1.17.1 on 2026-11-23: stats.norm.ppf(p) and stats.norm.cdf(x).
  static let quantiles: [(Double, Double)] = [
    (1e-300, -37.0470962993612),
    (1e-20, -9.262340089798409),
    (1e-05, -4.264890793922825),
    (0.01, -2.3263478740408408),
    (0.025, -1.9599639845400545),
    (0.1, -1.2815515655446004),
    (0.3, -0.5244005127080409),
    (0.45, -0.12566134685507402),
    (0.4999, -0.0002506628300880075),
    (0.6, 0.2533471031357997),
    (0.9, 1.2815515655446004),
    (0.975, 1.959963984540054),
    (0.995, 2.5758293035489004),
  ]
  static let cumulatives: [(Double, Double)] = [
    (-37.0, 5.7255712225239266e-300),
    (-10.0, 7.61985302416047e-24),
    (-3.0, 0.0013498980316300933),
    (-1.96, 0.024997895148220435),
    (-0.5, 0.3085375387259869),
    (-0.001, 0.49960105778608893),
    (0.0, 0.5),
    (0.2, 0.579259709439103),
    (1.0, 0.8413447460685429),
    (2.5, 0.9937903346742238),
  ]

  @Test("quantiles agree with scipy to 1e-13", arguments: quantiles)
  func quantile(p: Double, expected: Double) {
    let mine = NormalDistribution.quantile(p)
    #expect(abs(mine - expected) <= 1e-13 * abs(expected), "\(mine), \(expected)")
  }

  @Test("probabilities agree with scipy to 1e-12", arguments: cumulatives)
  func cumulative(x: Double, expected: Double) {
    let mine = NormalDistribution.cumulative(x)
    #expect(abs(mine - expected) <= 1e-12 * expected, "\(mine), \(expected)")
  }

  @Test("the ends of the range")
  func ends() {
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    #expect(NormalDistribution.quantile(0.5) == 0)
    #expect(NormalDistribution.quantile(-0.1).isNaN && NormalDistribution.quantile(.nan).isNaN)
  }
}
