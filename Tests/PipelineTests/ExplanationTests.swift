import CanvassPipeline
import CanvassPublishing
import CanvassSurvey
import Foundation
import Testing

/// `canvass explain`: what it says would do is done, and the index run again.
@Suite("Explaining a score")
struct ExplanationTests {
  private typealias Unit = (unit: String, numbers: [Double])

  /// Twelve units with three values each, all above 0.
  private static let values = (0..<12).map { unit -> Unit in
    let steps = [(unit * 5 + 3) % 13, (unit * 7 + 1) % 13, (unit * 11 + 4) % 13]
    return ("u\(unit)", steps.map { 2 + Double($0) * 0.55 })
  }

  private func workshop(
    _ structure: String, scale: String = "[1, 10]", groups: String = "quartiles",
    values: [Unit] = ExplanationTests.values
  ) throws -> Workshop {
    let workshop = try Workshop()
    try write(values, workshop)
    try workshop.write(
      "pipeline.yaml",
      """
      canvass: 1
      name: small
      units: {variable: unit}
      published: {file: values.csv, unit: unit}
      index:
        scale: \(scale)
        groups: \(groups)
        structure:
      \(structure)

      """)
    return workshop
  }

  private func write(
    _ values: [Unit], _ workshop: Workshop
  ) throws {
    try workshop.write(
      "values.csv",
      "unit,a,b,c\n"
        + values.map { "\($0.unit),\($0.numbers.map { "\($0)" }.joined(separator: ","))\n" }
        .joined())
  }

  private func explanation(
    _ workshop: Workshop, _ unit: String, _ node: String? = nil
  ) throws -> (text: String, json: [String: Any]) {
    let explanation = try RunExplanation(
      workshop.path("Runs/small/latest"), unit: unit, node: node)
    let json = try JSONSerialization.jsonObject(with: Data(explanation.json.document))
    return (explanation.text, try #require(json as? [String: Any]))
  }

  private func next(_ json: [String: Any]) throws -> (step: [String: Any], parts: [[String: Any]]) {
    let step = try #require(json["next_group"] as? [String: Any])
    return (step, try #require(step["parts_alone"] as? [[String: Any]]))
  }

  private func line(_ workshop: Workshop, _ node: String, _ unit: String) throws -> [String: String]
  {
    try #require(
      CSVTable(try workshop.released("scores.csv")).rows.first {
        $0["node"] == node && $0["unit"] == unit
      })
  }

  @Test(
    "a part that moves alone as it is said brings the unit to the score of the next group up",
    arguments: [
      "combine: mean", "combine: weighted", "combine: sum, multiplier: 0.5",
      "combine: weighted, divisor: 5", "combine: geometric", "combine: harmonic",
      "combine: power, exponent: 2", "combine: power, exponent: -0.5",
      "combine: weighted, multiplier: 3, low: 0, high: 40",
      "combine: geometric, low: 0, high: 12, direction: down",
      "combine: sum, missing: drop",
    ])
  func partsAlone(rule: String) throws {
    // A unit that is not in the highest group: low numbers are good in one case.
    let position = rule.contains("down") ? 3 : 0
    let unit = Self.values[position].unit
    let weights =
      rule.contains("mean") ? ["", "", ""] : [", weight: 2", ", weight: 1", ", weight: 0.7"]
    let workshop = try workshop(
      "    - {node: index, \(rule)}\n"
        + zip(["a", "b", "c"], weights).map { name, weight in
          "    - {node: \(name), parent: index, variable: \(name)\(weight)}"
        }.joined(separator: "\n"))
    try workshop.run()
    let group = try line(workshop, "index", unit)["group"]
    let (step, parts) = try next(try explanation(workshop, unit).json)
    let score = try #require(step["score"] as? Double)
    #expect(parts.count == 3)
    for part in parts {
      let column = try #require(["a", "b", "c"].firstIndex(of: part["node"] as? String ?? ""))
      guard let to = part["to"] as? Double else {
        // A mean with an exponent below 0 stays below its smallest part times a number.
        #expect(part["out_of_reach"] as? Bool == true)
        #expect(rule.contains("harmonic") || rule.contains("-0.5"))
        continue
      }
      var moved = Self.values
      moved[position].numbers[column] = to
      try write(moved, workshop)
      try workshop.run()
      let row = try line(workshop, "index", unit)
      expectClose(Double(row["score"] ?? ""), String(score), tolerance: 1e-9)
      moved[position].numbers[column] =
        to + (to > Self.values[position].numbers[column] ? 1e-9 : -1e-9)
      try write(moved, workshop)
      try workshop.run()
      #expect(try line(workshop, "index", unit)["group"] == step["group"] as? String)
    }
    #expect(group != step["group"] as? String)
  }

  @Test("a harmonic mean that one part cannot lift is said to be out of reach")
  func harmonicLimit() throws {
    var values = Self.values
    values[3].numbers = [2, 2, 2]
    let workshop = try workshop(
      """
          - {node: index, combine: harmonic}
          - {node: a, parent: index, variable: a}
          - {node: b, parent: index, variable: b}
      """, groups: "{cuts: [4.5], names: [low, high]}", values: values)
    try workshop.run()
    // 2 / (1/a + 1/2) stays below 4 for every a.
    let found = try explanation(workshop, "u3")
    let parts = try next(found.json).parts
    #expect(parts.allSatisfy { $0["out_of_reach"] as? Bool == true && $0["to"] is NSNull })
    #expect(found.text.contains("out of reach: no value would do"))
  }

  @Test("a constant is no part to move, and a target beyond a part's scale is marked")
  func outOfReach() throws {
    let workshop = try workshop(
      """
          - {node: index, combine: weighted}
          - {node: a, parent: index, weight: 0.1, variable: a, low: 0, high: 10}
          - {node: b, parent: index, weight: 3, variable: b, low: 0, high: 10}
          - {node: k, parent: index, variable: c, constant: 5}
      """, groups: "{cuts: [5.5, 9], names: [low, middle, high]}")
    try workshop.run()
    // u0: a = 2 + 3·0.55 = 3.65 → 4.285; b = 2.55 → 3.295.
    let found = try explanation(workshop, "u0")
    let (_, parts) = try next(found.json)
    #expect(parts.map { $0["node"] as? String } == ["a", "b"])
    #expect(parts.map { $0["out_of_reach"] as? Bool } == [true, false])
    #expect(parts[0]["note"] as? String == "out of reach: its scale ends at 10")
    // 5.5 = (0.1·4.285 + 3 b + 5) / 4.1.
    let b = (5.5 * 4.1 - 5 - 0.1 * 4.285) / 3
    expectClose(parts[1]["to"] as? Double, String(b), tolerance: 1e-12)
    #expect(found.text.contains("k       "), "the constant is explained: \(found.text)")
    #expect(found.text.contains("counts as 5 whatever the data say"))
  }

  @Test("a leaf has the estimate that would do, on its own scale and in its own direction")
  func leaf() throws {
    let workshop = try workshop(
      """
          - {node: index}
          - {node: a, parent: index, variable: a, low: 0, high: 10, direction: down}
      """, groups: "{cuts: [6.4, 9], names: [low, middle, high]}")
    try workshop.run()
    // u3: a = 2 + ((15 + 3) % 13) · 0.55 = 4.75; 6.4 = 1 + 9 (10 − a) / 10 at a = 4.
    let found = try explanation(workshop, "u3", "a")
    let step = try next(found.json).step
    let estimate = try #require(step["estimate"] as? [String: Any])
    expectClose(estimate["from"] as? Double, "4.75", tolerance: 1e-12)
    expectClose(estimate["to"] as? Double, "4", tolerance: 1e-12)
    #expect(found.text.contains("Its estimate would have to go from 4.750 to 4.000."))
    #expect(!found.text.contains("No part"))
  }

  @Test(
    "what was clamped has its own estimate to move from, and parts of a clamped node cannot be told"
  )
  func clamped() throws {
    let workshop = try workshop(
      """
          - {node: index}
          - {node: a, parent: index, variable: a, low: 4, high: 8, clamp: yes}
          - {node: mid, parent: index, low: 4, high: 8, clamp: yes}
          - {node: b, parent: mid, variable: b}
      """, groups: "{cuts: [3.25, 9], names: [low, middle, high]}")
    try workshop.run()
    // u2: a = 2, below the scale; 3.25 = 1 + 9 (a − 4) / 4 at a = 5. u0: b = 2.55.
    let leaf = try #require(
      try next(try explanation(workshop, "u2", "a").json).step["estimate"] as? [String: Any])
    expectClose(leaf["from"] as? Double, "2", tolerance: 1e-12)
    expectClose(leaf["to"] as? Double, "5", tolerance: 1e-12)
    let node = try next(try explanation(workshop, "u0", "mid").json)
    #expect(node.parts.isEmpty && node.step["note"] as? String != "")
  }

  @Test("weights that the units make, and scales that move with the unit, are said")
  func madeByUnits() throws {
    let workshop = try workshop(
      """
          - {node: index, combine: weighted, weights: principal-component}
          - {node: a, parent: index, variable: a, normalize: z-score}
          - {node: d, parent: index, variable: a, normalize: z-score-population}
          - {node: both}
          - {node: low, parent: both, variable: a, low: observed, high: 20}
          - {node: b, parent: both, variable: b, normalize: percentile-rank}
      """)
    try workshop.run()
    let index = try explanation(workshop, "u3", "index")
    #expect(index.text.contains("the weights stay as they are, which the units make"))
    #expect(index.text.contains("weights from the first principal component"))
    #expect(
      index.text.contains("the mean and standard deviation of the units would move with it"))
    #expect(index.text.contains("z-score over the units, divisor n"))
    // u2 has the lowest a: (10 + 3) % 13 = 0.
    let both = try explanation(workshop, "u2", "both")
    let low = try #require(try next(both.json).parts.first { $0["node"] as? String == "low" })
    #expect(low["to"] is NSNull)
    let caution = "this unit sets the worst end of the scale, which would move with it"
    #expect(low["note"] as? String == caution)
    #expect(both.text.contains("If it moves in low: \(caution), and so would other units."))
    #expect(both.text.contains("from the lowest unit to 20"))
    #expect(both.text.contains("it is a rank: the units that are overtaken fall"))
    let other = try explanation(workshop, "u3", "both")
    #expect(!other.text.contains("sets the worst end"))
    #expect((other.json["scales_that_move"] as? [Any])?.isEmpty == true)
  }

  @Test(
    "the rule of a node is said in words, with all that is done to it",
    arguments: [
      (
        "combine: sum, multiplier: 0.25, missing: keep",
        "sum, a missing part counts 0, times 0.25"
      ),
      ("combine: weighted, divisor: 5", "weighted mean, divided by 5"),
      ("combine: power, exponent: 2", "power mean with exponent 2"),
      ("combine: copeland", "Copeland score"),
      ("combine: mean, low: 0, high: 20, clamp: yes", "mean, from 0 to 20, clamped to the scale"),
    ])
  func words(rule: String, words: String) throws {
    let workshop = try workshop(
      """
          - {node: index, \(rule)}
          - {node: a, parent: index, variable: a, floor: 3, ceiling: 8, transform: log}
          - {node: t, parent: index, variable: b, normalize: distance-to-target, target: 9}
          - {node: w, parent: index, variable: c, transform: winsorize, low: 0, high: 9, direction: down}
      """)
    try workshop.run()
    let text = try explanation(workshop, "u3").text
    for piece in [
      words, "mean of a, at least 3, at most 8, as a logarithm",
      "mean of b, distance to the target 9",
      "mean of c from 0 to 9, outliers winsorized, low is good",
    ] {
      #expect(text.contains(piece), "\(piece) in \(text)")
    }
  }

  @Test(
    "decimals follow the scale",
    arguments: [("[0, 1]", 3), ("[1, 10]", 2), ("[0, 100]", 2), ("[0, 0.1]", 4)])
  func decimals(scale: String, decimals: Int) throws {
    let workshop = try workshop(
      """
          - {node: index}
          - {node: a, parent: index, variable: a, low: 0, high: 10}
          - {node: b, parent: index, variable: b, low: 0, high: 10}
      """, scale: scale)
    try workshop.run()
    let score = try #require(Double(try line(workshop, "index", "u5")["score"] ?? ""))
    let text = try explanation(workshop, "u5").text
    #expect(
      text.split(separator: "\n")[2].contains(
        " \(String(format: "%.\(decimals)f", score)) "), "\(score) in \(text)")
  }
}
