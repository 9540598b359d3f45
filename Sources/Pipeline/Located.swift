import CanvassSurvey
import Yams

/// A value of the pipeline file with the file it stands in, so that every error has a place.
struct Located {
  /// The YAML node.
  let node: Node
  /// The file as the user named it.
  let file: String

  /// `file:line:column`.
  var place: String {
    guard let mark = node.mark else { return file }
    return "\(file):\(mark.line):\(mark.column)"
  }

  /// Where the text of a value begins: behind the quote of a quoted one; a block has a line alone.
  var textPlace: String {
    guard let mark = node.mark, let style = node.scalar?.style else { return place }
    if style == .literal || style == .folded { return "\(file):\(mark.line) (in the block below)" }
    return "\(file):\(mark.line):\(mark.column + (isQuoted ? 1 : 0))"
  }

  /// An error of the pipeline file here.
  func error(_ what: String, why: String? = nil, remedy: String? = nil) -> Diagnostic {
    Diagnostic(.badPipeline, what, at: place, why: why, remedy: remedy)
  }

  /// Whether a list stands here.
  var isList: Bool { if case .sequence = node { true } else { false } }

  /// Whether a single value stands here.
  var isSingle: Bool { if case .scalar = node { true } else { false } }

  /// Whether a quoted text stands here.
  var isQuoted: Bool {
    let style = node.scalar?.style
    return style == .singleQuoted || style == .doubleQuoted
  }

  /// Whether digits stand here that begin with a zero, as codes do: `01`, not `0` or `0.5`.
  var isZeroPadded: Bool {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
    return digits.first == UInt8(ascii: "0")
      && digits.dropFirst().first.map { $0 != UInt8(ascii: ".") } ?? false
  }

  /// What stands here, in words.
  var kindName: String {
    switch node {
    case .scalar: "a single value"
    case .mapping: "a mapping of keys"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }

  /// The value under a key, or nil where the key is absent; the shape has been checked before.
  subscript(_ key: String) -> Located? {
    guard case .mapping(let mapping) = node else { return nil }
    for (name, value) in mapping where name.scalar?.string == key {
      return Located(node: value, file: file)
    }
    return nil
  }

  /// The keys with their values, in the order of the file.
  var entries: [(key: Located, value: Located)] {
    guard case .mapping(let mapping) = node else { return [] }
    return mapping.map { (Located(node: $0.key, file: file), Located(node: $0.value, file: file)) }
  }

  /// The items of a list; a single value is a list of one.
  var items: [Located] {
    guard case .sequence(let sequence) = node else { return [self] }
    return sequence.map { Located(node: $0, file: file) }
  }

  /// The text of a single value.
  var text: String { node.scalar?.string ?? "" }

  /// The texts of a list of single values.
  var texts: [String] { items.map(\.text) }

  /// The number of a single value; the shape has been checked before.
  var number: Double { StrictNumber.parse(text) ?? 0 }
}

/// Numbers in pipeline files and tables: no nan, inf, hexadecimal or underscores.
enum StrictNumber {
  /// The finite number that `text` is, or nil.
  static func parse(_ text: String) -> Double? {
    var bytes = text.utf8[...]
    if bytes.first == UInt8(ascii: "-") { bytes = bytes.dropFirst() }
    guard let first = bytes.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
      bytes.allSatisfy({ byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
          || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") || byte == UInt8(ascii: "-")
          || byte == UInt8(ascii: "+")
      }), let number = Double(text), number.isFinite
    else { return nil }
    return number
  }
}
