import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct ReplicateInputTests {
  func error(
    _ request: ReplicateRequest, sizes: [Int] = [3, 2], isCorrected: Bool = false,
    lonely: LonelyPolicy = .fail, columns: [String: [Double?]] = [:],
    then steps: [WeightingRequest] = []
  ) throws -> Diagnostic? {
    var table = ReplicateTests.table(sizes)
    for (name, numbers) in columns {
      table.set(
        Column(
          name: name, numbers: (0..<table.rowCount).map { numbers[min($0, numbers.count - 1)] }))
    }
    let sample = try ReplicateTests.sample(
      table, isCorrected: isCorrected, lonely: lonely, then: steps)
    return #expect(throws: Diagnostic.self) { try Replicates(request, of: sample) }
  }

  @Test("half-samples of strata that have not two units name them")
  func notTwo() throws {
    let error = try error(ReplicateRequest(method: .balancedHalfSamples))
    #expect(error?.kind == .badData)
    #expect(error?.what.contains("1 stratum has not two sampling units: '0' (3)") == true)
  }

  @Test("a count below two gives no variance", arguments: [-1, 0, 1])
  func count(count: Int) throws {
    let error = try error(ReplicateRequest(method: .raoWu, count: count))
    #expect(error?.kind == .badPipeline)
    #expect(error?.what == "\(count) replicates give no variance")
  }

  @Test("requests that cannot be are errors of the pipeline file")
  func requests() throws {
    #expect(
      try error(ReplicateRequest(method: .stratifiedJackknife, count: 10))?.what
        == "the method 'jkn' takes no count")
    #expect(
      try error(ReplicateRequest(method: .jackknife))?.what.contains("without strata") == true)
    #expect(
      try error(ReplicateRequest(method: .balancedHalfSamples, count: 6), sizes: [2, 2])?.remedy
        == "ask for 8")
    #expect(try error(ReplicateRequest(method: .fay), sizes: [2])?.what == "Fay's method needs rho")
    #expect(
      try error(ReplicateRequest(method: .fay, rho: 1), sizes: [2])?.what
        == "Fay's rho is not from 0 to below 1")
    #expect(
      try error(ReplicateRequest(method: .raoWu, rho: 0.5))?.what
        == "the method 'rao_wu' takes no rho")
    #expect(
      try error(ReplicateRequest(method: .raoWu), isCorrected: true)?.what
        .contains("draws with replacement") == true)
    #expect(
      try error(ReplicateRequest(method: .given))?.what.contains("names no columns") == true)
  }

  @Test("a lone unit stops where its policy has no counterpart, and adds nothing where it has")
  func lonely() throws {
    for policy in [LonelyPolicy.fail, .adjust, .average] {
      let error = try error(
        ReplicateRequest(method: .stratifiedJackknife), sizes: [3, 1], lonely: policy)
      #expect(error?.what == "1 stratum has a single sampling unit: '1'")
    }
    let sample = try ReplicateTests.sample(ReplicateTests.table([3, 1]), lonely: .remove)
    let replicates = try Replicates(ReplicateRequest(method: .stratifiedJackknife), of: sample)
    #expect(replicates.count == 3)
    #expect(
      try error(ReplicateRequest(method: .raoWu), sizes: [1], lonely: .remove)?.what
        .contains("no stratum has two sampling units") == true)
  }

  @Test("replicate weights of a file: missing, negative, without scale, too few")
  func given() throws {
    func request(
      _ origin: GivenReplicateWeights.Origin, _ columns: [String] = ["a", "b"],
      scale: Double? = nil, coefficients: [Double]? = nil
    ) -> ReplicateRequest {
      ReplicateRequest(
        method: .given,
        given: GivenReplicateWeights(
          columns: columns, origin: origin, scale: scale, coefficients: coefficients))
    }
    let good: [String: [Double?]] = ["a": [1, 2], "b": [2, 1]]
    func what(_ request: ReplicateRequest, _ columns: [String: [Double?]]) throws -> String? {
      try error(request, columns: columns)?.what
    }
    #expect(
      try what(request(.bootstrap), ["a": [1, -2], "b": [2]])
        == "the replicate weight 'a' is negative or not a finite number")
    #expect(
      try what(request(.bootstrap), ["a": [1], "b": [2, nil]])
        == "the replicate weight 'b' has no value in a row")
    #expect(try what(request(.other), good) == "replicate weights of the file have no scale")
    #expect(
      try what(request(.stratifiedJackknife), good)
        == "replicate weights of the origin 'jkn' have no coefficients")
    #expect(
      try what(request(.other, scale: 1, coefficients: [1]), good)
        == "2 replicate weights have 1 coefficients")
    #expect(
      try what(request(.other, scale: -1), good)
        == "a scale of replicate weights is negative, 0 or not a finite number")
    #expect(try what(request(.bootstrap, ["a"]), good) == "1 replicate weights give no variance")
    #expect(
      try what(request(.bootstrap, ["a", "a"]), good)
        == "a column of replicate weights is named twice")
    #expect(try what(request(.bootstrap, ["a", "c"]), good)?.contains("'c'") == true)
    let calibrated = try error(
      request(.bootstrap), sizes: [5, 4, 6], columns: good,
      then: [ReplicateReweightingTests.raking])
    #expect(calibrated?.what.contains("replicate weights of the file are final") == true)
  }

  @Test("factors of the base weight are the weights they make")
  func factors() throws {
    var table = ReplicateTests.table([3, 2])
    let weight = try #require(table["weight"])
    let factors = (0..<table.rowCount).map { Double($0 % 3) }
    table.set(Column(name: "a", numbers: factors))
    table.set(Column(name: "b", numbers: factors.map { 2 - $0 }))
    let weights = factors.indices.map { factors[$0] * (weight.number(at: $0) ?? 0) }
    table.set(Column(name: "wa", numbers: weights))
    let sample = try ReplicateTests.sample(table)
    let estimator = Estimator(sample)
    let made = try Replicates(
      ReplicateRequest(
        method: .given,
        given: GivenReplicateWeights(columns: ["a", "b"], origin: .bootstrap, areFactors: true)),
      of: sample)
    let column = try #require(sample.table["wa"])
    #expect(
      estimator.weights(of: 0, made)
        == (0..<sample.table.rowCount).map { column.number(at: $0) ?? .nan })
  }
}
