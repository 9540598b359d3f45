import CanvassSurvey
import Foundation
import FoundationXML

/// Turns the XML of one sheet into comma-separated text, row by row.
final class SheetReader: NSObject, XMLParserDelegate {
  /// How a style shows a number as a date.
  struct DateStyle { let hasDay: Bool; let hasTime: Bool }

  private let place: String
  private let strings: [String]
  private let dateStyles: [DateStyle?]
  private let daysBefore1970: Int
  private var output: [UInt8] = []
  /// The rows as they are, where `keepsRows` is set.
  private(set) var rows: [(number: Int, cells: [Int: String])] = []
  private var keepsRows = false
  private var cells: [(column: Int, text: String)] = []
  private var width = 0
  private var row = 0
  private var column = 0
  private var kind = ""
  private var style = 0
  private var text = ""
  private var collects = false
  private var failure: Diagnostic?

  init(place: String, strings: [String], dateStyles: [DateStyle?], daysBefore1970: Int) {
    self.place = place
    self.strings = strings
    self.dateStyles = dateStyles
    self.daysBefore1970 = daysBefore1970
  }

  /// The sheet's cells; rows without any are blank lines, so that lines count as rows do.
  func text(_ xml: [UInt8]) throws(Diagnostic) -> [UInt8] {
    try XMLNode.refuseDocumentType(xml, place: place)
    let parser = XMLParser(data: Data(xml))
    parser.delegate = self
    let isWhole = parser.parse()
    if let failure { throw failure }
    guard isWhole else {
      throw Diagnostic(
        .badData, "the sheet is damaged", at: "\(place):\(row + 1)",
        remedy: "save the workbook again")
    }
    return output
  }

  /// The sheet's rows with their cells by column, counted from 1.
  func rows(_ xml: [UInt8]) throws(Diagnostic) -> [(number: Int, cells: [Int: String])] {
    keepsRows = true
    _ = try text(xml)
    return rows
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    switch name {
    case "row":
      let number = attributes["r"].flatMap { Int($0) } ?? row + 1
      guard number > row, number <= 1_048_576 else { return fail("its rows are out of order") }
      // The first rows may be empty; the header is the first that is not.
      while row < number - 1 {
        output.append(0x0A)
        row += 1
      }
      row = number
      column = 0
      cells = []
    case "c":
      column = attributes["r"].flatMap(SheetReader.column) ?? column + 1
      if column > 16_384 { return fail("a cell lies beyond the last column") }
      kind = attributes["t"] ?? "n"
      style = attributes["s"].flatMap { Int($0) } ?? 0
      text = ""
    case "v": collects = true
    case "t": collects = kind == "inlineStr"
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) {
    if collects { text += characters }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    switch name {
    case "v", "t": collects = false
    case "c":
      if let value = value(), !value.isEmpty { cells.append((column, value)) }
    case "row": finishRow()
    default: break
    }
  }

  private func value() -> String? {
    switch kind {
    case "s":
      guard let index = Int(text), strings.indices.contains(index) else {
        fail("a cell points to a text that is not there")
        return nil
      }
      return strings[index]
    case "str", "inlineStr", "d": return text
    case "b": return text == "1" ? "TRUE" : "FALSE"
    case "e":
      fail("the cell in column \(column) holds an error such as #N/A")
      return nil
    default:
      guard !text.isEmpty, dateStyles.indices.contains(style), let date = dateStyles[style],
        let number = Double(text)
      else { return text }
      return SheetReader.text(number, date, epoch: daysBefore1970)
    }
  }

  private func finishRow() {
    if keepsRows {
      rows.append(
        (row, Dictionary(cells.map { ($0.column, $0.text) }, uniquingKeysWith: { $1 })))
      return
    }
    if width == 0 { width = cells.last?.column ?? 0 }
    var next = 1
    var line: [UInt8] = []
    for cell in cells {
      while next < cell.column {
        line.append(0x2C)
        next += 1
      }
      line += SheetReader.quoted(cell.text)
    }
    while next < width, !cells.isEmpty {
      line.append(0x2C)
      next += 1
    }
    output += line
    output.append(0x0A)
  }

  private static func quoted(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
      return bytes
    }
    return [0x22] + bytes.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
  }

  private func fail(_ why: String) {
    if failure != nil { return }
    failure = Diagnostic(
      .badData, "the sheet cannot be read", at: "\(place):\(max(1, row))", why: why,
      remedy: "mend it in the workbook, or save the sheet as CSV")
  }

  /// The number of a column from a cell's name: `AB12` is 28.
  private static func column(_ reference: String) -> Int? {
    var number = 0
    for byte in reference.utf8.prefix(while: { (0x41...0x5A).contains($0) }) {
      number = number * 26 + Int(byte - 0x40)
      if number > 16_384 { return nil }
    }
    return number > 0 ? number : nil
  }

  private static func text(_ number: Double, _ style: DateStyle, epoch: Int) -> String {
    let seconds = (number * 86_400 * 1_000).rounded() / 1_000
    if !style.hasDay { return StatisticsDate.spssTime.text(seconds) }
    // Stata counts milliseconds from 1960, 3,653 days before 1970.
    let since1960 = seconds - Double(epoch - 3_653) * 86_400
    return style.hasTime
      ? StatisticsDate.stataMillisecond.text(since1960 * 1_000)
      : StatisticsDate.stataDay.text((since1960 / 86_400).rounded(.down))
  }

  /// What each cell style shows: built-in formats 14 to 22 and 45 to 47, and codes with y, d, h or s.
  static func dateStyles(_ styles: XMLNode) -> [DateStyle?] {
    var codes: [Int: String] = [:]
    for format in styles.all("numFmt") {
      if let id = format["numFmtId"].flatMap({ Int($0) }) { codes[id] = format["formatCode"] }
    }
    let cells = styles.children.first { $0.name == "cellXfs" }?.children ?? []
    return cells.map { cell in
      let id = cell["numFmtId"].flatMap { Int($0) } ?? 0
      if (14...17).contains(id) { return DateStyle(hasDay: true, hasTime: false) }
      if id == 22 { return DateStyle(hasDay: true, hasTime: true) }
      if (18...21).contains(id) || (45...47).contains(id) {
        return DateStyle(hasDay: false, hasTime: true)
      }
      guard let code = codes[id] else { return nil }
      // Quoted words and colours in brackets are no part of the pattern.
      var isQuoted = false
      var depth = 0
      let pattern = code.lowercased().filter { character in
        if character == "\"" { isQuoted.toggle() }
        if character == "[" { depth += 1 }
        defer { if character == "]" { depth -= 1 } }
        return !isQuoted && depth == 0
      }
      let hasDay = pattern.contains("y") || pattern.contains("d")
      let hasTime = pattern.contains("h") || pattern.contains("s")
      return hasDay || hasTime ? DateStyle(hasDay: hasDay, hasTime: hasTime) : nil
    }
  }
}
