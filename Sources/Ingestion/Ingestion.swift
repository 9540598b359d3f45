public import CanvassCompute
public import CanvassSurvey

/// What came out of the drops.
public struct Ingested: Sendable, Codable {
  /// The respondents, with the columns of joined tables.
  public var table: Table
  /// The rows of repeated groups, one table for each that the request names.
  public let repeats: [Table]
  /// The codebook, where the request names one.
  public let codebook: Codebook?
  /// What was read.
  public let report: IngestionReport
}

/// Reads compressed drops into a table.
public enum Ingestion {
  /// The block that a worker parses at a time; results do not depend on it.
  package static let blockSize = 1 << 20

  /// Reads the drops of a request, later ones winning by key, joins second tables, reads the codebook.
  ///
  /// - Throws: `missingInput` for a drop that is not there, `badData` with `archive:member:line:column` for
  ///   what cannot be read, `badPipeline` for several drops without a key.
  public static func ingest(
    _ request: IngestionRequest, workers: Workers,
    progress: @Sendable (ProgressEvent) -> Void = { _ in }
  ) throws -> Ingested {
    try ingest(request, workers: workers, blockSize: blockSize, progress: progress)
  }

  package static func ingest(
    _ request: IngestionRequest, workers: Workers, blockSize: Int,
    progress: @Sendable (ProgressEvent) -> Void = { _ in }
  ) throws -> Ingested {
    if request.drops.count > 1, request.key == nil {
      throw Diagnostic(
        .badPipeline, "several drops need a key",
        why: "later drops replace respondents of earlier ones by key")
    }
    let files = try request.drops.map { path throws(Diagnostic) in try Drop(path) }
    let total = files.reduce(0) { $0 + $1.byteCount }
    var kinds: [String: ColumnKind] = [:]
    for name in request.textVariables { kinds[name] = .text }
    var reader = DropReader(
      request: request, kinds: kinds, blockSize: blockSize, workers: workers, total: total)
    var drops = try reader.read(files, progress: progress)
    var texts = texts(in: drops)
    // A column that holds text in one place and numbers in another is read again as text, in all drops.
    let mixed = texts.intersection(numbers(in: drops))
    if !mixed.isEmpty {
      for name in mixed { reader.kinds[name] = .text }
      drops = try reader.read(files, progress: progress)
      texts.formUnion(Ingestion.texts(in: drops))
    }
    try check(request.textVariables, in: drops)
    return try combine(
      request, files: files, drops: drops, texts: texts.union(request.textVariables))
  }

  private static func texts(in drops: [DropContents]) -> Set<String> {
    drops.reduce(into: []) { names, drop in
      for assembly in drop.assemblies { names.formUnion(assembly.texts) }
    }
  }

  private static func numbers(in drops: [DropContents]) -> Set<String> {
    drops.reduce(into: []) { names, drop in
      for assembly in drop.assemblies { names.formUnion(assembly.numbers) }
    }
  }

  /// Variables that are to stay text must be there: a slip of the pen would turn `01` into 1.
  private static func check(
    _ textVariables: [String], in drops: [DropContents]
  ) throws(Diagnostic) {
    let names = drops.flatMap { drop in
      drop.assemblies.flatMap { $0.members.flatMap(\.header) }
    }
    let known = Set(names)
    for name in textVariables where !known.contains(name) {
      throw Diagnostic(
        .badPipeline, "the data have no variable '\(name)' that could stay text",
        at: "text",
        remedy: Suggestion.phrase(for: name, among: known.sorted(by: Column.precedes)))
    }
  }

  private static func combine(
    _ request: IngestionRequest, files: [Drop], drops: [DropContents],
    texts: Set<String>
  ) throws -> Ingested {
    var tables: [Table] = []
    var repeats = [[Table]](repeating: [], count: request.repeats.count)
    var reports: [DropReport] = []
    var codebook: Codebook?
    var declared: [Variable] = []
    for (file, drop) in zip(files, drops) {
      var table = try drop.respondents.table(texts: texts)
      for (join, assembly) in zip(request.join, drop.joins) {
        table = try table.joined(
          to: try assembly.table(texts: texts), by: join.key,
          place: assembly.members.first?.place ?? file.path)
      }
      for (index, assembly) in drop.repeats.enumerated() {
        repeats[index].append(try assembly.table(texts: texts))
      }
      codebook = drop.codebook ?? codebook
      for assembly in drop.assemblies {
        for member in assembly.members { declared += member.variables }
      }
      reports.append(
        DropReport(
          path: file.path, sha256: file.sha256, byteCount: file.byteCount,
          members: drop.respondents.members.map {
            MemberReport(
              name: $0.name, rows: $0.rowCount, byteCount: $0.byteCount, format: $0.format,
              delimiter: $0.delimiter.map { String($0) }, decimal: $0.decimal,
              decision: $0.decision, undecodedLabels: $0.undecodedLabels,
              cutTexts: $0.cutTexts)
          }))
      if let first = tables.first, Set(first.names) != Set(table.names) {
        let differing = Set(first.names).symmetricDifference(table.names).sorted(
          by: Column.precedes)
        throw Diagnostic(
          .badData, "the drop has other columns than '\(files[0].path)'", at: file.path,
          why: "only one of them has: \(differing.joined(separator: ", "))")
      }
      tables.append(table)
    }
    if tables.allSatisfy({ $0.rowCount == 0 }) {
      throw Diagnostic(
        .badData, "there are no respondents", at: files.first?.path,
        why: "the tables hold a header and no rows")
    }
    if case .file(let path, let source) = request.codebook {
      codebook = try CodebookFile.read(path: path, written: source)
    }
    let all = tables.count == 1 ? tables[0] : Table.concatenating(tables)
    let kept = try request.key.map { key throws(Diagnostic) in
      try newest(all, key: key, rowsOfDrop: tables.map(\.rowCount))
    }
    var table = kept.flatMap { $0.count == all.rowCount ? nil : all.gathering($0) } ?? all
    let described = codebook?.variables ?? []
    codebook = try Ingestion.completed(codebook, by: declared)
    table = MissingTags.resolve(table, codebook: codebook, rules: request.missingTags)
    if let whole = codebook {
      (table, codebook) = try SelectedCodes.split(
        table, codebook: whole, rules: request.missingTags)
    }
    let groups = try zip(request.repeats, repeats).map { asked, groups throws(Diagnostic) in
      try RepeatGroups(asked, key: request.key).rows(groups, of: tables, kept: kept)
    }
    return Ingested(
      table: table, repeats: groups, codebook: codebook,
      report: IngestionReport(
        drops: reports, rowsRead: all.rowCount, rowsSuperseded: all.rowCount - table.rowCount,
        rowsOut: table.rowCount,
        blankLines: drops.reduce(0) { sum, drop in
          drop.assemblies.reduce(sum) { sum, assembly in
            assembly.members.reduce(sum) { $0 + $1.blankLines }
          }
        },
        undescribedInData: described.count { !table.contains($0.name) }))
  }

  /// The codebook that was given, completed by what the data files say about their variables.
  static func completed(
    _ codebook: Codebook?, by declared: [Variable]
  ) throws(Diagnostic) -> Codebook? {
    if declared.isEmpty { return codebook }
    var order: [String] = []
    var merged: [String: Variable] = [:]
    for variable in declared {
      if merged[variable.name] == nil { order.append(variable.name) }
      merged[variable.name, default: variable].complete(by: variable)
    }
    let own = try Codebook(order.compactMap { merged[$0] })
    return codebook?.completed(by: own) ?? own
  }

  /// The rows that no later drop replaces by key; rows of one drop that share a key all stay.
  private static func newest(
    _ table: Table, key: String, rowsOfDrop: [Int]
  ) throws(Diagnostic) -> [Int] {
    let (levelOfRow, levels) = try table.column(key).grouped()
    var lastDrop = [Int](repeating: -1, count: levels.count + 1)
    var dropOfRow: [Int] = []
    for (drop, count) in rowsOfDrop.enumerated() {
      dropOfRow += [Int](repeating: drop, count: count)
    }
    for row in 0..<table.rowCount { lastDrop[Int(levelOfRow[row])] = dropOfRow[row] }
    return (0..<table.rowCount).filter { row in
      let level = Int(levelOfRow[row])
      return level == levels.count || lastDrop[level] == dropOfRow[row]
    }
  }

  /// Whether the workbook at `path` is an XLSForm, whose sheets together are a codebook.
  package static func isForm(path: String) throws -> Bool {
    var isForm = false
    try DropMembers(drop: try Drop(path)).forEach { _, stream in
      let stream = try LookaheadStream(stream)
      if DropMembers.isZip(stream.head) {
        isForm = FormDefinition.isForm(try Workbook(stream, place: path))
      }
    }
    return isForm
  }

  /// The table in a plain or gzipped CSV file, or in a sheet of a workbook: places, structures, margins.
  ///
  /// Every column is text where `asText` is true, so that codes such as `1.10` keep their form. Without a
  /// name of a sheet a workbook must have only one.
  public static func readTable(
    path: String, sheet: String? = nil, asText: Bool = false
  ) throws -> Table {
    let file = try Drop(path)
    var texts = Set<String>()
    while true {
      var members: [MemberTable] = []
      try DropMembers(drop: file).forEach { _, stream in
        if !members.isEmpty {
          throw Diagnostic(.badData, "a table is one file", at: path)
        }
        members.append(
          try MemberTable.read(
            stream,
            settings: ReadingSettings(
              place: path, name: path, sheet: sheet,
              kinds: Dictionary(uniqueKeysWithValues: texts.map { ($0, .text) }),
              isAllText: asText)))
      }
      let assembly = TableAssembly(members: members)
      let mixed = assembly.texts.intersection(assembly.numbers)
      if mixed.isEmpty { return try assembly.table(texts: assembly.texts.union(texts)) }
      texts.formUnion(mixed)
    }
  }
}

/// The tables of one drop before they are put together.
struct DropContents {
  var respondents: TableAssembly
  var codebook: Codebook?
  var joins: [TableAssembly]
  var repeats: [TableAssembly]

  /// All tables.
  var assemblies: [TableAssembly] { [respondents] + joins + repeats }
}

/// Streams drops once and sorts their members to the tables of a request.
struct DropReader {
  let request: IngestionRequest
  var kinds: [String: ColumnKind]
  let blockSize: Int
  let workers: Workers
  let total: Int

  func read(
    _ files: [Drop], progress: @Sendable (ProgressEvent) -> Void
  ) throws -> [DropContents] {
    var done = 0
    var contents: [DropContents] = []
    let memory = TableMemory(limit: request.memoryLimit)
    for file in files {
      contents.append(try read(file, done: done, memory: memory, progress: progress))
      done += file.byteCount
    }
    return contents
  }

  private func read(
    _ file: Drop, done: Int, memory: TableMemory, progress: @Sendable (ProgressEvent) -> Void
  ) throws -> DropContents {
    var respondents: [MemberTable] = []
    var codebooks: [Codebook] = []
    var joins = [[MemberTable]](repeating: [], count: request.join.count)
    var repeats = [[MemberTable]](repeating: [], count: request.repeats.count)
    var names: [String] = []
    let members = DropMembers(
      drop: file, limits: request.limits, opensNested: request.opensNested)
    try members.forEach { member, stream in
      names.append(member.name)
      func table(
        _ source: MemberRequest, blanks: [String]
      ) throws -> MemberTable {
        try MemberTable.read(
          stream,
          settings: ReadingSettings(
            place: "\(file.path):\(member.name)", name: member.name, sheet: source.sheet,
            dialect: source.dialect,
            text: source.text, kinds: kinds, blanks: blanks,
            blockSize: blockSize, workers: workers, memory: memory)
        ) { bytes in
          let rows = respondents.reduce(0) { $0 + $1.rowCount }
          progress(
            ProgressEvent(
              bytesRead: min(total, done + min(bytes, file.byteCount)), bytesTotal: total,
              rows: rows))
        }
      }
      if case .member(let codebook) = request.codebook,
        NamePattern(codebook.members).matches(member.name)
      {
        codebooks.append(
          try CodebookFile.read(
            stream, name: member.name, place: "\(file.path):\(member.name)", written: codebook))
      } else if let join = request.join.firstIndex(where: {
        NamePattern($0.source.members).matches(member.name)
      }) {
        joins[join].append(
          try table(request.join[join].source, blanks: request.blankText))
      } else if let group = request.repeats.firstIndex(where: {
        NamePattern($0.source.members).matches(member.name)
      }) {
        repeats[group].append(
          try table(request.repeats[group].source, blanks: request.blankText))
      } else if NamePattern(request.respondents.members).matches(member.name) {
        respondents.append(try table(request.respondents, blanks: request.blankText))
      }
    }
    try demand(respondents, request.respondents.members, "respondents", names, file)
    if case .member(let codebook) = request.codebook {
      try demand(codebooks, codebook.members, "a codebook", names, file)
      if codebooks.count > 1 {
        throw Diagnostic(
          .badData, "several members match the codebook's name", at: file.path,
          remedy: "name one member")
      }
    }
    for (join, tables) in zip(request.join, joins) {
      try demand(tables, join.source.members, "a second table", names, file)
    }
    for (group, tables) in zip(request.repeats, repeats) {
      try demand(tables, group.source.members, "a repeated group", names, file)
    }
    return DropContents(
      respondents: TableAssembly(members: respondents.sorted { Column.precedes($0.name, $1.name) }),
      codebook: codebooks.first,
      joins: joins.map { TableAssembly(members: $0) },
      repeats: repeats.map { group in
        TableAssembly(members: group.sorted { Column.precedes($0.name, $1.name) })
      })
  }

  private func demand<Found>(
    _ tables: [Found], _ pattern: String, _ what: String, _ names: [String], _ file: Drop
  ) throws(Diagnostic) {
    guard tables.isEmpty else { return }
    let shown = names.prefix(10).joined(separator: ", ")
    throw Diagnostic(
      .badData, "no member matches '\(pattern)', which should hold \(what)", at: file.path,
      why: "it has: \(shown)\(names.count > 10 ? " and \(names.count - 10) more" : "")",
      remedy: "correct 'members', or run 'canvass inspect' on the drop")
  }
}
