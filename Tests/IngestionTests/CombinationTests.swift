import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import CanvassTestSupport
import Foundation
import Testing

private let people = Packed("people.csv", "id,village,q1\n01,7,3\n02,8,88\n03,7,\n")
private let frame = Packed("frame.csv", "village,base\n8,2.5\n7,1.5\n9,4\n")

private func ingest(
  _ drops: [[Packed]], join: [(members: String, key: String)] = [], codebook: String? = nil,
  key: String? = nil, text: [String] = []
) throws -> Ingested {
  func nested(_ rest: ArraySlice<[Packed]>, _ paths: [String]) throws -> Ingested {
    if let drop = rest.first {
      return try withFile(zip(drop)) { try nested(rest.dropFirst(), paths + [$0]) }
    }
    return try Ingestion.ingest(
      IngestionRequest(
        drops: paths, respondents: MemberRequest(members: "people*.csv"), key: key,
        textVariables: text, codebook: codebook.map { .member(MemberRequest(members: $0)) },
        join: join.map { JoinRequest(source: MemberRequest(members: $0.members), key: $0.key) }),
      workers: Workers(2))
  }
  return try nested(drops[...], [])
}

private func refusal(_ body: () throws -> Ingested) -> Diagnostic? {
  #expect(throws: Diagnostic.self, performing: body)
}

@Suite("Tables put together")
struct CombinationTests {
  @Test("a second table is joined by key, many respondents to one row")
  func join() throws {
    let table = try ingest([[frame, people]], join: [("frame.csv", "village")]).table
    #expect(table.names == ["id", "village", "q1", "base"])
    #expect((0..<3).map { table["base"]?.number(at: $0) } == [1.5, 2.5, 1.5])
    #expect((0..<3).map { table["id"]?.text(at: $0) } == ["01", "02", "03"])
  }

  @Test("keys are compared as text where one table holds text")
  func textKeys() throws {
    let texts = Packed("frame.csv", "village,base\n8,2\n7,1\nx,4\n")
    #expect(try ingest([[texts, people]], join: [("frame.csv", "village")]).report.rowsOut == 3)
    let zeros = Packed("frame.csv", "village,base\n08,2\n07,1\n")
    let failure = refusal { try ingest([[zeros, people]], join: [("frame.csv", "village")]) }
    #expect(failure?.what.contains("3 respondents") == true)
  }

  @Test(
    "a join that would lose or double respondents or columns is refused",
    arguments: [
      ("village,base\n7,1.5\n", "1 respondents"), ("village,base\n7,1\n8,2\n7,3\n", "share"),
      ("village,q1\n7,1\n8,2\n", "both"), ("hamlet,base\n7,1\n8,2\n", "village"),
      ("village,base\n7,1\n8,2\n,3\n", "no 'village'"),
    ])
  func brokenJoin(text: String, what: String) {
    let failure = refusal {
      try ingest([[people, Packed("frame.csv", text)]], join: [("frame.csv", "village")])
    }
    #expect(failure?.kind == .badData)
    #expect(failure?.what.contains(what) == true)
  }

  @Test("the codebook's codes keep their form")
  func codebook() throws {
    let book = Packed(
      "codebook.csv",
      "variable,title_en,dont_know,refused,values\nq1,Trust,88|077,99,1=Yes|2=No\nq9,Gone,,,\n")
    let read = try ingest([[people, book]], codebook: "codebook.csv")
    #expect(
      read.codebook?["q1"]?.missingCodes == ["88": .dontKnow, "077": .dontKnow, "99": .refused])
    #expect(read.codebook?["q1"]?.valueLabels["2"]?.en == "No")
    #expect(read.report.undescribedInData == 1)
  }

  @Test(
    "a codebook with a fault is refused",
    arguments: [
      "variable,titel_en\nq1,T\n", "title_en\nT\n", "variable,values\nq1,1-Yes\n",
      "variable,dont_know,refused\nq1,88,88\n", "variable\nq1\nq1\n", "variable,blank\n,1\n",
    ])
  func brokenCodebook(text: String) {
    let failure = refusal {
      try ingest([[people, Packed("codebook.csv", text)]], codebook: "codebook.csv")
    }
    #expect(failure?.kind == .badData)
  }

  @Test("later drops win by key, whatever a column held before")
  func laterDrops() throws {
    let later = Packed("people-2.csv", "q1,id,village\nx,02,8\n5,04,9\n")
    let read = try ingest([[people], [later]], key: "id")
    #expect((0..<4).map { read.table["id"]?.text(at: $0) } == ["01", "03", "02", "04"])
    #expect((0..<4).map { read.table["q1"]?.text(at: $0) } == ["3", nil, "x", "5"])
    #expect(read.report.rowsRead == 5)
    #expect(read.report.rowsSuperseded == 1)
    #expect(read.report.rowsOut == 4)
    #expect(read.report.drops.map { $0.members.map(\.rows) } == [[3], [2]])
  }

  @Test("drops and members of one table have the same columns")
  func differingColumns() {
    let other = Packed("people-2.csv", "id,village,q2\n05,7,1\n")
    #expect(refusal { try ingest([[people], [other]], key: "id") }?.kind == .badData)
    #expect(refusal { try ingest([[people, other]]) }?.kind == .badData)
    #expect(refusal { try ingest([[people], [people]]) }?.kind == .badPipeline)
  }

  @Test("a variable that is to stay text is named where the data lack it")
  func textVariables() throws {
    #expect(try ingest([[people]], text: ["village"]).table["village"]?.isNumeric == false)
    let failure = refusal { try ingest([[people]], text: ["vilage"]) }
    #expect(failure?.kind == .badPipeline)
    #expect(failure?.remedy?.contains("village") == true)
  }

  @Test("a drop that is not there, or holds nothing that is asked for, is told apart")
  func missing() throws {
    let request = IngestionRequest(
      drops: ["/nowhere/drop.zip"], respondents: MemberRequest(members: "*"))
    let failure = refusal { try Ingestion.ingest(request, workers: Workers(1)) }
    #expect(failure?.kind == .missingInput)
    #expect(failure?.kind.exitCode == 66)
    let empty = try withFile([]) { path in
      refusal {
        try Ingestion.ingest(
          IngestionRequest(drops: [path], respondents: MemberRequest(members: "*")),
          workers: Workers(1))
      }
    }
    #expect(empty?.kind.exitCode == 65)
    #expect(refusal { try ingest([[frame]]) }?.what.contains("people*.csv") == true)
  }

  @Test("an inspection lists members, and ends where bytes are damaged")
  func inspection() throws {
    let bytes = zip([people, Packed("notes.txt", "\u{0}")], isDeflated: false)
    try withFile(bytes) { path in
      let summary = try Ingestion.inspect(path, workers: Workers(1))
      #expect(summary.members.map(\.name) == ["people.csv", "notes.txt"])
      #expect(
        try summary.members[0].table.get().columns.map(\.kind) == [
          "text", "whole numbers", "whole numbers",
        ])
    }
    let described = zip([
      people, Packed("codebook.csv", "variable,dont_know,refused\nq1,88,3\n"),
    ])
    try withFile(described) { path in
      let summary = try Ingestion.inspect(path, workers: Workers(1))
      let columns = try summary.members[0].table.get().columns
      #expect(columns[2].missing.map(\.reason) == [.blank, .dontKnow, .refused])
      #expect(columns[2].missing.map(\.count) == [1, 1, 1])
      #expect(columns[2].blankCount == 1 && columns[1].missing.isEmpty)
    }
    var damaged = bytes
    damaged[40] ^= 1
    try withFile(damaged) { path in
      _ = #expect(throws: Diagnostic.self) { try Ingestion.inspect(path, workers: Workers(1)) }
    }
  }
}

@Suite("Repeated groups")
struct RepeatGroupTests {
  private func read(_ drops: [[SmallArchive.Member]]) throws -> Ingested {
    var paths: [String] = []
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    for members in drops {
      let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).zip").path
      try Data(PackedArchive.bytes(members, .zip)).write(to: URL(filePath: path))
      paths.append(path)
    }
    var request = IngestionRequest(
      drops: paths, respondents: MemberRequest(members: "people.csv"), key: "KEY")
    request.repeats = [
      RepeatRequest(source: MemberRequest(members: "people-*.csv"), key: "PARENT_KEY")
    ]
    return try Ingestion.ingest(request, workers: Workers(1))
  }

  private func member(_ name: String, _ text: String) -> SmallArchive.Member {
    (name, Array(text.utf8))
  }

  @Test("rows of a respondent that a later drop replaces go with it")
  func superseded() throws {
    let read = try read([
      [
        member("people.csv", "KEY,q\na,1\nb,2\n"),
        member("people-child.csv", "PARENT_KEY,age\na,1\nb,2\nb,3\n"),
      ],
      [
        member("people.csv", "KEY,q\nb,5\nc,6\n"),
        member("people-child.csv", "age,PARENT_KEY\n9,b\n8,c\n"),
      ],
    ])
    #expect(read.table.rowCount == 3)
    let group = try #require(read.repeats.first)
    let ages = (0..<group.rowCount).map { group["age"]?.number(at: $0) }
    #expect(ages == [1, 9, 8])
  }

  @Test("rows without a respondent in their drop are refused at the first of them")
  func orphans() throws {
    for child in ["PARENT_KEY,age\na,1\nx,2\n", "PARENT_KEY,age\na,1\n,2\n"] {
      let failure = #expect(throws: Diagnostic.self) {
        try self.read([
          [member("people.csv", "KEY,q\na,1\n"), member("people-child.csv", child)]
        ])
      }
      #expect(failure?.what == "1 rows of a repeated group have no respondent")
      #expect(failure?.place?.hasSuffix("people-child.csv:3") == true)
    }
    let missing = #expect(throws: Diagnostic.self) {
      try self.read([[member("people.csv", "KEY,q\na,1\n")]])
    }
    #expect(missing?.what.contains("a repeated group") == true)
  }
}
