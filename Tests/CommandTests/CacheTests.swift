import Foundation
import Glibc
import Testing

/// What runs remember: which stages run again, and what becomes of a damaged memory.
@Suite("Two results are remembered", .serialized)
struct CacheTests {
  /// The stages that a run announced.
  private func stages(_ desk: Desk, _ arguments: [String] = []) throws -> [String] {
    let result = try desk.run(["run", "pipeline.yaml"] + arguments)
    try #require(result.code == 0, "\(result.errors)")
    return result.errors.split(separator: "\n").filter { $0.hasPrefix("canvass: ") }
      .map { String($0.dropFirst("canvass: ".count)) }
  }

  private func explained(_ desk: Desk) throws -> [String] {
    let result = try desk.run(["check", "pipeline.yaml", "--explain"])
    try #require(result.code == 0, "\(result.errors)")
    return result.output.split(separator: "\n").map(String.init).filter {
      $0.hasPrefix("reading") || $0.hasPrefix("cleaning,") || $0.hasPrefix("scoring,")
    }
  }

  private func manifest(_ desk: Desk) throws -> String {
    try String(
      contentsOfFile: desk.path("Runs/small/latest/release/MANIFEST.sha256"), encoding: .utf8)
  }

  /// The manifest of a run that remembers nothing.
  private func fresh(_ desk: Desk) throws -> String {
    #expect(try stages(desk, ["--fresh"]) == ["reading"] + Self.estimation + Self.always)
    return try manifest(desk)
  }

  private static let estimation = ["cleaning", "weighting", "estimation"]
  private static let always = ["scoring", "ranking", "publishing"]
  private static let remembered = [
    "reading: remembered", "cleaning, weighting, estimation: remembered",
  ]

  @Test("a second run does nothing but scoring and publishing, with the same bytes")
  func second() throws {
    let desk = try Desk()
    let first = try manifest(desk)
    #expect(try explained(desk).prefix(2) == Self.remembered[...])
    #expect(try stages(desk) == ["recalling"] + Self.always)
    #expect(try manifest(desk) == first)
    #expect(try fresh(desk) == first)
  }

  @Test(
    "a title, a group cut and a weight between units run scoring and publishing alone",
    arguments: [
      ("name: small\n", "name: small\ntitle: {en: New, vi: Mới}\n"),
      ("index:\n", "index:\n  groups: {cuts: [5], names: [low, high]}\n"),
      ("{node: index}", "{node: index, combine: sum}"),
      ("minimum_respondents: 10", "minimum_respondents: 3"),
      ("confidence", "confidence"),
    ])
  func scoringOnly(old: String, new: String) throws {
    let desk = try Desk()
    let before = try manifest(desk)
    if old == "confidence" {
      try desk.edit("breakdowns: [sex]", "breakdowns: [sex]\n  confidence: 0.9")
    } else {
      try desk.edit(old, new)
    }
    #expect(try explained(desk).prefix(2) == Self.remembered[...])
    #expect(try stages(desk) == ["recalling"] + Self.always)
    let after = try manifest(desk)
    #expect(after != before)
    #expect(try fresh(desk) == after)
  }

  @Test(
    "a new leaf, check, breakdown, design, weight or derivation runs estimation too, and the line is named",
    arguments: [
      (
        "    - {node: trust,",
        "    - {node: youth, parent: index, variable: young, low: 0, high: 1}\n    - {node: trust,",
        "pipeline.yaml:31"
      ),
      ("require: age >= 18", "require: age >= 17", "pipeline.yaml:15:16 (clean.checks[0].require)"),
      ("breakdowns: [sex]", "breakdowns: [young]", "pipeline.yaml:27:16 (estimate.breakdowns[0])"),
      ("lonely_psu: fail", "lonely_psu: adjust", "pipeline.yaml:22:15 (design.lonely_psu)"),
      ("low: 0, high: 4}", "low: 0, high: 4, dont_know: 2}", "dont_know"),
      ("age < 35", "age < 36", "(clean.derive.young.condition)"),
    ])
  func estimationToo(old: String, new: String, cause: String) throws {
    let desk = try Desk()
    try desk.edit(old, new)
    let said = try explained(desk)
    #expect(said[0] == Self.remembered[0])
    #expect(said[1].hasPrefix("cleaning, weighting, estimation: runs, because of pipeline.yaml:"))
    #expect(said[1].contains(cause), "\(said[1])")
    #expect(try stages(desk) == ["recalling"] + Self.estimation + Self.always)
    let after = try manifest(desk)
    #expect(try fresh(desk) == after)
  }

  @Test(
    "another drop or margin is named by its file; the same bytes with another date are the same")
  func files() throws {
    let desk = try Desk()
    var times = [timespec(tv_sec: 4_000_000_000, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    for name in ["drop.tar.gz", "margins.csv", "places.csv", "pipeline.yaml"] {
      utimensat(AT_FDCWD, desk.path(name), &times, 0)
    }
    #expect(try stages(desk) == ["recalling"] + Self.always)
    try desk.write("margins.csv", Desk.margins.replacingOccurrences(of: "1300", with: "1301"))
    #expect(
      try explained(desk)[1]
        == "cleaning, weighting, estimation: runs, because of margins.csv, which was changed")
    #expect(try stages(desk) == ["recalling"] + Self.estimation + Self.always)
    try desk.respond { $0.removeLast() }
    #expect(
      try explained(desk)[0] == "reading: runs, because of drop.tar.gz, which was changed")
    #expect(try stages(desk) == ["recalling", "reading"] + Self.estimation + Self.always)
    let after = try manifest(desk)
    #expect(try fresh(desk) == after)
  }

  @Test("replicates are found again from remembered estimates, whatever seed or count is asked")
  func replicates() throws {
    let desk = try Desk()
    let stages = ["recalling", "scoring", "replicates", "scoring", "ranking", "publishing"]
    var manifests = [try manifest(desk)]
    try desk.edit(
      "breakdowns: [sex]",
      "breakdowns: [sex]\n  replicates: {method: bootstrap, count: 60, seed: 1, standard_errors: all}"
    )
    for (old, new) in [("seed: 1", "seed: 2"), ("count: 60", "count: 50")] {
      #expect(try explained(desk).prefix(2) == Self.remembered[...])
      #expect(try self.stages(desk) == stages)
      manifests.append(try manifest(desk))
      try desk.edit(old, new)
    }
    try #require(self.stages(desk) == stages)
    let last = try manifest(desk)
    manifests.append(last)
    #expect(Set(manifests).count == manifests.count)
    _ = try self.stages(desk, ["--fresh"])
    #expect(try manifest(desk) == last)
  }

  @Test("another codebook is read again, other decisions clean again, and the files are named")
  func cleaningFiles() throws {
    let desk = try Desk()
    try desk.write("codes.csv", Desk.codebook)
    try desk.edit("codebook: {member: codebook.csv}", "codebook: {file: codes.csv}")
    let header = "key,variable,rule,action,old,new,reason,who,date,approved_by\n"
    try desk.write("decisions.csv", header)
    try desk.edit("clean:\n", "clean:\n  decisions: decisions.csv\n")
    #expect(try stages(desk) == ["recalling", "reading"] + Self.estimation + Self.always)
    #expect(try explained(desk).prefix(2) == Self.remembered[...])
    try desk.write("codes.csv", Desk.codebook.replacingOccurrences(of: "88", with: "87"))
    #expect(try explained(desk)[0] == "reading: runs, because of codes.csv, which was changed")
    #expect(try stages(desk) == ["recalling", "reading"] + Self.estimation + Self.always)
    let before = try manifest(desk)
    try desk.write("decisions.csv", header + "r7-1,,adult,drop,,,moved away,Lan,2026-11-01,Minh\n")
    #expect(
      try explained(desk)[1]
        == "cleaning, weighting, estimation: runs, because of decisions.csv, which was changed")
    #expect(try stages(desk) == ["recalling"] + Self.estimation + Self.always)
    let after = try manifest(desk)
    #expect(try after != before && fresh(desk) == after)
  }

  @Test("damaged, cut, empty, longer and foreign entries are found and made again")
  func damaged() throws {
    let desk = try Desk()
    let expected = try manifest(desk)
    let names = try FileManager.default.contentsOfDirectory(atPath: desk.path("Runs/.cache"))
    try #require(names.count == 2)
    let entries = try names.map {
      try Data(contentsOf: URL(filePath: desk.path("Runs/.cache/\($0)")))
    }
    for damage in 0..<6 {
      for (position, name) in names.enumerated() {
        var bytes = Array(entries[position])
        switch damage {
        case 0: bytes[bytes.count / 2] ^= 1
        case 1: bytes[3] ^= 1
        case 2: bytes = Array(bytes.prefix(bytes.count / 2))
        case 3: bytes = []
        case 4: bytes += [0]
        default: bytes = Array(entries[1 - position])
        }
        try desk.write("Runs/.cache/\(name)", bytes)
      }
      #expect(
        try stages(desk) == ["recalling", "reading"] + Self.estimation + Self.always, "\(damage)")
      #expect(try manifest(desk) == expected, "\(damage)")
      for (position, name) in names.enumerated() {
        let now = try Data(contentsOf: URL(filePath: desk.path("Runs/.cache/\(name)")))
        #expect(now.count == entries[position].count)
      }
    }
  }

  @Test("the memory is its owner's alone, and 'clean' removes it and nothing else")
  func privacy() throws {
    let desk = try Desk()
    var facts = stat()
    try #require(stat(desk.path("Runs/.cache"), &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o700)
    for name in try FileManager.default.contentsOfDirectory(atPath: desk.path("Runs/.cache")) {
      try #require(stat(desk.path("Runs/.cache/\(name)"), &facts) == 0)
      #expect(facts.st_mode & 0o777 == 0o600)
      #expect(name.count == 64 && name.allSatisfy(\.isHexDigit))
    }
    let before = try desk.listing()
    let result = try desk.run(["clean"])
    #expect(result.code == 0 && result.output.hasPrefix("removed 2 remembered results"))
    #expect(!FileManager.default.fileExists(atPath: desk.path("Runs/.cache")))
    #expect(try desk.listing() == before)
    #expect(try desk.run(["clean"]).output.hasPrefix("removed 0"))
    #expect(try explained(desk)[0].hasSuffix("no result is remembered"))
  }

  @Test("two indices share what was read from one drop")
  func shared() throws {
    let desk = try Desk()
    try desk.edit("name: small", "name: other")
    #expect(try stages(desk) == ["recalling"] + Self.always)
    try desk.edit("breakdowns: [sex]", "breakdowns: [young]")
    #expect(try stages(desk) == ["recalling"] + Self.estimation + Self.always)
    #expect(try desk.run(["verify", "Runs/other/latest"]).code == 0)
  }

  @Test("a memory that cannot be written is told, and the run goes on")
  func readOnly() throws {
    let desk = try Desk()
    try #require(desk.run(["clean"]).code == 0)
    try desk.write("Runs/.cache", "a file in its place\n")
    let result = try desk.run(["run", "pipeline.yaml"])
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("note: a result could not be remembered"))
  }
}
