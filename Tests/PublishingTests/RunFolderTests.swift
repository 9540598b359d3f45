import CanvassPublishing
import CanvassSurvey
import Glibc
import Testing

// One after the other: an interruption removes every staging folder of the process.
@Suite(.serialized) struct RunFolderTests {
  private func files(_ text: String) -> RunFiles {
    RunFiles(
      release: [RunFile("scores.csv", Array(text.utf8)), RunFile("report.html", [1, 2])],
      internal: [RunFile("weights.csv", [3])], record: [RunFile("run.json", [4])])
  }

  @Test("a run has its three folders, a manifest in order of names, a numbered id and the link")
  func whole() throws {
    let root = TemporaryFolder()
    let run = try RunFolder.publish(root: root.path + "/Runs", name: "demo", files: files("a"))
    #expect(run.id == "0001-" + run.manifestDigest.prefix(12))
    #expect(TemporaryFolder.entries(run.path) == ["internal", "record", "release"])
    let manifest = try #require(TemporaryFolder.read(run.path + "/release/MANIFEST.sha256"))
    #expect(
      String(decoding: manifest, as: UTF8.self)
        == SHA256.hex([1, 2]) + "  report.html\n" + SHA256.hex([97]) + "  scores.csv\n")
    #expect(SHA256.hex(manifest) == run.manifestDigest)
    #expect(TemporaryFolder.mode(run.path + "/internal") == 0o700)
    #expect(TemporaryFolder.mode(run.path + "/internal/weights.csv") == 0o600)
    let second = try RunFolder.publish(root: root.path + "/Runs", name: "demo", files: files("b"))
    #expect(second.id.hasPrefix("0002-"))
    let folder = try RunFolder.acquire(root: root.path + "/Runs", name: "demo")
    #expect(folder.latest == second.id)
    #expect(TemporaryFolder.read(run.path + "/release/scores.csv") == [97])
  }

  @Test("a second run into a held folder is busy, exit 75, and names the folder")
  func busy() throws {
    let root = TemporaryFolder()
    let held = try RunFolder.acquire(root: root.path, name: "demo")
    let failure = #expect(throws: Diagnostic.self) {
      try RunFolder.acquire(root: root.path, name: "demo")
    }
    #expect(failure?.kind.exitCode == 75)
    #expect(failure?.place == held.path)
  }

  @Test(
    "failing or dying at any step leaves the old results whole and the next run clean",
    arguments: RunFolder.Step.allCases, [RunFolder.Fault.fails, .dies])
  func interrupted(step: RunFolder.Step, fault: RunFolder.Fault) throws {
    let root = TemporaryFolder()
    let old = try RunFolder.publish(root: root.path, name: "demo", files: files("old"))
    do {
      let folder = try RunFolder.acquire(root: root.path, name: "demo")
      #expect(throws: Diagnostic.self) {
        try folder.publish(files("new")) { $0 == step ? fault : nil }
      }
      #expect(folder.latest == old.id)
      if fault == .fails {
        let staging = TemporaryFolder.entries(folder.path).filter { $0.hasPrefix(".staging") }
        #expect(staging.isEmpty)
      }
    }
    #expect(
      TemporaryFolder.read(root.path + "/demo/latest/release/scores.csv") == Array("old".utf8))
    let next = try RunFolder.publish(root: root.path, name: "demo", files: files("next"))
    #expect(
      TemporaryFolder.read(root.path + "/demo/latest/release/scores.csv") == Array("next".utf8))
    #expect(next.id > old.id)
    let hidden = TemporaryFolder.entries(root.path + "/demo").filter { $0.hasPrefix(".") }
    #expect(hidden == [".lock"])
  }

  @Test("an interruption removes the staging folder and no finished run")
  func interruption() throws {
    let root = TemporaryFolder()
    let old = try RunFolder.publish(root: root.path, name: "demo", files: files("old"))
    let folder = try RunFolder.acquire(root: root.path, name: "demo")
    var seen: [[String]] = []
    #expect(throws: Diagnostic.self) {
      try folder.publish(files("new")) { step in
        guard step == .rename else { return nil }
        seen.append(TemporaryFolder.entries(folder.path).filter { $0.hasPrefix(".staging") })
        RunFolder.removeStaging()
        seen.append(TemporaryFolder.entries(folder.path).filter { $0.hasPrefix(".staging") })
        return .dies
      }
    }
    #expect(seen.map(\.count) == [1, 0])
    #expect(folder.latest == old.id)
  }

  @Test("a folder that cannot be made is exit 73 with a remedy")
  func cannotCreate() throws {
    let root = TemporaryFolder()
    try CheckedFile.write([1], to: root.path + "/file")
    let failure = #expect(throws: Diagnostic.self) {
      try RunFolder.acquire(root: root.path + "/file", name: "demo")
    }
    #expect(failure?.kind.exitCode == 73)
    #expect(failure?.remedy != nil && failure?.place != nil)
  }

  @Test(
    "names that leave the folder are refused", arguments: ["", "..", ".x", "a/b", "a\0b", "-x"])
  func names(name: String) throws {
    let root = TemporaryFolder()
    #expect(throws: Diagnostic.self) { try RunFolder.acquire(root: root.path, name: name) }
    let bad = RunFiles(release: [RunFile(name, [])])
    #expect(throws: Diagnostic.self) {
      try RunFolder.publish(root: root.path, name: "demo", files: bad)
    }
  }
}
