import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct ReplicateReweightingTests {
  static let raking = WeightingRequest.rake(
    within: "stratum",
    margins: [
      Margin(
        variables: ["sex"],
        targets: [
          "0": [["1"]: 30, ["2"]: 20], "1": [["1"]: 10, ["2"]: 25], "2": [["1"]: 22, ["2"]: 28],
        ]),
      Margin(
        variables: ["area"],
        targets: [
          "0": [["0"]: 24, ["1"]: 26], "1": [["0"]: 15, ["1"]: 20], "2": [["0"]: 20, ["1"]: 30],
        ]),
    ], tolerance: 1e-13, maximumSweeps: 5000)

  @Test("means from condensed sums are those of rows weighted again", arguments: [true, false])
  func twoRoutes(reweight: Bool) throws {
    let sample = try ReplicateTests.sample(
      ReplicateTests.table([5, 4, 6]), then: [ReplicateReweightingTests.raking])
    let estimator = Estimator(sample)
    let replicates = try Replicates(
      ReplicateRequest(method: .generalized, count: 30, seed: 9, reweight: reweight), of: sample)
    let partitions = [
      sample.table.everyone, sample.table.partition("stratum").partition,
      sample.table.partition("stratum", "sex").partition,
    ]
    let all = try estimator.replicateEstimates(
      ReplicateTests.measures, over: partitions, replicates, workers: Workers(2))
    #expect(all.failures.groups.isEmpty)
    for replicate in 0..<replicates.count {
      let weights = estimator.weights(of: replicate, replicates)
      let again = Estimator(
        WeightedSample(table: sample.table, design: sample.design, weights: weights))
      let expected = try again.estimate(
        ReplicateTests.measures, over: partitions, workers: Workers(1))
      for (index, partition) in partitions.enumerated() {
        for measure in ReplicateTests.measures.indices {
          for domain in 0..<partition.domainCount {
            let theirs = try #require(
              expected[measure * partitions.count + index].domains[domain].estimate?.value)
            let mine =
              all.values(measure: measure, partition: index, domain: domain)[replicate]
            #expect(abs(mine - theirs) <= 1e-10 * max(1, abs(theirs)))
          }
        }
      }
      if reweight {
        // The margin of women in the last stratum is met in every replicate.
        let women = weights.indices.filter {
          sample.table["stratum"]?.number(at: $0) == 2 && sample.table["sex"]?.number(at: $0) == 2
        }
        #expect(near(women.reduce(0) { $0 + weights[$1] }, 28, 1e-9))
      }
    }
  }

  @Test("nonresponse classes are filled again in every replicate")
  func nonresponse() throws {
    var table = ReplicateTests.table([5, 4, 6])
    // A person in five does not answer; the first of each PSU always does.
    var seen = Set<Double>()
    let psu = try #require(table["psu"])
    let responded = (0..<table.rowCount).map { row -> Double in
      let isFirst = seen.insert(psu.number(at: row) ?? 0).inserted
      return isFirst || row % 5 != 0 ? 1 : 0
    }
    table.set(Column(name: "responded", numbers: responded))
    let sample = try ReplicateTests.sample(
      table, then: [.nonresponse(cells: ["stratum"], by: .indicator("responded"))])
    #expect(sample.weights.contains(0))
    let estimator = Estimator(sample)
    let replicates = try Replicates(
      ReplicateRequest(method: .stratifiedJackknife), of: sample)
    let measures = [ReplicateTests.measures[0]]
    let all = try estimator.replicateEstimates(
      measures, over: [sample.table.everyone], replicates, workers: Workers(1))
    for replicate in 0..<replicates.count {
      let again = Estimator(
        WeightedSample(
          table: sample.table, design: sample.design,
          weights: estimator.weights(of: replicate, replicates)))
      let theirs = try #require(
        try again.mean("y", over: sample.table.everyone)[0].estimate
      ).value
      #expect(near(all.values(measure: 0, domain: 0)[replicate], theirs))
    }
  }

  @Test("groups without solution are counted and named, and emptied above one replicate in twenty")
  func failures() throws {
    // In stratum 1 only one PSU of four lies in area 1: replicates that leave it out cannot meet the margin.
    var table = ReplicateTests.table([5, 4, 6])
    let psu = try #require(table["psu"])
    let stratum = try #require(table["stratum"])
    let area = (0..<table.rowCount).map { row -> Double in
      let number = psu.number(at: row) ?? 0
      return stratum.number(at: row) == 1
        ? (number == 6 ? 1 : 0)
        : number.remainder(dividingBy: 2)
          == 0 ? 0 : 1
    }
    table.set(Column(name: "area", numbers: area))
    let sample = try ReplicateTests.sample(table, then: [ReplicateReweightingTests.raking])
    let estimator = Estimator(sample)
    let byStratum = sample.table.partition("stratum").partition
    let few = try Replicates(ReplicateRequest(method: .raoWu, count: 200, seed: 2), of: sample)
    let all = try estimator.replicateEstimates(
      [ReplicateTests.measures[0]], over: [byStratum, sample.table.everyone], few,
      workers: Workers(2))
    let failed = try #require(all.failures.groups.first { $0.name == "stratum=1" })
    #expect(failed.isEmptied && failed.count > 30)
    #expect(all.values(measure: 0, domain: 1).filter { !$0.isNaN } == [])
    #expect(all.values(measure: 0, partition: 1, domain: 0).filter { !$0.isNaN } == [])
    #expect(few.variance(of: all.values(measure: 0, domain: 1), estimate: 1) == nil)
    let positive = try Replicates(
      ReplicateRequest(method: .generalized, count: 200, seed: 2), of: sample)
    let none = try estimator.replicateEstimates(
      [ReplicateTests.measures[0]], over: [byStratum], positive, workers: Workers(2))
    #expect(none.failures.groups.isEmpty)
  }
}
