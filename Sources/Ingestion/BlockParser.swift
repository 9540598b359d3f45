import CanvassSurvey

/// The cells of one block, column by column.
struct TableChunk: Sendable {
  var columns: [ColumnChunk]
  /// Line of each row, counted from 0 at the beginning of the block.
  var lines: [UInt32]
  /// Line ends in the block.
  var lineCount: Int
  /// Lines with nothing in them, which are no records.
  var blankLines: Int
}

/// Parses blocks of records strictly (RFC 4180, any line end); the same for any cut between records.
struct BlockParser: Sendable {
  let kinds: [ColumnKind]
  let delimiter: UInt8
  var decimal = DialectRequest.Decimal.point
  let blanks: [[UInt8]]
  var empty = MissingReason.blank
  let hints: ColumnHints

  /// What is wrong in a block: line and byte are counted from 0.
  struct Fault: Error {
    let line: Int
    let byte: Int
    let what: String
    let remedy: String
  }

  /// The cells of a block, or its first fault.
  func parse(_ block: RecordBlock) throws(Fault) -> TableChunk {
    try block.bytes.withUnsafeBufferPointer { bytes throws(Fault) in
      try parse(bytes, isUnending: block.isUnending)
    }
  }

  private func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, isUnending: Bool
  ) throws(Fault) -> TableChunk {
    let (lineEnds, isPlain) = BlockParser.survey(bytes)
    let invalid = isPlain ? nil : TextCheck.firstFault(in: bytes)
    var scan = RecordScan(
      bytes, kinds: zip(kinds, hints.isText).map { $0 == .found && $1 ? .text : $0 },
      lineEnds: lineEnds, delimiter: delimiter, decimal: decimal, blanks: blanks, empty: empty)
    defer { scan.deallocate() }
    do throws(RecordFault) {
      try scan.run()
      if isUnending {
        throw RecordFault(position: 0, what: "a record is longer than 16 MiB")
      }
    } catch {
      // Which of two faults is told may not depend on what is known about the columns.
      if let invalid, invalid.position < error.position { throw located(invalid, in: bytes) }
      throw located(error, in: bytes)
    }
    if let invalid { throw located(invalid, in: bytes) }
    var chunk = scan.finish()
    let refused = scan.refused
    if !refused.isEmpty {
      hints.add(refused)
      var again = [ColumnKind](repeating: .ignored, count: kinds.count)
      for column in refused { again[column] = .text }
      var second = RecordScan(
        bytes, kinds: again, lineEnds: lineEnds, delimiter: delimiter, decimal: decimal,
        blanks: blanks, empty: empty)
      defer { second.deallocate() }
      do throws(RecordFault) { try second.run() } catch { throw located(error, in: bytes) }
      let texts = second.finish()
      for column in refused { chunk.columns[column] = texts.columns[column] }
    }
    return chunk
  }

  /// Number of line feeds and carriage returns, and whether all bytes are ASCII text.
  private static func survey(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (lineEnds: Int, isPlain: Bool) {
    var lineEnds = 0
    var odd: UInt8 = 0
    var index = 0
    // Sums of bytes in runs that cannot overflow them: the compiler makes vectors of that.
    while index < bytes.count {
      let end = min(bytes.count, index + 255)
      var ends: UInt8 = 0
      while index < end {
        let byte = bytes[index]
        ends &+= byte == 0x0A || byte == 0x0D ? 1 : 0
        odd |= (byte & 0x80) | (byte == 0 || byte == 0x1A ? 1 : 0)
        index += 1
      }
      lineEnds += Int(ends)
    }
    return (lineEnds, odd == 0)
  }

  private func located(_ fault: RecordFault, in bytes: UnsafeBufferPointer<UInt8>) -> Fault {
    var line = 0
    var start = 0
    for index in 0..<min(fault.position, bytes.count) {
      let isLone = bytes[index] == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)
      if bytes[index] == 0x0A || isLone {
        line += 1
        start = index + 1
      }
    }
    return Fault(
      line: line, byte: fault.position - start, what: fault.what, remedy: fault.remedy)
  }
}

/// What is wrong with a record, by its byte in the block.
struct RecordFault: Error {
  let position: Int
  let what: String
  var remedy = "look for a quote that opens and never closes"
}
