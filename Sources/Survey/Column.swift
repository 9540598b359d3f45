/// One variable over all rows: a flat typed buffer, and for each cell without a value the reason why.
///
/// Whole numbers that fit 16 bits take two bytes a cell, other numbers eight, text four (an index into
/// a dictionary in order of its UTF-8 bytes). A cell whose reason is not zero has an arbitrary value.
public struct Column: Sendable, Codable {
  /// The buffer of a column.
  public enum Values: Sendable, Codable {
    /// Whole numbers from −32,768 to 32,767.
    case integers([Int16])
    /// Finite numbers.
    case numbers([Double])
    /// Indices into a dictionary of distinct NFC strings in order of their UTF-8 bytes.
    case text([UInt32], dictionary: [String])
  }

  /// The variable's name.
  public let name: String
  /// The values, one a row.
  public var values: Values
  /// One byte a row: 0 for a value, else the `MissingReason`.
  public var reasons: [UInt8]

  /// A column of `values`; `reasons` must be as long, or nil where every cell has a value.
  public init(name: String, values: Values, reasons: [UInt8]? = nil) {
    self.name = name
    self.values = values
    let count = values.count
    self.reasons = reasons ?? [UInt8](repeating: 0, count: count)
    precondition(self.reasons.count == count, "a column's reasons match its values in length")
  }

  /// A column of optional numbers, whole 16-bit ones stored small; nil is `blank`.
  public init(name: String, numbers: [Double?]) {
    let reasons = numbers.map { $0 == nil ? MissingReason.blank.rawValue : 0 }
    let filled = numbers.map { $0 ?? 0 }
    let small = filled.allSatisfy { $0 == $0.rounded() && abs($0) <= 32_767 }
    self.init(
      name: name, values: small ? .integers(filled.map { Int16($0) }) : .numbers(filled),
      reasons: reasons)
  }

  /// A column of optional strings; nil is `blank`.
  public init(name: String, strings: [String?]) {
    var distinct = Set<String>()
    for case let string? in strings { distinct.insert(string) }
    let dictionary = distinct.sorted(by: Column.precedes)
    var codes: [String: UInt32] = [:]
    for (code, string) in dictionary.enumerated() { codes[string] = UInt32(code) }
    self.init(
      name: name,
      values: .text(strings.map { $0.flatMap { codes[$0] } ?? 0 }, dictionary: dictionary),
      reasons: strings.map { $0 == nil ? MissingReason.blank.rawValue : 0 })
  }

  /// Number of rows.
  public var count: Int { reasons.count }

  /// Whether the column holds numbers.
  public var isNumeric: Bool {
    if case .text = values { return false }
    return true
  }

  /// The number in `row`, or nil where the cell has no value or the column is text.
  public func number(at row: Int) -> Double? {
    guard reasons[row] == 0 else { return nil }
    return switch values {
    case .integers(let buffer): Double(buffer[row])
    case .numbers(let buffer): buffer[row]
    case .text: nil
    }
  }

  /// The value in `row` as text (numbers in the shortest form that reads back), or nil where missing.
  public func text(at row: Int) -> String? {
    guard reasons[row] == 0 else { return nil }
    return switch values {
    case .integers(let buffer): String(buffer[row])
    case .numbers(let buffer): Column.render(buffer[row])
    case .text(let codes, let dictionary): dictionary[Int(codes[row])]
    }
  }

  /// Why the cell in `row` has no value, or nil where it has one.
  public func reason(at row: Int) -> MissingReason? {
    MissingReason(rawValue: reasons[row])
  }

  /// The column restricted to `rows`, in their order; rows may repeat.
  public func gathering(_ rows: [Int]) -> Column {
    let picked: Values =
      switch values {
      case .integers(let buffer): .integers(rows.map { buffer[$0] })
      case .numbers(let buffer): .numbers(rows.map { buffer[$0] })
      case .text(let codes, let dictionary):
        .text(rows.map { codes[$0] }, dictionary: dictionary)
      }
    return Column(name: name, values: picked, reasons: rows.map { reasons[$0] })
  }

  /// The column restricted to runs of rows, in their order.
  package func keeping(_ runs: [Range<Int>]) -> Column {
    let kept: Values =
      switch values {
      case .integers(let buffer): .integers(buffer.keeping(runs))
      case .numbers(let buffer): .numbers(buffer.keeping(runs))
      case .text(let codes, let dictionary): .text(codes.keeping(runs), dictionary: dictionary)
      }
    return Column(name: name, values: kept, reasons: reasons.keeping(runs))
  }

  /// The same cells under another name.
  public func renamed(_ name: String) -> Column {
    Column(name: name, values: values, reasons: reasons)
  }

  /// The cells grouped by value: levels in order (numbers by value, text by UTF-8 bytes), missing last.
  ///
  /// `levelOfRow[i]` is the row's level, or `levels.count` where the cell has no value; `levels` are the
  /// values as text.
  public func grouped() -> (levelOfRow: [Int32], levels: [String]) {
    switch values {
    case .integers(let buffer):
      var seen = [Bool](repeating: false, count: 65_536)
      for row in 0..<count where reasons[row] == 0 { seen[Int(buffer[row]) + 32_768] = true }
      var level = [Int32](repeating: -1, count: 65_536)
      var levels: [String] = []
      for slot in 0..<65_536 where seen[slot] {
        level[slot] = Int32(levels.count)
        levels.append(String(slot - 32_768))
      }
      let missing = Int32(levels.count)
      let rows = (0..<count).map {
        reasons[$0] == 0 ? level[Int(buffer[$0]) + 32_768] : missing
      }
      return (rows, levels)
    case .numbers(let buffer):
      let order = (0..<count).filter { reasons[$0] == 0 }.sorted { buffer[$0] < buffer[$1] }
      var levels: [String] = []
      var rows = [Int32](repeating: -1, count: count)
      var last: Double?
      for row in order {
        if last != buffer[row] {
          levels.append(Column.render(buffer[row]))
          last = buffer[row]
        }
        rows[row] = Int32(levels.count - 1)
      }
      let missing = Int32(levels.count)
      for row in 0..<count where rows[row] < 0 { rows[row] = missing }
      return (rows, levels)
    case .text(let codes, let dictionary):
      var seen = [Bool](repeating: false, count: dictionary.count)
      for row in 0..<count where reasons[row] == 0 { seen[Int(codes[row])] = true }
      var level = [Int32](repeating: -1, count: dictionary.count)
      var levels: [String] = []
      for code in 0..<dictionary.count where seen[code] {
        level[code] = Int32(levels.count)
        levels.append(dictionary[code])
      }
      let missing = Int32(levels.count)
      let rows = (0..<count).map { reasons[$0] == 0 ? level[Int(codes[$0])] : missing }
      return (rows, levels)
    }
  }

  /// A number as text: whole numbers below 2⁵³ without a point, others in the shortest form that reads
  /// back to the same double; no locale.
  public static func render(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 9_007_199_254_740_992 {
      return String(Int64(number))
    }
    return "\(number)"
  }

  /// Order of strings by their UTF-8 bytes, the same on every machine.
  public static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }

  /// Order of codes: numbers by value, then texts by their bytes.
  public static func codePrecedes(_ first: String, _ second: String) -> Bool {
    switch (Double(first), Double(second)) {
    case (let first?, let second?) where first != second: first < second
    case (nil, _?): false
    case (_?, nil): true
    default: precedes(first, second)
    }
  }
}

extension Column.Values {
  /// Number of cells.
  public var count: Int {
    switch self {
    case .integers(let buffer): buffer.count
    case .numbers(let buffer): buffer.count
    case .text(let codes, _): codes.count
    }
  }
}

extension Array {
  /// The elements of some runs, each copied as a whole.
  func keeping(_ runs: [Range<Int>]) -> [Element] {
    var kept: [Element] = []
    kept.reserveCapacity(runs.reduce(0) { $0 + $1.count })
    for run in runs { kept.append(contentsOf: self[run]) }
    return kept
  }
}
