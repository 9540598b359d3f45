import CanvassSurvey

/// A format of a statistical package.
enum StatisticsFormat: String {
  case sav = "SPSS"
  case por = "SPSS portable"
  case dta = "Stata"

  /// The format that the first bytes of a member show, or nil.
  init?(_ head: [UInt8]) {
    let beginsWith = { (text: String) in head.starts(with: Array(text.utf8)) }
    if beginsWith("$FL2") || beginsWith("$FL3") {
      self = .sav
    } else if beginsWith("<stata_dta>") {
      self = .dta
    } else if head.count > 100, (104...115).contains(head[0]), head[1] == 1 || head[1] == 2,
      head[2] == 1, head[3] == 0
    {
      // Version, byte order, a file type that is always 1, and a zero: formats before Stata 13.
      self = .dta
    } else if head.count >= 240, StatisticsFormat.isPortable(head) {
      self = .por
    } else {
      return nil
    }
  }

  /// The signature behind the five lines of a portable file's vanity header, each of 40 characters;
  /// lines may end anywhere in the file.
  private static func isPortable(_ head: [UInt8]) -> Bool {
    let text = head.filter { $0 != 0x0A && $0 != 0x0D }
    return text.starts(with: Array("ASCII SPSS PORT FILE".utf8))
      || text.dropFirst(200 + 256).starts(with: Array("SPSSPORT".utf8))
      || text.dropFirst(40).starts(with: Array("ASCII SPSS PORT FILE".utf8))
  }
}

/// A whole member in memory: statistical formats and workbooks point back and forth in their bytes.
struct HeldBytes {
  let bytes: [UInt8]

  /// Reads the stream to its end.
  ///
  /// - Throws: `badData` for more than `MemoryLimit.bytes`.
  init(_ stream: any ByteStream, place: String) throws(Diagnostic) {
    var bytes: [UInt8] = []
    while true {
      let piece = try stream.next()
      if piece.isEmpty { break }
      try MemoryLimit.check(bytes.count + piece.count, "the file", at: place)
      bytes.append(contentsOf: piece)
    }
    self.bytes = bytes
  }
}

extension MemberTable {
  /// Reads an SPSS or Stata file: values, labels and declared missing codes.
  ///
  /// Dates become ISO 8601 text. Declared missing codes stay values, which the codebook calls missing;
  /// Stata's `.a` to `.z` are reasons that `MissingTags` names.
  static func read(
    _ format: StatisticsFormat, _ stream: any ByteStream, settings: ReadingSettings
  ) throws(Diagnostic) -> MemberTable {
    let held = try HeldBytes(stream, place: settings.place)
    if format == .dta, held.bytes.starts(with: Array("<stata_dta>".utf8)),
      !held.bytes.suffix(12).elementsEqual(Array("</stata_dta>".utf8))
    {
      throw Diagnostic(
        .badData, "the Stata file does not end where it should", at: settings.place,
        why: "it was cut, or something follows it", remedy: "fetch it again")
    }
    let collector = try StatisticsReader.read(format, held, settings: settings)
    let text = StatisticsText(
      collector, format: format, settings: settings,
      characteristics: format == .dta ? StataCharacteristics(held.bytes) : StataCharacteristics([]))
    var columns: [ColumnChunk] = []
    var header: [String] = []
    var variables: [Variable] = []
    for (index, raw) in collector.variables.enumerated() {
      let name = try text.name(raw)
      header.append(name)
      let cells = collector.cells[index]
      let kind = settings.isAllText ? .text : settings.kinds[name] ?? .found
      columns.append(
        try cells.finish(
          raw, name: name, kind: kind, text: text, blanks: settings.blanks,
          empty: settings.dialect.emptyCell, place: settings.place))
      variables.append(try text.variable(raw, name: name, cells: cells))
    }
    var seen = Set<String>()
    if let name = header.first(where: { !seen.insert($0).inserted }) {
      throw Diagnostic(
        .badData, "two variables are called '\(name)'", at: settings.place,
        remedy: "give each variable a name of its own")
    }
    let lines = (0..<collector.rowCount).map { UInt32($0 + 1) }
    let chunk = TableChunk(columns: columns, lines: lines, lineCount: lines.count, blankLines: 0)
    settings.memory.add(chunk)
    try settings.memory.check(at: settings.place)
    return MemberTable(
      place: settings.place, name: settings.name, header: header, format: format.rawValue,
      delimiter: nil, byteCount: held.bytes.count, chunks: [chunk],
      variables: variables, decision: text.decision, undecodedLabels: text.undecodedLabels,
      cutTexts: text.cutTexts, design: text.declaredDesign())
  }
}
