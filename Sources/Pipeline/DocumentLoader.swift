import CanvassSurvey
import Foundation
import Yams

/// Reads a YAML file into located nodes and refuses what a pipeline file must not contain.
enum DocumentLoader {
  /// Largest file in bytes.
  static let sizeLimit = 1 << 20
  /// Deepest nesting.
  static let depthLimit = 32

  /// The root mapping of the YAML file at `path`.
  ///
  /// Anchors, aliases, merge keys, duplicate keys, several documents, tags, and sizes or depths beyond
  /// the limits are errors.
  static func load(_ path: String) throws(Diagnostic) -> Located {
    try parse(try text(path), file: path)
  }

  /// The text of the file at `path`.
  static func text(_ path: String) throws(Diagnostic) -> String {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw Diagnostic(
        .missingInput, "the file '\(path)' cannot be read", why: InputFile.reason(path),
        remedy: "check the path; pipeline files that come with Canvass lie in Pipelines/")
    }
    guard data.count <= sizeLimit else {
      throw Diagnostic(
        .badPipeline, "the file is larger than \(sizeLimit) bytes", at: path,
        remedy: "keep long lists in tables of their own")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw Diagnostic(.badPipeline, "the file is not UTF-8 text", at: path)
    }
    return text
  }

  /// The root mapping of `text`, located in `file`.
  static func parse(_ text: String, file: String) throws(Diagnostic) -> Located {
    try refuseDeepNesting(text, file: file)
    let root: Node?
    // Nodes hold their anchors weakly: the parser must live until they have been looked for.
    var parser: Parser?
    defer { withExtendedLifetime(parser) {} }
    do {
      parser = try Parser(yaml: text)
      root = try parser?.singleRoot()
    } catch let error as YamlError {
      throw diagnostic(of: error, file: file)
    } catch {
      throw Diagnostic(.badPipeline, "the file is not YAML", at: file, why: "\(error)")
    }
    guard let root, root.mapping != nil else {
      throw Diagnostic(
        .badPipeline, "the file is not a mapping of keys", at: file,
        remedy: "begin with 'canvass: 1' and 'name: …'; see Pipelines/papi-demo.yaml")
    }
    try refuseReferences(root, file: file)
    return Located(node: root, file: file)
  }

  /// Composing is recursive, so nesting is bounded on the text before it starts.
  private static func refuseDeepNesting(_ text: String, file: String) throws(Diagnostic) {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      var brackets = 0
      var markers = 0
      var leading = true
      for byte in line.utf8 {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
          brackets += 1
          leading = false
        case UInt8(ascii: "-"), UInt8(ascii: "?"):
          if leading { markers += 1 }
        case UInt8(ascii: " "): break
        case UInt8(ascii: "\t"):
          if leading {
            throw Diagnostic(
              .badPipeline, "the line is indented with a tab", at: "\(file):\(number + 1):1",
              remedy: "indent with spaces")
          }
        default: leading = false
        }
      }
      let indent = line.utf8.prefix { $0 == UInt8(ascii: " ") }.count
      if brackets > depthLimit * 8 || (markers > depthLimit && leading == false)
        || markers > 3 * depthLimit || indent > 8 * depthLimit
      {
        throw Diagnostic(
          .badPipeline, "the file nests deeper than \(depthLimit) levels",
          at: "\(file):\(number + 1):1")
      }
    }
  }

  private static func refuseReferences(
    _ node: Node, file: String, depth: Int = 0
  ) throws(Diagnostic) {
    let here = Located(node: node, file: file)
    guard depth <= depthLimit else {
      throw here.error("the file nests deeper than \(depthLimit) levels")
    }
    if node.anchor != nil {
      throw here.error(
        "anchors and aliases are not allowed", why: "a reader must see each value where it applies",
        remedy: "write the value again")
    }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        let keyHere = Located(node: key, file: file)
        guard let name = key.scalar?.string else {
          throw keyHere.error("a key must be a single word")
        }
        if name == "<<" { throw keyHere.error("merge keys are not allowed") }
        try refuseReferences(key, file: file, depth: depth + 1)
        try refuseReferences(value, file: file, depth: depth + 1)
      }
    case .sequence(let sequence):
      for item in sequence { try refuseReferences(item, file: file, depth: depth + 1) }
    case .scalar, .alias: break
    }
  }

  private static func diagnostic(of error: YamlError, file: String) -> Diagnostic {
    let quoteHint = "check the indentation, and quote values that hold ': ', ' #', '[', '{' or ','"
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return Diagnostic(
        .badPipeline, "the file is not YAML: \(problem)",
        at: "\(file):\(mark.line):\(mark.column)", remedy: quoteHint)
    case .duplicatedKeysInMapping(let keys, let context):
      return Diagnostic(
        .badPipeline, "the key '\(keys.first ?? "")' is given twice",
        at: "\(file):\(context.mark.line):\(context.mark.column)", remedy: "keep one of them")
    default:
      return Diagnostic(.badPipeline, "the file is not YAML", at: file, why: "\(error)")
    }
  }
}
