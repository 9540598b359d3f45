import CanvassSurvey

/// Whole records of a CSV member, as bytes that belong to nobody else; the last byte is a line end.
struct RecordBlock: Sendable {
  let bytes: [UInt8]
  /// Whether the block is the beginning of a record that does not end within the bound.
  var isUnending = false
}

/// Cuts a stream into the header and blocks of whole records, never inside of quotes.
struct RecordBlocks {
  private let stream: any ByteStream
  private let place: String
  private let blockSize: Int
  private var piece = UnsafeRawBufferPointer(start: nil, count: 0)
  private var pending: [UInt8] = []
  private var ended = false
  /// Bytes read so far.
  private(set) var bytesRead = 0

  /// Largest record, so that a quote that never ends needs bounded memory.
  static let largestRecord = 16 << 20
  /// Largest header.
  static let largestHeader = 1 << 20

  init(_ stream: any ByteStream, place: String, blockSize: Int) {
    self.stream = stream
    self.place = place
    self.blockSize = max(1, blockSize)
  }

  /// The header's bytes without a byte order mark; its line end is included.
  mutating func header() throws(Diagnostic) -> [UInt8] {
    try fill(to: 4)
    if pending.starts(with: [0xEF, 0xBB, 0xBF]) { pending.removeFirst(3) }
    var wanted = 4_096
    while true {
      try fill(to: wanted)
      if let end = RecordBlocks.firstRecordEnd(pending, isLast: ended) {
        let header = Array(pending[..<end])
        pending.removeFirst(end)
        return header
      }
      if ended { throw Diagnostic(.badData, "the table is empty", at: place) }
      if pending.count > RecordBlocks.largestHeader {
        throw Diagnostic(
          .badData, "the header is longer than a mebibyte", at: "\(place):1:1",
          why: "it may lack its line end, or hold a quote that does not close")
      }
      wanted = pending.count * 2
    }
  }

  /// Puts the header back: it was the first record of a table without names.
  mutating func restore(_ header: [UInt8]) { pending.insert(contentsOf: header, at: 0) }

  /// Bytes that come next, to be looked at.
  mutating func peek(_ count: Int) throws(Diagnostic) -> ArraySlice<UInt8> {
    try fill(to: count)
    return pending.prefix(count)
  }

  /// The next block, or nil at the end.
  mutating func next() throws(Diagnostic) -> RecordBlock? {
    var wanted = blockSize
    while true {
      try fill(to: wanted)
      if ended {
        if pending.isEmpty { return nil }
        var rest: [UInt8] = []
        swap(&rest, &pending)
        if rest.last != 0x0A { rest.append(0x0A) }
        return RecordBlock(bytes: rest)
      }
      if let end = RecordBlocks.lastRecordEnd(pending) {
        var rest: [UInt8] = []
        rest.reserveCapacity(blockSize)
        rest.append(contentsOf: pending[end...])
        swap(&rest, &pending)
        rest.removeSubrange(end...)
        return RecordBlock(bytes: rest)
      }
      if pending.count > RecordBlocks.largestRecord + blockSize {
        // The parser finds where the fault is; nothing behind it is of use.
        ended = true
        var rest: [UInt8] = []
        swap(&rest, &pending)
        rest.append(0x0A)
        return RecordBlock(bytes: rest, isUnending: true)
      }
      wanted = pending.count + max(blockSize, pending.count)
    }
  }

  /// Reads until `count` bytes wait or the stream ends.
  private mutating func fill(to count: Int) throws(Diagnostic) {
    while pending.count < count, !ended {
      if piece.isEmpty {
        piece = try stream.next()
        if piece.isEmpty {
          ended = true
          return
        }
      }
      let taken = min(piece.count, count - pending.count)
      pending.append(contentsOf: piece[..<taken])
      piece = UnsafeRawBufferPointer(rebasing: piece[taken...])
      bytesRead += taken
    }
  }

  /// The end of the first record, behind its line end.
  private static func firstRecordEnd(_ bytes: [UInt8], isLast: Bool) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var quoted = false
      for index in bytes.indices {
        let byte = bytes[index]
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
  }

  /// The end of the last whole record; the bytes begin outside of quotes.
  private static func lastRecordEnd(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var quotes = 0
      for byte in bytes { quotes &+= byte == 0x22 ? 1 : 0 }
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
