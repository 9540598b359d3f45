import CanvassTestSupport
import Foundation
import Testing

/// Bad input: exit code, place, reason and remedy in the message, and earlier results untouched.
@Suite("Bad input", .serialized)
struct BadInputTests {
  /// One thing that is wrong with a survey that was in order.
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let code: Int32
    /// What the place begins with.
    let place: String
    /// Words of the message.
    let words: [String]
    let cause: @Sendable (Desk) throws -> Void
    var testDescription: String { name }

    init(
      _ name: String, code: Int32, place: String, _ words: String...,
      cause: @escaping @Sendable (Desk) throws -> Void
    ) {
      self.name = name
      self.code = code
      self.place = place
      self.words = words
      self.cause = cause
    }

    /// A fault of the pipeline file: `old` becomes `new`.
    static func edit(
      _ old: String, _ new: String, code: Int32 = 78, place: String, _ words: String...
    ) -> Fault {
      var fault = Fault("'\(old)' becomes '\(new)'", code: code, place: place) { desk in
        try desk.edit(old, new)
      }
      fault = Fault(copy: fault, words: words)
      return fault
    }

    private init(copy: Fault, words: [String]) {
      (name, code, place, cause) = (copy.name, copy.code, copy.place, copy.cause)
      self.words = words
    }
  }

  static let archives: [Fault] = [
    Fault("an archive is missing", code: 66, place: "", "drop.tar.gz", "do:") {
      try $0.remove("drop.tar.gz")
    },
    Fault("a member is missing", code: 65, place: "drop.tar.gz", "responses.csv", "frame.csv") {
      try $0.write(
        "drop.tar.gz", SmallArchive.tarGzip(Array(Desk.members(Desk.responses).dropFirst())))
    },
    Fault("the codebook is missing", code: 65, place: "drop.tar.gz", "codebook.csv") {
      try $0.write(
        "drop.tar.gz", SmallArchive.tarGzip(Array(Desk.members(Desk.responses).dropLast())))
    },
    Fault("a codebook entry is missing", code: 65, place: "pipeline.yaml:", "'bribe'", "do:") {
      try $0.write(
        "drop.tar.gz",
        SmallArchive.tarGzip(
          Desk.members(Desk.responses).map { name, bytes in
            (name, name == "codebook.csv" ? Array("variable,dont_know\ntrust,88\n".utf8) : bytes)
          }))
    },
    Fault("an archive is cut short", code: 65, place: "drop.tar.gz", "do:") {
      let bytes = SmallArchive.tarGzip(Desk.members(Desk.responses))
      try $0.write("drop.tar.gz", Array(bytes.prefix(bytes.count / 2)))
    },
    Fault("an archive lacks its last byte", code: 65, place: "drop.tar.gz", "do:") {
      let bytes = SmallArchive.tarGzip(Desk.members(Desk.responses))
      try $0.write("drop.tar.gz", bytes.dropLast())
    },
    Fault("a gzip checksum is wrong", code: 65, place: "drop.tar.gz", "damaged", "do:") {
      try $0.write(
        "drop.tar.gz", SmallArchive.tarGzip(Desk.members(Desk.responses), checksumError: 1))
    },
    Fault("a zip is cut short", code: 65, place: "drop.zip", "do:") {
      let bytes = SmallArchive.zip(Desk.members(Desk.responses))
      try $0.write("drop.zip", Array(bytes.prefix(bytes.count - 30)))
      try $0.edit("drop.tar.gz", "drop.zip")
    },
    Fault("an archive is empty", code: 65, place: "drop.tar.gz", "empty") {
      try $0.write("drop.tar.gz", [UInt8]())
    },
    Fault("a row is too short", code: 65, place: "drop.tar.gz:responses.csv:5", "do:") {
      try $0.respond { $0[4] = String($0[4].prefix(12)) }
    },
    Fault("a row is too long", code: 65, place: "drop.tar.gz:responses.csv:9", "do:") {
      try $0.respond { $0[8] += ",surplus" }
    },
    Fault("a key is given twice", code: 65, place: "drop.tar.gz:responses.csv:", "id", "do:") {
      try $0.respond { $0.append($0[3] + "0") }
    },
    Fault("a village has no line in the frame", code: 65, place: "drop.tar.gz:", "village", "do:") {
      try $0.respond { $0[1] = $0[1].replacingOccurrences(of: ",v00,", with: ",v99,") }
    },
    Fault("a province has an unknown name", code: 65, place: "drop.tar.gz:", "province", "do:") {
      try $0.respond { $0[1] = $0[1].replacingOccurrences(of: "Hanoi", with: "Hanoy") }
    },
    Fault("a weight is text", code: 65, place: "drop.tar.gz:", "weight", "do:") { desk in
      try desk.respond { lines in
        var cells = lines[7].components(separatedBy: ",")
        cells[4] = "heavy"
        lines[7] = cells.joined(separator: ",")
      }
    },
    Fault("a weight is negative", code: 65, place: "drop.tar.gz:", "weight", "do:") { desk in
      try desk.respond { lines in
        var cells = lines[7].components(separatedBy: ",")
        cells[4] = "-3"
        lines[7] = cells.joined(separator: ",")
      }
    },
  ]

  static let survey: [Fault] = [
    Fault("a check says stop", code: 10, place: "", "adult", "do:") { desk in
      try desk.respond { lines in
        var cells = lines[2].components(separatedBy: ",")
        cells[6] = "17"
        lines[2] = cells.joined(separator: ",")
      }
    },
    Fault("a stratum has one sampling unit", code: 65, place: "", "01/s1", "do:") { desk in
      try desk.respond { lines in
        lines.removeAll { $0.contains(",v04,") || $0.contains(",v05,") }
      }
    },
    Fault("a margin's cell is empty", code: 11, place: "", "sex", "do:") { desk in
      try desk.respond { lines in
        lines.removeAll { $0.contains("79,") && $0.contains(",M,") }
      }
    },
    Fault("margins contradict each other", code: 11, place: "", "do:") { desk in
      try desk.write(
        "margins.csv",
        """
        province,variable,level,population
        01,sex,F,1300
        01,sex,M,1100
        48,sex,F,420
        48,sex,M,400
        79,sex,F,2100
        79,sex,M,2000
        01,young,0,1300
        01,young,1,1100
        48,young,0,420
        48,young,1,400
        79,young,0,2100
        79,young,1,2500

        """)
      try desk.edit(
        "count: population, over: [sex]",
        "count: population, variable: variable, level: level, over: [sex, young]")
    },
  ]

  static let pipelineFile: [Fault] = [
    .edit("  checks:", "  cheks:", place: "pipeline.yaml:13:3", "did you mean 'checks'?"),
    .edit("age >= 18", "age >= ", place: "pipeline.yaml:15:", "do:"),
    .edit("name: small", "name: [small]", place: "pipeline.yaml:2:7", "must be a text"),
    .edit("respondents: {members", "respondents: {member", place: "pipeline.yaml:7:", "members"),
    .edit("margins: margins.csv", "margins: none.csv", code: 66, place: "pipeline.yaml:25:", "do:"),
  ]

  @Test(
    "has its exit code, a message with place and remedy, and leaves earlier results untouched",
    arguments: archives + survey + pipelineFile)
  func fault(_ fault: Fault) throws {
    let desk = try Desk()
    let before = try desk.listing()
    try #require(before.keys.contains { $0.hasSuffix("release/scores.csv") })
    try fault.cause(desk)
    let result = try desk.run(["run", "pipeline.yaml"])
    #expect(result.code == fault.code, "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(result.headline.hasPrefix(fault.place), "\(result.errors)")
    for word in fault.words { #expect(result.errors.contains(word), "\(word): \(result.errors)") }
    #expect(try desk.listing() == before)
  }
}
