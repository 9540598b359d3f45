import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Testing

/// Everything in a table that a reader could get wrong.
func fingerprint(_ table: Table) -> [String] {
  table.columns.map { "\($0.name) \($0.values) \($0.reasons)" }
    + ["\(table.origins?.lineOfRow ?? [])"]
}

private func request(_ path: String, blank: [String] = []) -> IngestionRequest {
  IngestionRequest(
    drops: [path], respondents: MemberRequest(members: "*.csv"), blankText: blank)
}

@Suite("Tables")
struct TableReadingTests {
  static let awkward = Array(
    ("\u{FEFF}id,note,x,y\r\n1,\"a \"\"b\"\"\r\nc\nd\",7e+05,\r\n2,,NA,-0\n\n03,\"x,y\",1.5,12\r"
      + "A,tiế,2,3\n\"4\",\"\",\"\n\",99999").utf8)

  @Test("block borders and threads leave no trace", arguments: [1, 2, 3, 8])
  func blockBorders(threads: Int) throws {
    try withFile(Self.awkward) { path in
      let request = request(path, blank: ["NA"])
      let expected = try Ingestion.ingest(request, workers: Workers(1))
      let table = expected.table
      #expect(table.rowCount == 5)
      #expect(expected.report.blankLines == 1)
      #expect(try table.column("id").text(at: 2) == "03")
      #expect(try table.column("note").text(at: 0) == "a \"b\"\r\nc\nd")
      #expect(try table.column("note").reason(at: 4) == .blank)
      #expect(try table.column("x").text(at: 4) == "\n")
      #expect(try table.column("x").reason(at: 1) == .blank)
      #expect(try table.column("y").number(at: 1)?.sign == .plus)
      #expect(try table.column("y").number(at: 4) == 99_999)
      #expect(table.origins?.lineOfRow == [2, 5, 7, 8, 9])
      for size in 1...Self.awkward.count {
        let cut = try Ingestion.ingest(request, workers: Workers(threads), blockSize: size)
        #expect(fingerprint(cut.table) == fingerprint(table), "block of \(size) bytes")
        #expect(cut.report.blankLines == 1)
      }
    }
  }

  @Test(
    "a broken table is refused with line and column",
    arguments: [
      ("a,b\n1,2\n3\n", ":3:1"), ("a,b\n1,2,3\n", ":2:1"), ("a,b\n1,2\n\"x,3\n", ":3:1"),
      ("a,b\n1,x\"y\n", ":2:4"), ("a,a\n1,2\n", ":1:1"), ("a,\n1,2\n", ":1:1"),
      ("a, \n1,2\n", ":1:1"), ("a,b\n1,\u{0}\n", ":2:3"), ("a,b\n1,2\n\u{1A}", ":3:1"),
      ("a,b\n\"1\"x,2\n", ":2:4"), ("a,b\n\"1\r\n2\",x\"\n", ":3:5"),
      ("a,b\r\n\"p\r\nq\",1\r\n2,\"r\n\ns\"t\r\n", ":6:3"), ("a,\"b\n1,2\n", ":1:3"),
      ("a\u{0}b,c\n1,2\n", ":1:2"), ("a,b\r1,2\r3\r", ":3:1"),
    ])
  func broken(text: String, place: String) throws {
    try withFile(Array(text.utf8)) { path in
      for (threads, size) in [(1, 1 << 20), (1, 1), (3, 2), (2, 7)] {
        let failure = #expect(throws: Diagnostic.self) {
          try Ingestion.ingest(request(path), workers: Workers(threads), blockSize: size)
        }
        #expect(failure?.kind == .badData)
        #expect(failure?.place?.hasSuffix(place) == true, "\(failure?.place ?? "nowhere")")
      }
    }
  }

  @Test(
    "text that is not UTF-8 is refused where it stands",
    arguments: [
      [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE1, 0xBA], [0xF5, 0x80, 0x80, 0x80], [0xE3],
    ] as [[UInt8]])
  func invalidText(bytes: [UInt8]) throws {
    try withFile(Array("a,b\n1,2\n3,x".utf8) + bytes + Array("\n4,5\n".utf8)) { path in
      // Said to be UTF-8 it is an error; otherwise it is never read as UTF-8.
      let failure = #expect(throws: Diagnostic.self) {
        try Ingestion.ingest(
          IngestionRequest(
            drops: [path],
            respondents: MemberRequest(members: "*", text: TextRequest(encoding: .utf8))),
          workers: Workers(1))
      }
      #expect(failure?.place?.hasSuffix(":3:4") == true)
      let read = try? Ingestion.ingest(request(path), workers: Workers(1))
      #expect(read?.report.drops[0].members[0].decision?.encoding != .utf8)
    }
  }

  @Test("headers without measure are refused, and lines without content are counted")
  func headers() throws {
    let wide = (1...65_536).map { "v\($0)" }.joined(separator: ",") + "\n"
    let long = String(repeating: "v", count: 1 << 21) + "\n1\n"
    for text in [wide, long] {
      try withFile(Array(text.utf8)) { path in
        let failure = #expect(throws: Diagnostic.self) { try Ingestion.readTable(path: path) }
        #expect(failure?.kind == .badData)
        #expect(failure?.place == path + ":1:1")
      }
    }
    let empty = Array("a\n".utf8) + [UInt8](repeating: 0x0A, count: 1_000_000) + Array("1\n".utf8)
    try withFile(empty) { path in
      let read = try Ingestion.ingest(request(path), workers: Workers(2))
      #expect(read.report.blankLines == 1_000_000)
    }
  }

  @Test("a quote that never closes is found at its place within bounded memory")
  func endlessQuote() throws {
    let rows = [UInt8](repeating: UInt8(ascii: "7"), count: 20 << 20)
    for (text, place) in [("a\n1\n\"", ":3:1"), ("a\n1\n2\"", ":3:2")] {
      try withFile(Array(text.utf8) + rows) { path in
        let failure = #expect(throws: Diagnostic.self) { try Ingestion.readTable(path: path) }
        #expect(failure?.place == path + place)
      }
    }
  }

  @Test(
    "line ends of every kind give the same table", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) throws {
    let text = ["q1,q2", "1,x", "", "2,y", "3,z"].joined(separator: end)
    for last in ["", end, end + end] {
      try withFile(Array((text + last).utf8)) { path in
        let read = try Ingestion.ingest(request(path), workers: Workers(1))
        #expect(read.table.origins?.lineOfRow == [2, 4, 5])
        #expect(try read.table.column("q2").text(at: 2) == "z")
        #expect(read.report.blankLines == (last == end + end ? 2 : 1))
      }
    }
  }

  @Test("numbers are the doubles nearest to their text")
  func numbers() throws {
    var state: UInt64 = 20_261_123
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    func digits(_ count: Int) -> String { (0..<count).map { _ in "\(draw(10))" }.joined() }
    var texts: [String] = []
    for _ in 0..<4_000 {
      var text = draw(3) == 0 ? "-" : ""
      text += draw(4) == 0 ? "0" : "\(1 + draw(9))" + digits(draw(14))
      if draw(4) > 0 { text += "." + digits(1 + draw(22)) }
      if draw(3) == 0 { text += ["e", "E-", "e+"][draw(3)] + "\(draw(250))" }
      texts.append(text)
    }
    try withFile(Array(("x\n" + texts.joined(separator: "\n")).utf8)) { path in
      let column = try Ingestion.readTable(path: path).column("x")
      for (row, text) in texts.enumerated() {
        let expected = try #require(Double(text))
        #expect(column.number(at: row) == expected, "\(text)")
      }
    }
  }

  @Test(
    "what is no number keeps its form",
    arguments: [
      "nan", "inf", "0x10", "1e400", "+1", "1 ", "007", "1_000", "٣", "１",
      "9007199254740993",
      "-", "1.", ".5", "1e", "--1",
    ])
  func noNumbers(text: String) throws {
    try withFile(Array("x;y\n\(text);12\n".utf8)) { path in
      let table = try Ingestion.readTable(path: path)
      #expect(try table.column("x").text(at: 0) == text)
      #expect(try table.column("x").isNumeric == false)
      #expect(try table.column("y").number(at: 0) == 12)
    }
  }

  @Test("text becomes NFC and its dictionary is sorted; a column is text as a whole")
  func text() throws {
    let decomposed = "Hue\u{302}\u{301}"
    try withFile(Array("p,c\n\(decomposed),1.10\nHuế,\nAn,x\n".utf8)) { path in
      for size in [1, 1 << 20] {
        let table = try Ingestion.ingest(request(path), workers: Workers(2), blockSize: size).table
        guard case .text(let codes, let dictionary) = try table.column("p").values else {
          Issue.record("no text")
          return
        }
        #expect(dictionary.map { Array($0.utf8) } == ["An", "Huế"].map { Array($0.utf8) })
        #expect(codes == [1, 1, 0])
        #expect(try table.column("c").text(at: 0) == "1.10")
        #expect(try table.column("c").reason(at: 1) == .blank)
      }
    }
  }

  @Test("the delimiter is found, or refused where the header does not hold it")
  func delimiters() throws {
    for mark in [",", ";", "\t", "|"] {
      try withFile(Array("a\(mark)b\n1\(mark)2\n".utf8)) { (path: String) throws -> Void in
        let names = try Ingestion.readTable(path: path).names
        #expect(names == ["a", "b"])
        let wrong: Character = mark == ";" ? "," : ";"
        let failure = #expect(throws: Diagnostic.self) {
          try Ingestion.ingest(
            IngestionRequest(
              drops: [path],
              respondents: MemberRequest(members: "*", dialect: DialectRequest(delimiter: wrong))),
            workers: Workers(1))
        }
        #expect(failure?.kind == .badData)
      }
    }
  }

  @Test("names that differ in case stay apart; a table may have no rows, respondents may not")
  func boundlessHeaders() throws {
    try withFile(Array("q, Q \n".utf8)) { path in
      let table = try Ingestion.readTable(path: path)
      #expect(table.names == ["q", "Q"])
      #expect(table.rowCount == 0)
      let failure = #expect(throws: Diagnostic.self) {
        try Ingestion.ingest(request(path), workers: Workers(1))
      }
      #expect(failure?.kind == .badData)
    }
  }

  @Test("texts that mean blank count in number columns too, digits among them")
  func blankText() throws {
    try withFile(Array("a,b\nNA,7\n5,99\n,12\n".utf8)) { path in
      let table = try Ingestion.ingest(
        request(path, blank: ["NA", "99"]), workers: Workers(1)
      ).table
      #expect(try table.column("a").isNumeric)
      #expect(try table.column("a").reason(at: 0) == .blank)
      #expect(try table.column("a").number(at: 1) == 5)
      #expect(try table.column("b").reason(at: 1) == .blank)
      #expect(try table.column("b").number(at: 2) == 12)
    }
  }
}
