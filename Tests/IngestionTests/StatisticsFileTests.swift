import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Testing

private typealias Format = StatisticsWriter.Format

/// Five respondents with every kind of missing answer, Vietnamese labels, a long text and weights.
private func survey() throws -> (table: Table, codebook: Codebook) {
  var trust = Column(name: "tin_tưởng", numbers: [1, 5, -95, nil, nil, nil])
  trust.reasons = [0, 0, 0, 1, 3, 4]
  var steps = Column(name: "steps", numbers: [1.5, nil, nil, nil, -1e-9, 123_456.25])
  steps.reasons = [0, 2, 5, 6, 0, 0]
  var comment = Column(
    name: "comment",
    strings: ["Đường xấu, \"ổ gà\"", String(repeating: "ă", count: 400), "", "c", nil, "e"])
  comment.reasons[4] = MissingReason.refused.rawValue
  let table = Table(columns: [
    Column(name: "id", strings: ["01", "02", "03", "04", "05", "06"]), trust, steps, comment,
    Column(name: "weight", numbers: [1.25, 0.5, 3, 2, 1, 0.125]),
  ])
  let codebook = try Codebook([
    Variable(
      name: "tin_tưởng", title: LocalizedText(en: "Tin tưởng chính quyền xã"),
      valueLabels: ["1": LocalizedText(en: "Rất không"), "5": LocalizedText(en: "Rất tin")]),
    Variable(
      name: "id", title: LocalizedText(en: "Mã số"),
      valueLabels: ["01": LocalizedText(en: "Người thứ nhất")]),
  ])
  return (table, codebook)
}

private func read(_ bytes: [UInt8], _ request: (inout IngestionRequest) -> Void = { _ in }) throws
  -> Ingested
{
  try withFile(bytes, name: "drop.bin") { path in
    var wanted = IngestionRequest(drops: [path], respondents: MemberRequest(members: "*"))
    request(&wanted)
    return try Ingestion.ingest(wanted, workers: Workers(2))
  }
}

private func cells(_ table: Table, _ name: String) -> [String] {
  guard let column = table[name] else { return ["no column \(name)"] }
  return (0..<column.count).map { column.text(at: $0) ?? column.reason(at: $0)?.name ?? "?" }
}

@Suite("SPSS and Stata files")
struct StatisticsFileTests {
  @Test(
    "what is written is read again: values, titles, labels, kinds of missing",
    arguments: Format.allCases)
  fileprivate func roundTrip(format: Format) throws {
    let (table, codebook) = try survey()
    let bytes = try StatisticsWriter.bytes(
      of: table, codebook: codebook, weight: "weight", format: format)
    let back = try read(bytes)
    #expect(
      back.table.names == ["id", "tin_tưởng", "steps", "comment", "comment_missing", "weight"])
    #expect(cells(back.table, "id") == ["01", "02", "03", "04", "05", "06"])
    #expect(
      cells(back.table, "comment")
        == cells(table, "comment").map { $0 == "refused" || $0 == "" ? "blank" : $0 })
    #expect(cells(back.table, "comment_missing") == ["0", "0", "0", "0", "4", "0"])
    #expect(cells(back.table, "weight") == cells(table, "weight"))
    let trust = try #require(back.codebook?["tin_tưởng"])
    #expect(trust.title.en == "Tin tưởng chính quyền xã")
    #expect(trust.valueLabels["5"]?.en == "Rất tin")
    // Stata's tags are reasons at once; SPSS's codes stay values that the codebook calls missing.
    for name in ["tin_tưởng", "steps"] {
      let codes = back.codebook?[name]?.missingCodes ?? [:]
      let reread = cells(back.table, name).map { codes[$0]?.name ?? $0 }
      #expect(reread == cells(table, name), "\(format) \(name)")
    }
    #expect(back.report.drops[0].members[0].format == (format == .dta ? "Stata" : "SPSS"))
    #expect(
      try StatisticsWriter.bytes(of: table, codebook: codebook, weight: "weight", format: format)
        == bytes)
  }

  @Test("inside of archives they are what they are outside", arguments: Format.allCases)
  fileprivate func packed(format: Format) throws {
    let (table, codebook) = try survey()
    let bytes = try StatisticsWriter.bytes(of: table, codebook: codebook, format: format)
    var member = Packed("data/khảo sát.bin", "")
    member.bytes = bytes
    let plain = try fingerprint(read(bytes).table)
    for drop in [zip([member]), tar([member]), gzip(tar([member])), gzip(bytes)] {
      #expect(try fingerprint(read(drop).table) == plain)
    }
  }

  @Test("a file cut at any byte is refused", arguments: Format.allCases)
  fileprivate func truncated(format: Format) throws {
    let bytes = try StatisticsWriter.bytes(of: try survey().table, codebook: nil, format: format)
    let whole = try fingerprint(read(bytes).table)
    for count in stride(from: 1, to: bytes.count, by: 3) {
      // What lies behind the last cell of a Stata file may go without a loss.
      if let table = try? read(Array(bytes[..<count])).table {
        #expect(fingerprint(table) == whole, "\(count) of \(bytes.count)")
      }
    }
  }

  @Test("no byte that changes makes a crash", arguments: Format.allCases)
  fileprivate func damaged(format: Format) throws {
    let bytes = try StatisticsWriter.bytes(of: try survey().table, codebook: nil, format: format)
    for index in stride(from: 0, to: min(bytes.count, 3_000), by: 5) {
      var changed = bytes
      changed[index] ^= 0xFF
      _ = try? read(changed)
    }
  }

  @Test("a rule gives Stata's tags their reasons, before the label does")
  func tags() throws {
    var column = Column(name: "q1", numbers: [1, nil, nil])
    column.reasons = [0, MissingReason.dontKnow.rawValue, MissingReason.refused.rawValue]
    let bytes = try StatisticsWriter.bytes(
      of: Table(columns: [column]), codebook: nil, format: .dta)
    #expect(try cells(read(bytes).table, "q1") == ["1", "dont_know", "refused"])
    let ruled = try read(bytes) {
      $0.missingTags = [MissingTagRule(variables: ["q*"], reasons: [".d": .skipped])]
    }
    #expect(cells(ruled.table, "q1") == ["1", "skipped", "refused"])
  }

  @Test("a codebook that is given goes before the file's own labels, which complete it")
  func codebooks() throws {
    let (table, codebook) = try survey()
    let bytes = try StatisticsWriter.bytes(of: table, codebook: codebook, format: .sav)
    let text = "variable,title_en,values\ntin_tưởng,Trust,1=Not at all\n"
    let back = try withFile(Array(text.utf8), name: "book.csv") { path in
      try read(bytes) { $0.codebook = .file(path, MemberRequest(members: "*")) }
    }
    let trust = try #require(back.codebook?["tin_tưởng"])
    #expect(trust.title.en == "Trust")
    #expect(
      trust.valueLabels.mapValues(\.en).filter { ["1", "5"].contains($0.key) } == [
        "1": "Not at all", "5": "Rất tin",
      ])
    #expect(back.codebook?["id"]?.title.en == "Mã số")
  }

  @Test("a label that does not decode falls back to its code; a text that does not stops")
  func undecodable() throws {
    let text = Table(columns: [Column(name: "t", strings: ["ấy"]), Column(name: "n", numbers: [1])])
    let book = try Codebook([
      Variable(
        name: "n", title: LocalizedText(en: "n"), valueLabels: ["1": LocalizedText(en: "đúng")])
    ])
    let bytes = try StatisticsWriter.bytes(of: text, codebook: book, format: .dta)
    func broken(_ text: String) throws -> [UInt8] {
      var bytes = bytes
      let wanted = Array(text.utf8)
      let place = try #require(bytes.indices.first { bytes[$0...].starts(with: wanted) })
      bytes[place] = 0xFF
      return bytes
    }
    let back = try read(broken("đúng"))
    #expect(back.codebook?["n"]?.valueLabels == [:])
    #expect(back.report.drops[0].members[0].undecodedLabels == 1)
    let failure = #expect(throws: Diagnostic.self) { try read(broken("ấy")) }
    #expect(failure?.what == "a text of 't' does not decode as utf-8")
    #expect(failure?.place?.hasSuffix(":1") == true)
    let replaced = try read(broken("ấy")) { $0.respondents.text.replacesUndecodable = true }
    #expect(cells(replaced.table, "t")[0].contains("\u{FFFD}"))
  }

  @Test(
    "names that a package does not take are changed, none twice", arguments: [Format.sav, .dta])
  fileprivate func names(format: Format) throws {
    let names = [
      "a-b", "a_b", "9q", "if", "with", String(repeating: "đ", count: 40),
      String(repeating: "đ", count: 41),
    ]
    let table = Table(columns: names.map { Column(name: $0, numbers: [1]) })
    let back = try read(try StatisticsWriter.bytes(of: table, codebook: nil, format: format))
    #expect(back.table.columns.count == names.count)
    #expect(back.codebook?["a_b"]?.title.en == "a-b: a-b")
  }
}
