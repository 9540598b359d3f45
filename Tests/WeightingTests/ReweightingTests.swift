import CanvassCompute
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct ReweightingTests {
  static let steps: [WeightingRequest] = [
    .column("weight"), .nonresponse(cells: ["unit"], by: .indicator("answered")),
    .postStratify(within: "unit", margin: People.ageMargin), People.rake(),
  ]

  @Test("multipliers of 1 give the sample's weights, bit for bit", arguments: 1...4)
  func ones(count: Int) throws {
    let sample = try People.weigh(Array(ReweightingTests.steps.prefix(count)))
    let again = sample.reweighted(by: [Double](repeating: 1, count: 20))
    #expect(again.weights == sample.weights)
    #expect(again.unsolved.isEmpty)
  }

  @Test("replaying the steps is weighting a table of multiplied base weights", arguments: 1...4)
  func twoRoutes(count: Int) throws {
    // Generalized bootstrap, half-sample-like and jackknife-like multipliers; a row is a sampling unit.
    let smooth = (0..<20).map { 0.25 + Double(($0 * 7) % 11) / 5 }
    var jackknife = [Double](repeating: 20 / 19, count: 20)
    jackknife[8] = 0
    for multipliers in [smooth, jackknife] {
      let steps = Array(ReweightingTests.steps.prefix(count))
      let again = try People.weigh(steps).reweighted(by: multipliers)
      var table = People.table
      table.set(
        Column(name: "weight", numbers: zip(People.weight, multipliers).map { $0 * $1 }))
      let direct = try People.weigh(steps, table)
      for (mine, theirs) in zip(again.weights, direct.weights) {
        #expect(near(mine, theirs, 1e-11))
      }
      #expect(again.unsolved.isEmpty)
    }
  }

  @Test("a group whose cell is emptied keeps its weights, scaled to its total, and is named")
  func emptied() throws {
    let sample = try People.weigh([.column("weight"), People.rake()])
    // All men of Huế go; its total is 36.
    let multipliers = (0..<20).map { $0 < 8 && People.sex[$0] == 1 ? 0.0 : 1.5 }
    let again = sample.reweighted(by: multipliers)
    #expect(again.unsolved == [Reweighting.Unsolved(step: 1, group: 0, name: "unit=Huế")])
    let entered = (0..<8).reduce(0.0) { $0 + People.weight[$1] * multipliers[$1] }
    for row in 0..<8 {
      #expect(near(again.weights[row], People.weight[row] * multipliers[row] * 36 / entered))
    }
    for row in 8..<20 { #expect(near(again.weights[row], sample.weights[row], 1e-10)) }
    // Nothing is left of a group: weights 0, named as well.
    let none = sample.reweighted(by: (0..<20).map { $0 < 8 ? 0 : 1 })
    #expect(none.unsolved.map(\.name) == ["unit=Huế"] && none.weights[0..<8].allSatisfy { $0 == 0 })
  }

  @Test("a nonresponse cell without a respondent left is named")
  func nobody() throws {
    let sample = try People.weigh(Array(ReweightingTests.steps.prefix(2)))
    let multipliers = (0..<20).map { $0 < 8 && People.answered[$0] == 1 ? 0.0 : 1 }
    let again = sample.reweighted(by: multipliers)
    #expect(again.unsolved.map(\.name) == ["the cell unit=Huế"])
    #expect(again.weights[0..<8].allSatisfy { $0 == 0 })
  }

  @Test("a sample of given weights has no steps to carry out again")
  func given() throws {
    let made = try People.weigh([.column("weight")])
    let sample = WeightedSample(table: made.table, design: made.design, weights: made.weights)
    let again = sample.reweighted(by: (0..<20).map { Double($0) })
    #expect(again.weights == zip(0..<20, People.weight).map { Double($0) * $1 })
  }
}
