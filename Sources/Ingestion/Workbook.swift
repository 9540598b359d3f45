import CanvassSurvey
import Foundation
import FoundationXML

/// An Excel workbook: the zip of XML that it is.
///
/// A sheet is turned into comma-separated text, so that numbers, blanks and texts come out as from the
/// CSV that Excel saves. Source: ECMA-376, part 1, sections 18.3 (sheets), 18.4 (shared strings), 18.8
/// (styles).
struct Workbook {
  private let parts: ZipParts
  private let place: String
  private let strings: [String]
  /// Whether each cell style shows a date, and whether it has a time.
  private let dateStyles: [SheetReader.DateStyle?]
  private let daysBefore1970: Int
  /// The sheets' names with the parts that hold them, in their order.
  let sheets: [(name: String, part: String)]

  init(_ stream: any ByteStream, place: String) throws(Diagnostic) {
    self.place = place
    parts = try ZipParts(stream, place: place)
    guard parts.contains("xl/workbook.xml") else {
      throw Diagnostic(
        .badData, "packed data lie within packed data", at: place, why: "the inner format is zip",
        remedy: "pack the tables themselves, or say 'nested: true' under 'ingest'")
    }
    let book = try XMLNode.parse(try parts.required("xl/workbook.xml"), place: place)
    let relations = try XMLNode.parse(
      try parts.required("xl/_rels/workbook.xml.rels"), place: place)
    var targets: [String: String] = [:]
    for relation in relations.all("Relationship") {
      guard let id = relation["Id"], let target = relation["Target"] else { continue }
      targets[id] = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
    }
    sheets = book.all("sheet").compactMap { sheet in
      guard let name = sheet["name"], let id = sheet["r:id"] ?? sheet["id"],
        let part = targets[id]
      else { return nil }
      return (name, part)
    }
    let is1904 = book.all("workbookPr").contains { ["1", "true"].contains($0["date1904"]) }
    daysBefore1970 = is1904 ? 24_107 : 25_569
    if let bytes = try parts.bytes("xl/sharedStrings.xml") {
      strings = try XMLNode.parse(bytes, place: place).children.filter { $0.name == "si" }.map(
        \.sharedText)
    } else {
      strings = []
    }
    dateStyles =
      try parts.bytes("xl/styles.xml").map { bytes throws(Diagnostic) in
        SheetReader.dateStyles(try XMLNode.parse(bytes, place: place))
      } ?? []
  }

  /// The sheet as comma-separated UTF-8; without a name, the only one.
  func text(sheet name: String?) throws(Diagnostic) -> (bytes: [UInt8], sheet: String) {
    let names = sheets.map(\.name)
    guard let found = name.map({ name in sheets.first { $0.name == name } }) ?? sheets.first else {
      throw Diagnostic(
        .badData, name.map { "the workbook has no sheet '\($0)'" } ?? "the workbook has no sheet",
        at: place, why: "it has: \(names.joined(separator: ", "))",
        remedy: name.flatMap { Suggestion.phrase(for: $0, among: names) })
    }
    if name == nil, sheets.count > 1 {
      throw Diagnostic(
        .badData, "the workbook has several sheets", at: place,
        why: "they are: \(names.joined(separator: ", "))", remedy: "name one with 'sheet'")
    }
    return (try reader(found.name).text(try parts.required(found.part)), found.name)
  }

  /// The rows of the sheet of that name, none where there is no such sheet.
  func rows(sheet name: String) throws(Diagnostic) -> [(number: Int, cells: [Int: String])] {
    guard let found = sheets.first(where: { $0.name == name }) else { return [] }
    return try reader(name).rows(try parts.required(found.part))
  }

  private func reader(_ sheet: String) -> SheetReader {
    SheetReader(
      place: "\(place):\(sheet)", strings: strings, dateStyles: dateStyles,
      daysBefore1970: daysBefore1970)
  }
}

extension MemberTable {
  /// Reads one sheet of a workbook.
  static func readWorkbook(
    _ stream: any ByteStream, settings: ReadingSettings, progress: (Int) -> Void
  ) throws -> MemberTable {
    try read(try Workbook(stream, place: settings.place), settings: settings, progress: progress)
  }

  /// Reads one sheet of an open workbook.
  static func read(
    _ book: Workbook, settings: ReadingSettings, progress: (Int) -> Void = { _ in }
  ) throws -> MemberTable {
    let (bytes, sheet) = try book.text(sheet: settings.sheet)
    var settings = settings
    settings.place += ":" + sheet
    settings.text = TextRequest(encoding: .utf8)
    settings.dialect.delimiter = ","
    settings.dialect.decimal = .point
    var table = try readText(HeldStream(bytes), settings: settings, progress: progress)
    table.format = "Excel"
    table.decision = nil
    return table
  }
}

/// Bytes in memory as a stream.
final class HeldStream: ByteStream {
  private let buffer: UnsafeMutableRawBufferPointer
  private var isDone = false

  init(_ bytes: [UInt8]) {
    buffer = .allocate(byteCount: bytes.count, alignment: 16)
    buffer.copyBytes(from: bytes)
  }

  deinit { buffer.deallocate() }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    if isDone { return UnsafeRawBufferPointer(start: nil, count: 0) }
    isDone = true
    return UnsafeRawBufferPointer(buffer)
  }
}
