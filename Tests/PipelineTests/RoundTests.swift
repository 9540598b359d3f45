import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

/// Two rounds of one small survey in the same villages.
@Suite("Changes between rounds")
struct RoundTests {
  /// Without calibration, so that R's stacked design gives the same linearization.
  private static let base = Workshop.pipeline.replacing(
    "  - rake: {within: province, margins: margins.csv, count: population, over: [sex]}\n", with: ""
  )

  /// The first round is run as `small`, the second as `later`, compared with it.
  private func rounds(
    first: String = RoundTests.base, second: String = RoundTests.base,
    round: String = "run: Runs/small/latest"
  ) throws -> (workshop: Workshop, rows: [[String: String]]) {
    let workshop = try Workshop()
    try workshop.write("pipeline.yaml", first)
    try workshop.run()
    try workshop.write("drop.csv", Workshop.drop(seed: 12))
    try workshop.write(
      "pipeline.yaml",
      second.replacing("name: small", with: "name: later")
        + "rounds:\n  - {name: 2024, \(round)}\n")
    try workshop.run()
    let text = try String(
      contentsOf: workshop.folder.appending(path: "Runs/later/latest/release/changes.csv"),
      encoding: .utf8)
    return (workshop, CSVTable(text).rows)
  }

  private func row(_ rows: [[String: String]], _ node: String, _ unit: String) throws
    -> [String: String]
  {
    try #require(rows.first { $0["node"] == node && $0["unit"] == unit })
  }

  /// R 4.2.2, survey 4.1-1: the two drops stacked, `svydesign(~village, strata = ~st, weights = ~weight,
  /// nest = TRUE)`, `svycontrast(svyby(~v, ~round, subset(…), svymean, covmat = TRUE), c(-1, 1))`, where v is
  /// 1 + 9 trust / 4 or 1 + 9 (bribe == 0), adults only, missing left out. 2026-11-25.
  private static let expected: [(unit: String, node: String, change: Double, error: Double)] = [
    ("01", "trust", 1.399900573166453, 1.338093182602594),
    ("01", "honest", -2.923780854906683, 1.091570905040909),
    ("48", "trust", 0.9232592663537975, 1.142772655463254),
    ("48", "honest", -1.142448452936423, 1.180218081072367),
    ("79", "trust", -0.732022767404291, 0.8489070699197973),
    ("79", "honest", -0.6383720930232561, 1.200125228886185),
    ("national:survey", "trust", 0.3778289510165198, 0.7065079224843557),
    ("national:survey", "honest", -1.545969331872946, 0.6706325150739223),
  ]

  @Test("in the same villages changes have the standard errors of R's stacked design")
  func sharedVillages() throws {
    let (_, rows) = try rounds()
    for expected in Self.expected {
      let row = try row(rows, expected.node, expected.unit)
      expectClose(Double(row["change"] ?? ""), String(expected.change), tolerance: 1e-9)
      expectClose(Double(row["se"] ?? ""), String(expected.error), tolerance: 1e-9)
      #expect(row["psus_shared"] == (expected.unit.hasPrefix("national") ? "18" : "6"))
    }
  }

  @Test("samples declared independent add their variances, and say so")
  func independent() throws {
    let (workshop, rows) = try rounds(
      round: "run: Runs/small/latest, sampling_units: independent")
    let now = CSVTable(
      try String(
        contentsOf: workshop.folder.appending(path: "Runs/later/latest/release/scores.csv"),
        encoding: .utf8)
    ).rows
    let then = CSVTable(try workshop.released("scores.csv")).rows
    func error(_ rows: [[String: String]]) throws -> Double {
      let row = try #require(
        rows.first { $0["unit"] == "48" && $0["node"] == "index" && $0["domain"] == "" })
      return try #require(Double(row["se"] ?? ""))
    }
    let both = try (error(now) * error(now) + error(then) * error(then)).squareRoot()
    let row = try row(rows, "index", "48")
    expectClose(Double(row["se"] ?? ""), String(both), tolerance: 1e-12)
    #expect(row["psus_shared"] == "")
  }

  @Test("published scores alone: independent samples, and only declared breaks count")
  func publishedScores() throws {
    let (_, all) = try rounds(round: "release: Runs/small/latest/release/scores.csv")
    let row = try row(all, "index", "48")
    #expect(row["status"] == "" && row["psus_shared"] == "" && row["se"] != "")
    let (_, broken) = try rounds(
      second: Self.base.replacing(
        "variable: trust,", with: "break_since: 2026, break_reason: other words, variable: trust,"),
      round: "release: Runs/small/latest/release/scores.csv")
    let trust = try self.row(broken, "trust", "48")
    #expect(trust["status"] == "not comparable")
    #expect(trust["reason"] == "declared to be another since 2026: other words")
    #expect(try self.row(broken, "index", "48")["reason"] == "its part trust is not comparable")
    #expect(try self.row(broken, "honest", "48")["status"] == "")
  }

  @Test(
    "a node defined otherwise is not comparable, nor is what is made of it; the rest is",
    arguments: [
      ("variable: trust, low: 0, high: 4", "variable: trust, low: 0, high: 5", "high: 4 → 5"),
      (
        "variable: trust, low: 0, high: 4",
        "variable: trust, low: 0, high: 4, direction: down", "direction: up → down"
      ),
      (
        "variable: trust, low: 0, high: 4", "variable: trust, low: 0, high: 4, dont_know: 0",
        "dont_know: – → 0"
      ),
    ])
  func otherDefinition(old: String, new: String, difference: String) throws {
    let (_, rows) = try rounds(second: Self.base.replacing(old, with: new))
    let trust = try row(rows, "trust", "01")
    #expect(trust["status"] == "not comparable")
    #expect(trust["reason"] == "another definition (\(difference))")
    for cell in ["before", "after", "change", "se", "ci_low"] { #expect(trust[cell] == "") }
    #expect(try row(rows, "index", "01")["status"] == "not comparable")
    #expect(try row(rows, "honest", "01")["status"] == "")
  }

  @Test("another weight makes the node above another, and no part")
  func otherWeight() throws {
    let (_, rows) = try rounds(second: Self.base.replacing("weight: 2", with: "weight: 3"))
    #expect(try row(rows, "index", "01")["reason"] == "another definition (part trust: 2 → 3)")
    #expect(try row(rows, "trust", "01")["status"] == "")
  }

  @Test("names, titles and columns of the data are no part of a definition")
  func names() throws {
    let (_, rows) = try rounds(
      second: Self.base.replacing(
        "{node: trust, parent: index,",
        with: "{node: confidence, same_as: trust, title_en: Confidence, parent: index,"))
    let row = try row(rows, "confidence", "01")
    #expect(row["status"] == "")
    expectClose(Double(row["change"] ?? ""), "1.399900573166453", tolerance: 1e-9)
    expectClose(Double(row["se"] ?? ""), "1.338093182602594", tolerance: 1e-9)
    #expect(try self.row(rows, "index", "01")["status"] == "")
  }

  @Test("a yardstick that each round's units make is no common one, unless it is declared so")
  func yardstick() throws {
    let observed = Self.base.replacing("low: 0, high: 4", with: "low: observed, high: 4")
    let (_, rows) = try rounds(first: observed, second: observed)
    #expect(try row(rows, "trust", "01")["reason"]?.hasPrefix("measured against the units") == true)
    let (_, declared) = try rounds(
      first: observed,
      second: observed.replacing("variable: trust,", with: "same_as: trust, variable: trust,"))
    #expect(try row(declared, "trust", "01")["status"] == "")
  }

  @Test(
    "a round that cannot be used is an error of its line",
    arguments: [
      ("{name: a, run: nowhere}", "the round 'a' is not there"),
      ("{name: a}", "a round has either a 'run' or a 'release'"),
      ("{name: a, run: x, release: y}", "a round has either a 'run' or a 'release'"),
      ("{name: a, release: drop.csv}", "the table of published scores has no column 'unit'"),
      ("{name: a, release: scores.csv}", "'Huế' is no unit of the places file"),
      ("{name: a, release: twice.csv}", "the score of 'index' is given twice for one unit"),
    ])
  func badRound(line: String, message: String) throws {
    let workshop = try Workshop()
    try workshop.write("scores.csv", "unit,node,score\nHuế,index,5\n")
    try workshop.write("twice.csv", "unit,node,score\n01,index,5\nHà Nội,index,6\n")
    try workshop.write("pipeline.yaml", Workshop.pipeline + "rounds:\n  - \(line)\n")
    let error = #expect(throws: Diagnostic.self) { try workshop.run() }
    #expect(error?.what.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.place != nil)
  }

  @Test("a national number is compared over the same units alone, and a unit that is gone is named")
  func otherUnits() throws {
    let workshop = try Workshop()
    try workshop.write("pipeline.yaml", Self.base)
    try workshop.run()
    let lines = Workshop.drop(seed: 12).split(separator: "\n").filter { !$0.contains(",79,") }
    try workshop.write("drop.csv", lines.joined(separator: "\n") + "\n")
    try workshop.write(
      "pipeline.yaml",
      Self.base.replacing("name: small", with: "name: later")
        + "rounds:\n  - {name: 2024, run: Runs/small/latest}\n")
    try workshop.run()
    let rows = CSVTable(
      try String(
        contentsOf: workshop.folder.appending(path: "Runs/later/latest/release/changes.csv"),
        encoding: .utf8)
    ).rows
    let mean = try row(rows, "trust", "national:mean-of-units")
    #expect(mean["status"] == "not comparable" && mean["change"] == "")
    #expect(mean["reason"] == "made of other units than in the former round")
    #expect(try row(rows, "trust", "national:survey")["change"] != "")
    let gone = try row(rows, "trust", "79")
    #expect(gone["status"] == "not published now" && gone["before"] != "" && gone["after"] == "")
  }

  @Test("two nodes cannot both be declared to be one former node")
  func twoClaims() throws {
    let workshop = try Workshop()
    let error = #expect(throws: Diagnostic.self) {
      _ = try workshop.check(
        replacing: "{node: trust, parent: index, weight: 2, variable: trust, low: 0, high: 4}",
        with: """
          {node: x, parent: index, same_as: trust, variable: trust, low: 0, high: 4}
              - {node: y, parent: index, same_as: trust, variable: trust, low: 0, high: 4}
          """)
    }
    #expect(error?.kind == .badPipeline)
    #expect(error?.what == "'y' and 'x' are both declared to be the former node 'trust'")
    #expect(error?.place == workshop.path("pipeline.yaml") + ":31:41")
  }

  @Test(
    "a node whose name another one claims is new, and changes of the other are those of the former")
  func nameTaken() throws {
    let (workshop, rows) = try rounds(
      second: Self.base.replacing(
        "{node: trust, parent: index, weight: 2,",
        with: """
          {node: trust, parent: index, weight: 1, variable: age, low: 18, high: 100}
              - {node: confidence, same_as: trust, parent: index, weight: 2,
          """))
    defer { withExtendedLifetime(workshop) {} }
    let taken = try row(rows, "trust", "01")
    #expect(taken["status"] == "not comparable" && taken["change"] == "")
    #expect(
      taken["reason"] == "not in the former round, where trust is what is confidence now")
    expectClose(
      Double(try row(rows, "confidence", "01")["change"] ?? ""), "1.399900573166453",
      tolerance: 1e-9)
    #expect(
      try row(rows, "index", "01")["reason"] == "another definition (part trust (new): – → 1)")
  }

  @Test("a node that is the same as one that no former round has is refused, at its line")
  func sameAsNothing() throws {
    for round in ["run: Runs/small/latest", "release: Runs/small/latest/release/scores.csv"] {
      let workshop = try Workshop()
      try workshop.run()
      try workshop.write(
        "pipeline.yaml",
        Self.base.replacing("{node: trust,", with: "{node: trust, same_as: trustt,")
          + "rounds:\n  - {name: 2024, \(round)}\n")
      for check in [false, true] {
        let error = #expect(throws: Diagnostic.self) {
          if check { _ = try workshop.check() } else { try workshop.run() }
        }
        #expect(error?.kind == .badPipeline)
        #expect(
          error?.what == "'trust' is declared the same as 'trustt', which no former round has")
        #expect(error?.place == workshop.path("pipeline.yaml") + ":29:7")
        #expect(error?.remedy == "did you mean 'trust'?")
      }
    }
  }

  @Test(
    "a node that one round has under another name, and one under its own, is compared with both")
  func sameAsInOneRound() throws {
    let workshop = try Workshop()
    try workshop.write("pipeline.yaml", Self.base)
    try workshop.run()
    try workshop.write("old.csv", "unit,node,score\n01,confidence,5\n")
    let line = "{node: trust, same_as: confidence,"
    try workshop.write(
      "pipeline.yaml",
      Self.base.replacing("name: small", with: "name: later").replacing("{node: trust,", with: line)
        .replacing("low: 0, high: 4", with: "low: 0, high: 5")
        + "rounds:\n  - {name: old, release: old.csv}\n  - {name: new, run: Runs/small/latest}\n")
    try workshop.run()
    let rows = CSVTable(
      try String(
        contentsOf: workshop.folder.appending(path: "Runs/later/latest/release/changes.csv"),
        encoding: .utf8)
    ).rows.filter { $0["node"] == "trust" && $0["unit"] == "01" }
    #expect(rows.first { $0["round"] == "old" }?["before"] == "5")
    // What is said of the older round does not excuse another scale in the newer one.
    #expect(
      rows.first { $0["round"] == "new" }?["reason"] == "another definition (high: 4 → 5)")
  }

  @Test(
    "a table of published scores that has nothing to compare is refused",
    arguments: [
      ("unit,node,score\n", "the table of published scores has no rows"),
      (
        "unit,node,score\n01,other,5\n",
        "the round 'old' has scores of none of the nodes of this index"
      ),
      ("unit,node,score\nX,index,5\n", "the round 'old' has none of the units of this one"),
    ])
  func nothingInCommon(table: String, message: String) throws {
    let workshop = try Workshop()
    try workshop.write("old.csv", table)
    try workshop.write(
      "pipeline.yaml",
      Self.base.replacing(", places: places.csv, vintage: 2004", with: "")
        + "rounds:\n  - {name: old, release: old.csv}\n")
    let error = #expect(throws: Diagnostic.self) { try workshop.run() }
    #expect(error?.what == message, "\(error?.description ?? "")")
    #expect(error?.place != nil)
  }

  @Test("units and nodes of a former table that this round does not know are named in a note")
  func unknownNamed() throws {
    let workshop = try Workshop()
    try workshop.write(
      "old.csv", "unit,node,score\nHanoi,index,5\nHanoi,speed,4\nX,index,3\nX,trust,2\n")
    try workshop.write(
      "pipeline.yaml",
      Self.base.replacing(", places: places.csv, vintage: 2004", with: "")
        + "rounds:\n  - {name: old, release: old.csv}\n")
    let notes = try workshop.run().notes
    #expect(notes.contains("Units of old that are not in this round: X."))
    #expect(notes.contains("Nodes of old that are not in this round: speed."))
  }

  @Test("a former score without degrees of freedom for its error leaves the change without one")
  func noDegreesOfFreedom() throws {
    let workshop = try Workshop()
    try workshop.write(
      "old.csv", "unit,node,score,se,df\n01,index,5,0.5,0\n48,index,5,0.5,12\n")
    try workshop.write(
      "pipeline.yaml", Self.base + "rounds:\n  - {name: old, release: old.csv}\n")
    try workshop.run()
    let rows = CSVTable(try workshop.released("changes.csv")).rows
    let none = try row(rows, "index", "01")
    #expect(none["change"] != "")
    for cell in ["se", "df", "ci_low", "ci_high"] { #expect(none[cell] == "") }
    #expect(try row(rows, "index", "48")["se"] != "")
  }

  @Test("a former run that was changed after it was written is refused")
  func tampered() throws {
    let workshop = try Workshop()
    try workshop.run()
    for name in ["release/scores.csv", "release/definitions.csv", "internal/influences.csv"] {
      let path = workshop.path("Runs/small/latest/\(name)")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      try (text + "\n").write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: Diagnostic.self) {
        _ = try RunComparison.compare(
          workshop.path("Runs/small/latest"), workshop.path("Runs/small/latest"), confidence: 0.95)
      }
      #expect(error?.what == "the former run was changed after it was written", "\(name)")
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  @Test("units of another division are refused")
  func otherVintage() throws {
    let workshop = try Workshop()
    try workshop.run()
    try workshop.write(
      "places.csv", Workshop.places.replacing("2004", with: "2025"))
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing("vintage: 2004", with: "vintage: 2025")
        + "rounds:\n  - {name: 2024, run: Runs/small/latest}\n")
    let error = #expect(throws: Diagnostic.self) { try workshop.run() }
    #expect(error?.what == "the round '2024' has the units of 2004, this one those of 2025")
  }
}
