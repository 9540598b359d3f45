import CanvassCompute
import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("First drafts")
struct FirstDraftTests {
  private func draft(_ workshop: Workshop, name: String? = "draft") throws -> [String] {
    let made = try FirstDraft.make(
      drop: workshop.path("drop.csv"), name: name, output: workshop.folder.path,
      workers: Workers(1))
    return try made.write(to: workshop.folder.path, drop: workshop.path("drop.csv"))
  }

  private func text(_ workshop: Workshop, _ name: String) throws -> String {
    try String(contentsOf: workshop.folder.appending(path: name), encoding: .utf8)
  }

  @Test("a draft holds facts, and its questions are one list with their places")
  func questions() throws {
    let workshop = try Workshop()
    let paths = try draft(workshop)
    #expect(
      paths.map { $0.split(separator: "/").last.map(String.init) ?? "" } == [
        "draft.yaml", "draft-codebook.csv", "draft-structure.csv", ".gitignore",
      ])
    let pipeline = try text(workshop, "draft.yaml")
    #expect(pipeline.contains("key: \"id\""))
    #expect(pipeline.contains("perhaps weight"))
    let structure = try text(workshop, "draft-structure.csv")
    #expect(structure.contains("\ntrust,index,trust,,trust,?,,?,?,?\n"))
    #expect(!structure.contains("\nweight,"))
    let failure = #expect(throws: Diagnostic.self) {
      try PipelineRun.check(
        workshop.path("draft.yaml"), data: false, options: RunOptions(output: ""),
        progress: { _ in })
    }
    #expect(failure?.kind == .badPipeline)
    #expect(failure?.what.hasSuffix("questions are open") == true)
    let list = failure?.why ?? ""
    #expect(list.contains("draft.yaml:5:13  en"))
    #expect(list.contains("draft-structure.csv:3  statistic of "))
    #expect(list.components(separatedBy: "\n").count > 10)
  }

  @Test("a questionnaire fills the codebook; what it does not say in our words is a question")
  func form() throws {
    let workshop = try Workshop()
    try workshop.write(
      "book.csv",
      "variable,title_en,title_vi,values,type,asked_if\n"
        + "trust,Trust in people,Niềm tin,0=None|4=Full,code,age > 17\n")
    let made = try FirstDraft.make(
      drop: workshop.path("drop.csv"), name: "draft", output: workshop.folder.path,
      form: workshop.path("book.csv"), workers: Workers(1))
    _ = try made.write(to: workshop.folder.path, drop: workshop.path("drop.csv"))
    let codebook = try text(workshop, "draft-codebook.csv")
    #expect(codebook.contains("trust,Trust in people,Niềm tin,"))
    #expect(codebook.contains("0=None|4=Full,,code,,,age > 17"))
    #expect(
      try text(workshop, "draft-structure.csv").contains(
        "trust,index,Trust in people,Niềm tin,trust,?,,0,4,?"))
  }

  @Test("nothing is overwritten")
  func kept() throws {
    let workshop = try Workshop()
    try workshop.write("draft-structure.csv", "mine\n")
    let failure = #expect(throws: Diagnostic.self) { try draft(workshop) }
    #expect(failure?.kind == .cannotCreate)
    #expect(try text(workshop, "draft-structure.csv") == "mine\n")
    #expect(!FileManager.default.fileExists(atPath: workshop.path("draft.yaml")))
    let odd = #expect(throws: Diagnostic.self) { try draft(workshop, name: "a b") }
    #expect(odd?.kind == .usage)
  }

  @Test("a draft whose questions are answered runs")
  func answered() throws {
    let workshop = try Workshop()
    _ = try draft(workshop)
    let answers = [
      ("title: {en: \"?\", vi: \"?\"}", "title: Small"),
      ("variable: \"?\" ", "variable: province "),
      ("{strata: [\"?\"], unit: \"?\"}", "{strata: [province, stratum], unit: village}"),
      ("base: \"?\"", "base: weight"),
    ]
    var pipeline = try text(workshop, "draft.yaml")
    for (question, answer) in answers {
      #expect(pipeline.contains(question))
      pipeline = pipeline.replacing(question, with: answer)
    }
    try workshop.write("draft.yaml", pipeline)
    try workshop.write(
      "draft-structure.csv",
      "node,parent,title_en,variable,statistic,low,high,direction\nindex,,Small,,,,,\n"
        + "trust,index,Trust,trust,mean,0,4,up\n")
    let outcome = try PipelineRun.run(
      workshop.path("draft.yaml"),
      options: RunOptions(drops: [], output: workshop.path("Runs"), workers: Workers(1)),
      progress: { _ in })
    _ = outcome
    #expect(try text(workshop, "Runs/draft/latest/release/scores.csv").contains("index"))
  }
}
