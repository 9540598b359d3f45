public import CanvassCompute
import CanvassIngestion
import CanvassPublishing
public import CanvassSurvey

/// `canvass init`: a first pipeline file, codebook and structure table for a drop.
///
/// Facts are copied from the drop; judgements (what is good, who was drawn how, what an answer weighs)
/// are left as `?`, with what speaks for an answer beside them, and `check` lists them.
public struct FirstDraft: Sendable {
  /// The files by name.
  public let files: [(name: String, bytes: [UInt8])]
  /// The name of the pipeline file.
  public let pipelineName: String

  /// What else the one who drafts should know, a line each.
  public var notes: [String] = []

  /// Drafts the files of the round after the one of the pipeline file `old`, to lie beside it: what does not
  /// depend on the data stays, and what is gone, new and recoded is listed.
  ///
  /// - Throws: also what is wrong with the old file, `missingInput` where it has neither drop nor codebook left.
  public static func make(
    drop path: String, name: String?, like old: String, form: String? = nil, workers: Workers
  ) throws -> FirstDraft {
    try NextRound.make(drop: path, name: name, like: old, form: form, workers: workers)
  }

  /// Drafts the files for the drop at `path`, to lie in the folder `output`.
  ///
  /// - Parameter form: the questionnaire, or COINr's table of indicators.
  /// - Throws: `badPipeline` for a name that cannot be a folder's, `badData` for a drop without a table.
  public static func make(
    drop path: String, name: String?, output: String, form: String? = nil, workers: Workers
  ) throws -> FirstDraft {
    let name = try checked(name ?? stem(path))
    if let form, let indicators = try IndicatorDraft.metadata(form) {
      return try IndicatorDraft(
        drop: path, name: name, output: output, source: form, indicators: indicators,
        workers: workers
      ).files()
    }
    let given = try form.map { try CodebookFile.read(path: $0) }
    let summary = try Ingestion.inspect(path, workers: workers)
    let tables = tables(of: summary)
    guard let respondents = tables.respondents else {
      throw Diagnostic(
        .badData, "the drop holds no table of respondents with rows", at: path,
        remedy: "run 'canvass inspect' on it")
    }
    let draft = PipelineDraft(
      drop: InputFile.path(path, from: output), name: name, respondents: respondents,
      form: given ?? summary.codebook, others: tables.filter { $0.name != respondents.name })
    return FirstDraft(
      files: [
        ("\(draft.name).yaml", Array(draft.pipeline.utf8)),
        ("\(draft.name)-codebook.csv", CodebookWriting.bytes(draft.variables)),
        ("\(draft.name)-structure.csv", draft.structure),
      ], pipelineName: "\(draft.name).yaml")
  }

  /// The folder that a pipeline file lies in.
  public static func folder(of file: String) -> String {
    guard let slash = file.lastIndex(of: "/") else { return "." }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  /// The tables with rows that are no codebook.
  static func tables(of summary: DropSummary) -> [DraftTable] {
    summary.members.compactMap { member in
      guard case .success(let table) = member.table, !table.isCodebook, table.rowCount > 0 else {
        return nil
      }
      return DraftTable(name: member.name, table: table)
    }
  }

  /// Writes the files into a folder where none of them is, and adds what must not be shared to its
  /// `.gitignore`.
  ///
  /// - Returns: The paths that were written.
  /// - Throws: `cannotCreate` where one of them is there already; nothing is written then.
  public func write(to folder: String, drop: String) throws(Diagnostic) -> [String] {
    let paths = files.map { "\(folder)/\($0.name)" }
    if let taken = paths.first(where: InputFile.exists) {
      throw Diagnostic(
        .cannotCreate, "'\(taken)' is there already", why: "nothing is overwritten",
        remedy: "choose another --name or --output, or move the file away")
    }
    for (path, file) in zip(paths, files) { try CheckedFile.write(file.bytes, to: path) }
    let ignore = "\(folder)/.gitignore"
    if InputFile.exists(ignore) { return paths }
    let base = drop.split(separator: "/").last.map(String.init) ?? drop
    let lines = [
      "# Answers of people and what is made of them stay here.", "Runs/", "decisions*.csv", base,
    ]
    try CheckedFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: ignore)
    return paths + [ignore]
  }

  static func stem(_ path: String) -> String {
    let base = path.split(separator: "/").last.map(String.init) ?? "survey"
    let stem = base.split(separator: ".").first.map(String.init) ?? "survey"
    let plain = stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
    return String(plain).lowercased()
  }

  static func checked(_ name: String) throws(Diagnostic) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
        || byte == 0x2D || byte == 0x5F
    }
    guard isPlain, !name.isEmpty, name.utf8.count <= 100, name.first != "-" else {
      throw Diagnostic(
        .usage, "'\(name)' cannot be a pipeline's name",
        remedy: "give --name with letters, digits, - and _")
    }
    return name
  }
}
