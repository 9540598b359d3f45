import CanvassSurvey

/// One pass over the records of a block into flat columns.
///
/// Blanks and whole numbers of at most four digits, nearly all cells of a survey, are written directly;
/// other cells go through `ColumnCells`.
struct RecordScan {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let delimiter: UInt8
  private let blanks: [[UInt8]]
  private let hasDecimalComma: Bool
  private let empty: UInt8
  /// Rows that each column has room for.
  private let capacity: Int
  private let columnCount: Int
  /// Column by column; 0 where nothing was written.
  private let whole: UnsafeMutablePointer<Int16>
  private let reasons: UnsafeMutablePointer<UInt8>
  /// Whether small whole numbers of a column are written directly.
  private let isDirect: UnsafeMutablePointer<Bool>
  private let cells: UnsafeMutablePointer<ColumnCells>
  private var scratch: [UInt8] = []
  private var lines: [UInt32] = []
  private var line = 0
  private var blankLines = 0

  /// The last of the bytes is a line end; `lineEnds` is at least the number of records.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, kinds: [ColumnKind], lineEnds: Int, delimiter: UInt8,
    decimal: DialectRequest.Decimal = .point, blanks: [[UInt8]],
    empty: MissingReason = .blank
  ) {
    self.empty = empty.rawValue
    hasDecimalComma = decimal == .comma
    self.bytes = bytes
    self.delimiter = delimiter
    self.blanks = blanks
    columnCount = kinds.count
    // A record has a byte for each of its fields at least, so short lines cannot ask for much memory.
    capacity = min(lineEnds, bytes.count / max(1, columnCount)) + 1
    let area = capacity * columnCount
    whole = .allocate(capacity: area)
    whole.initialize(repeating: 0, count: area)
    reasons = .allocate(capacity: area)
    reasons.initialize(repeating: 0, count: area)
    isDirect = .allocate(capacity: columnCount)
    cells = .allocate(capacity: columnCount)
    let hasDigits = blanks.contains { $0.allSatisfy { (0x30...0x39).contains($0) } }
    for (column, kind) in kinds.enumerated() {
      (isDirect + column).initialize(to: kind == .found && !hasDigits)
      (cells + column).initialize(to: ColumnCells(kind, capacity: capacity))
    }
    lines.reserveCapacity(capacity)
  }

  func deallocate() {
    whole.deallocate()
    reasons.deallocate()
    isDirect.deallocate()
    cells.deinitialize(count: columnCount)
    cells.deallocate()
  }

  /// Columns with a cell that is no number although numbers were sought.
  var refused: [Int] { (0..<columnCount).filter { cells[$0].state == .refused } }

  /// What the pass has found.
  func finish() -> TableChunk {
    TableChunk(
      columns: (0..<columnCount).map { column in
        cells[column].finish(
          rows: lines.count, whole: whole + column * capacity,
          reasons: reasons + column * capacity)
      },
      lines: lines, lineCount: line, blankLines: blankLines)
  }

  /// Reads all records.
  mutating func run() throws(RecordFault) {
    guard let first = bytes.baseAddress else { return }
    let count = bytes.count
    let delimiter = delimiter
    let (whole, reasons, isDirect, empty) = (whole, reasons, isDirect, empty)
    let (columnCount, capacity) = (columnCount, capacity)
    var position = 0
    while position < count {
      let rowStart = position
      let rowLine = line
      let isBlankLine = first[position] == 0x0A || first[position] == 0x0D
      var column = 0
      // The cell's place in the flat columns.
      var cell = lines.count
      while !isBlankLine {
        let start = position
        var value = 0
        var digit = first[position] &- 48
        while digit < 10 {
          value = value &* 10 &+ Int(digit)
          position += 1
          digit = first[position] &- 48
        }
        var stop = first[position]
        if stop == delimiter || stop == 0x0A || stop == 0x0D {
          let length = position - start
          if column >= columnCount {
          } else if length == 0 {
            reasons[cell] = empty
          } else if length < 5, isDirect[column], length == 1 || first[start] != 48 {
            whole[cell] = Int16(truncatingIfNeeded: value)
          } else {
            add(bytes[start..<position], column: column, cell: cell)
          }
        } else {
          position = try other(from: start, column: column, cell: cell)
          stop = first[position]
        }
        column += 1
        cell += capacity
        if stop != delimiter { break }
        position += 1
      }
      if isBlankLine {
        blankLines += 1
      } else {
        try check(column, from: rowStart, to: position)
        lines.append(UInt32(rowLine))
      }
      let isPair = first[position] == 0x0D && position + 1 < count && first[position + 1] == 0x0A
      position += isPair ? 2 : 1
      line += 1
    }
  }

  private func check(_ fields: Int, from start: Int, to end: Int) throws(RecordFault) {
    if fields != columnCount {
      throw RecordFault(
        position: start, what: "the record has \(fields) fields, and the header has \(columnCount)",
        remedy: "quote fields that hold the delimiter, or mend the record")
    }
    if end - start > RecordBlocks.largestRecord {
      throw RecordFault(position: start, what: "a record is longer than 16 MiB")
    }
  }

  /// Reads a field that is quoted or not made of digits alone; returns the position behind it.
  @inline(never)
  private mutating func other(
    from start: Int, column: Int, cell: Int
  ) throws(RecordFault) -> Int {
    if bytes[start] == 0x22 { return try quoted(from: start, column: column, cell: cell) }
    var position = start
    while true {
      let byte = bytes[position]
      if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
      if byte == 0x22 {
        throw RecordFault(
          position: position,
          what: "a quote stands inside of a field that does not begin with one",
          remedy: "quote the whole field and double the quotes in it")
      }
      position += 1
    }
    add(bytes[start..<position], column: column, cell: cell)
    return position
  }

  private mutating func quoted(
    from start: Int, column: Int, cell: Int
  ) throws(RecordFault) -> Int {
    scratch.removeAll(keepingCapacity: true)
    var position = start + 1
    var pieceStart = position
    while true {
      guard position < bytes.count else {
        throw RecordFault(
          position: start, what: "a quote opens and never closes",
          remedy: "close it, or double it if it belongs to the text")
      }
      let byte = bytes[position]
      let next = position + 1 < bytes.count ? bytes[position + 1] : 0
      if byte == 0x22 {
        if next != 0x22 { break }
        scratch.append(contentsOf: bytes[pieceStart...position])
        position += 2
        pieceStart = position
        continue
      }
      if byte == 0x0A || (byte == 0x0D && next != 0x0A) { line += 1 }
      position += 1
    }
    if pieceStart == start + 1 {
      add(bytes[pieceStart..<position], column: column, cell: cell)
    } else {
      scratch.append(contentsOf: bytes[pieceStart..<position])
      scratch.withUnsafeBufferPointer { add($0[...], column: column, cell: cell) }
    }
    position += 1
    guard position < bytes.count, [delimiter, 0x0A, 0x0D].contains(bytes[position]) else {
      throw RecordFault(
        position: position, what: "something follows the quote that ends a field",
        remedy: "double the quotes inside of a quoted field")
    }
    return position
  }

  private func add(_ text: Slice<UnsafeBufferPointer<UInt8>>, column: Int, cell: Int) {
    guard column < columnCount else { return }
    let text = UnsafeBufferPointer(rebasing: text)
    if text.isEmpty {
      reasons[cell] = empty
      return
    }
    if blanks.contains(where: { $0.elementsEqual(text) }) {
      reasons[cell] = MissingReason.blank.rawValue
      return
    }
    if hasDecimalComma, cells[column].seeksNumbers {
      // A point is no decimal sign here: `1.234,5` stays text.
      let signs = text.map { $0 == 0x2C ? 0x2E : $0 == 0x2E ? 0x2C : $0 }
      signs.withUnsafeBufferPointer {
        cells[column].add($0, row: lines.count, whole: whole + column * capacity)
      }
    } else {
      cells[column].add(text, row: lines.count, whole: whole + column * capacity)
    }
    if cells[column].state != .whole { isDirect[column] = false }
  }
}
