import CanvassCompute
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct TrimmingTests {
  static let base: [WeightingRequest] = [.column("weight"), People.rake()]

  func total(_ weights: [Double], _ unit: String) -> Double {
    zip(weights, People.unit).reduce(0.0) { $0 + ($1.1 == unit ? $1.0 : 0) }
  }

  @Test("no weight beyond the limits, the sum of each group as before, equal parts for the rest")
  func strict() throws {
    let before = try People.weigh(TrimmingTests.base).weights
    let sample = try People.weigh(
      TrimmingTests.base
        + [.trim(TrimmingRequest(within: "unit", upper: .absolute(7), lower: .absolute(3.5)))])
    var parts: [String: Set<Int>] = [:]
    for row in 0..<20 {
      let weight = sample.weights[row]
      #expect(weight >= 3.5 - 1e-12 && weight <= 7 + 1e-12)
      if weight > 3.5 + 1e-9 && weight < 7 - 1e-9 {
        parts[People.unit[row], default: []].insert(Int(((weight - before[row]) * 1e9).rounded()))
      }
    }
    #expect(parts.values.allSatisfy { $0.count == 1 })
    for unit in ["Huế", "b"] {
      #expect(near(total(sample.weights, unit), total(before, unit), 1e-12))
    }
    #expect(sample.steps[2].name == "trimming" && sample.calibrations.count == 1)
    // Trimming leads away from the targets, and says how far.
    let distance = try #require(sample.steps[2].distance)
    #expect(distance.before <= 1e-12 && distance.after > 0.01)
    let men = try #require(
      sample.steps[2].balance.first { $0.group == "Huế" && $0.name == "sex=1" })
    let share = zip(sample.weights, zip(People.unit, People.sex)).reduce(0.0) {
      $0 + ($1.1 == ("Huế", 1.0) ? $1.0 : 0)
    }
    #expect(near(men.after, share / 36) && near(men.target, 20.0 / 36))
  }

  @Test("limits by the median, the mean and a quantile of each group")
  func limits() throws {
    for (limit, expected) in [
      (WeightLimit.timesMedian(1.5), 6.0), (.timesMean(1.2), 1.2 * 88 / 20), (.quantile(0.9), 8.1),
    ] {
      let sample = try People.weigh([
        .column("weight"), .trim(TrimmingRequest(upper: limit, rest: .once)),
      ])
      // numpy 2.4.6 on 2026-11-24: the weights' median is 4, their mean 4.4, their 0.9 quantile 8.1.
      let trimmed = (0..<20).filter { People.weight[$0] > expected }
      #expect(!trimmed.isEmpty)
      for row in trimmed { #expect(near(sample.weights[row], expected, 1e-12)) }
      #expect(near(sample.weights.reduce(0, +), 88, 1e-12))
    }
  }

  @Test("totals and limits hold together where totals are kept")
  func keepTotals() throws {
    let before = try People.weigh(TrimmingTests.base)
    let cap = 8.9
    #expect(before.weights.contains { $0 > cap })
    let sample = try People.weigh(
      TrimmingTests.base + [.trim(TrimmingRequest(upper: .absolute(cap), rest: .keepTotals))])
    #expect(sample.weights.allSatisfy { $0 <= cap * (1 + 1e-12) })
    for (unit, sex, target) in [("Huế", 1.0, 20.0), ("Huế", 2, 16), ("b", 1, 36), ("b", 2, 30)] {
      let sum = (0..<20).reduce(0.0) {
        $0 + (People.unit[$1] == unit && People.sex[$1] == sex ? sample.weights[$1] : 0)
      }
      #expect(near(sum, target, 1e-10))
    }
    #expect(sample.calibrations.count == 2)
    let error = #expect(throws: Diagnostic.self) {
      try People.weigh(
        TrimmingTests.base + [.trim(TrimmingRequest(upper: .absolute(5), rest: .keepTotals))])
    }
    #expect(error?.kind == .notConverged && error?.why?.contains("residual") == true)
  }

  @Test("limits that cannot hold, and trimming without sense, are named")
  func bad() {
    func failure(_ request: TrimmingRequest) -> Diagnostic? {
      #expect(throws: Diagnostic.self) { try People.weigh([.column("weight"), .trim(request)]) }
    }
    #expect(failure(TrimmingRequest(upper: .absolute(4)))?.kind == .notConverged)
    #expect(failure(TrimmingRequest(lower: .absolute(6)))?.kind == .notConverged)
    #expect(
      failure(TrimmingRequest(upper: .absolute(5), lower: .absolute(6)))?.kind == .badPipeline)
    #expect(failure(TrimmingRequest())?.kind == .badPipeline)
    for limit in [WeightLimit.absolute(0), .timesMean(-1), .quantile(1), .absolute(.nan)] {
      #expect(failure(TrimmingRequest(upper: limit))?.kind == .badPipeline)
    }
    let keep = failure(TrimmingRequest(upper: .absolute(9), rest: .keepTotals))
    #expect(keep?.kind == .badPipeline && keep?.what.contains("keep totals") == true)
  }
}
