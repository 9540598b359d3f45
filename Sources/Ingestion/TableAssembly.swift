import CanvassSurvey
import Foundation

/// Puts the members of one table together.
struct TableAssembly {
  let members: [MemberTable]

  /// Columns that hold text in one place and numbers in another, and must be read again as text.
  ///
  /// A column that holds text wherever it holds anything was kept as numbers too, so it is among them.
  var mixed: Set<String> {
    var names = Set<String>()
    for member in members {
      for chunk in member.chunks {
        for (name, column) in zip(member.header, chunk.columns) where column.foundText {
          names.insert(name)
        }
      }
    }
    return names
  }

  /// The table; every member has the columns of the first, in any order.
  func table(kinds: [String: ColumnKind]) throws(Diagnostic) -> Table {
    guard let first = members.first else { return Table(columns: []) }
    for member in members.dropFirst() where Set(member.header) != Set(first.header) {
      let missing = first.header.filter { !member.header.contains($0) }
      let extra = member.header.filter { !first.header.contains($0) }
      throw Diagnostic(
        .badData, "the member has other columns than '\(first.name)'", at: member.place,
        why: "missing: \(missing.isEmpty ? "none" : missing.joined(separator: ", ")); "
          + "additional: \(extra.isEmpty ? "none" : extra.joined(separator: ", "))",
        remedy: "read members of one questionnaire with one pattern")
    }
    var columns: [Column] = []
    for name in first.header where kinds[name] != .ignored {
      let parts = members.flatMap { member -> [ColumnChunk] in
        guard let place = member.header.firstIndex(of: name) else { return [] }
        return member.chunks.map { $0.columns[place] }
      }
      columns.append(TableAssembly.column(name, parts, isText: kinds[name] == .text))
    }
    return Table(columns: columns, origins: origins)
  }

  private var origins: RowOrigins {
    var sources: [UInt16] = []
    var lines: [UInt32] = []
    for (index, member) in members.enumerated() {
      for chunk in member.chunks {
        sources += [UInt16](repeating: UInt16(clamping: index), count: chunk.lines.count)
        lines += chunk.lines
      }
    }
    return RowOrigins(sources: members.map(\.place), sourceOfRow: sources, lineOfRow: lines)
  }

  private static func column(_ name: String, _ parts: [ColumnChunk], isText: Bool) -> Column {
    let reasons = parts.flatMap(\.reasons)
    if isText {
      // Composed and decomposed letters become one text here, at the door.
      let composed = parts.map { part in
        part.dictionary.map {
          $0.utf8.allSatisfy { $0 < 0x80 } ? $0 : $0.precomposedStringWithCanonicalMapping
        }
      }
      let dictionary = Set(composed.joined()).sorted(by: Column.precedes)
      var codeOf: [String: UInt32] = [:]
      for (code, text) in dictionary.enumerated() { codeOf[text] = UInt32(code) }
      var codes: [UInt32] = []
      codes.reserveCapacity(reasons.count)
      for (part, texts) in zip(parts, composed) {
        let renumbered = texts.map { codeOf[$0] ?? 0 }
        for (code, reason) in zip(part.codes, part.reasons) {
          codes.append(reason == 0 ? renumbered[Int(code)] : 0)
        }
      }
      return Column(name: name, values: .text(codes, dictionary: dictionary), reasons: reasons)
    }
    if parts.allSatisfy({ $0.numbers.isEmpty }) {
      return Column(name: name, values: .integers(parts.flatMap(\.integers)), reasons: reasons)
    }
    var numbers: [Double] = []
    numbers.reserveCapacity(reasons.count)
    for part in parts {
      if part.numbers.isEmpty {
        numbers += part.integers.map(Double.init)
      } else {
        numbers += part.numbers
      }
    }
    return Column(name: name, values: .numbers(numbers), reasons: reasons)
  }
}
