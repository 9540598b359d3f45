import CReadStat
import CanvassSurvey
import Glibc

/// A variable as the file describes it; its texts are still bytes of the file's encoding.
struct StatisticsVariable {
  var name: [UInt8]
  var label: [UInt8]
  /// The display format, such as `DATE11` or `%td`.
  var format: String
  var labelSet: [UInt8]
  var isText: Bool
  /// Declared missing numbers, from and to.
  var missingRanges: [ClosedRange<Double>] = []
  /// Declared missing texts.
  var missingTexts: [[UInt8]] = []
}

/// A code with its label, in bytes of the file's encoding.
struct StatisticsLabel {
  enum Code: Hashable {
    case number(Double)
    case tag(UInt8)
    case text([UInt8])
  }
  var code: Code
  var label: [UInt8]
}

/// What ReadStat hands over, kept until the file has been read.
final class StatisticsCollector {
  fileprivate(set) var variables: [StatisticsVariable] = []
  fileprivate(set) var cells: [StatisticsCells] = []
  fileprivate(set) var labels: [[UInt8]: [StatisticsLabel]] = [:]
  fileprivate(set) var rowCount = 0
  fileprivate(set) var statedEncoding: String?
  fileprivate(set) var version = 0
  fileprivate(set) var failure: Diagnostic?
  fileprivate var message: String?
  private let place: String
  private let memory: TableMemory

  init(place: String, memory: TableMemory) {
    self.place = place
    self.memory = memory
  }

  fileprivate func begin(row: Int) -> Bool {
    rowCount = row + 1
    if row & 0xFFF == 0 {
      do throws(Diagnostic) {
        try memory.check(at: place, adding: row * cells.count * 9)
      } catch {
        failure = error
        return false
      }
    }
    return true
  }
}

/// Reads SPSS and Stata files through ReadStat, without its conversion of text.
///
/// The bytes of labels and cells are decoded here, so that a label that does not decode costs the label
/// and not the file.
enum StatisticsReader {
  /// Where ReadStat stands in the bytes.
  private final class Position {
    let bytes: UnsafeRawBufferPointer
    var offset = 0
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }
  }

  static func read(
    _ format: StatisticsFormat, _ held: HeldBytes, settings: ReadingSettings
  ) throws(Diagnostic) -> StatisticsCollector {
    guard let parser = readstat_parser_init() else {
      throw Diagnostic(.inputOutput, "there is no memory for a reader", at: settings.place)
    }
    defer { readstat_parser_free(parser) }
    let collector = StatisticsCollector(place: settings.place, memory: settings.memory)
    // Given nothing to convert to, ReadStat hands over the bytes of the file.
    readstat_set_handler_character_encoding(parser, nil)
    setHandlers(parser)
    let code = held.bytes.withUnsafeBytes { bytes in
      let position = Position(bytes)
      return withExtendedLifetime((collector, position)) {
        setInput(parser, position)
        let context = Unmanaged.passUnretained(collector).toOpaque()
        return switch format {
        case .sav: readstat_parse_sav(parser, "", context)
        case .por: readstat_parse_por(parser, "", context)
        case .dta: readstat_parse_dta(parser, "", context)
        }
      }
    }
    if let failure = collector.failure { throw failure }
    guard code == READSTAT_OK else {
      let text = readstat_error_message(code).map { String(cString: $0) } ?? "unknown"
      throw Diagnostic(
        .badData, "the \(format.rawValue) file is damaged, or of a kind that is not read",
        at: settings.place, why: "ReadStat says: \(collector.message ?? text)",
        remedy: "fetch it again, or save it anew in SPSS or Stata")
    }
    return collector
  }

  private static func setInput(
    _ parser: UnsafeMutablePointer<readstat_parser_t>, _ position: Position
  ) {
    readstat_set_open_handler(parser) { _, _ in 0 }
    readstat_set_close_handler(parser) { _ in 0 }
    readstat_set_update_handler(parser) { _, _, _, _ in READSTAT_OK }
    readstat_set_seek_handler(parser) { offset, origin, context in
      guard let context else { return -1 }
      let position = Unmanaged<Position>.fromOpaque(context).takeUnretainedValue()
      let base =
        switch origin {
        case READSTAT_SEEK_SET: 0
        case READSTAT_SEEK_CUR: position.offset
        default: position.bytes.count
        }
      let (target, overflows) = base.addingReportingOverflow(Int(offset))
      guard !overflows, (0...position.bytes.count).contains(target) else { return -1 }
      position.offset = target
      return readstat_off_t(target)
    }
    readstat_set_read_handler(parser) { buffer, count, context in
      guard let context, let buffer else { return -1 }
      let position = Unmanaged<Position>.fromOpaque(context).takeUnretainedValue()
      let taken = min(count, position.bytes.count - position.offset)
      if taken > 0, let base = position.bytes.baseAddress {
        memcpy(buffer, base + position.offset, taken)
      }
      position.offset += taken
      return taken
    }
    readstat_set_io_ctx(parser, Unmanaged.passUnretained(position).toOpaque())
  }

  private static func setHandlers(_ parser: UnsafeMutablePointer<readstat_parser_t>) {
    readstat_set_error_handler(parser) { message, context in
      guard let context, let message else { return }
      StatisticsReader.collector(context).message = String(cString: message)
    }
    readstat_set_metadata_handler(parser) { metadata, context in
      guard let context, let metadata else { return 1 }
      let collector = StatisticsReader.collector(context)
      collector.statedEncoding = readstat_get_file_encoding(metadata).map { String(cString: $0) }
      collector.version = Int(readstat_get_file_format_version(metadata))
      return 0
    }
    readstat_set_variable_handler(parser) { _, variable, labelSet, context in
      guard let context, let variable else { return 1 }
      let collector = StatisticsReader.collector(context)
      let raw = StatisticsReader.describe(variable, labelSet: labelSet)
      collector.variables.append(raw)
      collector.cells.append(StatisticsCells(isText: raw.isText))
      return 0
    }
    readstat_set_value_handler(parser) { row, variable, value, context in
      guard let context, let variable else { return 1 }
      let collector = Unmanaged<StatisticsCollector>.fromOpaque(context).takeUnretainedValue()
      let index = Int(readstat_variable_get_index(variable))
      if index == 0, !collector.begin(row: Int(row)) { return 1 }
      collector.cells[index].add(value)
      return 0
    }
    readstat_set_value_label_handler(parser) { labelSet, value, label, context in
      guard let context else { return 1 }
      let collector = StatisticsReader.collector(context)
      collector.labels[StatisticsReader.bytes(labelSet), default: []].append(
        StatisticsLabel(
          code: StatisticsReader.code(value), label: StatisticsReader.bytes(label)))
      return 0
    }
  }

  private static func collector(_ context: UnsafeMutableRawPointer) -> StatisticsCollector {
    Unmanaged<StatisticsCollector>.fromOpaque(context).takeUnretainedValue()
  }

  private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
    guard let text else { return [] }
    return UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
  }

  private static func code(_ value: readstat_value_t) -> StatisticsLabel.Code {
    if readstat_value_is_tagged_missing(value) != 0 {
      return .tag(UInt8(bitPattern: readstat_value_tag(value)))
    }
    if readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING {
      return .text(bytes(readstat_string_value(value)))
    }
    return .number(readstat_double_value(value))
  }

  private static func describe(
    _ variable: UnsafeMutablePointer<readstat_variable_t>, labelSet: UnsafePointer<CChar>?
  ) -> StatisticsVariable {
    let isText = readstat_variable_get_type_class(variable) == READSTAT_TYPE_CLASS_STRING
    var raw = StatisticsVariable(
      name: bytes(readstat_variable_get_name(variable)),
      label: bytes(readstat_variable_get_label(variable)),
      format: String(decoding: bytes(readstat_variable_get_format(variable)), as: UTF8.self),
      labelSet: bytes(labelSet), isText: isText)
    for index in 0..<readstat_variable_get_missing_ranges_count(variable) {
      let low = readstat_variable_get_missing_range_lo(variable, index)
      let high = readstat_variable_get_missing_range_hi(variable, index)
      if isText {
        raw.missingTexts.append(bytes(readstat_string_value(low)))
      } else {
        let (first, last) = (readstat_double_value(low), readstat_double_value(high))
        if first <= last { raw.missingRanges.append(first...last) }
      }
    }
    return raw
  }
}
