import CReadStat
import CanvassSurvey
import Glibc

/// The cells of one variable of a statistical file, in the order of its rows.
final class StatisticsCells {
  private var numbers: [Double] = []
  private var codes: [UInt32] = []
  private var dictionary = TextDictionary()
  /// 0 for a value, 1 for blank, `MissingTags.first` and up for Stata's `.a` to `.z`.
  private(set) var reasons: [UInt8] = []
  private let isText: Bool

  init(isText: Bool) { self.isText = isText }

  func add(_ value: readstat_value_t) {
    if isText {
      if let text = readstat_string_value(value), text.pointee != 0 {
        let count = strlen(text)
        codes.append(
          text.withMemoryRebound(to: UInt8.self, capacity: count) {
            dictionary.code(of: UnsafeBufferPointer(start: $0, count: count))
          })
        reasons.append(0)
      } else {
        codes.append(0)
        reasons.append(MissingReason.blank.rawValue)
      }
      return
    }
    if readstat_value_is_tagged_missing(value) != 0 {
      numbers.append(0)
      reasons.append(MissingTags.raw(UInt8(bitPattern: readstat_value_tag(value))))
      return
    }
    let number = readstat_double_value(value)
    if readstat_value_is_system_missing(value) != 0 || number.isNaN {
      numbers.append(0)
      reasons.append(MissingReason.blank.rawValue)
    } else {
      // There is one zero.
      numbers.append(number == 0 ? 0 : number)
      reasons.append(0)
    }
  }

  /// The different numbers, or nil for text.
  var distinctNumbers: Set<Double> {
    var found = Set<Double>()
    for (number, reason) in zip(numbers, reasons) where reason == 0 { found.insert(number) }
    return found
  }

  /// The tags of missing cells that occur.
  var tags: Set<UInt8> { Set(reasons.filter { $0 >= MissingTags.first }) }

  /// The different texts with a blank behind each, to find their encoding from.
  var sample: [UInt8] { Array(dictionary.entries.joined(separator: [0x20])) + [0x20] }

  /// The cells as a column.
  func finish(
    _ variable: StatisticsVariable, name: String, kind: ColumnKind, text: StatisticsText,
    blanks: [String], empty: MissingReason, place: String
  ) throws(Diagnostic) -> ColumnChunk {
    if empty != .blank {
      let blank = MissingReason.blank.rawValue
      reasons = reasons.map { $0 == blank ? empty.rawValue : $0 }
    }
    if isText { return try texts(name: name, text: text, blanks: blanks, place: place) }
    if let row = numbers.firstIndex(where: { $0.isInfinite }) {
      throw Diagnostic(
        .badData, "a number of '\(name)' is not finite", at: "\(place):\(row + 1)",
        remedy: "recode it in the file")
    }
    if let date = StatisticsDate(format: variable.format) { return dates(date) }
    if kind == .text { return rendered { Column.render($0) } }
    let isWhole = zip(numbers, reasons).allSatisfy { number, reason in
      reason != 0 || (number == number.rounded() && abs(number) <= 32_767)
    }
    return ColumnChunk(
      values: isWhole ? .integers(numbers.map { Int16($0) }) : .numbers(numbers),
      reasons: reasons, hasValue: reasons.contains(0))
  }

  private func dates(_ date: StatisticsDate) -> ColumnChunk { rendered { date.text($0) } }

  private func rendered(_ text: (Double) -> String) -> ColumnChunk {
    var codes: [UInt32] = []
    codes.reserveCapacity(numbers.count)
    var codeOf: [Double: UInt32] = [:]
    var texts: [String] = []
    for (number, reason) in zip(numbers, reasons) {
      if reason != 0 {
        codes.append(0)
      } else if let code = codeOf[number] {
        codes.append(code)
      } else {
        let code = UInt32(texts.count)
        codeOf[number] = code
        texts.append(text(number))
        codes.append(code)
      }
    }
    return ColumnChunk(
      values: .text(codes, texts), reasons: reasons, hasValue: reasons.contains(0))
  }

  private func texts(
    name: String, text: StatisticsText, blanks: [String], place: String
  ) throws(Diagnostic) -> ColumnChunk {
    var strings: [String] = []
    for (code, bytes) in dictionary.entries.enumerated() {
      guard let string = text.data(Array(bytes)) else {
        let row = zip(codes, reasons).enumerated().first { $0.element == (UInt32(code), 0) }
        throw Diagnostic(
          .badData, "a text of '\(name)' does not decode as \(text.encoding.name)",
          at: "\(place):\((row?.offset ?? 0) + 1)",
          remedy: "give the file's 'encoding', or 'undecodable: replace' to mark such places")
      }
      strings.append(string)
    }
    let isBlank = strings.map { $0.isEmpty || blanks.contains($0) }
    var reasons = reasons
    for row in reasons.indices where reasons[row] == 0 && isBlank[Int(codes[row])] {
      reasons[row] = MissingReason.blank.rawValue
    }
    return ColumnChunk(
      values: .text(codes, strings), reasons: reasons, hasValue: reasons.contains(0))
  }
}
