import CanvassSurvey

/// A file of a run before it is written.
public struct RunFile: Sendable, Hashable {
  /// Its name in the folder: letters, digits, `.`, `-` and `_`, not beginning with a point.
  public var name: String
  /// Its content.
  public var bytes: [UInt8]

  /// A file.
  public init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// The files of a run, by the folder in which they come to lie.
public struct RunFiles: Sendable, Hashable {
  /// `release/`: the only part meant for others; the manifest is added to it.
  public var release: [RunFile]
  /// `internal/`: unrounded, unsuppressed, by name and key; readable by its owner only.
  public var `internal`: [RunFile]
  /// `record/`: what was read, by what, when.
  public var record: [RunFile]

  /// Files of a run.
  public init(release: [RunFile], internal: [RunFile] = [], record: [RunFile] = []) {
    self.release = release
    self.internal = `internal`
    self.record = record
  }

  /// Refuses names that would leave the folder or stand for something else.
  func check() throws(Diagnostic) {
    for files in [release, `internal`, record] {
      for file in files {
        try Self.check(name: file.name, of: "a file of the run")
      }
      let names = files.map(\.name)
      let own = [Manifest.name, Checkpoint.name].first(where: names.contains)
      guard own == nil, Set(names).count == names.count else {
        throw Diagnostic(
          .badPipeline, "a file of the run is given twice: '\(own ?? names.sorted().joined())'")
      }
    }
  }

  static func check(name: String, of what: String) throws(Diagnostic) {
    let allowed = name.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
      default: false
      }
    }
    guard allowed, let first = name.utf8.first, first != 0x2E, first != 0x2D else {
      throw Diagnostic(
        .badPipeline, "the name of \(what), '\(name)', cannot be a file's name",
        remedy: "use letters, digits, '.', '-' and '_', beginning with a letter or digit")
    }
  }
}

/// A run that lies complete in its folder.
public struct PublishedRun: Sendable, Hashable {
  /// The folder of the run.
  public let path: String
  /// `<sequence>-<12 hexadecimal digits of the manifest's digest>`.
  public let id: String
  /// SHA-256 of `MANIFEST.sha256`, in hexadecimal.
  public let manifestDigest: String
  /// The head of the ledger after this run's line: to be noted down by whoever wants to check later that
  /// nothing before it was rewritten.
  public let ledgerHead: LedgerHead
}
