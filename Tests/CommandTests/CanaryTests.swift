import Foundation
import Testing

/// A respondent's words never reach a message, whatever goes wrong with them.
@Suite("Cell values stay out of messages", .serialized)
struct CanaryTests {
  static let canary = "CANARY Nguyen 0912345678"

  /// A column of the responses, and what is wrong with the canary there.
  @Test(
    "a cell that causes an error is not in the message",
    arguments: ["province", "village", "weight", "sex", "age", "trust"])
  func cell(column: String) throws {
    let desk = try Desk(hasRun: false)
    try desk.respond { lines in
      var cells = lines[6].components(separatedBy: ",")
      let names = lines[0].components(separatedBy: ",")
      cells[names.firstIndex(of: column)!] = CanaryTests.canary
      lines[6] = cells.joined(separator: ",")
    }
    let result = try desk.run(["run", "pipeline.yaml"])
    #expect(result.code != 0, "\(column)")
    #expect(!(result.output + result.errors).contains("CANARY"), "\(result.errors)")
    // A stratum is the exception: a lone sampling unit is told by the name of its stratum.
    #expect(result.errors.contains("error:"))
  }

  @Test("a ragged row, an open quote, and bytes that are no UTF-8 are not in the message")
  func lines() throws {
    for line in [
      "r9,\(CanaryTests.canary)", "r9,\"\(CanaryTests.canary)", "r9,\(CanaryTests.canary)\u{0},1",
      "r9,\"\(CanaryTests.canary)\"x,1", String(repeating: "\(CanaryTests.canary),", count: 30),
    ] {
      let desk = try Desk(hasRun: false)
      try desk.respond { $0[5] = line }
      let result = try desk.run(["run", "pipeline.yaml"])
      #expect(result.code == 65, "\(result.errors)")
      #expect(!(result.output + result.errors).contains("CANARY"), "\(result.errors)")
      #expect(result.headline.hasPrefix("drop.tar.gz:responses.csv:"), "\(result.errors)")
    }
  }

  @Test("keys that are given twice or lacking are not in the message")
  func keys() throws {
    for second in [CanaryTests.canary, ""] {
      let desk = try Desk(hasRun: false)
      try desk.respond { lines in
        for row in [6, 7] {
          var cells = lines[row].components(separatedBy: ",")
          cells[0] = second
          lines[row] = cells.joined(separator: ",")
        }
      }
      let result = try desk.run(["run", "pipeline.yaml"])
      #expect(result.code == 65, "\(result.errors)")
      #expect(!(result.output + result.errors).contains("CANARY"), "\(result.errors)")
    }
  }

  @Test("a check that stops says its rule and its rows, not their answers")
  func check() throws {
    let desk = try Desk(hasRun: false)
    try desk.edit("require: age >= 18", "require: sex is 'F' or 'M'")
    try desk.respond { lines in
      lines[6] = lines[6].replacingOccurrences(of: ",F,", with: ",\(CanaryTests.canary),")
        .replacingOccurrences(of: ",M,", with: ",\(CanaryTests.canary),")
    }
    let result = try desk.run(["run", "pipeline.yaml"])
    #expect(result.code == 10, "\(result.errors)")
    #expect(!(result.output + result.errors).contains("CANARY"), "\(result.errors)")
    #expect(result.headline.hasPrefix("drop.tar.gz:responses.csv:7"), "\(result.errors)")
  }
}
