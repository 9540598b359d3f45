import CanvassSurvey
import Yams

/// New texts for single values of a YAML file; every other character of it stays.
struct YAMLEdit {
  private typealias Position = (line: Int, column: Int)

  private let original: Located
  private let lines: [[Unicode.Scalar]]
  private var changes: [(start: Position, end: Position, text: String)] = []

  /// An edit of the file whose root is `root` and whose text is `text`.
  init(_ text: String, root: Located) {
    original = root
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Array($0.unicodeScalars) }
  }

  /// Puts `text` in quotes where `value` stands, which may be a list or a mapping too. A value within one
  /// that was replaced before stays as it is.
  ///
  /// - Throws: `badPipeline` where the value's end cannot be told: a text over several lines.
  mutating func replace(_ value: Located, by text: String) throws(Diagnostic) {
    try replace(value, written: YAMLEdit.quoted(text))
  }

  /// The same with `yaml` as it is to be written.
  mutating func replace(_ value: Located, written yaml: String) throws(Diagnostic) {
    guard let mark = value.node.mark else { throw failure(value) }
    let start = (line: mark.line - 1, column: mark.column - 1)
    if isReplaced(value) { return }
    guard let end = end(of: value.node) else { throw failure(value) }
    changes.removeAll { start <= $0.start && $0.start < end }
    changes.append((start, end, yaml))
  }

  /// Whether the value, or one that holds it, has been replaced.
  func isReplaced(_ value: Located) -> Bool {
    guard let mark = value.node.mark else { return false }
    let start = (line: mark.line - 1, column: mark.column - 1)
    return changes.contains { $0.start <= start && start < $0.end }
  }

  /// The text with all replacements, read again: it must hold the new values and all others as before.
  func text() throws(Diagnostic) -> String {
    var lines = lines
    for change in changes.sorted(by: { $0.start > $1.start }) {
      let head = lines[change.start.line][..<change.start.column]
      let tail = lines[change.end.line][change.end.column...]
      lines.replaceSubrange(
        change.start.line...change.end.line, with: [head + Array(change.text.unicodeScalars) + tail]
      )
    }
    let text = lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
    let edited = try DocumentLoader.parse(text, file: original.file)
    guard isMeant(original.node, edited.node) else {
      throw Diagnostic(
        .badPipeline, "the file cannot be rewritten as it is laid out", at: original.file,
        remedy:
          "write the values of 'name', 'title', 'drops' and the structure on lines of their own")
    }
    return text
  }

  /// A YAML text in double quotes.
  static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private func failure(_ value: Located) -> Diagnostic {
    value.error(
      "the value cannot be replaced where it stands", remedy: "write it on one line in the old file"
    )
  }

  /// The position behind a value.
  private func end(of node: Node) -> Position? {
    guard let mark = node.mark else { return nil }
    let start = (line: mark.line - 1, column: mark.column - 1)
    // The style that Yams gives a list or mapping is that of its end, which has none.
    let isBracket = ["[", "{"].contains(lines[start.line][start.column...].first)
    switch node {
    case .scalar(let scalar): return end(of: scalar, from: start)
    case .mapping(let mapping):
      let last = mapping.map(\.value).last.flatMap(end)
      return isBracket ? bracket("}", from: last ?? behind(start)) : last
    case .sequence(let sequence):
      let last = sequence.last.flatMap(end)
      return isBracket ? bracket("]", from: last ?? behind(start)) : last
    case .alias: return nil
    }
  }

  private func behind(_ position: Position) -> Position { (position.line, position.column + 1) }

  private func end(of scalar: Node.Scalar, from start: Position) -> Position? {
    let line = lines[start.line][start.column...]
    switch scalar.style {
    case .doubleQuoted, .singleQuoted:
      let quote = line.first
      var index = line.startIndex + 1
      while index < line.endIndex {
        if line[index] == "\\", quote == "\"" {
          index += 2
        } else if line[index] == quote {
          let isDoubled = quote == "'" && index + 1 < line.endIndex && line[index + 1] == "'"
          if !isDoubled { return (start.line, index + 1) }
          index += 2
        } else {
          index += 1
        }
      }
      return nil
    case .literal, .folded: return nil
    default:
      let text = scalar.string.unicodeScalars
      return line.starts(with: text) ? (start.line, start.column + text.count) : nil
    }
  }

  /// The position behind the bracket that follows, over blanks, commas, comments and lines.
  private func bracket(_ bracket: Unicode.Scalar, from start: Position) -> Position? {
    var (line, column) = start
    while line < lines.count {
      while column < lines[line].count, lines[line][column] != "#" {
        if lines[line][column] == bracket { return (line, column + 1) }
        guard [" ", ",", "\r", "\t"].contains(lines[line][column]) else { return nil }
        column += 1
      }
      line += 1
      column = 0
    }
    return nil
  }

  /// Whether an edited value is the old one, or the text that was put in its place.
  private func isMeant(_ old: Node, _ new: Node) -> Bool {
    if let mark = old.mark,
      let change = changes.first(where: {
        $0.start == (line: mark.line - 1, column: mark.column - 1)
      })
    {
      return (try? Yams.compose(yaml: change.text)) == new
    }
    switch (old, new) {
    case (.scalar(let old), .scalar(let new)): return old.string == new.string
    case (.sequence(let old), .sequence(let new)):
      return old.count == new.count && zip(old, new).allSatisfy(isMeant)
    case (.mapping(let old), .mapping(let new)):
      return old.count == new.count
        && zip(old, new).allSatisfy {
          $0.key.scalar?.string == $1.key.scalar?.string && isMeant($0.value, $1.value)
        }
    default: return false
    }
  }
}
