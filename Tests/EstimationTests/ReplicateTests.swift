import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct ReplicateTests {
  /// Strata of `sizes` PSUs with one to three rows of unequal weights, with a population of twice or thrice
  /// the PSUs where `isCorrected`.
  static func table(_ sizes: [Int], isCorrected: Bool = false, shift: Double = 0) -> Table {
    var random = RandomStream(seed: 41, UInt64(sizes.count))
    var columns: [String: [Double]] = [:]
    var psu = 0
    var row = 0
    for (stratum, size) in sizes.enumerated() {
      for _ in 0..<size {
        psu += 1
        for _ in 0...random.below(3) {
          row += 1
          let values: [(String, Double)] = [
            ("row", Double(row)), ("stratum", Double(stratum)), ("psu", Double(psu)),
            ("weight", 0.5 + 4 * random.uniform()),
            ("y", shift + 10 * random.uniform() + Double(psu % 3)),
            ("x", 1 + random.uniform()), ("sex", Double(1 + random.below(2))),
            ("area", Double(psu % 2)),
            ("population", Double(size * (2 + stratum % 2) + stratum % 3)),
          ]
          for (name, value) in values { columns[name, default: []].append(value) }
        }
      }
    }
    return Table(
      columns: columns.keys.sorted().map { Column(name: $0, numbers: columns[$0] ?? []) })
  }

  static func sample(
    _ table: Table, isCorrected: Bool = false, lonely: LonelyPolicy = .fail,
    then steps: [WeightingRequest] = []
  ) throws -> WeightedSample {
    let (rows, design) = try table.arranged(
      by: DesignRequest(
        stages: [
          .init(
            strata: ["stratum"], unit: "psu",
            size: isCorrected ? .population("population") : .withReplacement)
        ], lonely: lonely), key: "row")
    return try Weighting.weight(
      rows, design: design, steps: [.column("weight")] + steps, workers: Workers(1))
  }

  static func total(_ estimator: Estimator) throws -> (
    influence: Influence, statistic: @Sendable ([Double]) -> [Double]
  ) {
    let column = try #require(estimator.sample.table["y"])
    let y = (0..<estimator.sample.table.rowCount).map { column.number(at: $0) ?? 0 }
    return (
      estimator.influence(ofLinearized: y), { [zip($0, y).reduce(0) { $0 + $1.0 * $1.1 }] }
    )
  }

  static func variance(
    _ replicates: Replicates, _ estimator: Estimator, _ statistic: @Sendable ([Double]) -> [Double]
  ) throws -> Double {
    let values = try estimator.replicate(replicates, workers: Workers(2)) { statistic($0) }
    return try #require(
      replicates.variance(
        of: values.map { $0[0] }, estimate: statistic(estimator.sample.weights)[0]))
  }

  @Test(
    "a jackknife gives the linearized variance of a total", arguments: [[2], [3, 2], [2, 5, 4]],
    [false, true])
  func jackknife(sizes: [Int], isCorrected: Bool) throws {
    let sample = try ReplicateTests.sample(
      ReplicateTests.table(sizes), isCorrected: isCorrected)
    let estimator = Estimator(sample)
    let total = try ReplicateTests.total(estimator)
    let linear = try estimator.variance(of: total.influence)
    for center in ReplicateCenter.allCases {
      let methods: [ReplicateMethod] =
        sizes.count == 1 ? [.jackknife, .stratifiedJackknife] : [.stratifiedJackknife]
      for method in methods {
        let replicates = try Replicates(
          ReplicateRequest(method: method, center: center), of: sample)
        #expect(replicates.count == sizes.reduce(0, +))
        #expect(
          near(try ReplicateTests.variance(replicates, estimator, total.statistic), linear, 1e-10))
      }
    }
  }

  @Test(
    "balanced half-samples give the linearized variance of a total",
    arguments: [1, 2, 3, 4, 7, 11],
    [false, true])
  func halfSamples(strata: Int, isCorrected: Bool) throws {
    let sample = try ReplicateTests.sample(
      ReplicateTests.table([Int](repeating: 2, count: strata)), isCorrected: isCorrected)
    let estimator = Estimator(sample)
    let total = try ReplicateTests.total(estimator)
    let linear = try estimator.variance(of: total.influence)
    for rho in [nil, 0.3, 0.5] {
      let replicates = try Replicates(
        ReplicateRequest(method: rho == nil ? .balancedHalfSamples : .fay, rho: rho), of: sample)
      #expect(!replicates.isPartiallyBalanced)
      #expect(
        near(try ReplicateTests.variance(replicates, estimator, total.statistic), linear, 1e-10))
    }
    #expect(estimator.sample.design.stratumCount == strata)
  }

  @Test("fewer half-samples than strata are partially balanced, and say so")
  func partiallyBalanced() throws {
    let sample = try ReplicateTests.sample(ReplicateTests.table([Int](repeating: 2, count: 7)))
    let replicates = try Replicates(
      ReplicateRequest(method: .balancedHalfSamples, count: 4), of: sample)
    #expect(replicates.isPartiallyBalanced)
    #expect(replicates.count == 4)
    let full = try Replicates(ReplicateRequest(method: .balancedHalfSamples, count: 8), of: sample)
    #expect(!full.isPartiallyBalanced)
  }

  @Test(
    "successive differences are half the squared steps around each stratum's loop",
    arguments: [[2], [5], [3, 4]], [false, true])
  func successiveDifferences(sizes: [Int], isCorrected: Bool) throws {
    let sample = try ReplicateTests.sample(
      ReplicateTests.table(sizes), isCorrected: isCorrected)
    let estimator = Estimator(sample)
    let total = try ReplicateTests.total(estimator)
    var expected = 0.0
    for stratum in 0..<sample.design.stratumCount {
      let psus = Array(sample.design.psus(of: stratum))
      for (position, psu) in psus.enumerated() {
        let next = psus[(position + 1) % psus.count]
        let step = total.influence.values[psu] - total.influence.values[next]
        expected += step * step / 2 * (1 - sample.design.stages[0].fractions[stratum])
      }
    }
    let replicates = try Replicates(
      ReplicateRequest(method: .successiveDifference), of: sample)
    #expect(replicates.center == .estimate)
    #expect(
      near(try ReplicateTests.variance(replicates, estimator, total.statistic), expected, 1e-10))
  }

  @Test(
    "random multipliers have the mean, variance and covariance of the design",
    arguments: [ReplicateMethod.raoWu, .cantyDavison, .generalized], [2, 3, 6])
  func moments(method: ReplicateMethod, size: Int) throws {
    let isCorrected = method != .raoWu
    let sample = try ReplicateTests.sample(
      ReplicateTests.table([size, size + 1]), isCorrected: isCorrected)
    let count = 20_000
    let replicates = try Replicates(
      ReplicateRequest(method: method, count: count, seed: 5), of: sample)
    let estimator = Estimator(sample)
    let weights = (0..<count).map { estimator.weights(of: $0, replicates) }
    let psus = (0..<size).map { sample.design.rows(of: $0).lowerBound }
    func multiplier(_ replicate: Int, _ psu: Int) -> Double {
      weights[replicate][psus[psu]] / sample.weights[psus[psu]]
    }
    let rest = 1 - sample.design.stages[0].fractions[0]
    let spread = replicates.shrinkage * replicates.shrinkage
    var mean = 0.0
    var variance = 0.0
    var covariance = 0.0
    for replicate in 0..<count {
      let (a, b) = (multiplier(replicate, 0), multiplier(replicate, size - 1))
      mean += a / Double(count)
      variance += (a - 1) * (a - 1) * spread / Double(count)
      covariance += (a - 1) * (b - 1) * spread / Double(count)
      let sum = (0..<size).reduce(0) { $0 + multiplier(replicate, $1) }
      #expect(abs(sum - Double(size)) < 1e-9)
      #expect(a >= 0 && (method != .generalized || a > 0))
    }
    // The standard error of each is below 2/√20,000.
    #expect(abs(mean - 1) < 0.04)
    #expect(abs(variance - rest) < 0.06)
    #expect(abs(covariance + rest / Double(size - 1)) < 0.06)
  }

  @Test(
    "a bootstrap's variance of a total is the linearized one on average",
    arguments: [ReplicateMethod.raoWu, .cantyDavison, .generalized])
  func bootstrapVariance(method: ReplicateMethod) throws {
    let isCorrected = method != .raoWu
    let sample = try ReplicateTests.sample(
      ReplicateTests.table([6, 5, 8]), isCorrected: isCorrected)
    let estimator = Estimator(sample)
    let total = try ReplicateTests.total(estimator)
    let linear = try estimator.variance(of: total.influence)
    for center in ReplicateCenter.allCases {
      let replicates = try Replicates(
        ReplicateRequest(method: method, count: 4000, seed: 11, center: center), of: sample)
      // The standard error of a variance from 4,000 normal replicates is 2.2 % of it.
      #expect(
        near(try ReplicateTests.variance(replicates, estimator, total.statistic), linear, 0.1))
    }
  }

  @Test("the bootstrap that suits the design is chosen")
  func rule() throws {
    func method(_ sizes: [Int], isCorrected: Bool = false) throws -> ReplicateMethod {
      let sample = try ReplicateTests.sample(
        ReplicateTests.table(sizes), isCorrected: isCorrected)
      return try Replicates(ReplicateRequest(method: .bootstrap, count: 2), of: sample).method
    }
    #expect(try method([5, 6]) == .raoWu)
    #expect(try method([5, 6], isCorrected: true) == .cantyDavison)
    #expect(try method([5, 4]) == .generalized)
    #expect(try method([2, 9], isCorrected: true) == .generalized)
  }

  @Test("Rao and Wu's bootstrap of two strata of two has four distinct replicates")
  func distinct() throws {
    let sample = try ReplicateTests.sample(ReplicateTests.table([2, 2]))
    let few = try Replicates(ReplicateRequest(method: .raoWu, count: 200), of: sample)
    #expect(few.distinctCount() == 4)
    #expect(few.degreesOfFreedom() == 2)
    let many = try Replicates(ReplicateRequest(method: .generalized, count: 200), of: sample)
    #expect(many.distinctCount() == 200)
  }

  static let measures = [
    Measure(id: "mean", kind: .mean(ItemRule(variable: "y"))),
    Measure(id: "share", kind: .mean(ItemRule(variable: "sex", good: ["2"]))),
    Measure(
      id: "ratio", kind: .ratio(ItemRule(variable: "y"), ItemRule(variable: "x"))),
    Measure(
      id: "both",
      kind: .respondentMean([ItemRule(variable: "y"), ItemRule(variable: "x", slope: 3)])),
    Measure(id: "total", kind: .total(ItemRule(variable: "y"))),
    Measure(id: "variance", kind: .variance(ItemRule(variable: "y"))),
    Measure(id: "median", kind: .quantile(ItemRule(variable: "y"), QuantileDefinition())),
  ]

  /// All but the variance, whose n is the whole sample's in every replicate, as in R's `svyvar`.
  static let ofRowsAlone = measures.filter { $0.id != "variance" }

  @Test(
    "sums over sampling units give what whole rows give",
    arguments: [ReplicateMethod.stratifiedJackknife, .generalized, .successiveDifference])
  func twoRoutes(method: ReplicateMethod) throws {
    let sample = try ReplicateTests.sample(ReplicateTests.table([4, 3, 5, 2]))
    let estimator = Estimator(sample)
    let replicates = try Replicates(
      ReplicateRequest(
        method: method, count: method == .stratifiedJackknife ? nil : 40), of: sample)
    let sex = sample.table.partition("sex").partition
    let cross = sample.table.partition("stratum", "area").partition
    let partitions = [sample.table.everyone, cross, sex]
    let all = try estimator.replicateEstimates(
      ReplicateTests.ofRowsAlone, over: partitions, replicates, workers: Workers(2))
    for replicate in 0..<replicates.count {
      let again = Estimator(
        WeightedSample(
          table: sample.table, design: sample.design,
          weights: estimator.weights(of: replicate, replicates)))
      let expected = try again.estimate(
        ReplicateTests.ofRowsAlone, over: partitions, workers: Workers(1))
      for measure in ReplicateTests.ofRowsAlone.indices {
        for (index, partition) in partitions.enumerated() {
          for domain in 0..<partition.domainCount {
            let mine =
              all.values(measure: measure, partition: index, domain: domain)[replicate]
            let theirs =
              expected[measure * partitions.count + index].domains[domain].estimate?.value
            if let theirs {
              #expect(abs(mine - theirs) <= 1e-12 * max(1, abs(theirs)))
            } else {
              // Nobody is left: a total of nobody is 0.
              #expect(ReplicateTests.ofRowsAlone[measure].id == "total" ? mine == 0 : mine.isNaN)
            }
          }
        }
      }
    }
  }

  @Test("an offset of 10⁹ leaves the standard error of a mean")
  func offset() throws {
    func variance(_ shift: Double) throws -> Double {
      let sample = try ReplicateTests.sample(ReplicateTests.table([4, 3, 5], shift: shift))
      let estimator = Estimator(sample)
      let replicates = try Replicates(
        ReplicateRequest(method: .stratifiedJackknife), of: sample)
      let all = try estimator.replicateEstimates(
        [ReplicateTests.measures[0]], over: [sample.table.everyone], replicates,
        workers: Workers(1))
      let value = try #require(try estimator.mean("y", over: sample.table.everyone)[0].estimate)
      return try #require(
        replicates.variance(of: all.values(measure: 0, domain: 0), estimate: value.value))
    }
    #expect(near(try variance(1e9), try variance(0), 1e-5))
  }

  @Test("scaled weights, permuted rows and more threads change no replicate")
  func invariance() throws {
    let table = ReplicateTests.table([4, 3, 5])
    // A total scales with the weights.
    let measures = ReplicateTests.measures.filter { $0.id != "total" }
    func values(_ table: Table, workers: Int) throws -> [Double] {
      let sample = try ReplicateTests.sample(table)
      let replicates = try Replicates(
        ReplicateRequest(method: .generalized, count: 70, seed: 3), of: sample)
      return try Estimator(sample).replicateEstimates(
        measures, over: [sample.table.partition("area").partition], replicates,
        workers: Workers(workers)
      ).values
    }
    let plain = try values(table, workers: 1)
    #expect(try values(table, workers: 3) == plain)
    let order = (0..<table.rowCount).map { ($0 * 7 + 3) % table.rowCount }
    #expect(Set(order).count == table.rowCount)
    #expect(try values(table.gathering(order), workers: 2) == plain)
    // A power of two only moves exponents.
    var scaled = table
    let weight = try #require(table["weight"])
    scaled.set(
      Column(
        name: "weight", numbers: (0..<table.rowCount).map { (weight.number(at: $0) ?? 0) * 8 }))
    #expect(try values(scaled, workers: 1) == plain)
  }

  @Test("replicates without a value are left out up to one in twenty")
  func undefined() throws {
    let sample = try ReplicateTests.sample(ReplicateTests.table([21, 2]))
    let replicates = try Replicates(
      ReplicateRequest(method: .raoWu, count: 40), of: sample)
    var values = (0..<40).map(Double.init)
    values[3] = .nan
    values[7] = .nan
    let known = values.filter { !$0.isNaN }
    let mean = known.reduce(0, +) / 38
    let expected = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 39
    #expect(near(try #require(replicates.variance(of: values, estimate: 0)), expected))
    values[8] = .nan
    #expect(replicates.variance(of: values, estimate: 0) == nil)
  }

  @Test("moments give the variance that all values give", arguments: ReplicateCenter.allCases)
  func moments(center: ReplicateCenter) throws {
    let sample = try ReplicateTests.sample(ReplicateTests.table([3, 2, 4]))
    let replicates = try Replicates(
      ReplicateRequest(method: .stratifiedJackknife, center: center), of: sample)
    let estimator = Estimator(sample)
    let partition = sample.table.partition("area").partition
    let all = try estimator.replicateEstimates(
      ReplicateTests.measures, over: [partition], replicates, workers: Workers(1))
    let whole = try estimator.estimate(
      ReplicateTests.measures, over: [partition], workers: Workers(1))
    let values = whole.flatMap { $0.domains.map { $0.estimate?.value ?? .nan } }
    var moments = ReplicateMoments(values)
    _ = try estimator.mapReplicates(
      ReplicateTests.measures, over: [partition], replicates, workers: Workers(3)
    ) { block in
      var part = ReplicateMoments(values)
      for replicate in block.replicates {
        part.add(
          values.indices.map { index in
            block.value(
              replicate, measure: index / partition.domainCount, partition: 0,
              domain: index % partition.domainCount)
          }, coefficient: replicates.coefficients[replicate])
      }
      return part
    } collect: { part in
      moments.formUnion(part)
    }
    for index in values.indices {
      let expected = replicates.variance(
        of: all.values(
          measure: index / partition.domainCount, domain: index % partition.domainCount),
        estimate: values[index])
      #expect(
        near(
          try #require(moments.variance(index, replicates)), try #require(expected), 1e-9))
    }
  }
}
