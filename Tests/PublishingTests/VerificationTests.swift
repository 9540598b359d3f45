import CanvassPublishing
import CanvassSurvey
import Glibc
import Testing

/// Three runs of two indices in one folder, and what happens to who tampers with them.
@Suite(.serialized) struct VerificationTests {
  private func files(_ text: String) -> RunFiles {
    RunFiles(
      release: [
        RunFile("scores.csv", Array("unit,score\n1,\(text)\n".utf8)), RunFile("empty.csv", []),
        RunFile("report.html", Array("<p>\(text)</p>".utf8)),
      ],
      internal: [RunFile("weights.csv", Array("w\n\(text)\n".utf8))],
      record: [RunFile("run.json", Array("{\"run\": \"\(text)\"}\n".utf8))])
  }

  private func threeRuns(_ root: TemporaryFolder) throws -> [PublishedRun] {
    try [("a", "1"), ("b", "2"), ("a", "3")].map { name, text in
      try RunFolder.publish(root: root.path, name: name, files: files(text))
    }
  }

  private func ledger(_ root: TemporaryFolder) throws -> [String] {
    let bytes = try #require(TemporaryFolder.read(root.path + "/ledger.jsonl"))
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func write(_ lines: [String], _ root: TemporaryFolder) throws {
    unlink(root.path + "/ledger.jsonl")
    try CheckedFile.write(
      Array(lines.map { $0 + "\n" }.joined().utf8), to: root.path + "/ledger.jsonl")
  }

  @Test("runs of two indices share one sequence, and everything verifies")
  func whole() throws {
    let root = TemporaryFolder()
    let runs = try threeRuns(root)
    #expect(runs.map { $0.id.prefix(5) } == ["0001-", "0002-", "0003-"])
    for run in runs {
      let verification = try RunVerification.verify(run.path, head: run.ledgerHead)
      #expect(verification.findings.isEmpty)
      #expect(verification.linesChecked == 3)
      #expect(verification.head == runs[2].ledgerHead)
      let bare = LedgerHead(sequence: nil, digest: run.ledgerHead.digest)
      #expect(try RunVerification.verify(runs[0].path, head: bare).findings.isEmpty)
    }
    let byLink = try RunVerification.verify(root.path + "/a/latest")
    #expect(byLink.findings.isEmpty && byLink.path.hasSuffix(runs[2].id))
  }

  @Test("one changed byte of any file of a run is found, and the file named")
  func everyByte() throws {
    let root = TemporaryFolder()
    let run = try threeRuns(root)[1]
    var changed = 0
    for part in ["release", "internal", "record"] {
      for name in TemporaryFolder.entries(run.path + "/" + part) {
        let file = "\(run.path)/\(part)/\(name)"
        let bytes = try #require(TemporaryFolder.read(file))
        for position in bytes.indices {
          var other = bytes
          other[position] ^= 1
          unlink(file)
          try CheckedFile.write(other, to: file)
          let findings = try RunVerification.verify(run.path).findings
          #expect(
            findings.contains { $0.place == file || $0.place?.hasSuffix("ledger.jsonl:2") == true },
            "\(part)/\(name) byte \(position): \(findings)")
          changed += 1
        }
        unlink(file)
        #expect(
          try RunVerification.verify(run.path).findings.contains { $0.place == file },
          "\(part)/\(name) removed")
        try CheckedFile.write(bytes, to: file)
      }
      let added = "\(run.path)/\(part)/more.csv"
      try CheckedFile.write([1], to: added)
      #expect(try RunVerification.verify(run.path).findings.map(\.place) == [added])
      unlink(added)
    }
    #expect(changed > 500)
    #expect(try RunVerification.verify(run.path).findings.isEmpty)
  }

  @Test("an edited, removed, swapped, added or cut line of the ledger is found and named")
  func tamperedLedger() throws {
    let root = TemporaryFolder()
    let runs = try threeRuns(root)
    let lines = try ledger(root)
    func place(_ lines: [String]) throws -> [String] {
      try write(lines, root)
      return try RunVerification.verify(runs[0].path).findings.compactMap { finding in
        finding.place.map { $0.replacing(root.path + "/", with: "") }
      }
    }
    for position in 0..<3 {
      for character in stride(from: 0, to: lines[position].count, by: 7) {
        var edited = lines
        var text = Array(lines[position].utf8)
        text[character] = text[character] == 0x30 ? 0x31 : 0x30
        edited[position] = String(decoding: text, as: UTF8.self)
        let places = try place(edited)
        // A change of one line shows there, or at the next one, which remembers its digest.
        let expected = ["ledger.jsonl:\(position + 1)", "ledger.jsonl:\(position + 2)"]
        #expect(places.contains { expected.contains($0) }, "\(position) \(character): \(places)")
      }
      var removed = lines
      removed.remove(at: position)
      let places = try place(removed)
      #expect(
        places.first == (position == 2 ? "a/\(runs[2].id)" : "ledger.jsonl:\(position + 1)"))
      var swapped = lines
      swapped.swapAt(position, (position + 1) % 3)
      #expect(try place(swapped).first == "ledger.jsonl:\(position == 2 ? 1 : position + 1)")
      var added = lines
      added.insert(lines[position], at: position)
      #expect(try place(added).first == "ledger.jsonl:\(position + 2)")
    }
    #expect(try place(lines + ["{}"]) == ["ledger.jsonl:4"])
    #expect(try place(lines).isEmpty)
  }

  @Test("a ledger rewritten as a whole, checkpoints and all, does not hold a head noted before")
  func rewritten() throws {
    let root = TemporaryFolder()
    let noted = try threeRuns(root)
    let forged = TemporaryFolder()
    for (name, text) in [("a", "9"), ("b", "2"), ("a", "3")] {
      _ = try RunFolder.publish(root: forged.path, name: name, files: files(text))
    }
    let latest = forged.path + "/a/latest"
    #expect(try RunVerification.verify(latest).findings.isEmpty)
    for (position, run) in noted.enumerated() {
      let findings = try RunVerification.verify(latest, head: run.ledgerHead).findings
      #expect(findings.count == 1)
      #expect(findings[0].place?.hasSuffix("ledger.jsonl:\(position + 1)") == true)
    }
    let beyond = LedgerHead(sequence: 4, digest: noted[0].ledgerHead.digest)
    #expect(try RunVerification.verify(latest, head: beyond).findings.count == 1)
  }

  @Test("the next run appends a line that a dead one left out, and cuts off half a line")
  func recovery() throws {
    let root = TemporaryFolder()
    let runs = try threeRuns(root)
    let whole = try ledger(root)
    for (kept, half) in [
      (2, ""), (1, ""), (0, ""), (3, "{\"half"), (2, String(whole[2].dropLast())),
    ] {
      unlink(root.path + "/ledger.jsonl")
      let text = whole.prefix(kept).map { $0 + "\n" }.joined() + half
      try CheckedFile.write(Array(text.utf8), to: root.path + "/ledger.jsonl")
      #expect(try !RunVerification.verify(runs[0].path).findings.isEmpty)
      _ = try RunFolder.acquire(root: root.path, name: "b")
      #expect(try ledger(root) == whole, "\(kept) lines and '\(half)'")
      #expect(try RunVerification.verify(runs[0].path).findings.isEmpty)
    }
    #expect(
      try RunFolder.publish(root: root.path, name: "b", files: files("4")).id.hasPrefix("0004-"))
  }

  @Test("a run does not continue a ledger that was changed, and says where")
  func damaged() throws {
    let root = TemporaryFolder()
    _ = try threeRuns(root)
    var lines = try ledger(root)
    lines[1] = lines[1].replacing("\"b\"", with: "\"c\"")
    try write(lines, root)
    let failure = #expect(throws: Diagnostic.self) {
      try RunFolder.publish(root: root.path, name: "a", files: files("5"))
    }
    #expect(failure?.place?.hasSuffix("ledger.jsonl:3") == true)
    #expect(failure?.remedy != nil)
  }

  @Test("what is no run is exit 66", arguments: ["", "/nowhere", "/a", "/a/.lock"])
  func noRun(path: String) throws {
    let root = TemporaryFolder()
    _ = try threeRuns(root)
    let failure = #expect(throws: Diagnostic.self) {
      try RunVerification.verify(root.path + path)
    }
    #expect(failure?.kind.exitCode == 66)
  }

  @Test("heads are a number and a digest, or a digest alone")
  func heads() {
    let digest = SHA256.hex([])
    #expect(LedgerHead("3:" + digest) == LedgerHead(sequence: 3, digest: digest))
    #expect(LedgerHead(digest) == LedgerHead(sequence: nil, digest: digest))
    for text in ["", "3", "0:" + digest, "x:" + digest, digest + "0", "1:2:" + digest] {
      #expect(LedgerHead(text) == nil)
    }
  }

  @Test("the first difference of two runs is named by file, byte, line and column")
  func comparison() throws {
    let root = TemporaryFolder()
    let first = try RunFolder.publish(root: root.path, name: "a", files: files("1"))
    let same = try RunFolder.publish(root: root.path, name: "b", files: files("1"))
    #expect(try ByteComparison.differences(first.path, same.path).isEmpty)
    var other = files("1")
    other.release[0].bytes[13] = 0x32
    other.release[2].bytes += [0x20]
    other.release[1] = RunFile("other.csv", [])
    let third = try RunFolder.publish(root: root.path, name: "a", files: other)
    #expect(
      try ByteComparison.differences(first.path, third.path).map { $0.prefix(52) }
        == [
          "release/empty.csv: only in " + first.path.prefix(25),
          "release/other.csv: only in " + first.path.prefix(25),
          "release/report.html: one ends at byte 8, line 1; the",
          "release/scores.csv: first difference at byte 14, lin",
          "release/MANIFEST.sha256: first difference at byte 67",
        ].map { $0.prefix(52) })
  }
}
