import CanvassSurvey
import Foundation

/// Puts the members of one table together.
struct TableAssembly {
  let members: [MemberTable]

  /// Columns that hold text somewhere.
  var texts: Set<String> { names { if case .text = $0.values { true } else { false } } }

  /// Columns that were kept as numbers somewhere, and have a value there.
  var numbers: Set<String> {
    names { if case .text = $0.values { false } else { $0.hasValue } }
  }

  private func names(where isWanted: (ColumnChunk) -> Bool) -> Set<String> {
    var names = Set<String>()
    for member in members {
      for (column, name) in member.header.enumerated()
      where member.chunks.contains(where: { isWanted($0.columns[column]) }) {
        names.insert(name)
      }
    }
    return names
  }

  /// The table; every member has the columns of the first, in any order.
  ///
  /// Columns in `texts` become text; no piece of them may hold numbers.
  func table(texts: Set<String>) throws(Diagnostic) -> Table {
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
    for name in first.header {
      let parts = members.flatMap { member -> [ColumnChunk] in
        guard let place = member.header.firstIndex(of: name) else { return [] }
        return member.chunks.map { $0.columns[place] }
      }
      columns.append(TableAssembly.column(name, parts, isText: texts.contains(name)))
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
    var reasons: [UInt8] = []
    reasons.reserveCapacity(parts.reduce(0) { $0 + $1.reasons.count })
    for part in parts { reasons += part.reasons }
    if isText { return Column(name: name, values: text(parts), reasons: reasons) }
    let isWhole = parts.allSatisfy {
      if case .numbers = $0.values { false } else { true }
    }
    if isWhole {
      var integers: [Int16] = []
      integers.reserveCapacity(reasons.count)
      for case .integers(let part) in parts.lazy.map(\.values) { integers += part }
      return Column(name: name, values: .integers(integers), reasons: reasons)
    }
    var numbers: [Double] = []
    numbers.reserveCapacity(reasons.count)
    for part in parts {
      switch part.values {
      case .integers(let integers): numbers += integers.lazy.map { Double($0) }
      case .numbers(let part): numbers += part
      case .text: numbers += repeatElement(0, count: part.reasons.count)
      }
    }
    return Column(name: name, values: .numbers(numbers), reasons: reasons)
  }

  private static func text(_ parts: [ColumnChunk]) -> Column.Values {
    // Composed and decomposed letters become one text here, at the door.
    let composed = parts.map { part -> [String] in
      guard case .text(_, let texts) = part.values else { return [] }
      return texts.map {
        $0.utf8.allSatisfy { $0 < 0x80 } ? $0 : $0.precomposedStringWithCanonicalMapping
      }
    }
    let dictionary = Set(composed.joined()).sorted(by: Column.precedes)
    var codeOf: [String: UInt32] = [:]
    for (code, text) in dictionary.enumerated() { codeOf[text] = UInt32(code) }
    var codes: [UInt32] = []
    for (part, texts) in zip(parts, composed) {
      guard case .text(let partCodes, _) = part.values, !texts.isEmpty else {
        codes += repeatElement(0, count: part.reasons.count)
        continue
      }
      let renumbered = texts.map { codeOf[$0] ?? 0 }
      codes += zip(partCodes, part.reasons).lazy.map { code, reason in
        reason == 0 ? renumbered[Int(code)] : 0
      }
    }
    return .text(codes, dictionary: dictionary)
  }
}
