import CanvassCompute
import CanvassSurvey

/// A member on its way to becoming a table: its header, the chunks of its columns, and what it says
/// about itself.
struct MemberTable {
  let place: String
  let name: String
  let header: [String]
  /// `text`, or the name of another format.
  var format = "text"
  /// The delimiter of a table of text.
  let delimiter: Character?
  /// The decimal sign of a table of text.
  var decimal: DialectRequest.Decimal?
  let byteCount: Int
  var chunks: [TableChunk]
  /// What the member's own metadata says about the variables; none for text.
  var variables: [Variable] = []
  /// The encoding; nil where everything is ASCII.
  var decision: TextDecision?
  /// Labels that did not decode.
  var undecodedLabels = 0
  /// Different texts whose last character was cut by the width of their field.
  var cutTexts = 0
  /// The sampling design that the member declares.
  var design: DeclaredDesign?

  /// Number of records.
  var rowCount: Int { chunks.reduce(0) { $0 + $1.lines.count } }

  /// Lines with nothing in them.
  var blankLines: Int { chunks.reduce(0) { $0 + $1.blankLines } }

  /// Reads a member of any format that its first bytes show.
  static func read(
    _ stream: any ByteStream, settings: ReadingSettings, progress: (Int) -> Void = { _ in }
  ) throws -> MemberTable {
    let stream = try LookaheadStream(stream)
    if let format = StatisticsFormat(stream.head) {
      return try read(format, stream, settings: settings)
    }
    if DropMembers.isZip(stream.head) {
      return try readWorkbook(stream, settings: settings, progress: progress)
    }
    try DropMembers.refusePacked(stream.head, at: settings.place, isNested: true)
    return try readText(stream, settings: settings, progress: progress)
  }

  /// Reads a table of text in parallel.
  static func readText(
    _ stream: any ByteStream, settings: ReadingSettings, progress: (Int) -> Void
  ) throws -> MemberTable {
    let place = settings.place
    let workers = settings.workers
    let text = TextStream(stream, place: place, request: settings.text)
    var blocks = RecordBlocks(text, place: place, blockSize: settings.blockSize)
    let headerBytes = try blocks.header()
    let header = try TableHeader(headerBytes, dialect: settings.dialect, place: place)
    if !settings.dialect.hasHeader { blocks.restore(headerBytes) }
    let decimal =
      try settings.dialect.decimal
      ?? .found(in: try blocks.peek(1 << 16), delimiter: header.delimiter)
    let parser = BlockParser(
      kinds: header.names.map { settings.isAllText ? .text : settings.kinds[$0] ?? .found },
      delimiter: header.delimiter, decimal: decimal, blanks: settings.blanks.map { Array($0.utf8) },
      empty: settings.dialect.emptyCell, hints: ColumnHints(count: header.names.count))
    let headerLines = settings.dialect.hasHeader ? lineEnds(headerBytes) : 0
    let parsed = try workers.pipeline(
      produce: {
        try settings.memory.check(at: place)
        let block = try blocks.next()
        progress(blocks.bytesRead)
        return block
      },
      transform: { _, block -> Result<TableChunk, BlockParser.Fault> in
        Result { () throws(BlockParser.Fault) in
          let chunk = try parser.parse(block)
          settings.memory.add(chunk)
          return chunk
        }
      })
    try settings.memory.check(at: place)
    var chunks: [TableChunk] = []
    var line = headerLines
    for result in parsed {
      switch result {
      case .success(var chunk):
        for index in chunk.lines.indices { chunk.lines[index] += UInt32(line + 1) }
        line += chunk.lineCount
        chunks.append(chunk)
      case .failure(let fault):
        throw Diagnostic(
          .badData, fault.what, at: "\(place):\(line + fault.line + 1):\(fault.byte + 1)",
          remedy: fault.remedy)
      }
    }
    return MemberTable(
      place: place, name: settings.name, header: header.names,
      delimiter: Character(UnicodeScalar(header.delimiter)), decimal: decimal,
      byteCount: blocks.bytesRead, chunks: chunks, decision: text.decision)
  }

  private static func lineEnds(_ bytes: [UInt8]) -> Int {
    bytes.indices.count { index in
      bytes[index] == 0x0A
        || (bytes[index] == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A))
    }
  }
}
