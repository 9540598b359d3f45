import CanvassCompute
import CanvassPipeline
import CanvassPublishing
import CanvassSurvey
import Foundation
import Testing

/// `canvass compare` and `canvass explain` on two runs of one small survey.
@Suite("Comparing and explaining runs")
struct ComparisonTests {
  /// Runs of the two drops; the pipeline file of the second changed as `edit` says.
  private func runs(
    _ edit: (String) -> String = { $0 }
  ) throws -> (workshop: Workshop, old: String, new: String) {
    let workshop = try Workshop()
    try workshop.run()
    try workshop.write("later.csv", Workshop.drop(seed: 12))
    try workshop.write(
      "later.yaml",
      edit(Workshop.pipeline).replacing("name: small", with: "name: later")
        .replacing("drops: drop.csv", with: "drops: later.csv"))
    _ = try PipelineRun.run(
      workshop.path("later.yaml"),
      options: RunOptions(output: workshop.path("Runs"), workers: Workers(2)),
      progress: { _ in })
    return (workshop, workshop.path("Runs/small/latest"), workshop.path("Runs/later/latest"))
  }

  @Test("a comparison of two folders says what rounds: in a pipeline file says")
  func sameAsRounds() throws {
    let (workshop, old, new) = try runs()
    let comparison = try RunComparison.compare(old, new, confidence: 0.95)
    let text = try String(contentsOfFile: workshop.path("later.yaml"), encoding: .utf8)
    let name = "small/" + (try FileManager.default.destinationOfSymbolicLink(atPath: old))
    #expect(name.hasPrefix("small/0001-"))
    try workshop.write(
      "again.yaml", text + "rounds:\n  - {name: \(name), run: Runs/small/latest}\n")
    let outcome = try PipelineRun.run(
      workshop.path("again.yaml"),
      options: RunOptions(output: workshop.path("Runs"), workers: Workers(2)),
      progress: { _ in })
    let released = try String(
      contentsOfFile: outcome.published.path + "/release/changes.csv", encoding: .utf8)
    #expect(String(decoding: comparison.csv, as: UTF8.self) == released)
    #expect(comparison.definitions.isEmpty && comparison.headline == "index")
  }

  @Test("on shared leaves both runs are scored again, and the rest is left out")
  func commonLeaves() throws {
    let (workshop, old, new) = try runs {
      $0.replacing("variable: trust, low: 0, high: 4", with: "variable: trust, low: 0, high: 5")
    }
    defer { withExtendedLifetime(workshop) {} }
    let plain = try RunComparison.compare(old, new, confidence: 0.95)
    #expect(
      plain.definitions.contains {
        $0.node == "trust" && $0.property == "high" && $0.before == "4" && $0.after == "5"
      })
    #expect(plain.rows.first { $0.node == "index" && $0.unit == "01" }?.change == nil)
    let common = try RunComparison.compareCommon(
      old, new, from: nil, confidence: 0.95, workers: Workers(2), progress: { _ in })
    #expect(common.isCommon && !common.rows.contains { $0.node == "trust" })
    // One leaf is left, so that the index is that leaf in both rounds.
    for unit in ["01", "48", "79"] {
      let index = try #require(common.rows.first { $0.node == "index" && $0.unit == unit })
      let leaf = try #require(plain.rows.first { $0.node == "honest" && $0.unit == unit })
      let change = try #require(index.change)
      #expect(abs(change - (leaf.change ?? .nan)) < 1e-12)
      #expect(abs((index.standardError ?? .nan) - (leaf.standardError ?? .nan)) < 1e-12)
    }
  }

  @Test("runs that share no leaf cannot be put on common ones")
  func nothingShared() throws {
    let (workshop, old, new) = try runs {
      $0.replacing("low: 0, high: 4", with: "low: 0, high: 5")
        .replacing("good: 0, low: 0, high: 1", with: "good: 1, low: 0, high: 1")
    }
    defer { withExtendedLifetime(workshop) {} }
    let error = #expect(throws: Diagnostic.self) {
      _ = try RunComparison.compareCommon(
        old, new, from: nil, confidence: 0.95, workers: Workers(1), progress: { _ in })
    }
    #expect(error?.what == "the two runs share no leaf that means the same in both")
  }

  @Test("a run is compared with a table of published scores, whose units have codes or names")
  func publishedTable() throws {
    let (workshop, old, new) = try runs()
    let former = CSVTable(try workshop.released("scores.csv")).rows.filter { $0["domain"] == "" }
    let names = ["01": "ha noi", "48": "Da Nang", "79": "79"]
    var table = "unit,node,score,se,df\n"
    for row in former {
      guard let unit = names[row["unit"] ?? ""] else { continue }
      table +=
        [unit, row["node"], row["score"], row["se"], row["df"]].map { $0 ?? "" }
        .joined(separator: ",") + "\n"
    }
    try workshop.write("published.csv", table + "Huế,index,5,,\n")
    let comparison = try RunComparison.compare(
      workshop.path("published.csv"), new, confidence: 0.95)
    let runs = try RunComparison.compare(old, new, confidence: 0.95)
    var compared = 0
    for row in comparison.rows where names[row.unit] != nil {
      let other = try #require(runs.rows.first { $0.unit == row.unit && $0.node == row.node })
      #expect(row.change == other.change && row.before == other.before)
      // Without sampling units the samples count as independent.
      #expect(row.sharedSamplingUnits == nil && row.standardError != other.standardError)
      compared += 1
    }
    #expect(compared == 9)
    #expect(
      comparison.notes.contains { $0.contains("the definitions of that round are not known") })
    #expect(comparison.notes.contains { $0.contains("not in this round: Huế") })
    let error = #expect(throws: Diagnostic.self) {
      _ = try RunComparison.compareCommon(
        workshop.path("published.csv"), new, from: nil, confidence: 0.95, workers: Workers(1),
        progress: { _ in })
    }
    #expect(error?.kind == .usage)
  }

  @Test("a run that is compared with itself, or with one of the same release, is said to be")
  func itself() throws {
    let (workshop, old, new) = try runs()
    try workshop.run()
    let again = workshop.path("Runs/small/latest")
    let note = "Both are one and the same release: every change is 0 and has no sampling error."
    for pair in [(old, old), (old, again)] {
      let comparison = try RunComparison.compare(pair.0, pair.1, confidence: 0.95)
      #expect(comparison.notes.first == note)
      #expect(comparison.rows.allSatisfy { ($0.change ?? 0) == 0 && $0.standardError == nil })
    }
    #expect(!(try RunComparison.compare(old, new, confidence: 0.95).notes.contains(note)))
  }

  @Test("an explanation has every part with its score, estimate, count and weight as released")
  func explanation() throws {
    let (workshop, old, _) = try runs()
    defer { withExtendedLifetime(workshop) {} }
    let text = try RunExplanation(old, unit: "da nang", node: nil).text
    #expect(text.hasPrefix("Da Nang (48)\n"))
    for piece in ["trust", "honest", "mean of trust from 0 to 4", "share of 0 of bribe"] {
      #expect(text.contains(piece), "\(piece) in \(text)")
    }
    #expect(text.contains("The next group up is") || text.contains("top"))
  }

  @Test(
    "a unit or a node that a run does not have is named, with what may be meant",
    arguments: [
      ("Đà Nẵn", nil, "the run has no unit 'Đà Nẵn'"), ("48", "indx", "the run has no node 'indx'"),
    ]
      as [(String, String?, String)])
  func unknown(unit: String, node: String?, message: String) throws {
    let workshop = try Workshop()
    try workshop.run()
    let error = #expect(throws: Diagnostic.self) {
      _ = try RunExplanation(workshop.path("Runs/small/latest"), unit: unit, node: node)
    }
    #expect(error?.what == message)
    #expect(error?.remedy?.contains("did you mean") == true)
  }
}
