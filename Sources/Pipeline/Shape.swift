import CanvassSurvey
import Yams

/// What may stand at a place of the pipeline file: the one description from which both the checks and
/// the JSON Schema are made.
indirect enum Shape: Sendable {
  /// Any text.
  case text
  /// A finite number.
  case number
  /// A whole number from a range.
  case integer(ClosedRange<Int>)
  /// A calendar date, YYYY-MM-DD.
  case date
  /// One of some words.
  case choice([String])
  /// A list of one shape; `orOne` allows a single value instead.
  case list(Shape, orOne: Bool = false)
  /// A mapping with known keys.
  case object([Field])
  /// A mapping with free keys.
  case map(Shape)
  /// The first shape whose kind of YAML value stands there.
  case either([Shape])

  /// A key of a mapping.
  struct Field: Sendable {
    let name: String
    let shape: Shape
    let required: Bool
    let about: String

    init(_ name: String, _ shape: Shape, required: Bool = false, _ about: String) {
      self.name = name
      self.shape = shape
      self.required = required
      self.about = about
    }
  }
}

extension Shape {
  /// A title: one text, or one in each language.
  static let title = Shape.either([
    .text,
    .object([Field("en", .text, "the English text"), Field("vi", .text, "the Vietnamese text")]),
  ])

  /// Checks that `value` has this shape; the first error in the order of the file is thrown.
  func check(_ value: Located, key: String) throws(Diagnostic) {
    switch (self, value.node) {
    case (.text, .scalar(let scalar)):
      if scalar.string.isEmpty || (scalar.string == "~" && scalar.style == .plain) {
        throw value.error("'\(key)' has no value", remedy: "give it one, or remove the key")
      }
    case (.number, .scalar(let scalar)):
      if StrictNumber.parse(scalar.string) == nil {
        throw value.error("'\(key)' must be a number")
      }
    case (.integer(let range), .scalar(let scalar)):
      guard let number = Int(scalar.string), range.contains(number) else {
        throw value.error(
          "'\(key)' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
    case (.date, .scalar(let scalar)):
      if !Shape.isDate(scalar.string) {
        throw value.error("'\(key)' must be a date such as 2026-12-01")
      }
    case (.choice(let words), .scalar(let scalar)):
      if !words.contains(scalar.string) {
        throw value.error(
          "'\(key)' must be one of: \(words.map { "'\($0)'" }.joined(separator: ", "))",
          remedy: Suggestion.phrase(for: scalar.string, among: words))
      }
    case (.list(let item, _), .sequence(let sequence)):
      for node in sequence { try item.check(Located(node: node, file: value.file), key: key) }
    case (.list(let item, orOne: true), _):
      try item.check(value, key: key)
    case (.object(let fields), .mapping):
      try Shape.checkKeys(value, fields: fields, key: key)
    case (.map(let item), .mapping):
      for (name, entry) in value.entries { try item.check(entry, key: name.text) }
    case (.either(let shapes), _):
      guard let match = shapes.first(where: { $0.accepts(value.node) }) else {
        throw value.error(
          "'\(key)' must be \(shapes.map(\.words).joined(separator: " or ")), not \(value.kindName)"
        )
      }
      try match.check(value, key: key)
    default:
      throw value.error("'\(key)' must be \(words), not \(value.kindName)")
    }
  }

  private static func checkKeys(
    _ value: Located, fields: [Field], key: String
  ) throws(Diagnostic) {
    for (name, entry) in value.entries {
      guard let field = fields.first(where: { $0.name == name.text }) else {
        let known = fields.map(\.name)
        let remedy =
          name.text.contains(where: { "()<>=\"' ".contains($0) })
          ? "quote the expression" : Suggestion.phrase(for: name.text, among: known)
        throw name.error(
          "unknown key '\(name.text)'" + (key.isEmpty ? "" : " under '\(key)'"),
          why: "known keys here: \(known.joined(separator: ", "))", remedy: remedy)
      }
      try field.shape.check(entry, key: field.name)
    }
    for field in fields where field.required && value[field.name] == nil {
      throw value.error(
        "the key '\(field.name)' is missing" + (key.isEmpty ? "" : " under '\(key)'"),
        why: "it says \(field.about)")
    }
  }

  /// Whether the kind of YAML value fits, whatever it holds.
  private func accepts(_ node: Node) -> Bool {
    switch (self, node) {
    case (.text, .scalar), (.number, .scalar), (.integer, .scalar), (.date, .scalar),
      (.choice, .scalar), (.list, .sequence), (.object, .mapping), (.map, .mapping):
      true
    case (.list(let item, orOne: true), _): item.accepts(node)
    case (.either(let shapes), _): shapes.contains { $0.accepts(node) }
    default: false
    }
  }

  private var words: String {
    switch self {
    case .text: "a text"
    case .number: "a number"
    case .integer: "a whole number"
    case .date: "a date"
    case .choice: "a word"
    case .list: "a list"
    case .object, .map: "a mapping of keys"
    case .either(let shapes): shapes.map(\.words).joined(separator: " or ")
    }
  }

  /// Whether a text is a day of the calendar, YYYY-MM-DD.
  static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), (1...12).contains(month)
    else { return false }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }
}
