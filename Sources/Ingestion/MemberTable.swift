import CanvassCompute
import CanvassSurvey

/// A CSV member on its way to becoming a table: its header and the chunks of its columns.
struct MemberTable {
  let place: String
  let name: String
  let header: [String]
  let delimiter: Character
  let byteCount: Int
  var chunks: [TableChunk]

  /// Number of records.
  var rowCount: Int { chunks.reduce(0) { $0 + $1.lines.count } }

  /// Lines with nothing in them.
  var blankLines: Int { chunks.reduce(0) { $0 + $1.blankLines } }

  /// Reads a member in parallel.
  static func read(
    _ stream: any ByteStream, place: String, name: String, delimiter: Character?,
    kinds: [String: ColumnKind], isAllText: Bool = false, blanks: [String], blockSize: Int,
    workers: Workers, progress: (Int) -> Void
  ) throws -> MemberTable {
    var blocks = RecordBlocks(stream, place: place, blockSize: blockSize)
    let headerBytes = try blocks.header()
    let header = try TableHeader(headerBytes, delimiter: delimiter, place: place)
    let parser = BlockParser(
      kinds: header.names.map { isAllText ? .text : kinds[$0] ?? .found },
      delimiter: header.delimiter, blanks: blanks.map { Array($0.utf8) },
      hints: ColumnHints(count: header.names.count))
    let headerLines = lineEnds(headerBytes)
    let parsed = try workers.pipeline(
      produce: {
        let block = try blocks.next()
        progress(blocks.bytesRead)
        return block
      },
      transform: { _, block -> Result<TableChunk, BlockParser.Fault> in
        Result { () throws(BlockParser.Fault) in try parser.parse(block) }
      })
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
      place: place, name: name, header: header.names,
      delimiter: Character(UnicodeScalar(header.delimiter)),
      byteCount: blocks.bytesRead, chunks: chunks)
  }

  private static func lineEnds(_ bytes: [UInt8]) -> Int {
    bytes.indices.count { index in
      bytes[index] == 0x0A
        || (bytes[index] == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A))
    }
  }
}
