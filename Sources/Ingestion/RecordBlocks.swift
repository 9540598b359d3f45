import CanvassSurvey

/// Whole records of a CSV member, as bytes that belong to nobody else.
struct RecordBlock: Sendable {
  let bytes: [UInt8]
}

/// Cuts a stream into the header and blocks of whole records, never inside of quotes.
struct RecordBlocks {
  private let stream: any ByteStream
  private let place: String
  private let blockSize: Int
  private var pending: [UInt8] = []
  private var ended = false
  /// Bytes read so far.
  private(set) var bytesRead = 0

  /// Largest record, so that a quote that never ends needs bounded memory.
  static let largestRecord = 16 << 20

  init(_ stream: any ByteStream, place: String, blockSize: Int) {
    self.stream = stream
    self.place = place
    self.blockSize = blockSize
  }

  /// The header's bytes without a byte order mark; its line end is included.
  mutating func header() throws(Diagnostic) -> [UInt8] {
    while true {
      if let end = RecordBlocks.firstRecordEnd(pending, isLast: ended) {
        var header = Array(pending[..<end])
        pending.removeFirst(end)
        if header.starts(with: [0xEF, 0xBB, 0xBF]) { header.removeFirst(3) }
        if header.starts(with: [0xFF, 0xFE]) || header.starts(with: [0xFE, 0xFF]) {
          throw Diagnostic(
            .badData, "the table is UTF-16", at: "\(place):1",
            remedy: "save it as CSV in UTF-8; other encodings are not supported yet")
        }
        return header
      }
      if ended { throw Diagnostic(.badData, "the table is empty", at: place) }
      if pending.count > 1 << 20 {
        throw Diagnostic(
          .badData, "the header is longer than a mebibyte", at: "\(place):1",
          why: "it may lack its line end, or hold a quote that does not close")
      }
      try fill(atLeast: 1)
    }
  }

  /// The next block, or nil at the end.
  mutating func next() throws(Diagnostic) -> RecordBlock? {
    var wanted = blockSize
    while true {
      try fill(atLeast: wanted)
      if ended {
        let rest = pending
        pending = []
        return rest.isEmpty ? nil : RecordBlock(bytes: rest)
      }
      if let end = RecordBlocks.lastRecordEnd(pending) {
        let block = Array(pending[..<end])
        pending.removeFirst(end)
        return RecordBlock(bytes: block)
      }
      wanted = pending.count + max(blockSize, pending.count)
      if pending.count > RecordBlocks.largestRecord {
        throw Diagnostic(
          .badData, "a record is longer than 16 MiB", at: place,
          why: "a quote may be open that never closes")
      }
    }
  }

  private mutating func fill(atLeast count: Int) throws(Diagnostic) {
    while pending.count < count, !ended {
      let piece = try stream.next()
      if piece.isEmpty { ended = true }
      bytesRead += piece.count
      pending.append(contentsOf: piece)
    }
  }

  /// The end of the first record, behind its line end.
  private static func firstRecordEnd(_ bytes: [UInt8], isLast: Bool) -> Int? {
    var quoted = false
    for (index, byte) in bytes.enumerated() {
      if byte == 0x22 { quoted.toggle() }
      if quoted { continue }
      if byte == 0x0A { return index + 1 }
      if byte == 0x0D {
        if index + 1 < bytes.count { return bytes[index + 1] == 0x0A ? index + 2 : index + 1 }
        if !isLast { return nil }
      }
    }
    return isLast && !bytes.isEmpty ? bytes.count : nil
  }

  /// The end of the last whole record; the bytes begin outside of quotes.
  private static func lastRecordEnd(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var quotes = 0
      for byte in bytes { quotes += byte == 0x22 ? 1 : 0 }
      var index = bytes.count - 1
      while index >= 0 {
        let byte = bytes[index]
        if byte == 0x22 {
          quotes -= 1
        } else if quotes & 1 == 0 {
          if byte == 0x0A { return index + 1 }
          // A lone carriage return ends a record; whether the last one is alone is not known yet.
          if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] != 0x0A { return index + 1 }
        }
        index -= 1
      }
      return nil
    }
  }
}
