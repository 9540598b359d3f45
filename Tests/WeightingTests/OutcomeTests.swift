import CanvassCompute
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct OutcomeTests {
  /// 1 respondent, 2 nonrespondent, 3 ineligible, 4 unknown.
  static let outcome: [Double] = [1, 1, 4, 2, 1, 1, 3, 1, 1, 2, 1, 1, 1, 1, 4, 1, 3, 1, 2, 1]
  static let codes = OutcomeCodes(
    variable: "outcome",
    values: [.respondent: ["1"], .nonrespondent: ["2"], .ineligible: ["3"], .unknown: ["4"]])

  static var table: Table {
    var table = People.table
    table.set(Column(name: "outcome", numbers: outcome))
    return table
  }

  @Test("unknown weight goes to the known first, then that of nonrespondents to respondents")
  func fourOutcomes() throws {
    let sample = try People.weigh(
      [.column("weight"), .nonresponse(cells: ["unit"], by: OutcomeTests.codes)],
      OutcomeTests.table)
    for unit in ["Huế", "b"] {
      func sum(_ outcomes: [Double]) -> Double {
        (0..<20).reduce(0.0) {
          $0
            + (People.unit[$1] == unit && outcomes.contains(OutcomeTests.outcome[$1])
              ? People.weight[$1] : 0)
        }
      }
      let factor = sum([1, 2, 3, 4]) / sum([1, 2, 3]) * (sum([1, 2]) / sum([1]))
      for row in 0..<20 where People.unit[row] == unit {
        let isRespondent = OutcomeTests.outcome[row] == 1
        #expect(near(sample.weights[row], isRespondent ? People.weight[row] * factor : 0))
      }
      // What respondents carry: everybody's weight without the ineligible part of it.
      let carried = zip(sample.weights, People.unit).reduce(0.0) { $0 + ($1.1 == unit ? $1.0 : 0) }
      #expect(near(carried, sum([1, 2, 3, 4]) * sum([1, 2]) / sum([1, 2, 3])))
    }
    #expect(sample.table.rowCount == 20)
  }

  @Test("codes given twice, no code for respondents and values without a code are named")
  func badCodes() {
    func failure(_ values: [ResponseOutcome: [String]]) -> Diagnostic? {
      #expect(throws: Diagnostic.self) {
        try People.weigh(
          [
            .column("weight"),
            .nonresponse(cells: [], by: OutcomeCodes(variable: "outcome", values: values)),
          ], OutcomeTests.table)
      }
    }
    #expect(failure([.respondent: ["1"], .unknown: ["1"]])?.kind == .badPipeline)
    #expect(failure([.unknown: ["1"]])?.kind == .badPipeline)
    let unknown = failure([.respondent: ["1"], .nonrespondent: ["2"], .ineligible: ["3"]])
    #expect(unknown?.kind == .badData && unknown?.place == "drop.zip:a.csv:4")
    #expect(unknown?.why == "known are 1, 2, 3")
  }

  @Test("a missing weight is an error, or 0 where the pipeline says so")
  func missingWeight() throws {
    var table = People.table
    table.set(Column(name: "weight", numbers: People.weight.map { $0 == 7 ? nil : $0 }))
    #expect(throws: Diagnostic.self) { try People.weigh([.column("weight")], table) }
    let sample = try People.weigh([.column("weight", missingIsZero: true)], table)
    #expect(sample.weights[5] == 0 && sample.weights[0] == 3)
  }

  @Test("weights from a design without fractions are refused")
  func designWeights() throws {
    let error = #expect(throws: Diagnostic.self) { try People.weigh([.design]) }
    #expect(error?.kind == .badPipeline && error?.what.contains("no population") == true)
    var table = People.table
    table.set(Column(name: "id", numbers: (0..<20).map { Double($0) }))
    table.set(Column(name: "size", numbers: People.unit.map { $0 == "b" ? 60 : 32 }))
    let (rows, design) = try table.arranged(
      by: DesignRequest(stages: [.init(strata: ["unit"], unit: nil, size: .population("size"))]),
      key: "id")
    let sample = try Weighting.weight(rows, design: design, steps: [.design], workers: Workers(1))
    #expect(sample.weights == People.unit.map { $0 == "b" ? 5 : 4 })
  }
}
