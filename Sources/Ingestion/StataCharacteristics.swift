/// What a Stata file keeps beside its data: the characteristics of the dataset (`_dta`) and of variables.
///
/// ReadStat hands over notes alone. Read are the section `<characteristics>` of the formats 117, 118 and 119
/// and the expansion fields of 110 to 115; bytes that are not laid out so give none. Source: `help dta`.
struct StataCharacteristics {
  private var contents: [String: [String: [UInt8]]] = [:]

  /// The contents of the characteristic `name` of `owner`, or nil.
  subscript(owner: String, name: String) -> [UInt8]? { contents[owner]?[name] }

  /// The characteristics in the bytes of a file.
  init(_ bytes: [UInt8]) {
    var cursor = Cursor(bytes)
    if cursor.take("<stata_dta>") {
      readSections(&cursor)
    } else {
      readFields(&cursor)
    }
  }

  private mutating func readSections(_ cursor: inout Cursor) {
    guard cursor.take("<header><release>"), let digits = cursor.bytes(3),
      let release = Int(String(decoding: digits, as: UTF8.self)), (117...119).contains(release),
      cursor.take("</release><byteorder>"), let order = cursor.bytes(3),
      cursor.take("</byteorder><K>")
    else { return }
    cursor.isLittle = order.elementsEqual("LSF".utf8)
    guard cursor.number(release == 119 ? 4 : 2) != nil, cursor.take("</K><N>"),
      cursor.number(release == 117 ? 4 : 8) != nil, cursor.take("</N><label>"),
      let label = cursor.number(release == 117 ? 1 : 2), cursor.bytes(label) != nil,
      cursor.take("</label><timestamp>"), let time = cursor.number(1), cursor.bytes(time) != nil,
      cursor.take("</timestamp></header><map>"), cursor.bytes(8 * 8) != nil,
      let start = cursor.number(8), cursor.move(to: start), cursor.take("<characteristics>")
    else { return }
    while cursor.take("<ch>"), let length = cursor.number(4), let entry = cursor.bytes(length),
      cursor.take("</ch>")
    {
      add(entry, nameWidth: release == 117 ? 33 : 129)
    }
  }

  private mutating func readFields(_ cursor: inout Cursor) {
    guard let head = cursor.bytes(4), let release = head.first, (110...115).contains(release)
    else { return }
    cursor.isLittle = head.dropFirst().first == 2
    // Behind the header stand types, names, the sort order, formats, names of label sets, and labels.
    guard let count = cursor.number(2),
      cursor.bytes(4 + 81 + 18) != nil,
      cursor.bytes(count * (1 + 33 + (release >= 114 ? 49 : 12) + 33 + 81) + 2 * (count + 1)) != nil
    else { return }
    while let kind = cursor.number(1), let length = cursor.number(4), kind != 0,
      let entry = cursor.bytes(length)
    {
      if kind == 1 { add(entry, nameWidth: 33) }
    }
  }

  private mutating func add(_ entry: ArraySlice<UInt8>, nameWidth width: Int) {
    guard entry.count >= 2 * width else { return }
    func text(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> { field.prefix { $0 != 0 } }
    let owner = String(decoding: text(entry.prefix(width)), as: UTF8.self)
    let name = String(decoding: text(entry.dropFirst(width).prefix(width)), as: UTF8.self)
    contents[owner, default: [:]][name] = Array(text(entry.dropFirst(2 * width)))
  }

  /// Bytes that are read from front to back; nothing beyond their end.
  private struct Cursor {
    private let all: [UInt8]
    private var offset = 0
    var isLittle = true

    init(_ bytes: [UInt8]) { all = bytes }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
      guard count >= 0, count <= all.count - offset else { return nil }
      defer { offset += count }
      return all[offset..<offset + count]
    }

    mutating func take(_ text: String) -> Bool {
      guard all[offset...].starts(with: text.utf8) else { return false }
      offset += text.utf8.count
      return true
    }

    /// A whole number of that many bytes, or nil where it is too great for any file.
    mutating func number(_ width: Int) -> Int? {
      guard let field = bytes(width) else { return nil }
      let digits = isLittle ? Array(field.reversed()) : Array(field)
      return Int(exactly: digits.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    mutating func move(to target: Int) -> Bool {
      guard (0...all.count).contains(target) else { return false }
      offset = target
      return true
    }
  }
}
