public import CanvassCompute
public import CanvassSurvey

/// What is in a drop, for somebody who has just received it; no text of a respondent is in it.
public struct DropSummary: Sendable {
  /// A member of the drop.
  public struct Member: Sendable {
    /// Its name.
    public let name: String
    /// Its size as it is unpacked.
    public let byteCount: Int
    /// The table in it, or nil with the reason why it is none.
    public let table: Result<MemberSummary, Diagnostic>
  }

  /// A table.
  public struct MemberSummary: Sendable {
    /// `text`, or the name of another format.
    public let format: String
    /// The field delimiter of text.
    public let delimiter: Character?
    /// The decimal sign of text.
    public let decimal: DialectRequest.Decimal?
    /// The encoding; nil where everything is ASCII.
    public let decision: TextDecision?
    /// Records after the header.
    public let rowCount: Int
    /// Whether it is the drop's codebook.
    public let isCodebook: Bool
    /// Its columns.
    public let columns: [ColumnSummary]
    /// The sampling design that it declares: Stata's `svyset`.
    public var design: DeclaredDesign?
  }

  /// A column.
  public struct ColumnSummary: Sendable {
    /// Its name.
    public let name: String
    /// `whole numbers`, `numbers`, `text` or `empty`.
    public let kind: String
    /// Cells without a value.
    public let blankCount: Int
    /// Cells that are missing, by reason: those without a value, and the codes that the codebook or the
    /// file itself calls missing; none where nobody says more than that they are blank.
    public let missing: [(reason: MissingReason, count: Int)]
    /// Different values.
    public let distinctCount: Int
    /// Numbers with their counts, where there are at most 20 different ones; none for text.
    public let codes: [(code: String, count: Int)]
    /// The title and labels of the codebook in the drop, where it has one called `codebook.csv`.
    public let variable: Variable?
  }

  /// The path as given.
  public let path: String
  /// Its size.
  public let byteCount: Int
  /// SHA-256 of its bytes.
  public let sha256: String
  /// Its members in the order of the archive.
  public let members: [Member]
  /// The codebook that is a member of the drop, or nil.
  public let codebook: Codebook?
}

extension Ingestion {
  /// Most different numbers whose counts are listed.
  private static let mostCodes = 20

  /// A member as it was read.
  private enum Found {
    case table(MemberTable)
    case codebook(Codebook)
  }

  /// Reads every member of the drop at `path` as far as it is a table or a codebook.
  ///
  /// - Parameters:
  ///   - source: how the tables are written; found out if absent.
  ///   - codebook: which member is the codebook; DDI-Codebook in `*.xml` and a table called `codebook.csv` are
  ///     if it is absent.
  public static func inspect(
    _ path: String, written source: MemberRequest = MemberRequest(members: "*"),
    codebook: MemberRequest? = nil, workers: Workers
  ) throws -> DropSummary {
    let file = try Drop(path)
    let pattern = codebook.map { NamePattern($0.members) }
    var kinds: [String: [String: ColumnKind]] = [:]
    while true {
      var tables: [(name: String, byteCount: Int, found: Result<Found, Diagnostic>)] = []
      try DropMembers(drop: file).forEach { member, stream in
        let counted = CountingStream(stream)
        let place = "\(path):\(member.name)"
        do {
          let isCodebook =
            pattern?.matches(member.name) ?? member.name.lowercased().hasSuffix(".xml")
          let found: Found =
            isCodebook
            ? .codebook(
              try CodebookFile.read(
                counted, name: member.name, place: place,
                written: codebook ?? MemberRequest(members: "*")))
            : .table(
              try MemberTable.read(
                counted,
                settings: ReadingSettings(
                  place: place, name: member.name, sheet: source.sheet, dialect: source.dialect,
                  text: source.text, kinds: kinds[member.name] ?? [:], workers: workers)))
          tables.append((member.name, counted.byteCount, .success(found)))
        } catch let error as Diagnostic {
          // Damaged bytes are no table that is badly written: nothing of the drop can be trusted.
          if let failure = counted.failure { throw failure }
          while try !counted.next().isEmpty {}
          tables.append((member.name, counted.byteCount, .failure(error)))
        }
      }
      var again = false
      for case (let name, _, .success(.table(let table))) in tables {
        let assembly = TableAssembly(members: [table])
        for column in assembly.texts.intersection(assembly.numbers) {
          kinds[name, default: [:]][column] = .text
          again = true
        }
      }
      if again { continue }
      return try summary(file, tables: tables)
    }
  }

  private static func summary(
    _ file: Drop,
    tables: [(name: String, byteCount: Int, found: Result<Found, Diagnostic>)]
  ) throws(Diagnostic) -> DropSummary {
    var codebook: Codebook?
    for case (let name, _, .success(let found)) in tables {
      switch found {
      case .codebook(let own): codebook = own
      case .table(let table) where isCodebook(name):
        let assembly = TableAssembly(members: [table])
        codebook = try CodebookFile.read(
          try assembly.table(texts: assembly.texts), place: table.place)
      case .table: break
      }
    }
    var members: [DropSummary.Member] = []
    for (name, byteCount, result) in tables {
      switch result {
      case .failure(let error):
        members.append(.init(name: name, byteCount: byteCount, table: .failure(error)))
      case .success(.codebook(let own)):
        let summary = DropSummary.MemberSummary(
          format: "codebook", delimiter: nil, decimal: nil, decision: nil,
          rowCount: own.variables.count, isCodebook: true, columns: [])
        members.append(.init(name: name, byteCount: byteCount, table: .success(summary)))
      case .success(.table(let member)):
        let assembly = TableAssembly(members: [member])
        let table = try assembly.table(texts: assembly.texts)
        let full = try Ingestion.completed(codebook, by: member.variables)
        let resolved = MissingTags.resolve(table, codebook: full, rules: [])
        let summary = DropSummary.MemberSummary(
          format: member.format, delimiter: member.delimiter, decimal: member.decimal,
          decision: member.decision,
          rowCount: table.rowCount, isCodebook: isCodebook(name),
          columns: resolved.columns.map { column($0, variable: full?[$0.name]) },
          design: member.design)
        members.append(.init(name: name, byteCount: byteCount, table: .success(summary)))
      }
    }
    return DropSummary(
      path: file.path, byteCount: file.byteCount, sha256: file.sha256, members: members,
      codebook: codebook)
  }

  private static func isCodebook(_ name: String) -> Bool {
    name.split(separator: "/").last == "codebook.csv"
  }

  private static func column(_ column: Column, variable: Variable?) -> DropSummary.ColumnSummary {
    let (levelOfRow, levels) = column.grouped()
    var counts = [Int](repeating: 0, count: levels.count + 1)
    for level in levelOfRow { counts[Int(level)] += 1 }
    let kind: String =
      switch column.values {
      case _ where levels.isEmpty: "empty"
      case .integers: "whole numbers"
      case .numbers: "numbers"
      case .text: "text"
      }
    let isListed = column.isNumeric && levels.count <= mostCodes
    var countOf: [MissingReason: Int] = [:]
    for raw in column.reasons where raw != 0 {
      countOf[MissingReason(rawValue: raw) ?? .blank, default: 0] += 1
    }
    for (level, count) in zip(levels, counts) {
      if let reason = variable?.missingCodes[level] { countOf[reason, default: 0] += count }
    }
    let missing = MissingReason.allCases.compactMap { reason in
      countOf[reason].map { (reason: reason, count: $0) }
    }
    return DropSummary.ColumnSummary(
      name: column.name, kind: kind, blankCount: counts[levels.count],
      missing: missing.allSatisfy { $0.reason == .blank } ? [] : missing,
      distinctCount: levels.count,
      codes: isListed ? zip(levels, counts).map { (code: $0, count: $1) } : [], variable: variable)
  }
}

/// Counts the bytes of a stream, and remembers its failure.
private final class CountingStream: ByteStream {
  private let source: any ByteStream
  private(set) var byteCount = 0
  private(set) var failure: Diagnostic?
  private var ended = false

  init(_ source: any ByteStream) {
    self.source = source
  }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    if ended { return UnsafeRawBufferPointer(start: nil, count: 0) }
    do {
      let piece = try source.next()
      byteCount += piece.count
      ended = piece.isEmpty
      return piece
    } catch {
      failure = error
      throw error
    }
  }
}
