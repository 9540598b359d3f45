public import CanvassSurvey
import Glibc

/// What `canvass verify` found out about a run and the ledger it stands in.
public struct RunVerification: Sendable {
  /// The run's folder.
  public let path: String
  /// Files whose bytes were compared with a digest.
  public private(set) var filesChecked = 0
  /// Lines of the ledger that are a chain.
  public private(set) var linesChecked = 0
  /// The ledger's head, or nil where the chain is broken.
  public private(set) var head: LedgerHead?
  /// Everything that is not as it was left, each with its place; empty where all is well.
  public private(set) var findings: [Diagnostic] = []

  /// Checks every file of the run at `path` against its manifests and the ledger, every line of the
  /// ledger against the run it names, and that the ledger still holds the line noted as `head`.
  ///
  /// - Throws: `missingInput` where `path` is no run's folder.
  public static func verify(
    _ path: String, head: LedgerHead? = nil
  ) throws(Diagnostic) -> RunVerification {
    let place = try RunPlace(path)
    var verification = RunVerification(path: place.path)
    let release = verification.checkFolder(place.path + "/release")
    let inside = verification.checkFolder(place.path + "/internal")
    verification.checkLedger(place, release: release, inside: inside)
    if let head { verification.look(for: head, in: place.root) }
    return verification
  }

  private var lines: [LedgerLine] = []

  private init(path: String) { self.path = path }

  private mutating func find(_ what: String, at place: String, why: String? = nil) {
    findings.append(Diagnostic(.checkFailed, what, at: place, why: why))
  }

  /// The value, or nil with the error among the findings.
  private mutating func attempt<Value>(_ body: () throws(Diagnostic) -> Value) -> Value? {
    do {
      return try body()
    } catch {
      findings.append(
        Diagnostic(.checkFailed, error.what, at: error.place, why: error.why, remedy: error.remedy))
      return nil
    }
  }

  /// Compares the files of a folder with its manifest; the manifest's digest.
  private mutating func checkFolder(_ folder: String) -> String? {
    let manifest = folder + "/" + Manifest.name
    guard let bytes = attempt({ () throws(Diagnostic) in try CheckedFile.bytes(of: manifest) }),
      let present = attempt({ () throws(Diagnostic) in try FolderTree.entries(of: folder) })
    else { return nil }
    guard let listed = Manifest.digests(bytes) else {
      find("the manifest is not one that a run wrote", at: manifest)
      return nil
    }
    for (name, digest) in listed { check(folder + "/" + name, digest: digest) }
    let known = Set(listed.map(\.name) + [Manifest.name])
    for name in present where !known.contains(name) {
      find("the file is not in the manifest: it was added later", at: folder + "/" + name)
    }
    return SHA256.hex(bytes)
  }

  private mutating func check(_ file: String, digest: String) {
    guard FolderTree.isFile(file) else {
      find("the file is not there", at: file)
      return
    }
    guard let found = attempt({ () throws(Diagnostic) in try SHA256.hex(ofFile: file) }) else {
      return
    }
    filesChecked += 1
    if found != digest {
      find("the file was changed after it was written", at: file, why: "its SHA-256 is \(found)")
    }
  }

  private mutating func checkLedger(_ place: RunPlace, release: String?, inside: String?) {
    let path = LedgerFile.path(place.root)
    guard let bytes = attempt({ () throws(Diagnostic) in try CheckedFile.bytes(of: path) }),
      let runs = attempt({ () throws(Diagnostic) in try RunFolder.runs(in: place.root) })
    else { return }
    let ledger = Ledger(bytes)
    lines = ledger.lines
    linesChecked = lines.count
    if let broken = ledger.broken {
      find(broken.what, at: "\(path):\(broken.line)")
    } else if ledger.cutBytes > 0 {
      find("the last line is cut off", at: "\(path):\(lines.count + 1)")
    } else {
      head = LedgerHead(sequence: lines.count, digest: ledger.head)
    }
    let present = Set(runs)
    for line in lines {
      let run = "\(line.name)/\(line.run)"
      guard present.contains(run) else {
        find(
          "the line names a run that is not there: the run was removed, or the line added",
          at: "\(path):\(line.sequence)", why: "there is no folder '\(place.root)/\(run)'")
        continue
      }
      checkRun(line, at: place.root + "/" + run, deep: run == place.run, ledger: path)
    }
    let named = Set(lines.map { "\($0.name)/\($0.run)" })
    for run in runs where !named.contains(run) && ledger.broken == nil {
      find(
        "the ledger has no line for the run", at: place.root + "/" + run,
        why: "its line was removed, or the run ended before it was appended; "
          + "then the next run appends it")
    }
    guard let own = lines.first(where: { "\($0.name)/\($0.run)" == place.run }) else { return }
    let parts = [(release, own.release, "release"), (inside, own.internal, "internal")]
    for (found, digest, part) in parts {
      if let found, found != digest {
        find(
          "the manifest is not the one in the ledger", at: "\(place.path)/\(part)/\(Manifest.name)",
          why: "line \(own.sequence) of the ledger has another digest")
      }
    }
  }

  /// Compares a run with its line: its checkpoint always, manifests and record too where it is another
  /// than the one that is checked file by file.
  private mutating func checkRun(_ line: LedgerLine, at run: String, deep: Bool, ledger: String) {
    if let checkpoint = attempt({ () throws(Diagnostic) in try Checkpoint.line(of: run) }),
      checkpoint != line
    {
      find(
        "the line is not the one in the run's checkpoint", at: "\(ledger):\(line.sequence)",
        why: "\(run)/record/\(Checkpoint.name) was kept when the line was written")
    }
    for name in line.record.keys.sorted(by: Column.precedes) {
      check("\(run)/record/\(name)", digest: line.record[name] ?? "")
    }
    if deep {
      let known = Set(line.record.keys).union([Checkpoint.name])
      let present = attempt { () throws(Diagnostic) in try FolderTree.entries(of: run + "/record") }
      for name in present ?? [] where !known.contains(name) {
        find("the file is not in the ledger: it was added later", at: "\(run)/record/\(name)")
      }
    } else {
      check("\(run)/release/\(Manifest.name)", digest: line.release)
      check("\(run)/internal/\(Manifest.name)", digest: line.internal)
    }
  }

  /// An old head is the digest of one of the lines, or something up to that line was rewritten.
  private mutating func look(for noted: LedgerHead, in root: String) {
    let path = LedgerFile.path(root)
    if let sequence = noted.sequence {
      if sequence > lines.count {
        find(
          "the ledger ends before the noted head", at: "\(path):\(lines.count)",
          why: "line \(sequence) was there when the head was noted")
      } else if lines[sequence - 1].head != noted.digest {
        find(
          "the line is not the one whose head was noted", at: "\(path):\(sequence)",
          why: "this line or one before it was rewritten")
      }
    } else if !lines.contains(where: { $0.head == noted.digest }) {
      find(
        "no line of the ledger has the noted head", at: path,
        why: "a line up to the one whose head was noted was rewritten or removed")
    }
  }
}

/// Where a run lies: its folder without links, and the folder of all runs two levels above.
struct RunPlace: Sendable {
  let path: String
  let root: String
  /// `name/run`.
  let run: String

  init(_ path: String) throws(Diagnostic) {
    guard let resolved = realpath(path, nil) else {
      throw Diagnostic(
        .missingInput, "there is no run at '\(path)'",
        remedy: "name the folder of a run, such as Runs/papi-demo/latest")
    }
    defer { free(resolved) }
    self.path = String(cString: resolved)
    let parts = self.path.split(separator: "/").map(String.init)
    guard parts.count >= 2, RunFolder.sequence(of: parts[parts.count - 1]) != nil,
      access(self.path + "/release", F_OK) == 0
    else {
      throw Diagnostic(
        .missingInput, "the folder is no run's", at: path,
        remedy: "name the folder of a run, such as Runs/papi-demo/latest")
    }
    root = "/" + parts.dropLast(2).joined(separator: "/")
    run = parts.suffix(2).joined(separator: "/")
  }
}

extension RunVerification {
  /// What was found, in one sentence.
  public var conclusion: String {
    guard findings.isEmpty, let head else {
      return "not verified: \(findings.count) \(findings.count == 1 ? "finding" : "findings")"
    }
    return "verified: \(filesChecked) files, \(linesChecked) "
      + "\(linesChecked == 1 ? "line" : "lines") of the ledger, head \(head)"
  }

  /// What was found as one JSON object.
  public var json: JSONValue {
    [
      "run": .text(path), "verified": .boolean(findings.isEmpty),
      "files_checked": .integer(filesChecked), "ledger_lines": .integer(linesChecked),
      "ledger_head": head.map { .text($0.description) } ?? .null,
      "findings": .list(
        findings.map {
          [
            "place": .text($0.place ?? ""), "what": .text($0.what),
            "why": $0.why.map { .text($0) } ?? .null,
          ]
        }),
    ]
  }
}
