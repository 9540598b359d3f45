public import CanvassSurvey

/// How the files of two runs differ, byte by byte.
public enum ByteComparison {
  /// The parts of a run that are compared; `record/` tells what each run did, when, on which machine.
  static let parts = ["release", "internal"]

  /// The differences between the runs at two paths in the order of the files' names, each one sentence
  /// with its place; empty where every byte is the same.
  ///
  /// - Throws: `missingInput` where a path is no run's folder.
  public static func differences(_ first: String, _ second: String) throws(Diagnostic) -> [String] {
    let first = try RunPlace(first).path
    let second = try RunPlace(second).path
    var found: [String] = []
    for part in parts {
      found += differences(
        try files(first + "/" + part), try files(second + "/" + part), in: part,
        names: (first, second))
    }
    return found
  }

  /// The differences between a run on the disk and the files that were made again.
  public static func differences(
    run path: String, from files: RunFiles
  ) throws(Diagnostic) -> [String] {
    let place = try RunPlace(path).path
    var found: [String] = []
    for (part, made) in [("release", files.release), ("internal", files.internal)] {
      let again = made + [RunFile(Manifest.name, Manifest(made).bytes)]
      found += differences(
        try Self.files(place + "/" + part), again, in: part, names: (place, "the repetition"))
    }
    return found
  }

  private static func files(_ folder: String) throws(Diagnostic) -> [RunFile] {
    var files: [RunFile] = []
    for name in try FolderTree.entries(of: folder) {
      files.append(RunFile(name, try CheckedFile.bytes(of: folder + "/" + name)))
    }
    return files
  }

  private static func differences(
    _ first: [RunFile], _ second: [RunFile], in part: String, names: (String, String)
  ) -> [String] {
    let mine = Dictionary(first.map { ($0.name, $0.bytes) }, uniquingKeysWith: { $1 })
    let other = Dictionary(second.map { ($0.name, $0.bytes) }, uniquingKeysWith: { $1 })
    // The manifest differs wherever a file does; it is named where nothing else is.
    let files = Set(mine.keys).union(other.keys).subtracting([Manifest.name])
      .sorted(by: Column.precedes)
    return (files + [Manifest.name]).compactMap { name in
      switch (mine[name], other[name]) {
      case (let a?, let b?): difference(a, b).map { "\(part)/\(name): \($0)" }
      case (_?, nil): "\(part)/\(name): only in \(names.0)"
      case (nil, _): "\(part)/\(name): only in \(names.1)"
      }
    }
  }

  /// Where two files begin to differ, counted from 1; nil where they do not.
  static func difference(_ first: [UInt8], _ second: [UInt8]) -> String? {
    let shorter = min(first.count, second.count)
    let offset = (0..<shorter).first { first[$0] != second[$0] } ?? shorter
    if offset == first.count, offset == second.count { return nil }
    let before = first[..<offset]
    let line = before.count { $0 == 0x0A } + 1
    let column = offset - (before.lastIndex(of: 0x0A) ?? -1)
    if offset == shorter { return "one ends at byte \(offset), line \(line); the other goes on" }
    return "first difference at byte \(offset + 1), line \(line), column \(column)"
  }
}
