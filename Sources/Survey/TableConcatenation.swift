extension Table {
  /// The rows of `tables` one after the other; all have the columns of the first, in any order.
  ///
  /// A column that is whole numbers in one table and numbers in another becomes numbers; dictionaries are
  /// merged in order of their UTF-8 bytes. Origins are kept where every table has them.
  ///
  /// - Precondition: a column holds numbers in every table or text in every table.
  public static func concatenating(_ tables: [Table]) -> Table {
    guard let first = tables.first else { return Table(columns: []) }
    return Table(
      columns: first.names.map { name in
        let parts = tables.map { table in
          guard let part = table[name] else {
            preconditionFailure("tables that are joined have the same columns")
          }
          return part
        }
        return Column(
          name: name, values: joined(parts.map(\.values)), reasons: parts.flatMap(\.reasons))
      }, origins: origins(of: tables))
  }

  private static func origins(of tables: [Table]) -> RowOrigins? {
    var all = RowOrigins(sources: [], sourceOfRow: [], lineOfRow: [])
    for table in tables {
      guard let origins = table.origins,
        all.sources.count + origins.sources.count <= Int(UInt16.max)
      else { return nil }
      let first = UInt16(all.sources.count)
      all.sources += origins.sources
      all.sourceOfRow += origins.sourceOfRow.map { first + $0 }
      all.lineOfRow += origins.lineOfRow
    }
    return all
  }

  private static func joined(_ parts: [Column.Values]) -> Column.Values {
    var integers: [Int16] = []
    var numbers: [Double] = []
    var isWhole = true
    var texts: [([UInt32], [String])] = []
    for part in parts {
      switch part {
      case .integers(let buffer): if isWhole { integers += buffer }
      case .numbers: isWhole = false
      case .text(let codes, let dictionary): texts.append((codes, dictionary))
      }
    }
    if !texts.isEmpty {
      precondition(texts.count == parts.count, "a column is text in every table or in none")
      return text(texts)
    }
    if isWhole { return .integers(integers) }
    for part in parts {
      switch part {
      case .integers(let buffer): numbers += buffer.map(Double.init)
      case .numbers(let buffer): numbers += buffer
      case .text: break
      }
    }
    return .numbers(numbers)
  }

  private static func text(_ parts: [(codes: [UInt32], dictionary: [String])]) -> Column.Values {
    var distinct = Set<String>()
    for part in parts { distinct.formUnion(part.dictionary) }
    let dictionary = distinct.sorted(by: Column.precedes)
    var codeOf: [String: UInt32] = [:]
    for (code, string) in dictionary.enumerated() { codeOf[string] = UInt32(code) }
    var codes: [UInt32] = []
    for part in parts {
      let renumbered = part.dictionary.map { codeOf[$0] ?? 0 }
      // A text column without any value has an empty dictionary and arbitrary codes.
      codes += part.codes.map { Int($0) < renumbered.count ? renumbered[Int($0)] : 0 }
    }
    return .text(codes, dictionary: dictionary)
  }
}
