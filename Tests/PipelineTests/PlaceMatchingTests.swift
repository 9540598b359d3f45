import CanvassSurvey
import Testing

@Suite("Units that the data name") struct PlaceMatchingTests {
  @Test("unknown spellings are counted with their places and near names, and never shown")
  func unmatched() throws {
    let workshop = try Workshop()
    try workshop.write(
      "drop.csv",
      Workshop.drop.replacing("r1,Hanoi", with: "r1,Hà Nôỉ").replacing("r2,Hanoi", with: "r2,Paris")
        .replacing("r3,Hanoi", with: "r3,Paris"))
    do {
      try workshop.run()
      Issue.record("unknown places were taken")
    } catch let error as Diagnostic {
      #expect(error.kind == .badData)
      #expect(error.what == "3 rows name no known unit in 'province'")
      #expect(error.place?.hasSuffix("drop.csv:2") == true)
      let why = error.why ?? ""
      #expect(why.contains("2 spellings") && why.contains("(2 rows, no name is near)"), "\(why)")
      #expect(why.contains("(1 row, near 'Hà Nội'"), "\(why)")
      #expect(!error.description.contains("Paris") && !error.description.contains("Nôỉ"))
    }
  }

  @Test("several vintages without one that is named is an error that asks which")
  func vintage() throws {
    let workshop = try Workshop()
    try workshop.write("places.csv", Workshop.places + "2025,01,Hà Nội,Ha Noi,North,\n")
    do {
      _ = try workshop.check(replacing: ", vintage: 2004", with: "")
      Issue.record("no vintage was asked for")
    } catch let error as Diagnostic {
      #expect(error.description.contains("one of 2004, 2025"), "\(error)")
    }
  }
}
