import CReadStat
import CanvassSurvey

/// One column on its way into a statistical file.
struct WrittenColumn {
  let handle: UnsafeMutablePointer<readstat_variable_t>
  private let column: Column
  private let format: StatisticsWriter.Format
  /// The number that stands for each reason in SPSS.
  private let codeOfReason: [Double]
  private let references: [UnsafeMutablePointer<readstat_string_ref_t>?]

  /// The letters that stand for reasons in Stata.
  private static let tags: [(MissingReason, Character)] = [
    (.dontKnow, "d"), (.refused, "r"), (.skipped, "s"), (.notSelected, "n"), (.struckOut, "x"),
  ]
  /// The longest text of a Stata variable that is no `strL`.
  private static let longestText = 2_045

  init(
    _ column: Column, name: String, variable: Variable,
    writer: UnsafeMutablePointer<readstat_writer_t>, format: StatisticsWriter.Format
  ) throws(Diagnostic) {
    self.column = column
    self.format = format
    let width = WrittenColumn.width(column)
    let isLong = format == .dta && width > WrittenColumn.longestText
    if format != .dta, width > 32_767 {
      throw Diagnostic(
        .badData, "a text of '\(column.name)' is longer than SPSS can hold",
        remedy: "write the cleaned data as dta or csv")
    }
    let type: readstat_type_t =
      switch column.values {
      case .integers: format == .dta ? READSTAT_TYPE_INT32 : READSTAT_TYPE_DOUBLE
      case .numbers: READSTAT_TYPE_DOUBLE
      case .text: isLong ? READSTAT_TYPE_STRING_REF : READSTAT_TYPE_STRING
      }
    guard let handle = readstat_add_variable(writer, name, type, max(1, width)) else {
      throw Diagnostic(.inputOutput, "there is no memory for a variable")
    }
    self.handle = handle
    if case .text(_, let dictionary) = column.values, isLong {
      references = dictionary.map { readstat_add_string_ref(writer, $0) }
    } else {
      references = []
    }
    let title = variable.title.en == column.name && name == column.name ? "" : variable.title.en
    let label = name == column.name ? title : "\(column.name): \(title)"
    readstat_variable_set_label(handle, WrittenColumn.cut(label, format == .dta ? 80 : 255))
    let used = Set(column.reasons)
    codeOfReason = WrittenColumn.codes(column)
    guard
      let labels = readstat_add_label_set(
        writer, type == READSTAT_TYPE_INT32 || format == .dta ? READSTAT_TYPE_INT32 : type, name)
    else { throw Diagnostic(.inputOutput, "there is no memory for labels") }
    var count = 0
    for (code, text) in variable.valueLabels.sorted(by: { Column.precedes($0.key, $1.key) }) {
      let text = WrittenColumn.cut(text.en, format == .dta ? 32_000 : 120)
      if !column.isNumeric {
        guard format != .dta, code.utf8.count <= width else { continue }
        readstat_label_string_value(labels, code, text)
      } else if let number = Double(code) {
        if format == .dta {
          guard let whole = Int32(exactly: number) else { continue }
          readstat_label_int32_value(labels, whole, text)
        } else {
          readstat_label_double_value(labels, number, text)
        }
      } else {
        continue
      }
      count += 1
    }
    if column.isNumeric {
      for (reason, tag) in WrittenColumn.tags where used.contains(reason.rawValue) {
        if format == .dta {
          readstat_label_tagged_value(labels, CChar(tag.asciiValue ?? 0), reason.title)
        } else {
          let code = codeOfReason[Int(reason.rawValue)]
          readstat_label_double_value(labels, code, reason.title)
        }
        count += 1
      }
      if format != .dta, WrittenColumn.tags.contains(where: { used.contains($0.0.rawValue) }) {
        // SPSS takes three single codes or one range: the codes lie side by side.
        readstat_variable_add_missing_double_range(
          handle, codeOfReason[Int(MissingReason.struckOut.rawValue)],
          codeOfReason[Int(MissingReason.skipped.rawValue)])
      }
    }
    if count > 0 { readstat_variable_set_label_set(handle, labels) }
  }

  /// Writes the cell of a row.
  func write(_ row: Int, to writer: UnsafeMutablePointer<readstat_writer_t>) -> readstat_error_t {
    let reason = MissingReason(rawValue: column.reasons[row])
    switch column.values {
    case .text(let codes, let dictionary):
      if references.isEmpty {
        return readstat_insert_string_value(
          writer, handle, reason == nil ? dictionary[Int(codes[row])] : "")
      }
      return reason == nil
        ? readstat_insert_string_ref(writer, handle, references[Int(codes[row])])
        : readstat_insert_missing_value(writer, handle)
    case .integers(let numbers):
      if let reason { return write(reason, to: writer) }
      return format == .dta
        ? readstat_insert_int32_value(writer, handle, Int32(numbers[row]))
        : readstat_insert_double_value(writer, handle, Double(numbers[row]))
    case .numbers(let numbers):
      if let reason { return write(reason, to: writer) }
      return readstat_insert_double_value(writer, handle, numbers[row])
    }
  }

  private func write(
    _ reason: MissingReason, to writer: UnsafeMutablePointer<readstat_writer_t>
  ) -> readstat_error_t {
    guard let tag = WrittenColumn.tags.first(where: { $0.0 == reason })?.1 else {
      return readstat_insert_missing_value(writer, handle)
    }
    return format == .dta
      ? readstat_insert_tagged_missing_value(writer, handle, CChar(tag.asciiValue ?? 0))
      : readstat_insert_double_value(writer, handle, codeOfReason[Int(reason.rawValue)])
  }

  /// Codes side by side below all values, one for each reason: −92 for skipped to −96, or lower.
  private static func codes(_ column: Column) -> [Double] {
    var lowest = 0.0
    for row in 0..<column.count { lowest = min(lowest, column.number(at: row) ?? 0) }
    var base = -90.0
    while lowest < base, base > -1e15 { base = base * 10 - 90 }
    return (0...6).map { base - Double($0) }
  }

  private static func width(_ column: Column) -> Int {
    guard case .text(_, let dictionary) = column.values else { return 0 }
    return dictionary.map(\.utf8.count).max() ?? 0
  }

  /// The text cut between characters to at most `limit` bytes.
  private static func cut(_ text: String, _ limit: Int) -> String {
    var text = text
    while text.utf8.count > limit { text.removeLast() }
    return text
  }
}

extension MissingReason {
  /// The label of the reason in statistical files, which `init(label:)` reads back.
  var title: String {
    switch self {
    case .blank: "Blank"
    case .skipped: "Skipped (not asked)"
    case .dontKnow: "Don't know"
    case .refused: "Refused"
    case .notSelected: "Not selected"
    case .struckOut: "Struck out"
    }
  }
}
