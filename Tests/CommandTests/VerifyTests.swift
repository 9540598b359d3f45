import Foundation
import Testing

/// `verify`, `reproduce` and `compare --bytes` on a small survey.
@Suite("A run can be checked", .serialized)
struct VerifyTests {
  @Test("a run verifies against the head that it printed, and no longer once a byte has changed")
  func verify() throws {
    let desk = try Desk(hasRun: false)
    let run = try desk.run(["run", "pipeline.yaml"])
    let line = try #require(
      run.errors.split(separator: "\n").first { $0.hasPrefix("ledger head: ") })
    let head = String(line.dropFirst("ledger head: ".count))
    let good = try desk.run(["verify", "Runs/small/latest", "--head", head])
    #expect(good.code == 0, "\(good.output)\(good.errors)")
    #expect(good.output.hasPrefix("verified: ") && good.output.contains(head))
    let file = "Runs/small/latest/release/scores.csv"
    var bytes = try Data(contentsOf: URL(filePath: desk.path(file)))
    bytes[100] ^= 1
    try desk.write(file, Array(bytes))
    let bad = try desk.run(["verify", "Runs/small/latest"])
    #expect(bad.code == 10)
    #expect(bad.output.contains("release/scores.csv: error: the file was changed"))
    #expect(try desk.run(["verify", "Runs/small/latest", "--json"]).code == 10)
    #expect(try desk.run(["verify", "Runs/small/latest", "--head", "zzz"]).code == 64)
    #expect(try desk.run(["verify", "Runs/small"]).code == 66)
  }

  @Test("a run is reproduced from another folder and with other threads")
  func reproduce() throws {
    let desk = try Desk()
    let before = try desk.listing()
    let elsewhere = FileManager.default.temporaryDirectory
    let result = try Command.run(
      ["reproduce", desk.path("Runs/small/latest"), "--threads", "1"], in: elsewhere)
    #expect(result.code == 0, "\(result.output)\(result.errors)")
    #expect(result.output.hasPrefix("reproduced: "))
    #expect(try desk.listing() == before)
  }

  @Test("a run whose file was changed is not reproduced, and the first difference is named")
  func notReproduced() throws {
    let desk = try Desk()
    for name in ["release/indicators.csv", "internal/weights.csv"] {
      let file = "Runs/small/latest/" + name
      let bytes = try Array(Data(contentsOf: URL(filePath: desk.path(file))))
      var other = bytes
      other[50] ^= 1
      try desk.write(file, other)
      let result = try desk.run(["reproduce", "Runs/small/latest"])
      #expect(result.code == 10)
      #expect(result.output.contains("\(name): first difference at byte 51"))
      try desk.write(file, bytes)
    }
    let file = "Runs/small/latest/record/run.json"
    let record = try String(contentsOfFile: desk.path(file), encoding: .utf8)
    try desk.write(
      file, record.replacingOccurrences(of: "\"rows_read\": ", with: "\"rows_read\": 1"))
    let result = try desk.run(["reproduce", "Runs/small/latest"])
    #expect(result.code == 10 && result.output.contains("record/run.json"))
  }

  @Test("an input that is gone or was changed is told before anything is run")
  func changedInput() throws {
    let desk = try Desk()
    try desk.write("margins.csv", Desk.margins.replacingOccurrences(of: "1300", with: "1301"))
    let changed = try desk.run(["reproduce", "Runs/small/latest"])
    #expect(changed.code == 65 && changed.headline.hasPrefix("margins.csv:"), "\(changed.errors)")
    try desk.write("margins.csv", Desk.margins)
    try desk.remove("drop.tar.gz")
    let gone = try desk.run(["reproduce", "Runs/small/latest"])
    #expect(gone.code == 66 && gone.headline.hasPrefix("drop.tar.gz:"), "\(gone.errors)")
  }

  @Test("compare --bytes finds two runs of one input the same and names what differs else")
  func compare() throws {
    let desk = try Desk()
    try #require(desk.run(["run", "pipeline.yaml", "--threads", "1"]).code == 0)
    try desk.edit("low: 0, high: 4", "low: 0, high: 5")
    try #require(desk.run(["run", "pipeline.yaml"]).code == 0)
    let runs = try FileManager.default.contentsOfDirectory(atPath: desk.path("Runs/small"))
      .filter { $0.hasPrefix("000") }.sorted().map { "Runs/small/" + $0 }
    let same = try desk.run(["compare", "--bytes", runs[0], runs[1]])
    #expect(same.code == 0, "\(same.output)")
    let other = try desk.run(["compare", "--bytes", runs[0], runs[2]])
    #expect(other.code == 10)
    #expect(other.output.contains("release/scores.csv: first difference at byte"))
    #expect(!other.output.contains("internal/weights.csv"))
    #expect(try desk.run(["compare", "--bytes", runs[0]]).code == 64)
  }
}
