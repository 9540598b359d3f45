import Foundation
import Testing

/// What a release tells, seen by somebody who has nothing else.
@Suite("Publication")
struct PublicationTests {
  /// The text files of the release, without the manifest.
  private func release(_ desk: Desk) throws -> [String: String] {
    let folder = desk.path("Runs/small/latest/release")
    var files: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name != "MANIFEST.sha256" {
      files[name] = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    }
    return files
  }

  private func lines(_ text: String?) -> [[String]] {
    (text ?? "").split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// What a line is about: unit, domain and node.
  private func subject(_ file: String, _ cells: [String]) -> [String] {
    file == "scores.csv" ? [cells[0], cells[2], cells[3]] : [cells[0], cells[1], cells[2]]
  }

  /// The numbers of a line that only it has.
  private func numbers(_ file: String, _ cells: [String]) -> [String] {
    (file == "scores.csv" ? [5, 6, 9, 10] : [4, 5, 8, 9, 11]).map { cells[$0] }
      .filter { $0.count > 8 }
  }

  @Test(
    "no file of a release has a number that is withheld, nor rounded in the report",
    arguments: [
      "  sensitive: [honest]\n", "  sensitive: [honest]\n  round_counts: 5\n",
      "  withhold: [{unit: '48', reason: flooded, approved_by: board}]\n",
    ])
  func withheld(rules: String) throws {
    let desk = try Desk()
    let open = try release(desk)
    try desk.edit("minimum_respondents: 10\n", "minimum_respondents: 19\n" + rules)
    let result = try desk.run(["run", "pipeline.yaml"])
    try #require(result.code == 0, "\(result.errors)")
    let files = try release(desk)
    var gone = 0
    for file in ["scores.csv", "indicators.csv"] {
      let after = Dictionary(
        lines(files[file]).map { (subject(file, $0), $0) }, uniquingKeysWith: { first, _ in first })
      for line in lines(open[file]) {
        let now = try #require(after[subject(file, line)])
        guard ["confidential", "withheld"].contains(now.last) else { continue }
        let count = file == "scores.csv" ? now[17] : now[now.count - 3]
        #expect(count.isEmpty, "\(now)")
        for number in numbers(file, line) {
          gone += 1
          for (name, text) in files {
            #expect(!text.contains(number), "\(name) has a number of \(subject(file, line))")
          }
          #expect(!result.output.contains(number) && !result.errors.contains(number))
        }
      }
    }
    #expect(gone > 20)
  }

  @Test("with rounded counts no file has the exact number of respondents")
  func rounded() throws {
    let desk = try Desk()
    // 108 people, of whom one is struck out: 107 came through.
    try desk.edit("otherwise: stop", "otherwise: drop")
    try desk.respond { lines in
      var cells = lines[1].components(separatedBy: ",")
      cells[6] = "12"
      lines[1] = cells.joined(separator: ",")
    }
    try desk.edit("minimum_respondents: 10\n", "minimum_respondents: 10\n  round_counts: 5\n")
    let result = try desk.run(["run", "pipeline.yaml"])
    try #require(result.code == 0, "\(result.errors)")
    for (name, text) in try release(desk) where name.hasSuffix(".csv") {
      for line in lines(text) {
        for count in ["108", "107", "36", "53", "54", "17"] {
          #expect(!line.contains(count), "\(name): \(line)")
        }
      }
    }
    let report = try #require(try release(desk)["report.html"])
    #expect(!report.contains(">108<") && !report.contains(">107<"))
  }

  @Test("a sensitive node that other units are measured against is refused at its line")
  func observedEnds() throws {
    let desk = try Desk()
    try desk.edit(
      "good: 0, low: 0, high: 1}", "good: 0, low: observed, high: observed}")
    try desk.edit(
      "minimum_respondents: 10\n",
      "minimum_respondents: 10\n  withhold: [{unit: '48', reason: flooded, approved_by: board}]\n")
    let result = try desk.run(["run", "pipeline.yaml"])
    #expect(result.code == 12)
    #expect(result.errors.contains("pipeline.yaml:"))
    #expect(result.errors.contains("made with confidential numbers of 'honest'"))
  }

  @Test("another leaf over the same answers is as sensitive as the one that is named")
  func sameAnswers() throws {
    let desk = try Desk()
    try desk.edit(
      "    - {node: trust,",
      "    - {node: paid, parent: index, variable: bribe, low: 0, high: 1, direction: down}\n    - {node: trust,"
    )
    try desk.edit(
      "minimum_respondents: 10\n", "minimum_respondents: 19\n  sensitive: [honest]\n")
    let result = try desk.run(["run", "pipeline.yaml"])
    try #require(result.code == 0, "\(result.errors)")
    let hidden = lines(try release(desk)["indicators.csv"]).filter {
      $0.last == "confidential" && $0[2] == "paid"
    }
    #expect(hidden.count >= 6)
  }
}
