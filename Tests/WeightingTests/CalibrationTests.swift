import CanvassCompute
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct CalibrationTests {
  // numpy 2.4.6 on 2026-11-23: 2,000 sweeps of w[v == k] *= T / w[v == k].sum() from People.weight,
  // over sex then age, in each unit.
  static let raked = [
    4.939085704075281, 3.5764145275419903, 5.636302453800242, 6.131888039407623, 0.768190493207864,
    7.363697546199758, 3.292723802716855, 4.2916974330503885, 7.83066549654976, 8.535438492182399,
    4.07101825834687, 9.238642322204173, 4.60078888934339, 3.631886036624599, 3.2007894345684016,
    7.047598946894781, 4.619321161102087, 5.520946667212067, 3.631886036624599, 4.07101825834687,
  ]

  @Test("raking meets all margins and multiplies the design weights", arguments: [1, 2, 8])
  func raking(workers: Int) throws {
    let sample = try People.weigh([.column("weight"), People.rake()], workers: workers)
    for (mine, theirs) in zip(sample.weights, CalibrationTests.raked) {
      #expect(near(mine, theirs), "\(mine), numpy \(theirs)")
    }
    #expect(
      sample.weights == (try People.weigh([.column("weight"), People.rake()])).weights)
    let step = sample.steps[1]
    let distance = try #require(step.distance)
    #expect(distance.before > 0.1 && distance.after <= 1e-14)
    #expect(try #require(step.iterations) > 1)
    for row in 0..<20 { #expect(near(step.factor[row] * People.weight[row], sample.weights[row])) }
    let calibration = sample.calibrations[0]
    #expect(calibration.groupCount == 2 && calibration.entriesPerRow == 2)
    #expect(calibration.auxiliaryCount == 5)
    #expect(calibration.regressionWeights == People.weight)
    // Groups are numbered in order of their names' bytes: "Huế" before "b".
    #expect(
      calibration.groupOfRow == Array(repeating: 0, count: 8) + Array(repeating: 1, count: 12))
    #expect(Array(calibration.columnsOfRow[0..<4]) == [0, 2, 1, 3])
  }

  @Test("raking over one margin is post-stratification")
  func twoRoutes() throws {
    let post = try People.weigh([
      .column("weight"), .postStratify(within: "unit", margin: People.sexMargin),
    ])
    let rake = try People.weigh([.column("weight"), People.rake([People.sexMargin])])
    #expect(post.weights == rake.weights)
    // Huế, men: weights 3, 2.5, 4, 2 become 20 in all.
    #expect(near(post.weights[0], 3 * 20 / 11.5))
    #expect(post.steps[1].name == "post-stratification" && post.steps[1].iterations == nil)
    // Crossing sex with a constant changes nothing.
    let crossed = Margin(
      variables: ["unit", "sex"],
      targets: [
        "": [
          ["Huế", "1"]: 20, ["Huế", "2"]: 16, ["b", "1"]: 36, ["b", "2"]: 30,
        ]
      ])
    let over = try People.weigh([.column("weight"), .postStratify(within: nil, margin: crossed)])
    for (first, second) in zip(over.weights, post.weights) { #expect(near(first, second)) }
  }

  @Test("rows without weight take no part, whatever they lack")
  func withoutWeight() throws {
    var table = People.table
    table.set(Column(name: "weight", numbers: [0] + People.weight.dropFirst()))
    table.set(Column(name: "sex", numbers: [nil] + People.sex.dropFirst().map { $0 }))
    let sample = try People.weigh([.column("weight"), People.rake()], table)
    #expect(sample.weights[0] == 0)
    #expect(sample.calibrations[0].groupOfRow[0] == -1)
    #expect(near(sample.weights.reduce(0, +), 102))
  }

  @Test("nonresponse before raking: nonrespondents stay out of the margins")
  func afterNonresponse() throws {
    let sample = try People.weigh([
      .column("weight"), .nonresponse(cells: ["unit"], by: .indicator("answered")),
      People.rake([People.sexMargin]),
    ])
    #expect(near(sample.weights.reduce(0, +), 102))
    #expect(sample.weights[3] == 0 && sample.calibrations[0].groupOfRow[3] == -1)
    #expect(sample.calibrations[0].regressionWeights[3] == 0)
  }

  func failure(_ steps: [WeightingRequest], _ table: Table = People.table) -> Diagnostic? {
    #expect(throws: Diagnostic.self) { try People.weigh([.column("weight")] + steps, table) }
  }

  @Test("contradictory totals are named with both sums")
  func contradiction() {
    var age = People.ageMargin
    age.targets["b"] = [["1"]: 25, ["2"]: 22, ["3"]: 20]
    let error = failure([People.rake([People.sexMargin, age])])
    #expect(error?.kind == .notConverged)
    #expect(error?.what.contains("unit=b") == true)
    #expect(error?.what.contains("66.0") == true && error?.what.contains("67.0") == true)
  }

  @Test(
    "totals that differ by less than one part in a million do not stop the raking before it began")
  func nearlyEqualTotals() throws {
    var age = People.ageMargin
    age.targets["b"] = [["1"]: 25, ["2"]: 22, ["3"]: 19.00001]
    let error = failure([People.rake([People.sexMargin, age], sweeps: 100)])
    #expect(error?.what.contains("did not converge in 100 sweeps") == true)
    let sample = try People.weigh([
      .column("weight"), People.rake([People.sexMargin, age], tolerance: 1e-6),
    ])
    #expect(near(sample.weights.reduce(0, +), 102, 1e-6))
  }

  @Test("levels missing on either side and empty cells are named")
  func levels() {
    var sex = People.sexMargin
    sex.targets["b"] = [["1"]: 36]
    let noTarget = failure([People.rake([sex])])
    #expect(noTarget?.kind == .notConverged)
    #expect(noTarget?.what.contains("no target for the level of") == true)
    sex.targets["b"] = [["1"]: 36, ["2"]: 25, ["3"]: 5]
    let noRows = failure([People.rake([sex])])
    #expect(noRows?.kind == .notConverged)
    #expect(noRows?.what.contains("no weighted row has sex=3 in unit=b") == true)
    sex.targets["b"] = [["1"]: 36, ["2"]: 30, ["3"]: 0]
    #expect((try? People.weigh([.column("weight"), People.rake([sex])])) != nil)
    sex.targets["b"] = [["1"]: 66, ["2"]: 0]
    let zero = failure([People.rake([sex])])
    #expect(zero?.what.contains("sex=2 in unit=b is 0, but 6 weighted rows") == true)
    sex.targets["b"] = nil
    let noGroup = failure([People.rake([sex])])
    #expect(noGroup?.kind == .notConverged)
    #expect(noGroup?.what.contains("no targets for the unit of") == true)
  }

  @Test("targets that are negative or no number, and shares within groups, are refused")
  func targets() {
    for bad in [-1, Double.nan, .infinity] {
      var sex = People.sexMargin
      sex.targets["b"]?[["2"]] = bad
      let error = failure([People.rake([sex])])
      #expect(error?.kind == .badPipeline)
      #expect(error?.what.contains("sex=2 in unit=b") == true)
    }
    var shares = People.sexMargin
    shares.targets["b"] = [["1"]: 0.4, ["2"]: 0.6]
    let error = failure([People.rake([shares])])
    #expect(error?.kind == .badPipeline && error?.why?.contains("shares") == true)
  }

  @Test("margins that no weights can meet: the residual of each, and that it does not shrink")
  func impossible() {
    // Women are all in age 2 and nobody else is: 30 women cannot be 22 people of age 2.
    var table = People.table
    table.set(Column(name: "age", numbers: People.sex.map { $0 == 2 ? 2 : 1 }))
    let age = Margin(
      variables: ["age"],
      targets: ["Huế": [["1"]: 20, ["2"]: 16], "b": [["1"]: 44, ["2"]: 22]])
    let error = failure([People.rake([People.sexMargin, age], sweeps: 50)], table)
    #expect(error?.kind == .notConverged)
    #expect(error?.what == "the raking of unit=b did not converge in 50 sweeps")
    #expect(error?.why?.contains("sex=2 2.67e-1") == true, "\(error?.why ?? "")")
    #expect(error?.why?.contains("no longer shrink") == true)
  }

  @Test("too few sweeps: the residuals still shrink")
  func tooFew() {
    let error = failure([People.rake(sweeps: 3)])
    #expect(error?.kind == .notConverged)
    #expect(error?.why?.contains("still shrink") == true)
    #expect(error?.remedy?.contains("more sweeps") == true)
  }

  @Test("a margin variable without value is counted and placed")
  func missingValue() {
    var table = People.table
    table.set(
      Column(name: "age", numbers: People.age.enumerated().map { $0 % 6 == 5 ? nil : $1 }))
    let error = failure([People.rake()], table)
    #expect(error?.kind == .badData && error?.place == "drop.zip:a.csv:7")
    #expect(error?.what == "3 rows have no value of 'age'")
  }
}
