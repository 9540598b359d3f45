import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Foundation
import Testing

private let first = Packed("data/một.csv", "id,q1\n3,5\n1,2\n")
private let second = Packed("data/b.csv", "q1,id\n4,7\n,9\n")

private func read(_ bytes: [UInt8], members: String = "*.csv") throws -> Ingested {
  try withFile(bytes, name: "drop.bin") { path in
    try Ingestion.ingest(
      IngestionRequest(drops: [path], respondents: MemberRequest(members: members)),
      workers: Workers(1))
  }
}

@Suite("Archives")
struct ArchiveTests {
  @Test("zip, tar and tar.gz in any order of members give the same table")
  func sameTable() throws {
    let expected = try fingerprint(read(zip([first, second])).table)
    #expect(expected[1].contains("[7, 9, 3, 1]"))
    for members in [[first, second], [second, first]] {
      for bytes in [
        zip(members), zip(members, isDeflated: false), tar(members), tar(members, isOld: true),
        gzip(tar(members)),
      ] {
        #expect(try fingerprint(read(bytes).table) == expected)
      }
    }
  }

  @Test("members that are not asked for are skipped")
  func skipped() throws {
    let other = Packed("readme.bin", "\u{0}\u{1}not a table\"")
    for bytes in [zip([other, first]), gzip(tar([first, other]))] {
      #expect(try read(bytes).report.rowsOut == 2)
    }
  }

  @Test("an archive cut at any byte is refused")
  func truncated() throws {
    for bytes in [zip([first, second]), gzip(tar([first, second])), gzip(first.bytes)] {
      for count in 0..<bytes.count {
        let failure = #expect(throws: Diagnostic.self) {
          try read(Array(bytes[..<count]), members: "*")
        }
        #expect(failure != nil, "\(count) of \(bytes.count) bytes")
      }
    }
    let plain = tar([first, second])
    for count in stride(from: 0, to: plain.count, by: 64) {
      #expect(throws: Diagnostic.self) { try read(Array(plain[..<count])) }
    }
  }

  @Test("a bit that flips is found, or changes nothing")
  func flipped() throws {
    for bytes in [zip([first, second]), gzip(tar([first, second])), gzip(first.bytes)] {
      let expected = try fingerprint(read(bytes, members: "*").table)
      for bit in 0..<bytes.count * 8 {
        var changed = bytes
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let table = try? read(changed, members: "*").table else { continue }
        #expect(fingerprint(table) == expected, "bit \(bit)")
      }
    }
  }

  @Test("a wrong checksum, a wrong length and bytes behind the end of gzip are refused")
  func gzipTrailer() throws {
    let bytes = gzip(first.bytes)
    for place in [bytes.count - 8, bytes.count - 1] {
      var changed = bytes
      changed[place] ^= 1
      #expect(throws: Diagnostic.self) { try read(changed, members: "*") }
    }
    #expect(throws: Diagnostic.self) { try read(bytes + bytes, members: "*") }
    #expect(throws: Diagnostic.self) { try read(gzip(bytes), members: "*") }
  }

  @Test(
    "unsafe names are refused",
    arguments: [
      "../x.csv", "/abs/x.csv", "a/../../x.csv", "..\\x.csv", "C:\\x.csv", "a\nb.csv",
      "e\u{1B}.csv",
      ".", "a\u{202E}b.csv",
    ])
  func unsafeNames(name: String) throws {
    for bytes in [zip([first, Packed(name, "id\n1\n")]), gzip(tar([Packed(name, "id\n1\n")]))] {
      let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
      #expect(failure?.kind == .badData)
    }
  }

  @Test("members that some system takes for one are refused")
  func duplicates() throws {
    for name in ["data/một.csv", "DATA/MỘT.csv", "data/mo\u{302}\u{323}t.csv"] {
      let members = [first, Packed(name, "id,q1\n8,8\n")]
      for bytes in [zip(members), gzip(tar(members))] {
        let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
        #expect(failure?.what.contains("twice") == true)
      }
    }
  }

  @Test("links, special files and encrypted members are refused")
  func special() throws {
    for type in ["1", "2", "3", "6"] {
      var link = Packed("link.csv", "")
      link.type = UInt8(ascii: Unicode.Scalar(type) ?? "1")
      let failure = #expect(throws: Diagnostic.self) { try read(tar([first, link])) }
      #expect(failure?.what.contains("link") == true)
    }
    var secret = second
    secret.flags |= 1
    let failure = #expect(throws: Diagnostic.self) { try read(zip([first, secret])) }
    #expect(failure?.what == "the member is encrypted")
  }

  @Test("bytes before, between and behind are refused; a tar may be padded with zeros")
  func surroundings() throws {
    let (packed, taped) = (zip([first]), tar([first]))
    for bytes in [
      [0x4D, 0x5A] + packed, packed + [0], packed + packed, zip([]), taped + taped,
      Array(taped.dropLast(512)), Array(taped.dropLast(1_024)), taped + [0],
      [UInt8](repeating: 0, count: 1_024),
    ] {
      let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
      #expect(failure?.kind == .badData)
    }
    #expect(try read(taped + [UInt8](repeating: 0, count: 8_192)).report.rowsOut == 2)
  }

  @Test("two entries of a directory on one member are refused")
  func overlap() throws {
    var bytes = zip([first, Packed("data/mốt.csv", "id,q1\n3,5\n1,2\n")], isDeflated: false)
    // The offset of the second entry becomes that of the first.
    let end = bytes.count - 22 - 46 - first.name.utf8.count
    bytes.replaceSubrange(end + 42..<end + 46, with: [0, 0, 0, 0])
    let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
    #expect(failure?.kind == .badData)
  }

  @Test("a bomb is stopped by its ratio")
  func bomb() throws {
    let lines = [UInt8](repeating: 0x0A, count: 70 << 20)
    let failure = #expect(throws: Diagnostic.self) {
      try read(gzip(Array("a\n1\n".utf8) + lines), members: "*")
    }
    #expect(failure?.why?.contains("200 times") == true)
  }

  @Test("formats that are not read are named")
  func unsupported() throws {
    for magic in [[0x52, 0x61, 0x72, 0x21], [0xD0, 0xCF, 0x11, 0xE0]] as [[UInt8]] {
      let failure = #expect(throws: Diagnostic.self) { try read(magic + [1, 2, 3]) }
      #expect(failure?.what.contains("not supported") == true)
    }
    #expect(throws: Diagnostic.self) { try read(zip([Packed("a.csv", "PK\u{3}\u{4}id\n")])) }
  }
}
