import CanvassCompute
import CanvassPipeline
import CanvassPublishing
import CanvassSurvey
import Foundation
import Testing

@Suite("A codebook of its own") struct CodebookTests {
  static let codebook = """
    variable,title_en,values,dont_know,skipped,type,low,high,asked_if,sensitive
    id,Respondent,,,,text,,,,
    province,Province,,,,text,,,,
    stratum,Stratum,,,,integer,,,,
    village,Village,,,,text,,,,
    weight,Weight,,,,number,0,,,
    sex,Sex,F=Female|M=Male,,,code,,,,
    age,Age,,,,integer,16,99,,
    trust,Trust,0=None|4=Full,88,,integer,0,4,,
    bribe,Bribe,0=No|1=Yes,,,code,,,,yes
    why,Why,1=Need|2=Habit,,77,code,,,bribe is 1,

    """

  /// The workshop with a question behind another one; `change` edits its lines.
  static func workshop(
    codebook: String = codebook, _ change: (inout [String]) -> Void = { _ in }
  ) throws -> Workshop {
    let workshop = try Workshop()
    var lines = Workshop.drop.split(separator: "\n").map { line in
      String(line) + (line.hasPrefix("id,") ? ",why" : line.hasSuffix(",1") ? ",2" : ",77")
    }
    change(&lines)
    try workshop.write("drop.csv", lines.joined(separator: "\n") + "\n")
    try workshop.write("codebook.csv", codebook)
    return workshop
  }

  static func check(_ workshop: Workshop, rules: String = "") throws -> CheckSummary {
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(
        "  text: [province]", with: "  text: [province]\n  codebook: {file: codebook.csv}"
      ).replacing("clean:\n", with: "clean:\n" + rules))
    return try PipelineRun.check(
      workshop.path("pipeline.yaml"), data: true,
      options: RunOptions(output: workshop.path("Runs"), workers: Workers(2)), progress: { _ in })
  }

  @Test("a codebook that fits the data finds nothing")
  func fits() throws {
    let summary = try Self.check(Self.workshop())
    #expect(summary.lines.contains("open findings: 0"), "\(summary.lines)")
    #expect(summary.lines.contains("variables without data: 0"))
    #expect(summary.lines.contains("codebook: labels whose code nobody gave: why (1)"))
  }

  @Test("without its condition a skipped question fails the check, with count and place")
  func condition() throws {
    let skipped = Workshop.drop.split(separator: "\n").dropFirst().count { $0.hasSuffix(",0") }
    let first = try #require(
      Workshop.drop.split(separator: "\n").firstIndex { $0.hasSuffix(",0") })
    do {
      _ = try Self.check(
        Self.workshop(codebook: Self.codebook.replacing("bribe is 1", with: "")))
      Issue.record("nothing was found")
    } catch let error as Diagnostic {
      #expect(error.kind == .checkFailed)
      #expect(error.what.hasPrefix("\(skipped) cells of 'why' are skipped"), "\(error)")
      #expect(error.place?.hasSuffix("drop.csv:\(first + 1)") == true)
      #expect(error.remedy?.contains("codebook.csv:11") == true)
    }
  }

  @Test("both ways: what is described and not there, there and not described, without label")
  func ways() throws {
    let book = Self.codebook.replacing("why,Why", with: "gone,Gone").replacing(
      "F=Female|M=Male", with: "F=Female|X=Other")
    let summary = try Self.check(Self.workshop(codebook: book))
    #expect(
      summary.lines.contains("codebook: described, and not in the data: gone"), "\(summary.lines)")
    #expect(summary.lines.contains("codebook: in the data, and not described: why"))
    #expect(
      summary.lines.contains { $0.hasPrefix("codebook: codes without a label: sex (1 in 45 ") })
    #expect(summary.lines.contains("codebook: labels whose code nobody gave: sex (1)"))
  }

  @Test("rules for the codebook are read", arguments: ["range", "labels", "asked_if"])
  func rules(rule: String) throws {
    let workshop = try Self.workshop { lines in
      var cells = lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      cells[5] = "f"
      cells[6] = "15"
      cells[8] = "0"
      cells[9] = "1"
      lines[1] = cells.joined(separator: ",")
    }
    #expect(try Self.check(workshop).lines.contains("open findings: 3"))
    do {
      _ = try Self.check(workshop, rules: "  codebook: {\(rule): stop}\n")
      Issue.record("it did not stop")
    } catch let error as Diagnostic {
      #expect(error.kind == .checkFailed && error.place?.hasSuffix("drop.csv:2") == true)
    }
  }

  @Test(
    "examples of a check are run, and a wrong one is an error at its place",
    arguments: [
      ("good: [{age: 18}, {age: 90}]", nil), ("bad: [{age: 17}]", nil),
      ("good: [{age: 17}]", "a good example"), ("bad: [{age: 18}]", "a bad example"),
      ("bad: [{age: refused}]", "a bad example"), ("bad: [{agee: 3}]", "did you mean 'age'"),
      ("bad: [{age: '17'}]", "example of check"),
    ] as [(String, String?)])
  func examples(line: String, fault: String?) throws {
    let workshop = try Workshop()
    do {
      _ = try workshop.check(
        replacing: "      otherwise: drop\n", with: "      otherwise: drop\n      \(line)\n")
      #expect(fault == nil)
    } catch let error as Diagnostic {
      let word = try #require(fault)
      #expect(error.description.contains(word), "\(error)")
      #expect(error.place?.contains("pipeline.yaml:17:") == true, "\(error)")
    }
  }
}
