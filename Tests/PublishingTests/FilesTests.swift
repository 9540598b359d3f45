import CanvassPublishing
import CanvassSurvey
import Glibc
import Testing

@Suite struct FilesTests {
  @Test("scores.csv reads back to the same doubles under the contract's header")
  func scores() throws {
    let third = 1.0 / 3 * 100
    let released = gate([
      scoreRow("01", third, name: "=HYPERLINK(\"x\")"),
      scoreRow("02", -2.5, name: "Bà Rịa, \"VT\"\nx"),
      scoreRow("03", 1e-7, respondents: 2),
    ])
    let lines = parseCSV(ScoresFile.bytes(released, language: .vi))
    #expect(
      lines[0].joined(separator: ",")
        == "unit,unit_name,domain,node,level,score,se,se_method,df,ci_low,ci_high,confidence,rank,rank_low,rank_high,rank_sim_low,rank_sim_high,group,n,status"
    )
    #expect(lines.count == 4 && lines.allSatisfy { $0.count == 20 })
    #expect(Double(lines[1][5]) == third && Double(lines[1][9]) == third - 1)
    #expect(lines[1][1] == "'=HYPERLINK(\"x\")")
    #expect(lines[2][1] == "Bà Rịa, \"VT\"\nx")
    #expect(lines[2][5] == "-2.5")
    #expect(lines[1][0] == "01" && lines[1][12] == "1" && lines[1][13] == "")
    #expect(lines[3][5] == "" && lines[3][18] == "2" && lines[3][19] == "suppressed")
  }

  @Test("indicators.csv keeps the contract's header and order")
  func indicators() {
    let lines = parseCSV(IndicatorsFile.bytes(gate([], [indicatorRow("01", 0.25)])))
    #expect(
      lines[0].joined(separator: ",")
        == "unit,domain,indicator,statistic,estimate,se,se_method,df,ci_low,ci_high,confidence,deff,n,n_psu,status"
    )
    #expect(
      lines[1] == [
        "01", "", "leaf", "share", "0.25", "0.03", "linearization", "12", "0.19", "0.31", "0.95",
        "1.7", "100", "14", "",
      ])
  }

  @Test("JSON is written in one way: sorted names, escapes, shortest numbers")
  func json() {
    let value: JSONValue = [
      "b": [1, 2.5, true, .null, .number(.nan)], "a\"\n\u{1}": "Đà Nẵng \\", "c": [:], "d": [],
    ]
    #expect(
      String(decoding: value.document, as: UTF8.self) == """
        {
          "a\\"\\n\\u0001": "Đà Nẵng \\\\",
          "b": [
            1,
            2.5,
            true,
            null,
            null
          ],
          "c": {},
          "d": []
        }

        """)
  }

  // printf abc | sha256sum (coreutils 9.1); FIPS 180-2 gives the same.
  @Test("SHA-256 of known texts")
  func digest() {
    #expect(
      SHA256.hex(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test("a full disk is an error with exit code 74, not a silent success")
  func fullDisk() {
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    let failure = #expect(throws: Diagnostic.self) {
      try StandardOutput.write([1, 2, 3], to: full)
    }
    #expect(failure?.kind.exitCode == 74)
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    close(ends[0])
    let gone = #expect(throws: Diagnostic.self) {
      try StandardOutput.write([1, 2, 3], to: ends[1])
    }
    #expect(gone?.kind == .inputOutput)
    close(ends[1])
  }

  @Test("a file is replaced as a whole, and nothing is left beside it")
  func replace() throws {
    let root = TemporaryFolder()
    try CheckedFile.createFolder(root.path + "/a/b")
    try CheckedFile.replace([1], at: root.path + "/a/b/f")
    try CheckedFile.replace([2, 3], at: root.path + "/a/b/f")
    #expect(TemporaryFolder.read(root.path + "/a/b/f") == [2, 3])
    #expect(TemporaryFolder.entries(root.path + "/a/b") == ["f"])
    #expect(throws: Diagnostic.self) { try CheckedFile.write([4], to: root.path + "/a/b/f") }
  }

  @Test("the console aligns Vietnamese names of any composition and keeps colour to itself")
  func console() {
    let released = gate([
      scoreRow("01", 51.5, name: "Hà Nội"), scoreRow("02", 44.25, name: "Thu\u{031B}\u{0300}a"),
      scoreRow("03", 3, respondents: 1, name: "Huế"),
    ])
    let plain = ConsoleTable.render(released, node: "index", width: 100)
    let lines = plain.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(!plain.contains("\u{1B}"))
    let at = lines[1].distance(
      from: lines[1].startIndex, to: lines[1].firstIndex(of: ".") ?? lines[1].endIndex)
    let other = lines[2].distance(
      from: lines[2].startIndex, to: lines[2].firstIndex(of: ".") ?? lines[2].endIndex)
    #expect(at == other)
    #expect(lines[3].contains("too few respondents") && !lines[3].contains("3.00"))
    #expect(ConsoleTable.render(released, node: "index", color: true).contains("\u{1B}[34m"))
    #expect(!ConsoleTable.render(released, node: "index", width: 40).contains("–"))
  }
}
