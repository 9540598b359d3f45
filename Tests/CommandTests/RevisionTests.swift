import Foundation
import Glibc
import Testing

/// A release that replaces another one, and what others may see of a run.
@Suite("Revisions and rights", .serialized)
struct RevisionTests {
  @Test(
    "a revision says what it replaces, lists every score that moved, and leaves the old run alone")
  func revision() throws {
    let desk = try Desk()
    let folder = try FileManager.default.destinationOfSymbolicLink(
      atPath: desk.path("Runs/small/latest"))
    let before = try desk.listing().filter { $0.key.contains(folder) }
    let old = try String(
      contentsOfFile: desk.path("Runs/small/latest/release/scores.csv"), encoding: .utf8)
    try desk.edit(
      "name: small\n",
      "name: small\nversion: 1.1\nsupersedes: {release: Runs/small/\(folder)/release, reason: a village was late}\n"
    )
    // The same numbers first: nothing moved.
    try #require(desk.run(["run", "pipeline.yaml"]).code == 0)
    let none = try String(
      contentsOfFile: desk.path("Runs/small/latest/release/errata.csv"), encoding: .utf8)
    #expect(none == "unit,domain,node,old,new,reason\n")
    // One respondent of Da Nang answers otherwise.
    try desk.respond { lines in
      let row = lines.firstIndex { $0.hasPrefix("r7-1,") } ?? 0
      var cells = lines[row].components(separatedBy: ",")
      cells[8] = cells[8] == "0" ? "1" : "0"
      lines[row] = cells.joined(separator: ",")
    }
    let result = try desk.run(["run", "pipeline.yaml"])
    try #require(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("Version 1.1 replaces the release whose manifest begins with"))
    let release = desk.path("Runs/small/latest/release") + "/"
    let new = try String(contentsOfFile: release + "scores.csv", encoding: .utf8)
    let report = try String(contentsOfFile: release + "report.html", encoding: .utf8)
    #expect(report.contains("a village was late"))
    func scores(_ text: String) -> [String: String] {
      Dictionary(
        text.split(separator: "\n").dropFirst().map { line in
          let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
          return ("\(cells[0]),\(cells[2]),\(cells[3])", cells[5])
        }, uniquingKeysWith: { first, _ in first })
    }
    let (was, now) = (scores(old), scores(new))
    let expected = Set(
      now.filter { $0.value != was[$0.key] }.map {
        "\($0.key),\(was[$0.key] ?? ""),\($0.value),a village was late"
      })
    let errata = try String(contentsOfFile: release + "errata.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst().map(String.init)
    #expect(Set(errata) == expected && errata.count == expected.count)
    #expect(
      errata.contains { $0.hasPrefix("48,,honest,") } && !errata.contains { $0.hasPrefix("01,") })
    #expect(try desk.listing().filter { $0.key.contains(folder) } == before)
    #expect(try desk.run(["verify", "Runs/small/latest"]).code == 0)
  }

  @Test("a release that is replaced must be there and unchanged, and needs a version")
  func wrong() throws {
    let desk = try Desk()
    let line =
      "name: small\nversion: 2\nsupersedes: {release: Runs/small/latest/release, reason: x}\n"
    try desk.edit("name: small\n", line.replacingOccurrences(of: "version: 2\n", with: ""))
    #expect(try desk.run(["check", "pipeline.yaml"]).code == 78)
    try desk.write("pipeline.yaml", Desk.pipeline)
    try desk.edit("name: small\n", line.replacingOccurrences(of: "latest", with: "nowhere"))
    #expect(try desk.run(["check", "pipeline.yaml"]).code == 66)
    try desk.write("pipeline.yaml", Desk.pipeline)
    try desk.edit("name: small\n", line)
    #expect(try desk.run(["check", "pipeline.yaml"]).code == 0)
    let file = "Runs/small/latest/release/scores.csv"
    var bytes = try Array(Data(contentsOf: URL(filePath: desk.path(file))))
    bytes[200] ^= 1
    try desk.write(file, bytes)
    let result = try desk.run(["check", "pipeline.yaml"])
    #expect(result.code == 65 && result.headline.contains("release/scores.csv"))
  }

  @Test(
    "others may see the release as the user's umask says, and nothing of a respondent",
    arguments: [0o022, 0o077, 0o002])
  func rights(mask: Int) throws {
    let desk = try Desk(hasRun: false)
    let result = try Command.run(
      ["run", "pipeline.yaml"], in: desk.folder, umask: mask)
    try #require(result.code == 0, "\(result.errors)")
    let root = "Runs/small/latest/"
    func mode(_ name: String) throws -> Int {
      var facts = stat()
      try #require(lstat(desk.path(name), &facts) == 0, "\(name)")
      return Int(facts.st_mode & 0o777)
    }
    for name in ["release/scores.csv", "release/MANIFEST.sha256", "record/run.json"] {
      #expect(try mode(root + name) == 0o644 & ~mask, "\(name)")
    }
    #expect(try mode(root + "release") == 0o755 & ~mask)
    for name in ["internal", "internal/weights.csv", "internal/MANIFEST.sha256"] {
      #expect(try mode(root + name) & 0o077 == 0, "\(name)")
    }
    #expect(try mode("Runs/.cache") == 0o700)
  }

  @Test("a canary among the keys is found in internal/ and the memory alone")
  func canary() throws {
    let desk = try Desk(hasRun: false)
    try desk.respond { lines in
      lines[4] = "CANARY-KEY" + lines[4].drop { $0 != "," }
    }
    let result = try desk.run(["run", "pipeline.yaml"])
    try #require(result.code == 0, "\(result.errors)")
    #expect(!(result.output + result.errors).contains("CANARY"))
    var found = Set<String>()
    for case let name as String in FileManager.default.enumerator(atPath: desk.path("Runs"))
      ?? .init()
    {
      #expect(!name.contains("CANARY"))
      let bytes = FileManager.default.contents(atPath: desk.path("Runs/" + name)) ?? Data()
      if bytes.range(of: Data("CANARY".utf8)) != nil { found.insert(name) }
    }
    #expect(!found.isEmpty, "the test looks where the key is")
    #expect(found.allSatisfy { $0.contains("/internal/") || $0.hasPrefix(".cache/") }, "\(found)")
  }
}

extension Command {
  /// Runs `canvass` under a umask.
  static func run(_ arguments: [String], in folder: URL, umask: Int) throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let octal = String(umask, radix: 8)
    process.arguments = ["-c", "umask \(octal); exec \"$0\" \"$@\"", program] + arguments
    process.currentDirectoryURL = folder
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(
      code: process.terminationReason == .exit ? process.terminationStatus : nil, output: "",
      errors: text)
  }
}
