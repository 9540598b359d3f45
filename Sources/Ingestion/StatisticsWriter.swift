import CReadStat
public import CanvassSurvey

/// Writes tables as SPSS or Stata files: values, titles, labels, the weight, and why cells are empty.
public enum StatisticsWriter {
  /// A format to write.
  public enum Format: String, CaseIterable, Sendable {
    case sav, zsav, dta
  }

  /// The file of a table.
  ///
  /// Stata keeps the reason of an empty number as `.d` (don't know), `.r` (refused), `.s` (skipped), `.n`
  /// (not selected), `.x` (struck out) and `.`; SPSS as a code below all values that it declares missing.
  /// Neither has reasons for empty texts: a variable `NAME_missing` holds them where there are any.
  /// Names that the package does not take are changed, the title keeping the old one. Labels of texts,
  /// and of numbers that are not whole, are not written to Stata, which has none.
  ///
  /// - Throws: `badData` where the package cannot hold the table.
  public static func bytes(
    of table: Table, codebook: Codebook?, weight: String? = nil, format: Format
  ) throws(Diagnostic) -> [UInt8] {
    let columns = StatisticsWriter.columns(of: table)
    let names = StatisticsName.names(columns.map(\.name), format: format)
    guard let writer = readstat_writer_init() else {
      throw Diagnostic(.inputOutput, "there is no memory for a writer")
    }
    defer { readstat_writer_free(writer) }
    let sink = Sink()
    readstat_set_data_writer(writer) { data, count, context in
      guard let context, let data else { return -1 }
      Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue().bytes.append(
        contentsOf: UnsafeRawBufferPointer(start: data, count: count))
      return count
    }
    // One moment for all files: the same table gives the same bytes.
    readstat_writer_set_file_timestamp(writer, 315_576_000)
    var written: [WrittenColumn] = []
    for (column, name) in zip(columns, names) {
      let description =
        codebook?[column.name]
        ?? Variable(
          name: column.name, title: LocalizedText(en: column.name))
      written.append(
        try WrittenColumn(
          column, name: name, variable: description, writer: writer, format: format))
      if column.name == weight, column.isNumeric {
        readstat_writer_set_fweight_variable(writer, written.last?.handle)
      }
    }
    try withExtendedLifetime(sink) { () throws(Diagnostic) in
      let context = Unmanaged.passUnretained(sink).toOpaque()
      switch format {
      case .dta:
        try check(readstat_begin_writing_dta(writer, context, table.rowCount), table.rowCount)
      case .sav, .zsav:
        try check(
          readstat_writer_set_compression(
            writer, format == .sav ? READSTAT_COMPRESS_ROWS : READSTAT_COMPRESS_BINARY), 0)
        try check(readstat_begin_writing_sav(writer, context, table.rowCount), table.rowCount)
      }
      for row in 0..<table.rowCount {
        try check(readstat_begin_row(writer), row)
        for column in written { try check(column.write(row, to: writer), row) }
        try check(readstat_end_row(writer), row)
      }
      try check(readstat_end_writing(writer), table.rowCount)
    }
    return sink.bytes
  }

  /// The columns, and behind a text with other reasons than blank, those reasons as numbers.
  private static func columns(of table: Table) -> [Column] {
    table.columns.flatMap { column -> [Column] in
      let blank = MissingReason.blank.rawValue
      if column.isNumeric || column.reasons.allSatisfy({ $0 == 0 || $0 == blank }) {
        return [column]
      }
      let reasons = Column(
        name: column.name + "_missing", values: .integers(column.reasons.map { Int16($0) }))
      return [column, reasons]
    }
  }

  private static func check(_ code: readstat_error_t, _ row: Int) throws(Diagnostic) {
    if code == READSTAT_OK { return }
    let why = readstat_error_message(code).map { String(cString: $0) }
    throw Diagnostic(
      .badData, "the cleaned data cannot be written as a statistical file", at: "row \(row + 1)",
      why: why, remedy: "write them as csv")
  }

  private final class Sink { var bytes: [UInt8] = [] }
}

/// Names that SPSS and Stata take.
enum StatisticsName {
  /// A distinct name for each of `names`, unchanged where the package takes it.
  static func names(_ names: [String], format: StatisticsWriter.Format) -> [String] {
    var used = Set<String>()
    return names.map { name in
      let plain = accepted(name, format: format)
      var candidate = plain
      var number = 2
      while !used.insert(candidate.lowercased()).inserted {
        candidate = String(plain.prefix(24)) + "_\(number)"
        number += 1
      }
      return candidate
    }
  }

  private static func accepted(_ name: String, format: StatisticsWriter.Format) -> String {
    let isStata = format == .dta
    var text = String(
      name.map { character in
        let isPlain = character.isLetter || character.isNumber || character == "_"
        return isPlain || (!isStata && ".$#@".contains(character)) ? character : "_"
      })
    if !(text.first?.isLetter ?? false) && !(isStata && text.first == "_") { text = "v" + text }
    while text.utf8.count > (isStata ? 32 : 64) { text.removeLast() }
    if text.last == "." { text.removeLast() }
    let reserved =
      isStata
      ? ["byte", "double", "float", "if", "in", "int", "long", "str", "strl", "using", "with"]
      : ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
    return reserved.contains(text.lowercased()) ? text + "_" : text
  }
}
