import CanvassCompute
import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("Next rounds")
struct NextRoundTests {
  private func draft(_ workshop: Workshop, drop: String = "drop-2.csv") throws -> FirstDraft {
    let made = try FirstDraft.make(
      drop: workshop.path(drop), name: "next", like: workshop.path("pipeline.yaml"),
      workers: Workers(1))
    _ = try made.write(to: workshop.folder.path, drop: workshop.path(drop))
    return made
  }

  private func text(_ workshop: Workshop, _ name: String) throws -> String {
    try String(contentsOf: workshop.folder.appending(path: name), encoding: .utf8)
  }

  @Test(
    "a round with the same variables asks for what belongs to the year, and runs when it is told")
  func same() throws {
    let workshop = try Workshop()
    try workshop.write("drop-2.csv", Workshop.drop(seed: 12))
    let commented = Workshop.pipeline.replacing(
      "released: 2026-12-01", with: "released: 2026-12-01   # the day of the launch")
    try workshop.write("pipeline.yaml", commented)
    let made = try draft(workshop)
    #expect(made.notes == ["gone: 0", "new: 0", "recoded: 0", "asked again: 1"])
    let drafted = try text(workshop, "next.yaml")
    let expected =
      commented
      .replacing("name: small", with: "name: \"next\"")
      .replacing("2026-12-01   #", with: "\"?\"   #")
      .replacing("drops: drop.csv", with: "drops: \"\(workshop.path("drop-2.csv"))\"")
    #expect(drafted.hasSuffix(expected))
    #expect(try text(workshop, "next-changes.csv").contains("same file,,,margins.csv,,"))
    let open = #expect(throws: Diagnostic.self) {
      try PipelineRun.check(
        workshop.path("next.yaml"), data: false, options: RunOptions(output: ""),
        progress: { _ in })
    }
    #expect(open?.what == "one question is open")
    try workshop.write("next.yaml", drafted.replacing("\"?\"", with: "2027-12-01"))
    _ = try PipelineRun.run(
      workshop.path("next.yaml"),
      options: RunOptions(output: workshop.path("Runs"), workers: Workers(1)), progress: { _ in })
    #expect(try text(workshop, "Runs/next/latest/release/scores.csv").contains("trust"))
  }

  @Test("what is gone, new or recoded is listed, and every line that rests on it is asked again")
  func changed() throws {
    let workshop = try Workshop()
    try workshop.write(
      "book.csv",
      "variable,title_en,values,dont_know,asked_if\n"
        + "trust,Trust,0=None|1=Little|2=Some|3=Much|4=Full,88,\n"
        + "bribe,Paid a bribe,0=No|1=Yes,,trust is answered\nage,Age,,,\n")
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(
        "respondents: {members: \"*\", key: id}",
        with:
          "respondents: {members: \"*\", key: id}\n  codebook: {file: book.csv}\n  where: age > 17"
      ).replacing(
        "young: {condition: age < 35}",
        with: "young: {condition: age < 35}\n"
          + "    paid: {condition: bribe is 1 and trust > 1}"))
    // Next year 'bribe' is called 'paid_bribe', and trust has a sixth code.
    var lines = Workshop.drop(seed: 12).split(separator: "\n").map(String.init)
    lines[0] = lines[0].replacing("bribe", with: "paid_bribe")
    lines[1] = lines[1].split(separator: ",").dropLast(2).joined(separator: ",") + ",5,0"
    try workshop.write("drop-2.csv", lines.joined(separator: "\n") + "\n")
    let made = try draft(workshop)
    #expect(
      made.notes.prefix(3) == ["gone: 1 (bribe)", "new: 1 (paid_bribe)", "recoded: 1 (trust)"])
    let changes = try text(workshop, "next-changes.csv")
    #expect(changes.contains("\ngone,bribe,Paid a bribe,,,\n"))
    #expect(changes.contains("\nnew,paid_bribe,paid_bribe,,,\n"))
    #expect(changes.contains("\nrecoded,trust,Trust,"))
    #expect(changes.contains("bribe is 1 and trust > 1"))
    let drafted = try text(workshop, "next.yaml")
    #expect(drafted.contains("where: age > 17"), "what does not rest on them stays")
    #expect(drafted.contains("paid: {condition: \"?\"}"))
    #expect(drafted.contains("{node: honest, parent: index, weight: 1, variable: \"?\", "))
    #expect(drafted.contains("variable: trust, low: \"?\", high: \"?\"}"))
    #expect(drafted.contains("codebook: {file: \"next-codebook.csv\"}"))
    let book = try text(workshop, "next-codebook.csv")
    #expect(book.contains("4=Full|5=?"))
    #expect(book.contains("\npaid_bribe,"))
    #expect(!book.contains("\nbribe,"))
    let open = #expect(throws: Diagnostic.self) {
      try PipelineRun.check(
        workshop.path("next.yaml"), data: false, options: RunOptions(output: ""),
        progress: { _ in })
    }
    #expect(open?.why?.contains("next-codebook.csv:9  values of trust") == true)
  }

  @Test("labels that change places are a recoding, whatever the letters' case")
  func labels() throws {
    let workshop = try Workshop()
    func archive(_ name: String, _ values: String, seed: UInt64) throws {
      let folder = workshop.folder.appending(path: name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try workshop.write("\(name)/answers.csv", Workshop.drop(seed: seed))
      try workshop.write(
        "\(name)/codebook.csv",
        "variable,title_en,values\nbribe,Bribe,\(values)\ntrust,T,0=None|4=Full\n")
    }
    try archive("first", "0=No|1=Yes", seed: 11)
    try archive("second", "0=yes|1=no", seed: 12)
    try archive("third", "0=NO|1= yes", seed: 13)
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing("drops: drop.csv", with: "drops: [first]").replacing(
        "members: \"*\", key: id}",
        with: "members: answers.csv, key: id}\n  codebook: {member: codebook.csv}"))
    let made = try draft(workshop, drop: "second")
    #expect(made.notes.contains("recoded: 1 (bribe)"))
    #expect(
      try text(workshop, "next-changes.csv").contains("recoded,bribe,Bribe,0=No|1=Yes,0=yes|1=no,"))
    #expect(try text(workshop, "next.yaml").contains("good: \"?\", low: \"?\", high: \"?\"}"))
    #expect(made.files.count == 2, "the drop brings its own codebook")
    let same = try FirstDraft.make(
      drop: workshop.path("third"), name: "third", like: workshop.path("pipeline.yaml"),
      workers: Workers(1))
    #expect(same.notes.contains("recoded: 0"))
  }

  @Test(
    "a file without anything to compare with, or that asks itself, is refused; nothing is overwritten"
  )
  func refused() throws {
    let workshop = try Workshop()
    try workshop.write("drop-2.csv", Workshop.drop(seed: 12))
    try workshop.write("next-changes.csv", "mine\n")
    let taken = #expect(throws: Diagnostic.self) { try draft(workshop) }
    #expect(taken?.kind == .cannotCreate)
    #expect(!FileManager.default.fileExists(atPath: workshop.path("next.yaml")))
    try FileManager.default.removeItem(at: workshop.folder.appending(path: "drop.csv"))
    let lone = #expect(throws: Diagnostic.self) { try draft(workshop) }
    #expect(lone?.kind == .missingInput)
    try workshop.write("pipeline.yaml", Workshop.pipeline.replacing("2026-12-01", with: "\"?\""))
    let open = #expect(throws: Diagnostic.self) { try draft(workshop) }
    #expect(open?.what == "one question is open")
  }
}
