import CanvassCompute
import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("Findings and decisions") struct FindingsTests {
  static let header = "key,variable,rule,action,old,new,reason,who,date,approved_by\n"

  /// The workshop with a check that lists people of 60 and more, and rules for publishing.
  static func workshop(
    decisions: String? = nil, require: String = "", rule: String = "flag"
  ) throws -> Workshop {
    let workshop = try Workshop()
    var lines = Workshop.drop.split(separator: "\n").map(String.init)
    for index in lines.indices.dropFirst() {
      var cells = lines[index].split(separator: ",").map(String.init)
      cells[6] = ["r7": "71", "r9": "65", "r12": "80", "r20": "12"][cells[0]] ?? "40"
      lines[index] = cells.joined(separator: ",")
    }
    try workshop.write("drop.csv", lines.joined(separator: "\n") + "\n")
    if let decisions { try workshop.write("decisions.csv", header + decisions) }
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(
        "      otherwise: drop\n",
        with:
          "      otherwise: drop\n    - id: old\n      require: age < 60\n      otherwise: \(rule)\n"
          + (decisions == nil ? "" : "  decisions: decisions.csv\n")
      ).replacing(
        "  minimum_respondents: 10\n",
        with: "  minimum_respondents: 10\n" + (require.isEmpty ? "" : "  require: {\(require)}\n")))
    return workshop
  }

  static func run(_ workshop: Workshop) throws {
    _ = try PipelineRun.run(
      workshop.path("pipeline.yaml"),
      options: RunOptions(output: workshop.path("Runs"), workers: Workers(2)), progress: { _ in })
  }

  static func file(_ workshop: Workshop, _ name: String) throws -> [[String]] {
    let text = try String(
      contentsOf: workshop.folder.appending(path: "Runs/small/latest/\(name)"), encoding: .utf8)
    return text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  static func failure(_ workshop: Workshop) throws -> Diagnostic {
    do {
      try run(workshop)
    } catch let error as Diagnostic {
      return error
    }
    return try #require(nil as Diagnostic?, "the run was not stopped")
  }

  @Test("the files of a run list what was found and done, by key, unit and drop")
  func files() throws {
    let workshop = try Self.workshop()
    try Self.run(workshop)
    let findings = try Self.file(workshop, "internal/findings.csv")
    #expect(findings[0] == ["id", "state", "rule", "key", "variable", "value", "unit"])
    #expect(
      findings.dropFirst().map { $0.dropFirst().joined(separator: " ") } == [
        "settled adult r20 age 12 01", "open old r12 age 80 01", "open old r7 age 71 01",
        "open old r9 age 65 01",
      ])
    #expect(Set(findings.map { $0[0] }).count == 5 && findings[1][0].count == 12)
    let log = try Self.file(workshop, "internal/cleaning-log.csv")
    #expect(log.map { $0.joined(separator: ",") } == ["key,variable,rule,old,new", "r20,,adult,,"])
    let account = try Self.file(workshop, "internal/cleaning-account.csv").map {
      $0.joined(separator: ",")
    }
    let dontKnow = ["Hanoi", "Đà Nẵng", "79"].map { name in
      Workshop.drop.split(separator: "\n").count {
        $0.contains(",\(name),") && $0.dropLast(2).hasSuffix(",88")
      }
    }
    #expect(
      account == [
        "drop,unit,rule,rows,cells,changed", "1,01,rows in,30,270,0",
        "1,01,dont_know,0,\(dontKnow[0]),0", "1,01,adult,1,9,0",
        "1,01,rows out,29,\(261 - dontKnow[0]),0", "1,48,rows in,30,270,0",
        "1,48,dont_know,0,\(dontKnow[1]),0", "1,48,rows out,30,\(270 - dontKnow[1]),0",
        "1,79,rows in,30,270,0", "1,79,dont_know,0,\(dontKnow[2]),0",
        "1,79,rows out,30,\(270 - dontKnow[2]),0",
      ])
    let summary = try workshop.released("cleaning.csv")
    #expect(summary.contains("adult,drop,90,1,0,9\n") && summary.contains("old,flag,89,3,0,0\n"))
    #expect(!summary.contains("r20") && summary.contains("rows out,total,89,89,0,"))
  }

  @Test(
    "by drop and unit rows and cells in are those out, left out and struck out; sums are the rules'"
  )
  func account() throws {
    let workshop = try Self.workshop(
      decisions: """
        r7,age,old,replace,71,blank,cannot be,Lan,2026-11-01,Minh
        r9,age,old,replace,65,56,digits exchanged,Lan,2026-11-01,Minh
        r12,age,old,drop,80,,not of the sample,Lan,2026-11-01,Minh

        """)
    // Two drops that share rows, one of which differs; a subset; a rule that blanks.
    var lines = try String(
      contentsOf: workshop.folder.appending(path: "drop.csv"), encoding: .utf8
    ).split(separator: "\n").map(String.init)
    try workshop.write("one.csv", lines[0...50].joined(separator: "\n") + "\n")
    lines[40] = lines[40].replacing(",40,", with: ",41,")
    try workshop.write("two.csv", ([lines[0]] + lines[31...]).joined(separator: "\n") + "\n")
    let text = try String(
      contentsOf: workshop.folder.appending(path: "pipeline.yaml"), encoding: .utf8)
    try workshop.write(
      "pipeline.yaml",
      text.replacing("drops: drop.csv", with: "drops: [one.csv, two.csv]\n  where: age is not 17")
        .replacing(
          "    - id: old",
          with:
            "    - id: trusting\n      require: trust < 3\n      otherwise: blank\n    - id: old"))
    try Self.run(workshop)
    let file = try Self.file(workshop, "internal/cleaning-account.csv").dropFirst()
    #expect(
      file.filter { $0[1].isEmpty }.map { $0.joined(separator: ",") } == [
        "1,,rows read,50,,", "1,,replaced by a later drop,20,,",
      ])
    let account = file.filter { !$0[1].isEmpty }
    var balance: [String: [Int]] = [:]
    var byRule: [String: [Int]] = [:]
    for line in account {
      let counts = line[3...4].map { Int($0) ?? -1 }
      let sign = line[2] == "rows in" ? 1 : -1
      for index in 0..<2 {
        balance["\(line[0]) \(line[1])", default: [0, 0]][index] += sign * counts[index]
        let isDecision = line[2].hasPrefix("decision ")
        byRule[isDecision ? "decisions" : line[2], default: [0, 0]][index] += counts[index]
      }
    }
    #expect(balance.keys.sorted() == ["1 01", "2 48", "2 79"])
    #expect(balance.values.allSatisfy { $0 == [0, 0] }, "\(balance)")
    var summary: [String: [Int]] = [:]
    for line in try workshop.released("cleaning.csv").split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",").map(String.init)
      let removes = ["filter", "drop", "identical", "superseded", "decision to drop", "total"]
      summary[cells[0], default: [0, 0]][0] += removes.contains(cells[1]) ? Int(cells[3]) ?? 0 : 0
      summary[cells[0], default: [0, 0]][1] += Int(cells[5]) ?? 0
    }
    for (rule, counts) in summary where counts != [0, 0] {
      #expect(byRule[rule] == counts, "\(rule): \(byRule[rule] ?? []) \(counts)")
    }
    #expect(Set(byRule.keys).isSubset(of: summary.keys))
    for rule in ["decisions", "trusting", "dont_know", "where"] {
      #expect(byRule[rule]?[1] ?? 0 > 0, "\(rule)")
    }
  }

  @Test("okay answers a finding, replace and drop change the data, ask leaves it open")
  func answers() throws {
    let workshop = try Self.workshop(
      decisions: """
        r7,age,old,okay,71,,seen the card,Lan,2026-11-01,Minh
        r9,age,old,replace,65,56,digits exchanged,Lan,2026-11-01,Minh
        r12,age,old,drop,80,,not of the sample,Lan,2026-11-01,Minh
        gone,age,old,okay,80,,left,Lan,2026-11-01,Minh

        """, require: "open_findings: 0, approved_by_other: true")
    try Self.run(workshop)
    let findings = try Self.file(workshop, "internal/findings.csv").dropFirst()
    #expect(
      findings.map { $0.dropFirst().joined(separator: " ") } == [
        "settled adult r20 age 12 01", "okay old r7 age 71 01",
      ])
    let log = try Self.file(workshop, "internal/cleaning-log.csv").dropFirst()
    #expect(
      log.map { $0.joined(separator: ",") } == [
        "r12,,decision old,,", "r9,age,decision old,65,56", "r20,,adult,,",
      ])
    let asked = try Self.workshop(
      decisions: "r7,age,old,ask,71,,call back,Lan,2026-11-01,\n", require: "open_findings: 2")
    #expect(try Self.failure(asked).what == "3 findings are open, and 2 may be")
  }

  @Test("a rule that drops leaves alone what somebody found to be in order")
  func exempt() throws {
    let workshop = try Self.workshop(
      decisions: "r7,age,old,okay,71,,seen the card,Lan,2026-11-01,Minh\n", rule: "drop")
    try Self.run(workshop)
    let log = try Self.file(workshop, "internal/cleaning-log.csv").dropFirst()
    #expect(log.map { $0[0] }.sorted() == ["r12", "r20", "r9"])
  }

  @Test(
    "a decision about a value that has changed is reopened and not carried out",
    arguments: ["okay,70,", "replace,70,30", "drop,70,"])
  func reopened(decision: String) throws {
    let workshop = try Self.workshop(
      decisions: "r7,age,old,\(decision),why,Lan,2026-11-01,Minh\n", require: "open_findings: 2")
    #expect(try Self.failure(workshop).kind == .checkFailed)
    let other = try Self.workshop(
      decisions: "r7,age,old,\(decision),why,Lan,2026-11-01,Minh\n")
    try Self.run(other)
    let findings = try Self.file(other, "internal/findings.csv").dropFirst()
    #expect(findings.contains { Array($0.dropFirst().prefix(3)) == ["reopened", "old", "r7"] })
    #expect(try Self.file(other, "internal/cleaning-log.csv").count == 2)
  }

  @Test("nothing is published while findings are open or nobody else has approved")
  func signOff() throws {
    let open = try Self.failure(Self.workshop(require: "open_findings: 0"))
    #expect(open.kind == .checkFailed && open.what == "3 findings are open, and 0 may be")
    #expect(open.why == "3 of 'old'")
    for approver in ["", "Lan"] {
      let workshop = try Self.workshop(
        decisions: "r7,age,old,okay,71,,seen,Lan,2026-11-01,\(approver)\n",
        require: "approved_by_other: true")
      let error = try Self.failure(workshop)
      #expect(error.kind == .checkFailed && error.place?.hasSuffix("decisions.csv:2") == true)
      #expect(!FileManager.default.fileExists(atPath: workshop.path("Runs/small/latest")))
    }
  }

  @Test("a decision that answers no rule of the file is a warning")
  func unknownRule() throws {
    let workshop = try Self.workshop(
      decisions: "r7,age,olld,okay,71,,seen,Lan,2026-11-01,Minh\n")
    try Self.run(workshop)
    let page = try workshop.released("report.html")
    #expect(page.contains("Decisions answer rules that the pipeline file does not have: olld."))
    #expect(
      page.contains("Có quyết định trả lời những quy tắc không có trong tệp quy trình: olld."))
  }

  @Test("of two rows with one key a decision is about the one where the value stands")
  func oneOfTwo() throws {
    for (action, new) in [("drop", ""), ("replace", "72")] {
      let workshop = try Self.workshop(
        decisions: "r7,age,old,\(action),71,\(new),keyed twice,Lan,2026-11-01,Minh\n")
      let text = try String(
        contentsOf: workshop.folder.appending(path: "drop.csv"), encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("r7,") })
      try workshop.write("drop.csv", text + line.replacing(",71,", with: ",45,") + "\n")
      let pipeline = try String(
        contentsOf: workshop.folder.appending(path: "pipeline.yaml"), encoding: .utf8)
      try workshop.write(
        "pipeline.yaml",
        pipeline.replacing("clean:\n", with: "clean:\n  duplicates: {latest_by: age}\n"))
      try Self.run(workshop)
      let findings = try Self.file(workshop, "internal/findings.csv").dropFirst()
      #expect(!findings.contains { $0[1] == "reopened" && $0[5] == "45" }, "\(findings)")
      let log = try Self.file(workshop, "internal/cleaning-log.csv").map {
        $0.prefix(3).joined(separator: ",")
      }
      #expect(log.contains(action == "drop" ? "r7,,decision old" : "r7,age,decision old"))
    }
  }

  @Test(
    "a decision with a fault is an error of its line",
    arguments: [
      ("r7,age,old,keep,71,,seen,Lan,2026-11-01,", "no known action"),
      (",age,old,okay,71,,seen,Lan,2026-11-01,", "no key"),
      ("r7,age,,okay,71,,seen,Lan,2026-11-01,", "no rule"),
      ("r7,age,old,okay,71,,,Lan,2026-11-01,", "why"),
      ("r7,age,old,okay,71,,seen,,2026-11-01,", "who"),
      ("r7,age,old,okay,71,,seen,Lan,1.11.2026,", "no date"),
      ("r7,age,old,replace,71,,seen,Lan,2026-11-01,", "no new one"),
      ("r7,age,old,okay,71,3,seen,Lan,2026-11-01,", "new value"),
      ("r7,agee,old,okay,71,,seen,Lan,2026-11-01,", "'agee'"),
      ("r7,age,old,replace,71,old,seen,Lan,2026-11-01,", "is no number"),
    ])
  func faults(line: String, word: String) throws {
    let error = try Self.failure(Self.workshop(decisions: line + "\n"))
    #expect(error.description.contains(word), "\(error)")
    #expect(error.place?.hasSuffix("decisions.csv:2") == true, "\(error)")
    // The place is a folder's name, which may hold any digits.
    for part in [error.what, error.why ?? "", error.remedy ?? ""] { #expect(!part.contains("71")) }
  }

  @Test("rules that strike out more than a share stop before anything is published")
  func losses() throws {
    let workshop = try Self.workshop(rule: "drop")
    let text = try String(
      contentsOf: workshop.folder.appending(path: "pipeline.yaml"), encoding: .utf8)
    try workshop.write(
      "pipeline.yaml", text.replacing("clean:\n", with: "clean:\n  stop_above: 0.04\n"))
    let error = try Self.failure(workshop)
    #expect(error.kind == .checkFailed && error.what == "cleaning strikes out 4 of 90 rows")
    try workshop.write(
      "pipeline.yaml", text.replacing("clean:\n", with: "clean:\n  stop_above: 0.05\n"))
    try Self.run(workshop)
  }
}
