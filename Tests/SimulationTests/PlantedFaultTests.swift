import CanvassCompute
import CanvassSimulation
import CanvassSurvey
import Testing

@Suite("Planted faults") struct PlantedFaultTests {
  static func spec(_ faults: [FaultKind: Int]) -> SimulationSpec {
    var spec = fixture()
    spec.underAgeRows = 0
    spec.inconsistentAnswers = 0
    spec.duplicateRows = 0
    spec.faults = faults
    spec.placeNames = ["01": "Hà Nội", "02": "Hà Giang", "79": "Hồ Chí Minh"]
    return spec
  }

  /// The cells of all responses by key and line.
  static func lines(_ spec: SimulationSpec) throws -> (header: [String], lines: [[String]]) {
    let files = try Simulation.files(spec, sampleSeed: 4, workers: Workers(2)).dropFirst(2)
    var lines: [[String]] = []
    var header: [String] = []
    for file in files {
      let text = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
      func cells(_ line: Substring) -> [String] {
        line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      header = cells(text[0])
      lines += text.dropFirst().map(cells)
    }
    return (header, lines)
  }

  @Test("every kind changes its own cells and rows and nothing else", arguments: [1, 2, 3])
  func nothingElse(count: Int) throws {
    let all = Dictionary(uniqueKeysWithValues: FaultKind.allCases.map { ($0, count) })
    let spec = Self.spec(all)
    let planted = try Simulation.plantedFaults(spec, sampleSeed: 4, workers: Workers(2))
    #expect(Set(planted.map(\.kind)) == Set(FaultKind.allCases))
    let (header, clean) = try Self.lines(Self.spec([:]))
    let (_, dirty) = try Self.lines(spec)
    let key = try #require(header.firstIndex(of: "respondent_id"))
    let rowKinds: Set<FaultKind> = [.underAge, .repeatedRow, .earlierVersion, .copiedInterview]
    let cells = planted.filter { !rowKinds.contains($0.kind) }
    #expect(Set(cells.map(\.key)).count == cells.count)
    #expect(dirty.count == clean.count + count * rowKinds.count)
    var changed: Set<String> = []
    let before = Dictionary(uniqueKeysWithValues: clean.map { ($0[key], $0) })
    var seen = Set<String>()
    for line in dirty where before[line[key]] != nil && seen.insert(line[key]).inserted {
      guard let old = before[line[key]] else { continue }
      for (name, (one, other)) in zip(header, zip(old, line))
      where one.utf8.elementsEqual(other.utf8) == false {
        changed.insert("\(line[key]) \(name) \(one) \(other)")
      }
    }
    #expect(
      changed == Set(cells.map { "\($0.key) \($0.variable) \($0.clean) \($0.dirty)" }))
  }

  @Test("faults that the sample cannot hold are an error of the specification")
  func tooMany() throws {
    #expect(throws: Diagnostic.self) {
      _ = try Simulation.plantedFaults(
        Self.spec([.provinceWithoutZero: 100_000]), sampleSeed: 4, workers: Workers(1))
    }
  }
}
