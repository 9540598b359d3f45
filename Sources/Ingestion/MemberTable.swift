import CanvassCompute
import CanvassSurvey
import Foundation

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

  /// Reads a member in parallel.
  static func read(
    _ stream: any ByteStream, place: String, name: String, delimiter: Character?,
    kinds: [String: ColumnKind], blanks: [String], blockSize: Int, workers: Workers,
    progress: (Int) -> Void
  ) throws -> MemberTable {
    var blocks = RecordBlocks(stream, place: place, blockSize: blockSize)
    let headerBytes = try blocks.header()
    let mark = delimiter?.asciiValue ?? sniff(headerBytes)
    let header = try fields(of: headerBytes, delimiter: mark, place: place)
    let parser = BlockParser(
      kinds: header.map { kinds[$0] ?? .found }, delimiter: mark,
      blanks: blanks.map { Array($0.utf8) })
    let headerLines = max(1, headerBytes.count { $0 == 0x0A })
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
          .badData, fault.what, at: "\(place):\(line + fault.line + 1):\(fault.column)",
          remedy: fault.remedy)
      }
    }
    return MemberTable(
      place: place, name: name, header: header, delimiter: Character(UnicodeScalar(mark)),
      byteCount: blocks.bytesRead, chunks: chunks)
  }

  /// The delimiter that the header holds most of, outside of quotes; `,` where it holds none.
  private static func sniff(_ header: [UInt8]) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var quoted = false
    for byte in header {
      if byte == 0x22 { quoted.toggle() }
      if !quoted { counts[byte, default: 0] += 1 }
    }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    return candidates.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? candidates[0]
  }

  private static func fields(
    of header: [UInt8], delimiter: UInt8, place: String
  ) throws(Diagnostic) -> [String] {
    var names: [String] = []
    var field: [UInt8] = []
    var quoted = false
    func finish() throws(Diagnostic) {
      guard let text = String(validating: field, as: UTF8.self) else {
        throw Diagnostic(
          .badData, "the header is not UTF-8 text", at: "\(place):1",
          remedy: "save the table as UTF-8; other encodings are not supported yet")
      }
      let name = text.precomposedStringWithCanonicalMapping
        .trimmingCharacters(in: .whitespaces)
      if name.isEmpty {
        throw Diagnostic(
          .badData, "column \(names.count + 1) has no name", at: "\(place):1",
          remedy: "name every column in the first line")
      }
      if names.contains(name) {
        throw Diagnostic(
          .badData, "two columns are called '\(name)'", at: "\(place):1",
          remedy: "give each column a name of its own")
      }
      names.append(name)
      field = []
    }
    var index = 0
    while index < header.count {
      let byte = header[index]
      if byte == 0x22 {
        if quoted, index + 1 < header.count, header[index + 1] == 0x22 {
          field.append(byte)
          index += 1
        } else {
          quoted.toggle()
        }
      } else if !quoted, byte == delimiter {
        try finish()
      } else if quoted || (byte != 0x0A && byte != 0x0D) {
        field.append(byte)
      }
      index += 1
    }
    try finish()
    return names
  }
}
