import CanvassCompute
import CanvassPipeline
import CanvassPublishing
import CanvassSurvey
import Foundation
import Testing

@Suite("The evening page") struct FieldworkPageTests {
  static let field = """
    fieldwork:
      interviewer: village
      age: age
      items: [trust, bribe]
      scales: [trust]
      quota: [{by: province, file: quota.csv, count: wanted}, {by: sex}]

    """

  static func page(
    _ workshop: Workshop, replacing old: String = "", with new: String = "", drops: [String] = []
  ) throws -> FieldworkRun.Page {
    try workshop.write("quota.csv", "province,wanted\nHà Nội,60\nDa Nang,30\n")
    let file = Workshop.pipeline + (old.isEmpty ? field : field.replacing(old, with: new))
    try workshop.write("pipeline.yaml", file)
    return try FieldworkRun.run(
      workshop.path("pipeline.yaml"), drops: drops, workers: Workers(2), progress: { _ in })
  }

  @Test("counts interviews against their quota, in both languages")
  func quota() throws {
    let page = try Self.page(Workshop())
    let text = page.text(.en)
    #expect(text.contains("Interviews by province"), "\(text)")
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.contains(["01", "30", "60", "50.0", "%"]))
    #expect(lines.contains(["48", "30", "30", "100.0", "%"]))
    #expect(lines.contains(["79", "30", "0"]))
    #expect(page.text(.vi).contains("Số phỏng vấn theo province"))
    #expect(page.text(.vi).contains("50,0 %"))
    #expect(page.json.document.count > 100)
  }

  @Test("a run leaves the page among its internal files, and not in the release")
  func ofRun() throws {
    let workshop = try Workshop()
    _ = try Self.page(workshop)
    _ = try PipelineRun.run(
      workshop.path("pipeline.yaml"),
      options: RunOptions(output: workshop.path("Runs"), workers: Workers(1)), progress: { _ in })
    let latest = workshop.folder.appending(path: "Runs/small/latest")
    let html = try String(
      contentsOf: latest.appending(path: "internal/fieldwork.html"), encoding: .utf8)
    #expect(html.contains("<span lang=\"en\">Field work: Small</span>"))
    #expect(html.contains("<span lang=\"vi\">Thực địa: Nhỏ</span>"))
    #expect(html.contains("<th scope=\"row\">48</th><td class=\"num\">30</td>"))
    #expect(html.contains("<span lang=\"en\">50.0 %</span><span lang=\"vi\">50,0 %</span>"))
    #expect(html.contains("<th scope=\"row\">011</th>"), "a village stands for its interviewer")
    let released = try FileManager.default.contentsOfDirectory(
      atPath: latest.appending(path: "release").path)
    #expect(!released.contains { $0.hasPrefix("fieldwork") })
  }

  @Test("says what came new, what was replaced and what vanished from drop to drop")
  func drops() throws {
    let workshop = try Workshop()
    var lines = Workshop.drop.split(separator: "\n").map(String.init)
    try workshop.write("one.csv", lines[0...40].joined(separator: "\n") + "\n")
    lines[3] = lines[3].replacing(",F,", with: ",M,").replacing(",M,", with: ",F,")
    lines.remove(at: 1)
    try workshop.write("two.csv", lines.joined(separator: "\n") + "\n")
    let page = try Self.page(workshop, drops: [workshop.path("one.csv"), workshop.path("two.csv")])
    let rows = page.text(.en).split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    #expect(rows.contains(["one.csv", "40", "40", "0", "0", "0", "40"]), "\(page.text(.en))")
    let second = try #require(rows.first { $0.first == "two.csv" })
    #expect(second[1] == "89" && second[2] == "50" && second[5] == "1" && second[6] == "90")
    #expect(Int(second[3]).map { $0 + (Int(second[4]) ?? 0) } == 39)
  }

  @Test(
    "a fault is an error that names it",
    arguments: [
      ("interviewer: village", "interviewer: vilage", "did you mean 'village'", 2),
      ("  interviewer: village\n", "", "'interviewer' is missing", 2),
      ("age: age", "age: age\n  hours: [21, 7]", "two hours", 4),
      ("age: age", "age: age\n  likeness: 2", "not above 1", 4),
      ("age: age", "age: age\n  minutes: sex", "'sex' holds text", 4),
      ("age: age", "age: sex", "'sex' holds text", 3),
      ("items: [trust, bribe]", "items: q*", "fits 'q*'", 4),
      ("scales: [trust]", "scales: [q*]", "fits 'q*'", 5),
      ("count: wanted", "count: want", "want", 6),
      ("{by: sex}", "{by: sexes}", "no variable 'sexes'", 6),
      ("age: age", "age: age\n  outcome: bribe", "AAPOR", nil),
    ])
  func faults(old: String, new: String, word: String, line: Int?) throws {
    do {
      _ = try Self.page(Workshop(), replacing: old, with: new)
      Issue.record("it was taken: \(word)")
    } catch let error as Diagnostic {
      #expect(error.description.contains(word), "\(error)")
      // The lines of `fieldwork` come after those of the small survey.
      let before = Workshop.pipeline.utf8.count { $0 == UInt8(ascii: "\n") }
      let place = line.map { "pipeline.yaml:\(before + $0):" } ?? "drop.csv"
      #expect(error.place?.contains(place) == true, "\(error)")
    }
  }

  @Test("a pipeline without the key says what to add")
  func absent() throws {
    let workshop = try Workshop()
    do {
      _ = try FieldworkRun.run(
        workshop.path("pipeline.yaml"), workers: Workers(1), progress: { _ in })
      Issue.record("there was a page")
    } catch let error as Diagnostic {
      #expect(error.kind == .badPipeline && error.remedy?.contains("fieldwork:") == true)
    }
  }
}
