import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite("Two calibrations in sequence")
struct CalibrationSequenceTests {
  /// Post-stratification by sex, then linear calibration on two domains and a total.
  private func sample(seed: UInt64) throws -> WeightedSample {
    let (table, design) = try RandomSurvey(seed: seed).table().arranged(
      by: DesignRequest(stages: [.init(strata: ["stratum"], unit: "unit")]), key: "row")
    let base = try (0..<table.rowCount).map {
      try #require(try table.column("weight").number(at: $0))
    }
    func sums(_ name: String, factors: [String: Double]) throws -> [String: [[String]: Double]] {
      let column = try table.column(name)
      var cells: [[String]: Double] = [:]
      for row in base.indices {
        let level = column.text(at: row) ?? ""
        cells[[level], default: 0] += base[row] * (factors[level] ?? 1)
      }
      return ["": cells]
    }
    let x = try table.column("x")
    let total = base.indices.reduce(0) { $0 + base[$1] * (x.number(at: $1) ?? 0) }
    return try Weighting.weight(
      table, design: design,
      steps: [
        .column("weight"),
        .postStratify(
          within: nil,
          margin: Margin(
            variables: ["sex"], targets: try sums("sex", factors: ["1": 1.3, "2": 0.9]))),
        .calibrate(
          CalibrationRequest(
            totals: [PopulationTotal(variable: "x", targets: ["": total * 1.1])],
            margins: [
              Margin(
                variables: ["domain"], targets: try sums("domain", factors: ["0": 1.2, "1": 0.95]))
            ],
            allowsNegative: true)),
      ], workers: Workers(1))
  }

  // Two routes to the influence of a sampling unit: residuals on the calibrations, the last one first, and how
  // the estimate moves when the unit counts a little more and everything is weighted again.
  @Test(
    "the residuals, the last step first, are the derivative of the whole weighting",
    arguments: 1...6)
  func derivative(seed: UInt64) throws {
    let sample = try sample(seed: seed)
    let all = Partition(
      id: "all", domainOfRow: [Int32](repeating: 0, count: sample.weights.count), domainCount: 1)
    let result = try Estimator(sample).estimate(
      [Measure(id: "y", kind: .mean(ItemRule(variable: "y")))], over: [all], workers: Workers(1))
    let influence = try #require(result[0].domains[0].estimate).influence
    let y = try sample.table.column("y")
    func mean(_ weights: [Double]) -> Double {
      var (above, below) = (0.0, 0.0)
      for row in weights.indices {
        guard let value = y.number(at: row) else { continue }
        above += weights[row] * value
        below += weights[row]
      }
      return above / below
    }
    let step = 1e-4
    for unit in 0..<sample.design.samplingUnitCount {
      var multipliers = [Double](repeating: 1, count: sample.design.samplingUnitCount)
      multipliers[unit] = 1 + step
      let more = mean(sample.reweighted(by: multipliers).weights)
      multipliers[unit] = 1 - step
      let less = mean(sample.reweighted(by: multipliers).weights)
      let position = unit - influence.firstUnit
      let linearized = influence.values.indices.contains(position) ? influence.values[position] : 0
      #expect(abs((more - less) / (2 * step) - linearized) < 1e-6, "unit \(unit)")
    }
  }
}
