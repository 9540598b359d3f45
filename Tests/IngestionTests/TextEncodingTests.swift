import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Foundation
import Testing

private func bytes(_ hex: String) -> [UInt8] {
  let digits = Array(hex.filter { $0 != " " })
  return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
    UInt8(String(digits[$0...$0 + 1]), radix: 16)
  }
}

private func names(
  _ text: [UInt8], encoding: String? = nil, replacing: Bool = false, blockSize: Int = 1 << 20
) throws -> (texts: [String], decision: TextDecision?) {
  try withFile(text) { path in
    let ingested = try Ingestion.ingest(
      IngestionRequest(
        drops: [path],
        respondents: MemberRequest(
          members: "*",
          text: try TextRequest(encodingName: encoding, replacesUndecodable: replacing))),
      workers: Workers(2), blockSize: blockSize)
    let column = try ingested.table.column("name")
    return (
      (0..<column.count).map { column.text(at: $0) ?? "" },
      ingested.report.drops[0].members[0].decision
    )
  }
}

/// The names in an encoding, one a line; bytes from `iconv` (glibc 2.36) and, for VNI, a published table.
private let samples: [(encoding: String, lines: [String])] = [
  (
    "windows-1258",
    [
      "4861cc204ef4f269", "4361 6f20 42e3cc6e67", "d069eaf26e204269ea6e",
      "48f4cc20 4368ed20 4d696e68",
    ]
  ),
  (
    "tcvn3",
    ["48b5204ee969", "4361 6f20 42bb6e67", "a769d66e204269aa6e", "48e5 2043 68dd 204d 696e 68"]
  ),
  (
    "viscii",
    ["48e0204eb569", "4361 6f20 42a26e67", "d069ae6e204269ea6e", "48b0 2043 68ed 204d 696e 68"]
  ),
  (
    "vni",
    [
      "4861f8 204e6fe469", "4361 6f20 4261e86e67", "d16965e46e20426965e26e",
      "486fe0 2043 68ed 204d 696e 68",
    ]
  ),
]
private let expected = ["Hà Nội", "Cao Bằng", "Điện Biên", "Hồ Chí Minh"]

@Suite("Text encodings")
struct TextEncodingTests {
  @Test(
    "Vietnamese names are equal in every encoding, found out or given",
    arguments: samples.map(\.encoding))
  func vietnamese(encoding: String) throws {
    let lines = try #require(samples.first { $0.encoding == encoding }?.lines)
    let names1258 =
      encoding == "windows-1258" ? ["Hà Nội", "Cao Bằng", "Điện Biên", "Hồ Chí Minh"] : expected
    let text = Array("name,n\n".utf8) + lines.flatMap { bytes($0) + Array(",1\n".utf8) }
    for given in [nil, encoding] {
      let (texts, decision) = try names(text, encoding: given)
      #expect(texts == names1258)
      #expect(decision?.encoding.name == encoding)
      #expect((decision?.confidence ?? 0) >= 0.5)
    }
  }

  @Test("UTF-16 is read with and without its mark, UTF-8 with and without, composed or not")
  func unicode() throws {
    let text = "name,n\n" + expected.map { $0 + ",1\n" }.joined()
    let decomposed = text.decomposedStringWithCanonicalMapping
    let mark = "\u{FEFF}"
    for (encoding, given) in [
      (String.Encoding.utf16LittleEndian, "utf-16le"), (.utf16BigEndian, "utf-16be"),
      (.utf8, "utf-8"),
    ] {
      for source in [text, mark + text, decomposed] {
        let data = try #require(source.data(using: encoding))
        #expect(try names(Array(data)).texts == expected)
        #expect(try names(Array(data), encoding: given).texts == expected)
        #expect(try names(Array(data)).decision?.encoding.name == given)
      }
    }
    let emoji = try #require("name,n\n\u{1F600},1\n".data(using: .utf16LittleEndian))
    #expect(try names(Array(emoji)).texts == ["\u{1F600}"])
    let cut =
      Array(emoji.dropLast(10)) + [0x3D, 0xD8]
      + Array(try #require(",1\n".data(using: .utf16LittleEndian)))
    let failure = #expect(throws: Diagnostic.self) { try names(cut) }
    #expect(failure?.what.contains("utf-16le") == true)
  }

  @Test("windows-1252 is read where it is given; a stray byte alone does not speak for it")
  func western() throws {
    let text =
      Array("name,n\nplain,1\nJos".utf8) + [0xE9] + Array(" Mu".utf8) + [0xF1]
      + Array("oz,1\nCura".utf8) + [0xE7] + Array("ao,2\n".utf8)
    let failure = #expect(throws: Diagnostic.self) { try names(text) }
    #expect(failure?.place?.hasSuffix(":3:4") == true)
    #expect(failure?.remedy?.contains("'encoding'") == true)
    let (texts, decision) = try names(text, encoding: "windows-1252")
    #expect(texts == ["plain", "José Muñoz", "Curaçao"])
    #expect(decision?.encoding.name == "windows-1252")
  }

  @Test(
    "one stray byte in ASCII or UTF-8 is an error with its place, whatever the byte",
    arguments: 0x80...0xFF)
  func stray(byte: Int) throws {
    let stray = Array("name,n\nplain,1\nno".utf8) + [UInt8(byte)] + Array("ise,2\nend,3\n".utf8)
    let ascii = #expect(throws: Diagnostic.self) { try names(stray) }
    #expect(ascii?.place?.hasSuffix(":3:3") == true)
    let utf8 = #expect(throws: Diagnostic.self) {
      try names(Array(stray.dropLast(6)) + Array("Hà Nội,3\nHuế,4\n".utf8))
    }
    #expect(utf8?.place?.hasSuffix(":3:3") == true)
    #expect(try names(stray, replacing: true).texts == ["plain", "no\u{FFFD}ise", "end"])
  }

  @Test("two Vietnamese words are no evidence for an encoding, three may be")
  func evidence() throws {
    let word = { (hex: String) in bytes(hex) + Array(",1\n".utf8) }
    let (one, two, three) = (word("48b5"), word("4ee969"), word("42bb6e67"))
    let header = Array("name,n\n".utf8)
    #expect(throws: Diagnostic.self) { try names(header + one + two + one + two) }
    #expect(try names(header + one + two + three).texts == ["Hà", "Nội", "Bằng"])
  }

  @Test("bytes that do not decode are an error with their place, or replaced and counted")
  func undecodable() throws {
    let broken = Array("name,n\nHà Nội,1\nĐ".utf8) + [0xFF, 0x41] + Array(" Nẵng,2\n".utf8)
    let failure = #expect(throws: Diagnostic.self) { try names(broken) }
    #expect(failure?.place?.hasSuffix(":3:3") == true)
    let (texts, decision) = try names(broken, encoding: "utf-8", replacing: true)
    #expect(texts[1] == "Đ\u{FFFD}A Nẵng")
    #expect(decision?.replaced == 1)
    // 0x81 has no character in windows-1258.
    let second = Array("name,n\nab,1\nx".utf8) + [0x81] + Array(",2\n".utf8)
    let other = #expect(throws: Diagnostic.self) { try names(second, encoding: "windows-1258") }
    #expect(other?.place?.hasSuffix(":3:2") == true)
    #expect(
      try names(second, encoding: "windows-1258", replacing: true).texts == ["ab", "x\u{FFFD}"])
  }

  @Test("bytes that no encoding makes words of are an error that asks for the encoding")
  func undecided() throws {
    let noise =
      Array("name,n\n".utf8)
      + (0..<40).flatMap { [0x80 + UInt8($0), 0xA4, 0x81, 0x2C, 0x31, 0x0A] }
    let failure = #expect(throws: Diagnostic.self) { try names(noise) }
    #expect(failure?.what == "the text is not UTF-8, and its encoding cannot be told")
    #expect(failure?.place?.hasSuffix(":2:1") == true)
    #expect(throws: Diagnostic.self) { try names(noise, encoding: "no-such-encoding") }
  }

  @Test("text beyond ASCII far behind the beginning is decoded, for any cut")
  func late() throws {
    let filler = (0..<40_000).map { "plain,\($0)\n" }.joined()
    let last = bytes("48b5204ee9692042bb6e67") + Array(",1\n".utf8)
    let text = Array(("name,n\n" + filler).utf8) + last
    for blockSize in [64, 1_000, 1 << 20] {
      let (texts, decision) = try names(text, blockSize: blockSize)
      #expect(texts.last == "Hà Nội Bằng" && texts.count == 40_001)
      #expect(decision?.encoding.name == "tcvn3")
    }
  }

  @Test("an encoding that only iconv knows is taken")
  func others() throws {
    let text = Array("name,n\n".utf8) + [0xC1, 0xC2] + Array(",1\n".utf8)
    #expect(try names(text, encoding: "iso-8859-7").texts == ["ΑΒ"])
  }

  @Test(
    "Conformance: the 63 provinces are equal in every encoding of the reference",
    .enabled(if: StatisticsConformanceTests.corpus != nil))
  func provinces() throws {
    let shared = try #require(ProcessInfo.processInfo.environment["CANVASS_SHARED"])
    let folder = shared + "/reference/vietnam/"
    let table = try Ingestion.readTable(path: folder + "encodings.csv", asText: true)
    let wanted = (0..<table.rowCount).map { table["nfc"]?.text(at: $0) ?? "" }
    for (column, encoding) in [
      ("nfd_utf8_hex", "utf-8"), ("cp1258_hex", "windows-1258"), ("tcvn5712_1_hex", "tcvn3"),
      ("viscii_hex", "viscii"),
    ] {
      let lines = (0..<table.rowCount).map { bytes(table[column]?.text(at: $0) ?? "") }
      let text = Array("name,n\n".utf8) + lines.flatMap { $0 + Array(",1\n".utf8) }
      for given in [nil, encoding] {
        let (texts, decision) = try names(text, encoding: given)
        #expect(texts == wanted, "\(encoding)")
        #expect(decision?.encoding.name == encoding)
      }
      // Any few of them are read as the whole is, or refused: never as another encoding.
      var refused = 0
      for (start, length) in [1, 2, 4, 8, 16].flatMap({ length in
        stride(from: 0, to: 63 - length, by: 3).map { ($0, length) }
      }) {
        let few = lines[start..<start + length].flatMap { $0 + Array(",1\n".utf8) }
        do {
          let texts = try names(Array("name,n\n".utf8) + few).texts
          let expected = Array(wanted[start..<start + length])
          #expect(texts == expected, "\(encoding) \(start) \(length)")
        } catch {
          refused += 1
          #expect(length <= 4 && encoding != "utf-8", "\(encoding) \(start) \(length)")
        }
      }
      print("\(encoding): \(refused) of 95 short lists are refused")
    }
    let letters = try Ingestion.readTable(path: folder + "legacy-charsets.csv", asText: true)
    for row in 0..<letters.rowCount {
      let letter = letters["unicode_nfc"]?.text(at: row) ?? ""
      // The VNI bytes of these two are wrong in the reference, as its README says.
      for (column, encoding) in [("vni_hex", "vni"), ("tcvn3_hex_from_package", "tcvn3")]
      where !(encoding == "vni" && "Ỹỹ".contains(letter)) {
        let text =
          Array("name,n\n".utf8) + bytes(letters[column]?.text(at: row) ?? "") + Array(",1\n".utf8)
        #expect(try names(text, encoding: encoding).texts == [letter], "\(encoding) \(letter)")
      }
    }
    print(
      "Encodings: \(wanted.count) provinces in 4 encodings and \(letters.rowCount) letters are equal"
    )
  }
}
