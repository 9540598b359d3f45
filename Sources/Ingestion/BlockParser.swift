import CanvassSurvey

/// The cells of one block, column by column.
struct TableChunk: Sendable {
  var columns: [ColumnChunk]
  /// Line of each row, counted from 0 at the beginning of the block.
  var lines: [UInt32]
  /// Line ends in the block.
  var lineCount: Int
}

/// Parses blocks of records; the same for any cut between records.
struct BlockParser: Sendable {
  let kinds: [ColumnKind]
  let delimiter: UInt8
  let blanks: [[UInt8]]

  /// What is wrong with a record, by its line in the block.
  struct Fault: Error {
    let line: Int
    let column: Int
    let what: String
    let remedy: String
  }

  /// The cells of a block.
  func parse(_ block: RecordBlock) throws(Fault) -> TableChunk {
    let newlines = block.bytes.withUnsafeBufferPointer { bytes in
      var count = 0
      for byte in bytes { count += byte == 0x0A ? 1 : 0 }
      return count
    }
    let builders = kinds.map { ColumnBuilder($0, blanks: blanks, capacity: newlines + 1) }
    var lines: [UInt32] = []
    lines.reserveCapacity(newlines + 1)
    let result = block.bytes.withUnsafeBufferPointer { bytes in
      Result<Int, Fault> { () throws(Fault) -> Int in
        try records(bytes, builders: builders, lines: &lines)
      }
    }
    return TableChunk(
      columns: builders.map { $0.finish() }, lines: lines, lineCount: try result.get())
  }

  private func records(
    _ bytes: UnsafeBufferPointer<UInt8>, builders: [ColumnBuilder], lines: inout [UInt32]
  ) throws(Fault) -> Int {
    let count = bytes.count
    let direct = builders.map(\.seeksNumbers)
    var scratch: [UInt8] = []
    var position = 0
    var line = 0
    while position < count {
      let rowLine = line
      let rowStart = position
      // A line with nothing in it is no record.
      if bytes[position] == 0x0A || bytes[position] == 0x0D {
        position +=
          bytes[position] == 0x0D && position + 1 < count && bytes[position + 1] == 0x0A ? 2 : 1
        line += 1
        continue
      }
      var column = 0
      while true {
        let start = position
        if position < count, bytes[position] == 0x22 {
          position = try quoted(
            bytes, from: position, into: &scratch, line: &line, rowStart: rowStart)
          if column < builders.count {
            let isText = scratch.withUnsafeBufferPointer { builders[column].add($0) }
            if !isText { throw notText(rowLine, start - rowStart) }
          }
        } else {
          var value = 0
          var isDigits = true
          while position < count {
            let byte = bytes[position]
            if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
            if byte == 0x22 {
              throw Fault(
                line: rowLine, column: position - rowStart + 1,
                what: "a quote stands inside of a field that does not begin with one",
                remedy: "quote the whole field and double the quotes in it")
            }
            let digit = byte &- 48
            if digit > 9 { isDigits = false }
            value = value &* 10 &+ Int(digit)
            position += 1
          }
          let length = position - start
          if column < builders.count {
            if isDigits, length > 0, length < 5, direct[column], length == 1 || bytes[start] != 48 {
              builders[column].add(small: Int16(value))
            } else if !builders[column].add(UnsafeBufferPointer(rebasing: bytes[start..<position]))
            {
              throw notText(rowLine, start - rowStart)
            }
          }
        }
        column += 1
        if position < count, bytes[position] == delimiter {
          position += 1
          continue
        }
        break
      }
      if column != builders.count {
        throw Fault(
          line: rowLine, column: 1,
          what: "the record has \(column) fields, and the header has \(builders.count)",
          remedy: "quote fields that hold the delimiter, or mend the record")
      }
      lines.append(UInt32(rowLine))
      if position < count {
        position +=
          bytes[position] == 0x0D && position + 1 < count && bytes[position + 1] == 0x0A ? 2 : 1
        line += 1
      }
    }
    return line
  }

  /// Reads a quoted field from its first quote; returns the position behind its last.
  private func quoted(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into scratch: inout [UInt8],
    line: inout Int, rowStart: Int
  ) throws(Fault) -> Int {
    scratch.removeAll(keepingCapacity: true)
    let firstLine = line
    var position = start + 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x22 {
        if position + 1 < bytes.count, bytes[position + 1] == 0x22 {
          scratch.append(0x22)
          position += 2
          continue
        }
        position += 1
        if position < bytes.count, bytes[position] != delimiter, bytes[position] != 0x0A,
          bytes[position] != 0x0D
        {
          throw Fault(
            line: firstLine, column: position - rowStart + 1,
            what: "something follows the quote that ends a field",
            remedy: "double the quotes inside of a quoted field")
        }
        return position
      }
      if byte == 0x0A
        || (byte == 0x0D && (position + 1 == bytes.count || bytes[position + 1] != 0x0A))
      {
        line += 1
      }
      scratch.append(byte)
      position += 1
    }
    throw Fault(
      line: firstLine, column: start - rowStart + 1, what: "a quote opens and never closes",
      remedy: "close it, or double it if it belongs to the text")
  }

  private func notText(_ line: Int, _ offset: Int) -> Fault {
    Fault(
      line: line, column: offset + 1, what: "the field is not UTF-8 text",
      remedy: "save the table as UTF-8; other encodings are not supported yet")
  }
}
