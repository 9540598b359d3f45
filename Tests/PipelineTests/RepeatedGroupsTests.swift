import CanvassSurvey
import CanvassTestSupport
import Foundation
import Testing

@Suite("Repeated groups in the pipeline file")
struct RepeatedGroupsTests {
  /// The small survey with its column `bribe` taken apart into visits, which `collapse` puts together again.
  private func drop() -> (people: String, visits: String) {
    var people: [String] = []
    var visits = ["visit,PARENT_KEY,c5"]
    for (index, line) in Workshop.drop.split(separator: "\n").enumerated() {
      let cells = line.split(separator: ",")
      people.append(cells.dropLast().joined(separator: ","))
      if index == 0 { continue }
      let answers = cells.last == "1" ? [0, 1, 98] : index % 2 == 0 ? [0, 0] : []
      for answer in answers { visits.append("\(visits.count),\(cells[0]),\(answer)") }
    }
    // The rows of a respondent need not stand together.
    let shuffled = [visits[0]] + visits.dropFirst().reversed()
    return (people.joined(separator: "\n") + "\n", shuffled.joined(separator: "\n") + "\n")
  }

  @Test(
    "a variable made of a repeated group gives the scores of the variable itself, byte for byte")
  func scores() throws {
    let workshop = try Workshop()
    try workshop.run()
    let scores = try workshop.released("scores.csv")
    let (people, visits) = drop()
    try Data(
      PackedArchive.bytes(
        [("people.csv", Array(people.utf8)), ("people-visits.csv", Array(visits.utf8))], .zip)
    ).write(to: URL(filePath: workshop.path("drop.zip")))
    let ingest = """
        drops: drop.zip
        respondents: {members: people.csv, key: id}
        collapse:
          visits:
            members: people-*.csv
            by: PARENT_KEY
            missing: [{variables: c5, dont_know: 98}]
            make: {bribe: any(c5 == 1), visits: count(), known: count(c5 is answered)}
      """
    let old = """
        drops: drop.csv
        respondents: {members: "*", key: id}
      """
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(old, with: ingest).replacing(
        "    young:", with: "    often: {condition: visits > 2 and known is 2}\n    young:"))
    try workshop.run()
    #expect(try workshop.released("scores.csv") == scores)
  }

  @Test("a form is the codebook of a run: several answers are scored, and who is asked is checked")
  func form() throws {
    let workshop = try Workshop()
    try workshop.run()
    let scores = try workshop.released("scores.csv")
    // The share of honest respondents again, as a choice among several answers.
    var lines = Workshop.drop.split(separator: "\n").map(String.init)
    for index in lines.indices {
      let cell = lines[index].hasSuffix(",1") ? "2 3" : "1"
      lines[index] += index == 0 ? ",offices" : ",\(cell)"
    }
    try workshop.write("drop.csv", lines.joined(separator: "\n") + "\n")
    let survey: [[String]] = [
      ["type", "name", "label", "relevant"], ["integer", "trust", "Trust", ""],
      ["integer", "bribe", "Bribes", ""],
      ["select_multiple o", "offices", "Offices", "${bribe} >= 0"],
    ]
    let choices: [[String]] =
      [["list_name", "name", "label"]] + ["1", "2", "3"].map { ["o", $0, $0] }
    func cells(_ rows: [[String]]) -> [[SmallWorkbook.Cell]] {
      rows.map { $0.map { $0.isEmpty ? .empty : .text($0) } }
    }
    let book = SmallWorkbook.bytes([("survey", cells(survey)), ("choices", cells(choices))])
    try Data(book).write(to: URL(filePath: workshop.path("form.xlsx")))
    let text = Workshop.pipeline.replacing(
      "  text: [province]", with: "  text: [province]\n  codebook: {file: form.xlsx}"
    ).replacing(
      "variable: bribe, statistic: share, good: 0",
      with: "variable: offices_1, statistic: share, good: 1")
    try workshop.write("pipeline.yaml", text)
    try workshop.run()
    #expect(try workshop.released("scores.csv") == scores)
  }

  @Test(
    "a fault is told at its place in the file",
    arguments: [
      ("any(c5 == 1)", "median(c5)"), ("any(c5 == 1)", "any(c6 == 1)"), ("bribe:", "sex:"),
      ("by: PARENT_KEY", "by: PARENT"),
    ])
  func faults(old: String, new: String) throws {
    let workshop = try Workshop()
    let (people, visits) = drop()
    try Data(
      PackedArchive.bytes(
        [("people.csv", Array(people.utf8)), ("people-visits.csv", Array(visits.utf8))], .zip)
    ).write(to: URL(filePath: workshop.path("drop.zip")))
    let text = Workshop.pipeline.replacing(
      """
        drops: drop.csv
        respondents: {members: "*", key: id}
      """,
      with: """
          drops: drop.zip
          respondents: {members: people.csv, key: id}
          collapse:
            visits: {members: people-*.csv, by: PARENT_KEY, make: {bribe: any(c5 == 1)}}
        """.replacing(old, with: new))
    try workshop.write("pipeline.yaml", text)
    let failure = #expect(throws: Diagnostic.self) { try workshop.run() }
    #expect(failure?.kind == .badPipeline)
    #expect(failure?.place?.contains("pipeline.yaml:") == true, "\(failure?.place ?? "")")
  }
}
