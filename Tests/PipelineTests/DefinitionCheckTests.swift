import CanvassCompute
import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

/// What a definition says that cannot be meant is an error of its line, before a row is read where that is
/// possible.
@Suite("Checks of index definitions")
struct DefinitionCheckTests {
  private func table(
    _ structure: String, more: String = "", units: String = ""
  ) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("values.csv", "province,a,b\nHanoi,2,0.5\n48,3,0.25\n79,1,1\n")
    try workshop.write(
      "pipeline.yaml",
      """
      canvass: 1
      name: small
      units: {variable: province\(units)}
      published: {file: values.csv, unit: province}
      index:
        scale: [1, 10]
      \(more)  structure:
          - {node: index, combine: weighted}
      \(structure)

      """)
    return workshop
  }

  private func error(_ body: () throws -> Void) -> Diagnostic? {
    do {
      try body()
      return nil
    } catch {
      return error as? Diagnostic
    }
  }

  /// `canvass check` and `canvass run` both refuse it, with exit 78, at `place`.
  private func expectRefused(
    _ workshop: Workshop, _ message: String, at place: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for found in [error { _ = try workshop.check() }, error { _ = try workshop.run() }] {
      #expect(found?.kind == .badPipeline, sourceLocation: sourceLocation)
      #expect(
        found?.what == message, "\(found?.description ?? "accepted")",
        sourceLocation: sourceLocation)
      #expect(
        found?.place == workshop.path("pipeline.yaml") + place, sourceLocation: sourceLocation)
    }
  }

  private let a = "    - {node: a, parent: index, variable: a, low: 0, high: 4}"

  @Test("a constant off the scale of its parent is refused, at its line")
  func constants() throws {
    expectRefused(
      try table(a + "\n    - {node: k, parent: index, variable: b, constant: 10.5}"),
      "the constant of 'k' lies beyond the scale of 'index'", at: ":10:7")
  }

  @Test(
    "a constant on the scale, of 0, or beside parts that nothing bounds, is taken",
    arguments: [
      ("low: 0, high: 4", "10"), ("low: 0, high: 4", "0"), ("normalize: z-score", "-1.5"),
    ])
  func constantsThatStay(scale: String, constant: String) throws {
    let workshop = try table(
      """
          - {node: a, parent: index, variable: a, \(scale)}
          - {node: k, parent: index, variable: b, constant: \(constant)}
      """)
    try workshop.run()
  }

  @Test("a sum of bounded parts bounds the constant beside it")
  func constantBesideSum() throws {
    func structure(_ constant: Int) -> String {
      """
          - {node: s, parent: index, combine: sum, multiplier: 2}
          - {node: a, parent: s, variable: a, low: 0, high: 4}
          - {node: b, parent: s, variable: b, low: 0, high: 1}
          - {node: k, parent: index, variable: b, constant: \(constant)}
      """
    }
    try table(structure(40)).run()
    expectRefused(
      try table(structure(41)), "the constant of 'k' lies beyond the scale of 'index'", at: ":12:7")
  }

  @Test("a child listed twice under one parent is refused, at the second line")
  func twice() throws {
    expectRefused(
      try table(a + "\n    - {node: a, parent: index, weight: 3}"),
      "'a' is listed twice under 'index'", at: ":10:25")
  }

  @Test("weights that are all 0 are refused")
  func noWeight() throws {
    expectRefused(
      try table("    - {node: a, parent: index, variable: a, low: 0, high: 4, weight: 0}"),
      "every part of 'index' has weight 0", at: ":8:7")
  }

  @Test("the mean of a group needs units with groups")
  func groups() throws {
    let line = "    - {node: a, parent: index, variable: a, low: 0, high: 4, impute: group}"
    expectRefused(
      try table(line), "'a' takes the mean of its group, and no unit has one", at: ":9:7")
    try table(line, units: ", places: places.csv, vintage: 2004").run()
  }

  @Test(
    "a cut of groups beyond the scale of the index is refused",
    arguments: [("[0.5, 4]", 19), ("[4, 10.5]", 22)])
  func cuts(cuts: String, column: Int) throws {
    expectRefused(
      try table(a, more: "  groups: {cuts: \(cuts), names: [low, middle, high]}\n"),
      "the cut lies beyond the scale of the index", at: ":7:\(column)")
  }

  @Test("cuts at the ends of the scale stay, as do cuts of an index that nothing bounds")
  func cutsThatStay() throws {
    try table(a, more: "  groups: {cuts: [1, 10], names: [low, middle, high]}\n").run()
    try table(
      "    - {node: a, parent: index, variable: a, normalize: z-score}",
      more: "  groups: {cuts: [-1, 50], names: [low, middle, high]}\n"
    ).run()
  }

  @Test(
    "an end or a target on the wrong side of the observed one is refused, at its line",
    arguments: [
      (
        "normalize: distance-to-target, target: 0.5",
        "the target of 'a' is no better than the worst published unit"
      ),
      (
        "normalize: distance-to-target, target: 3.5, direction: down",
        "the target of 'a' is no better than the worst published unit"
      ),
      ("low: 3.5, high: observed", "the ends of the scale of 'a' are the wrong way round"),
      (
        "low: observed, high: 0.5, direction: down",
        "the ends of the scale of 'a' are the wrong way round"
      ),
    ])
  func wrongSide(scale: String, message: String) throws {
    let workshop = try table("    - {node: a, parent: index, variable: a, \(scale)}")
    let found = try #require(error { try workshop.run() })
    #expect(found.kind == .badPipeline && found.what == message, "\(found)")
    #expect(found.place == workshop.path("pipeline.yaml") + ":9:7")
    try table(
      "    - {node: a, parent: index, variable: a, normalize: distance-to-target, target: 1.5}"
    )
    .run()
  }

  @Test(
    "what a missing answer counts as lies between the ends of the item",
    arguments: [
      ("dont_know: 88", "'dont_know' counts as more than the high end of the scale"),
      ("refused: -1", "'refused' counts as less than the low end of the scale"),
      ("statistic: median, blank: 4.5", "'blank' counts as more than the high end of the scale"),
      (
        "statistic: count, good: 1, dont_know: 9",
        "'dont_know' of a count must lie between 0 and 1"
      ),
    ])
  func missing(cell: String, message: String) throws {
    let workshop = try Workshop()
    let old = "variable: trust, low: 0, high: 4"
    let found = try #require(
      error { _ = try workshop.check(replacing: old, with: "\(old), \(cell)") })
    #expect(found.kind == .badPipeline && found.what == message, "\(found)")
    #expect(found.place?.contains("pipeline.yaml:30:") == true, "\(found)")
    let ends = try Workshop()
    for number in [0, 4] {
      _ = try ends.check(replacing: old, with: "\(old), dont_know: \(number)")
    }
  }
}
