import CanvassSurvey
import Foundation
import Testing

/// Values that somebody else published, and what may be wrong with them.
@Suite("A published table")
struct PublishedDoorTests {
  private static let pipeline = """
    canvass: 1
    name: small
    units: {variable: province, places: places.csv, vintage: 2004}
    published: {file: values.csv, unit: province}
    index:
      structure:
        - {node: index}
        - {node: trust, parent: index, variable: trust, low: 0, high: 4}
        - {node: honest, parent: index, variable: honest, low: 0, high: 1}

    """

  private static let wide = """
    province,trust,honest
    Hanoi,2,0.5
    48,3.25,0.75
    79,1,

    """

  private static let long = """
    province,variable,value
    Hanoi,trust,2
    Hanoi,honest,0.5
    48,trust,3.25
    48,honest,0.75
    79,trust,1

    """

  private func workshop(_ values: String, _ pipeline: String = pipeline) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("values.csv", values)
    try workshop.write("pipeline.yaml", pipeline)
    return workshop
  }

  private static let longPipeline = pipeline.replacing(
    "unit: province}", with: "unit: province, variable: variable, value: value}")

  @Test("a wide and a long table give the same scores")
  func shapes() throws {
    let wide = try workshop(PublishedDoorTests.wide)
    let long = try workshop(PublishedDoorTests.long, PublishedDoorTests.longPipeline)
    try wide.run()
    try long.run()
    let scores = try wide.released("scores.csv")
    #expect(try long.released("scores.csv") == scores)
    let rows = CSVTable(scores).rows
    // (1 + 9·2/4 + 1 + 9·0.5) / 2 = 5.5 in Hanoi; nothing was published of the third for 'honest'.
    #expect(rows.first { $0["unit"] == "01" && $0["node"] == "index" }?["score"] == "5.5")
    #expect(rows.first { $0["unit"] == "79" && $0["node"] == "honest" }?["score"] == "")
  }

  @Test("a variable that the table lacks is an error of the line that names it")
  func unknown() throws {
    for pipeline in [PublishedDoorTests.pipeline, PublishedDoorTests.longPipeline] {
      let values =
        pipeline == PublishedDoorTests.pipeline ? PublishedDoorTests.wide : PublishedDoorTests.long
      let workshop = try workshop(
        values, pipeline.replacing("variable: honest, low", with: "variable: honset, low"))
      let error = #expect(throws: Diagnostic.self) { try workshop.run() }
      #expect(error?.kind == .badPipeline)
      #expect(error?.place?.contains("pipeline.yaml:9:") == true, "\(error.debugDescription)")
      #expect(error?.remedy == "did you mean 'honest'?")
    }
  }

  @Test(
    "faults of the table have their line",
    arguments: [
      ("48,3.25,0.75", "48,high,0.75", "values.csv:3"),
      ("79,1,", "Hanoi,1,", "values.csv:4"), ("79,1,", "80,1,", "values.csv:4"),
      ("79,1,", ",1,", "values.csv:4"), ("79,1,", "79,1", "values.csv:4"),
    ])
  func faults(old: String, new: String, place: String) throws {
    let workshop = try workshop(PublishedDoorTests.wide.replacing(old, with: new))
    let error = #expect(throws: Diagnostic.self) { try workshop.run() }
    #expect(error?.kind == .badData, "\(error.debugDescription)")
    #expect(error?.place?.contains(place) == true, "\(error.debugDescription)")
  }
}
