import CanvassSurvey
import Foundation

/// The first record of a table: its delimiter and the names of its columns.
struct TableHeader {
  let names: [String]
  let delimiter: UInt8

  /// Most columns of a table.
  private static let mostColumns = 65_535
  private static let candidates: [Character] = [",", ";", "\t", "|"]

  /// Reads the header's bytes; the delimiter is found out where it is nil.
  ///
  /// Names are put in NFC and lose blanks around them, and the groups of their form where a separator is
  /// given; names that differ in case are different names.
  init(
    _ bytes: [UInt8], dialect: DialectRequest, place: String
  ) throws(Diagnostic) {
    var record = bytes[...]
    if record.last == 0x0A { record.removeLast() }
    if record.last == 0x0D { record.removeLast() }
    if let fault = record.withUnsafeBufferPointer({ TextCheck.firstFault(in: $0) }) {
      throw Diagnostic(
        .badData, fault.what, at: "\(place):1:\(fault.position + 1)", remedy: fault.remedy)
    }
    if record.isEmpty {
      throw Diagnostic(
        .badData, "the first line is empty", at: "\(place):1:1",
        remedy: "name every column in the first line")
    }
    self.delimiter = try TableHeader.delimiter(dialect.delimiter, of: record, place: place)
    let fields = try TableHeader.fields(Array(record), delimiter: self.delimiter, place: place)
    guard dialect.hasHeader else {
      names = fields.indices.map { "v\($0 + 1)" }
      return
    }
    let whole = try TableHeader.names(fields, place: place)
    names =
      try dialect.groupSeparator.map { separator throws(Diagnostic) in
        try GroupNames.shortened(whole, separator: separator, place: place)
      } ?? whole
  }

  /// The one asked for, or the candidate that the header holds most of outside of quotes.
  private static func delimiter(
    _ wanted: Character?, of header: ArraySlice<UInt8>, place: String
  ) throws(Diagnostic) -> UInt8 {
    var counts = [Int](repeating: 0, count: 256)
    var quoted = false
    for byte in header {
      if byte == 0x22 { quoted.toggle() }
      if !quoted { counts[Int(byte)] += 1 }
    }
    let held = candidates.compactMap(\.asciiValue).filter { counts[Int($0)] > 0 }
    let best = held.max { counts[Int($0)] < counts[Int($1)] }
    guard let wanted else { return best ?? UInt8(ascii: ",") }
    guard let mark = wanted.asciiValue, wanted != "\"", !wanted.isNewline, !wanted.isLetter,
      !wanted.isNumber, wanted != "-", wanted != "."
    else {
      throw Diagnostic(
        .badPipeline, "'\(wanted)' cannot delimit fields", remedy: "use , ; a tab or |")
    }
    if counts[Int(mark)] == 0, let best {
      throw Diagnostic(
        .badData, "the header does not hold the delimiter '\(wanted)'", at: "\(place):1:1",
        why: "it holds '\(Character(UnicodeScalar(best)))'",
        remedy: "correct 'delimiter', or leave it out to have it found")
    }
    return mark
  }

  private static func fields(
    _ header: [UInt8], delimiter: UInt8, place: String
  ) throws(Diagnostic) -> [[UInt8]] {
    var fields: [[UInt8]] = []
    var index = 0
    while true {
      var field: [UInt8] = []
      let start = index
      if index < header.count, header[index] == 0x22 {
        index += 1
        while index < header.count {
          if header[index] == 0x22 {
            if index + 1 < header.count, header[index + 1] == 0x22 { index += 1 } else { break }
          }
          field.append(header[index])
          index += 1
        }
        index += 1
      } else {
        while index < header.count, header[index] != delimiter, header[index] != 0x22 {
          field.append(header[index])
          index += 1
        }
      }
      fields.append(field)
      if index == header.count { return fields }
      guard index < header.count, header[index] == delimiter else {
        throw Diagnostic(
          .badData, "a quote in the header is not in order", at: "\(place):1:\(start + 1)",
          why: "column \(fields.count)",
          remedy: "quote whole names and double the quotes in them")
      }
      index += 1
    }
  }

  private static func names(
    _ fields: [[UInt8]], place: String
  ) throws(Diagnostic) -> [String] {
    if fields.count > mostColumns {
      throw Diagnostic(
        .badData, "the table has more than \(mostColumns) columns", at: "\(place):1:1")
    }
    var names: [String] = []
    var seen = Set<String>()
    for field in fields {
      let name = String(decoding: field, as: UTF8.self).precomposedStringWithCanonicalMapping
        .trimmingCharacters(in: .whitespacesAndNewlines)
      if name.isEmpty {
        throw Diagnostic(
          .badData, "column \(names.count + 1) has no name", at: "\(place):1:1",
          remedy: "name every column in the first line")
      }
      if !seen.insert(name).inserted {
        throw Diagnostic(
          .badData, "two columns are called '\(name)'", at: "\(place):1:1",
          remedy: "give each column a name of its own")
      }
      names.append(name)
    }
    return names
  }
}
