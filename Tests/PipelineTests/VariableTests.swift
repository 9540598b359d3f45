import CanvassSurvey
import Foundation
import Testing

/// Variables that the data lack, and variables that hold something else than their use needs.
@Suite("A variable that is named")
struct VariableTests {
  /// What is changed, where the error is, and a word of the message.
  struct Fault: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let place: String
    var message = "there is no variable"
    var testDescription: String { "\(new) at \(place)" }
  }

  @Test(
    "and is not in the data is an error at its place, with a near name",
    arguments: [
      Fault(old: "variable: province, places", new: "variable: provinc, places", place: "5:19"),
      Fault(old: "key: id}", new: "key: idd}", place: "8:36"),
      Fault(old: "text: [province]", new: "text: [provinces]", place: "9:9", message: "stay text"),
      Fault(old: "variables: trust,", new: "variables: trusts,", place: "12:19", message: "fits"),
      Fault(
        old: "require: age >= 18", new: "require: aged >= 18", place: "15:",
        message: "did you mean 'age'?"),
      Fault(
        old: "otherwise: drop", new: "otherwise: blank\n      blank: [tust]", place: "17:15"),
      Fault(old: "condition: age < 35", new: "cut: agee, at: [35]", place: "18:18"),
      Fault(old: "condition: age < 35", new: "recode: agee, map: {1: 2}", place: "18:21"),
      Fault(old: "condition: age < 35", new: "condition: agee < 35", place: "18:", message: "agee"),
      Fault(old: "[province, stratum], unit", new: "[province, stratm], unit", place: "21:27"),
      Fault(old: "unit: village", new: "unit: vilage", place: "21:43"),
      Fault(
        old: "unit: village}",
        new: "unit: village}\n    - {unit: id}\n  certainty: {village: seat}",
        place: "23:24"),
      Fault(old: "base: weight", new: "base: wight", place: "23:11"),
      Fault(old: "base: weight", new: "base: {inverse_of: [weight, p]}", place: "23:33"),
      Fault(
        old: "  - rake", new: "  - nonresponse: {cells: [sexx], respondent: bribe}\n  - rake",
        place: "24:27"),
      Fault(
        old: "  - rake", new: "  - nonresponse: {cells: [sex], respondent: brib}\n  - rake",
        place: "24:45"),
      Fault(old: "breakdowns: [sex]", new: "breakdowns: [sexe]", place: "26:16"),
      Fault(old: "variable: trust, low", new: "variable: tust, low", place: "30:"),
      Fault(
        old: "variable: bribe, statistic: share, good: 0",
        new: "variable: bribe, statistic: ratio, denominator: brides", place: "31:"),
      Fault(
        old: "design:\n", new: "  duplicates: {latest_by: submited}\ndesign:\n", place: "19:27"),
    ])
  func unknown(_ fault: Fault) throws {
    try expect(fault, kind: .badPipeline)
  }

  @Test(
    "and holds text where numbers are needed is an error at its place",
    arguments: [
      Fault(old: "base: weight", new: "base: sex", place: "23:11", message: "cannot be a base"),
      Fault(
        old: "condition: age < 35", new: "cut: sex, at: [35]", place: "18:18", message: "texts"),
      Fault(old: "variable: trust, low", new: "variable: sex, low", place: "30:", message: "mean"),
      Fault(old: "good: 0, low", new: "good: none, low", place: "31:", message: "is not a number"),
      Fault(
        old: "good: 0, low", new: "good: 0, dont_know: 2, low", place: "31:", message: "0 and 1"),
      Fault(
        old: "good: 0, low", new: "good: 0, refused: -1, low", place: "31:", message: "0 and 1"),
    ])
  func text(_ fault: Fault) throws {
    try expect(fault, kind: .badPipeline)
  }

  @Test("and is numeric but for a few cells is an error of the data, at the first of them")
  func mixed() throws {
    let workshop = try Workshop()
    var lines = Workshop.drop.components(separatedBy: "\n")
    var cells = lines[7].components(separatedBy: ",")
    cells[4] = "heavy"
    lines[7] = cells.joined(separator: ",")
    try workshop.write("drop.csv", lines.joined(separator: "\n"))
    let error = #expect(throws: Diagnostic.self) { try workshop.run() }
    #expect(error?.kind == .badData)
    #expect(error?.place?.hasSuffix("drop.csv:8") == true, "\(error.debugDescription)")
    #expect(error?.why?.contains("pipeline.yaml:23:11") == true)
    #expect(error?.description.contains("heavy") == false)
  }

  private func expect(_ fault: Fault, kind: Diagnostic.Kind) throws {
    let workshop = try Workshop()
    let error = #expect(throws: Diagnostic.self) {
      try workshop.run(replacing: fault.old, with: fault.new)
    }
    let diagnostic = try #require(error)
    #expect(diagnostic.kind == kind, "\(diagnostic)")
    #expect(diagnostic.description.contains(fault.message), "\(diagnostic)")
    #expect(
      diagnostic.place?.hasPrefix("\(workshop.path("pipeline.yaml")):\(fault.place)") == true,
      "\(diagnostic)")
    #expect(!FileManager.default.fileExists(atPath: workshop.path("Runs/small/latest")))
  }
}
