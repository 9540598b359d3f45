import CanvassCompute
import CanvassSimulation
import CanvassSurvey
import Testing

@Suite struct DropTests {
  @Test("faults come in the numbers that were asked for and leave the other rows alone")
  func faults() throws {
    let spec = fixture()
    var clean = spec
    clean.underAgeRows = 0
    clean.inconsistentAnswers = 0
    clean.duplicateRows = 0
    let before = try Simulation.sample(clean, sampleSeed: 9, workers: Workers(2))
    let after = try Simulation.sample(spec, sampleSeed: 9, workers: Workers(2))
    #expect(after.rowCount == before.rowCount + 3 + 4)
    let age = try after.column("age")
    #expect((0..<after.rowCount).count { age.number(at: $0) == 17 } == 3)
    #expect((0..<after.rowCount).count { (age.number(at: $0) ?? 0) < 17 } == 0)

    let identifiers = try after.column("respondent_id")
    #expect(identifiers.grouped().levels.count == before.rowCount + 3)
    var first: [String: Int] = [:]
    var twins = 0
    for row in 0..<after.rowCount {
      let identifier = try #require(identifiers.text(at: row))
      if let twin = first.updateValue(row, forKey: identifier) {
        twins += 1
        #expect(
          after.columns.allSatisfy {
            $0.text(at: row) == $0.text(at: twin) && $0.reasons[row] == $0.reasons[twin]
          })
      }
    }
    #expect(twins == 4)

    var struck = 0
    for item in spec.items {
      guard let gate = item.gate else { continue }
      let column = try after.column(item.variable)
      let opens = try after.column(gate)
      let original = try before.column(item.variable)
      for row in 0..<before.rowCount {
        let asked = opens.number(at: row) == Double(item.gateAnswer)
        if column.number(at: row) != nil, !asked {
          struck += 1
          #expect(original.reason(at: row) == .skipped)
        }
      }
    }
    #expect(struck == 5)
  }

  @Test("cells without a value carry the codes of the codebook")
  func codes() throws {
    let spec = fixture()
    let files = try Simulation.files(spec, sampleSeed: 9, workers: Workers(2))
    let codebook = String(decoding: files[0].bytes, as: UTF8.self).split(separator: "\n")
    #expect(
      codebook[0]
        == "variable,title_en,title_vi,dont_know,refused,skipped,not_selected,blank,values,values_vi,"
        + "type,low,high,asked_if"
    )
    #expect(
      codebook.contains("d1,\"Question, d1\",Câu d1,88,99,77,,,0=No|1=Yes,0=Không|1=Có,code,,,"))
    #expect(codebook.contains("d5,\"Question, d5\",Câu d5,888,999,777,,,,,number,0.1,20,"))
    let described = Set(codebook.dropFirst().map { $0.prefix { $0 != "," } })

    let table = try Simulation.sample(spec, sampleSeed: 9, workers: Workers(2))
    let responses = files.dropFirst(2).map { String(decoding: $0.bytes, as: UTF8.self) }
    let header = responses[0].prefix { $0 != "\n" }.split(separator: ",")
    #expect(header.allSatisfy(described.contains))
    #expect(!header.contains("urban"))
    let rows = responses.flatMap { $0.split(separator: "\n").dropFirst() }
    #expect(rows.count == table.rowCount)
    let place = try #require(header.firstIndex(of: "d6"))
    let cells = rows.map { $0.split(separator: ",", omittingEmptySubsequences: false)[place] }
    let column = try table.column("d6")
    for (code, reason) in [
      ("777", MissingReason.skipped), ("888", .dontKnow), ("999", .refused), ("", .blank),
    ] {
      let expected = (0..<column.count).count { column.reason(at: $0) == reason }
      #expect(cells.count { $0 == code } == expected)
      #expect(expected > 0)
    }
  }

  @Test("every village of the responses is in the frame once, with its adults")
  func frame() throws {
    let spec = fixture()
    let files = try Simulation.files(spec, sampleSeed: 9, workers: Workers(2))
    let lines = String(decoding: files[1].bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "village,urban,village_adults")
    var adults: [Substring: Int] = [:]
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",")
      #expect(adults.updateValue(try #require(Int(cells[2])), forKey: cells[0]) == nil)
    }
    #expect(adults.values.allSatisfy { $0 >= 60 })
    let total = try Simulation.margins(spec, workers: Workers(1)).reduce(0) { $0 + $1.population }
    #expect(adults.values.reduce(0, +) == total)
    let table = try Simulation.sample(spec, sampleSeed: 9, workers: Workers(1))
    for village in try table.column("village").grouped().levels {
      #expect(adults[Substring(village)] != nil)
    }
  }
}
