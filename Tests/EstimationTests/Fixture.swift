import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

/// Twenty people in three strata, eight PSUs and two units, with unequal weights.
///
/// Expected numbers of the tests that use it: numpy 2.4.6 on 2026-11-23, `python3 fix.py`, where fix.py
/// takes these columns, rakes by 2,000 plain sweeps, residualizes row by row, the last calibration first,
/// c ← w_exit · resid(c / w_exit) with `numpy.linalg.lstsq(X · √d, z · √d)` within each group (c begins as
/// w z, z = D (y − R x)/Σ w D x), and sums Σ_h m/(m − 1) Σ (u − ū)² with u = `bincount(psu, c)`.
enum Fixture {
  static let stratum: [Double] = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3]
  static let psu: [Double] = [1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 5, 6, 6, 7, 7, 8, 8]
  static let weight: [Double] = [
    3, 5, 2.5, 4, 1, 7, 2, 6, 10, 4, 3, 8, 5, 2, 1.5, 9, 4, 6, 2, 3,
  ]
  static let sex: [Double] = [1, 2, 1, 1, 2, 2, 1, 2, 1, 2, 2, 1, 2, 1, 2, 1, 1, 2, 1, 2]
  static let age: [Double] = [1, 2, 3, 2, 1, 3, 1, 2, 1, 3, 2, 2, 1, 3, 3, 1, 2, 1, 3, 2]
  static let y: [Double] = [4, 1, 3, 5, 2, 2, 4, 1, 3, 5, 1, 2, 4, 4, 2, 3, 5, 1, 2, 4]
  static let x: [Double] = [2, 1, 2, 3, 1, 1, 2, 1, 2, 2, 1, 1, 3, 2, 1, 2, 2, 1, 1, 2]
  static let unit: [Double] = stratum.map { $0 == 1 ? 1 : 2 }

  static var table: Table {
    let columns: [(String, [Double])] = [
      ("id", (1...20).map(Double.init)), ("stratum", stratum), ("psu", psu), ("weight", weight),
      ("sex", sex), ("age", age), ("y", y), ("x", x), ("unit", unit),
    ]
    return Table(columns: columns.map { Column(name: $0.0, numbers: $0.1) })
  }

  static let raking = WeightingRequest.rake(
    within: "unit",
    margins: [
      Margin(
        variables: ["sex"],
        targets: ["1": [["1"]: 20, ["2"]: 16], "2": [["1"]: 36, ["2"]: 30]]),
      Margin(
        variables: ["age"],
        targets: [
          "1": [["1"]: 9, ["2"]: 14, ["3"]: 13], "2": [["1"]: 25, ["2"]: 22, ["3"]: 19],
        ]),
    ], tolerance: 1e-14, maximumSweeps: 5000)

  static let postStratification = WeightingRequest.postStratify(
    within: nil,
    margin: Margin(variables: ["x"], targets: ["": [["1"]: 50, ["2"]: 40, ["3"]: 12]]))

  static func estimator(
    _ table: Table = table, then steps: [WeightingRequest] = [], weight: String = "weight",
    workers: Int = 2
  ) throws -> Estimator {
    let (rows, design) = try table.arranged(
      by: DesignRequest(stages: [.init(strata: ["stratum"], unit: "psu")]), key: "id")
    return Estimator(
      try Weighting.weight(
        rows, design: design, steps: [.column(weight)] + steps, workers: Workers(workers)))
  }

  /// The domains of a rule on rows of the sample.
  static func partition(
    _ table: Table, _ count: Int, _ domain: ([String: Double]) -> Int32
  ) -> Partition {
    Partition(
      id: "d",
      domainOfRow: (0..<table.rowCount).map { row in
        var values: [String: Double] = [:]
        for column in table.columns { values[column.name] = column.number(at: row) }
        return domain(values)
      }, domainCount: count)
  }

  static func units(_ estimator: Estimator) -> Partition {
    partition(estimator.sample.table, 2) { Int32($0["unit"] ?? 0) - 1 }
  }
}

/// |a − b| ≤ 1e-12 · |b|.
func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  abs(a - b) <= tolerance * abs(b)
}
