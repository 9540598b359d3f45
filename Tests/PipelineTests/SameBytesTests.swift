import CanvassCompute
import CanvassTestSupport
import Foundation
import Testing

/// The promise: same content, same scores and indicators; same input bytes, same manifest.
@Suite("The same bytes come out")
struct SameBytesTests {
  private static let names = ["scores.csv", "indicators.csv"]

  private func published(_ workshop: Workshop) throws -> [String] {
    try SameBytesTests.names.map { try workshop.released($0) }
  }

  @Test("one, two, three or eight threads make one manifest")
  func threads() throws {
    var manifests = Set<String>()
    for threads in [1, 2, 3, 8] {
      let workshop = try Workshop()
      try workshop.run(threads: threads)
      manifests.insert(try workshop.released("MANIFEST.sha256"))
    }
    #expect(manifests.count == 1)
    #expect(manifests.first?.contains("scores.csv") == true)
  }

  @Test("rows in any order, with a key and without one", arguments: [true, false])
  func shuffled(hasKey: Bool) throws {
    let (old, new) = hasKey ? ("", "") : ("members: \"*\", key: id", "members: \"*\"")
    let first = try Workshop()
    try first.run(replacing: old, with: new)
    let expected = try published(first)
    for seed in 1...6 {
      let workshop = try Workshop()
      try workshop.write("drop.csv", SameBytesTests.lines(shuffledBy: UInt64(seed)).asLines)
      try workshop.run(replacing: old, with: new, threads: 1 + seed % 3)
      #expect(try published(workshop) == expected, "seed \(seed)")
    }
    // A test that cannot fail proves nothing: one answer more makes other bytes.
    let other = try Workshop()
    var lines = SameBytesTests.lines(shuffledBy: 1)
    lines.append(lines[1].replacing("r", with: "s"))
    try other.write("drop.csv", lines.asLines)
    try other.run(replacing: old, with: new)
    #expect(try published(other) != expected)
  }

  @Test("rows that differ in nothing but their key, in any order")
  func twins() throws {
    var expected: [String]?
    for seed in 1...4 {
      let workshop = try Workshop()
      var lines = SameBytesTests.lines(shuffledBy: UInt64(seed))
      let twins = Workshop.drop.components(separatedBy: "\n")[1...20].map { "t" + $0 }
      lines.insert(contentsOf: seed % 2 == 0 ? twins : twins.reversed(), at: 1 + 3 * seed)
      try workshop.write("drop.csv", lines.asLines)
      try workshop.run()
      let bytes = try published(workshop)
      #expect(bytes == expected ?? bytes)
      expected = bytes
    }
  }

  @Test("one member or several, a plain file, a zip or a tarball")
  func members() throws {
    let first = try Workshop()
    try first.run()
    let expected = try published(first)
    for (parts, seed) in [(1, 5), (2, 6), (3, 7), (7, 8)] {
      let lines = SameBytesTests.lines(shuffledBy: UInt64(seed))
      var members: [SmallArchive.Member] = []
      for part in 0..<parts {
        let rows = lines.indices.dropFirst().filter { ($0 * $0 + part) % parts == 0 }
        members.append(
          ("part-\(part).csv", Array(([lines[0]] + rows.map { lines[$0] }).asLines.utf8)))
      }
      let left = lines.indices.dropFirst().filter { row in
        (0..<parts).allSatisfy { (row * row + $0) % parts != 0 }
      }
      try #require(left.isEmpty)
      let workshop = try Workshop()
      let isZip = parts % 2 == 1
      let archive = isZip ? SmallArchive.zip(members) : SmallArchive.tarGzip(members)
      let name = isZip ? "drop.zip" : "drop.tar.gz"
      try Data(archive).write(to: workshop.folder.appending(path: name))
      try workshop.run(threads: parts, drops: [workshop.path(name)])
      #expect(try published(workshop) == expected, "\(parts) members in \(name)")
    }
  }

  @Test("two drops of which the later one wins give what the winners give in one")
  func drops() throws {
    let first = try Workshop()
    try first.run()
    let expected = try published(first)
    let lines = Workshop.drop.split(separator: "\n").map(String.init)
    var early = Array(lines.prefix(60))
    // What the later drop corrects: other answers under keys that it repeats.
    early[30..<60] = ArraySlice(early[30..<60].map { $0.replacing(",F,", with: ",M,") })
    let workshop = try Workshop()
    try workshop.write("early.csv", early.asLines)
    try workshop.write("late.csv", ([lines[0]] + lines[30...]).asLines)
    try workshop.run(drops: [workshop.path("early.csv"), workshop.path("late.csv")])
    #expect(try published(workshop) == expected)
    try workshop.run(drops: [workshop.path("late.csv"), workshop.path("early.csv")])
    #expect(try published(workshop) != expected)
  }

  /// The lines of the workshop's drop, the header first, the others in an order made by `seed`.
  private static func lines(shuffledBy seed: UInt64) -> [String] {
    let lines = Workshop.drop.split(separator: "\n").map(String.init)
    var rows = Array(lines.dropFirst())
    var random = RandomStream(seed: seed)
    for last in rows.indices.reversed() { rows.swapAt(last, random.below(last + 1)) }
    return [lines[0]] + rows
  }
}

extension [String] {
  /// A text file of these lines.
  fileprivate var asLines: String { joined(separator: "\n") + "\n" }
}
