import CanvassSurvey

/// Lines of a CSV file: RFC 4180 quoting, UTF-8, LF, no locale.
///
/// A text cell that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, TAB or CR)
/// gets a leading apostrophe. Numbers are written as numbers, the negative ones too.
package struct CommaSeparated {
  package private(set) var bytes: [UInt8] = []
  private var atLineStart = true

  /// A file that begins with the line of column names.
  package init(header: String, expectedLines: Int = 0) {
    bytes.reserveCapacity(header.utf8.count + 1 + expectedLines * 120)
    bytes += header.utf8
    bytes.append(0x0A)
  }

  /// A file whose column names are text: the names of variables.
  package init(columns: [String], expectedLines: Int = 0) {
    bytes.reserveCapacity(expectedLines * 120)
    for name in columns { add(name) }
    endLine()
  }

  /// Adds a cell of text.
  package mutating func add(_ text: String) {
    separate()
    let cell = Self.neutralized(text)
    let mustQuote = cell.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    guard mustQuote else {
      bytes += cell.utf8
      return
    }
    bytes.append(0x22)
    for byte in cell.utf8 {
      if byte == 0x22 { bytes.append(0x22) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }

  /// Adds a number in the shortest form that reads back to the same double; nil is an empty cell.
  package mutating func add(_ number: Double?) {
    separate()
    if let number { bytes += Column.render(number).utf8 }
  }

  /// Adds a whole number; nil is an empty cell.
  package mutating func add(_ number: Int?) {
    separate()
    if let number { bytes += String(number).utf8 }
  }

  /// Ends the line.
  package mutating func endLine() {
    bytes.append(0x0A)
    atLineStart = true
  }

  /// Text that no spreadsheet takes for a formula.
  static func neutralized(_ text: String) -> String {
    switch text.utf8.first {
    case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D: "'" + text
    default: text
    }
  }

  /// The text that was added, from the cell that was written: the apostrophe before a formula goes.
  package static func restored(_ cell: String) -> String {
    guard cell.utf8.first == 0x27 else { return cell }
    let text = String(cell.dropFirst())
    return neutralized(text) == cell ? text : cell
  }

  private mutating func separate() {
    if !atLineStart { bytes.append(0x2C) }
    atLineStart = false
  }
}
