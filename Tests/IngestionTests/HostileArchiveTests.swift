import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import CanvassTestSupport
import Foundation
import Testing

private let good = Packed("data.csv", "id,q1\n1,3\n2,4\n")

private func read(
  _ bytes: [UInt8], members: String = "*", name: String = "drop.bin",
  _ change: (inout IngestionRequest) -> Void = { _ in }
) throws -> Ingested {
  try withFile(bytes, name: name) { path in
    var request = IngestionRequest(drops: [path], respondents: MemberRequest(members: members))
    change(&request)
    return try Ingestion.ingest(request, workers: Workers(1))
  }
}

private func patched(_ bytes: [UInt8], _ offset: Int, _ values: [UInt8]) -> [UInt8] {
  var bytes = bytes
  bytes.replaceSubrange(offset..<offset + values.count, with: values)
  return bytes
}

/// The offset of the first entry of a zip's directory.
private func directory(_ bytes: [UInt8]) -> Int {
  bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) } ?? 0
}

/// The same lie in both headers of the first member.
private func lying(_ bytes: [UInt8], local: Int, central: Int, _ values: [UInt8]) -> [UInt8] {
  patched(patched(bytes, local, values), directory(bytes) + central, values)
}

@Suite("Hostile archives")
struct HostileArchiveTests {
  @Test("sizes that lie are found, and nothing is allocated for them")
  func sizes() throws {
    var large = good
    large.bytes = Array("id,q1\n".utf8) + [UInt8](repeating: 0x0A, count: 100_000)
    for bytes in [
      lying(zip([large]), local: 22, central: 24, [10, 0, 0, 0]),
      lying(zip([large]), local: 22, central: 24, [0xF0, 0xFF, 0xFF, 0xFF]),
      lying(zip([good], isDeflated: false), local: 18, central: 20, [0xF0, 0xFF, 0xFF, 0x7F]),
      patched(zip([good]), 22, [1, 0, 0, 0]), patched(zip([good]), 14, [1, 2, 3, 4]),
      lying(zip([good]), local: 14, central: 16, [1, 2, 3, 4]),
    ] {
      let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
      #expect(failure?.kind == .badData)
    }
  }

  @Test("a directory whose count, offset or names are not those of the members is refused")
  func directories() throws {
    let two = zip([good, Packed("other.csv", "id,q1\n5,6\n")])
    let end = two.count - 22
    var thousand = Array(zip([good])[..<directory(zip([good]))])
    let entry = Array(zip([good])[directory(zip([good]))..<zip([good]).count - 22])
    let start = thousand.count
    for index in 0..<1_000 {
      thousand += patched(entry, 46, Array(String(format: "%04d.csv", index).utf8))
    }
    let size = entry.count * 1_000
    thousand +=
      [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 0xE8, 3, 0xE8, 3]
      + [size, start].flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
      + [0, 0]
    for bytes in [
      patched(two, end + 8, [1, 0, 1, 0]), patched(two, end + 8, [3, 0, 3, 0]),
      patched(two, end + 16, [0, 0, 0, 0]), patched(two, end + 4, [1, 0]),
      patched(two, 30, Array("evil.csv".utf8)), thousand,
    ] {
      let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
      #expect(failure?.kind == .badData)
    }
  }

  @Test(
    "methods other than stored and deflate are named", arguments: [6, 9, 12, 14, 93, 95, 98, 99])
  func methods(method: UInt8) throws {
    let bytes = lying(zip([good]), local: 8, central: 10, [method, 0])
    let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
    #expect(failure?.what.contains("not supported") == true)
    #expect(failure?.why?.contains("\(method)") == true)
  }

  @Test("65,536 members are too many, and so are gzips within gzips")
  func many() throws {
    let members = (0..<65_600).map { ("\($0)", [UInt8]()) }
    let failure = #expect(throws: Diagnostic.self) { try read(PackedArchive.bytes(members, .zip)) }
    #expect(failure?.what.contains("65535 members") == true)
    var bytes = Array("id\n1\n".utf8)
    for _ in 0..<20 { bytes = gzip(bytes) }
    for opens in [false, true] {
      let failure = #expect(throws: Diagnostic.self) { try read(bytes) { $0.opensNested = opens } }
      #expect(failure?.what.contains("within") == true)
    }
  }

  @Test("archives in archives in archives are refused at any depth", arguments: 1...6)
  func nested(depth: Int) throws {
    var bytes = zip([good])
    for _ in 0..<depth {
      var outer = Packed("inner.zip", "")
      outer.bytes = bytes
      bytes = zip([outer], isDeflated: false)
    }
    #expect(throws: Diagnostic.self) { try read(bytes) }
    let nested = try? read(bytes, members: "inner.zip/*") { $0.opensNested = true }
    #expect((nested?.table.rowCount == 2) == (depth == 1))
  }

  @Test(
    "names that are empty, too long, no UTF-8, or hold a NUL are refused",
    arguments: [[], [UInt8](repeating: 0x61, count: 5_000), [0x64, 0xE3, 0x74], [0x64, 0, 0x74]])
  func names(name: [UInt8]) throws {
    let plain = String(repeating: "x", count: name.count)
    let mark = Array(plain.utf8)
    var bytes = zip([Packed(plain, "id\n1\n")])
    for place in bytes.indices.reversed() where !mark.isEmpty && bytes[place...].starts(with: mark)
    {
      if place == 30 || place == directory(bytes) + 46 { bytes = patched(bytes, place, name) }
    }
    let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
    #expect(failure?.kind == .badData)
    #expect(failure?.what.contains("name") == true, "\(failure?.what ?? "")")
  }

  @Test("what holds no table is a named error")
  func empty() throws {
    for (bytes, word) in [
      ([], "empty"), (zip([]), "empty"),
      (zip([Packed("folder/", "")], isDeflated: false), "member"),
      (zip([Packed("data.csv", "")]), "empty"),
      (zip([Packed("data.csv", "id\n")]), "no respondents"),
      (Array("\n".utf8), "empty"),
    ] as [([UInt8], String)] {
      let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
      #expect(failure?.kind == .badData)
      #expect(failure?.what.contains(word) == true, "\(failure?.what ?? "") is about \(word)")
    }
    let other = #expect(throws: Diagnostic.self) { try read(zip([good]), members: "*.tab") }
    #expect(other?.why?.contains("data.csv") == true)
  }

  @Test("the ending of a name tells nothing: a 7z called zip is read, rar, iso, cab are not")
  func endings() throws {
    let seven = PackedArchive.bytes([("data.csv", good.bytes)], .sevenZip)
    #expect(try read(seven, name: "drop.zip").table.rowCount == 2)
    #expect(try read(zip([good]), name: "drop.csv").table.rowCount == 2)
    let iso = [UInt8](repeating: 0, count: 32_769) + Array("CD001".utf8)
    for magic in [Array("Rar!\u{1A}\u{7}\u{1}\u{0}".utf8), Array("MSCF".utf8), iso] {
      let failure = #expect(throws: Diagnostic.self) {
        try read(magic + [0, 1, 2], name: "drop.zip")
      }
      #expect(failure?.kind == .badData)
    }
  }

  @Test("a file that grows or changes while it is read is refused", arguments: [true, false])
  func changing(grows: Bool) throws {
    let text = "id,q1\n" + (0..<200_000).map { "\($0),1\n" }.joined()
    let failure = #expect(throws: Diagnostic.self) {
      try withFile(Array(text.utf8)) { path in
        _ = try Ingestion.ingest(
          IngestionRequest(drops: [path], respondents: MemberRequest(members: "*")),
          workers: Workers(1)
        ) { _ in
          guard let file = FileHandle(forUpdatingAtPath: path) else { return }
          if grows { _ = try? file.seekToEnd() }
          try? file.write(contentsOf: Data("id,q9\n".utf8))
          try? file.close()
        }
      }
    }
    #expect(failure?.what == "the file changed while it was read")
  }

  @Test("damaged archives take little time and memory, whatever their bytes say")
  func noise() throws {
    var random = RandomStream(seed: 7)
    let starts: [[UInt8]] = [
      [0x50, 0x4B, 3, 4], Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C], [0x1F, 0x8B, 8],
      [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], [0x28, 0xB5, 0x2F, 0xFD], Array("BZh9".utf8),
      Array("$FL2".utf8), Array("<stata_dta>".utf8), [113, 2, 1, 0],
    ]
    for start in starts {
      for _ in 0..<200 {
        let bytes = start + (0..<Int(random.below(600))).map { _ in UInt8(random.below(256)) }
        let failure = #expect(throws: Diagnostic.self) { try read(bytes) }
        #expect(failure?.kind == .badData)
      }
    }
  }
}
