import CanvassSurvey
import Foundation
import FoundationXML

/// A small XML document in memory; names are taken without their namespace.
final class XMLNode {
  let name: String
  private let attributes: [String: String]
  fileprivate(set) var children: [XMLNode] = []
  fileprivate(set) var text = ""

  fileprivate init(_ name: String, _ attributes: [String: String]) {
    self.name = name.split(separator: ":").last.map(String.init) ?? name
    self.attributes = attributes
  }

  /// An attribute by its qualified name.
  subscript(_ name: String) -> String? { attributes[name] }

  /// The descendants called `name`, in document order.
  func all(_ name: String) -> [XMLNode] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.all(name) }
  }

  /// The text of a shared string: its runs, without the reading aids of East Asian text.
  var sharedText: String {
    children.filter { $0.name == "t" || $0.name == "r" }
      .map { $0.name == "t" ? $0.text : $0.children.filter { $0.name == "t" }.map(\.text).joined() }
      .joined()
  }

  /// Parses a document without a document type, whose entities could grow without bound.
  static func parse(_ bytes: [UInt8], place: String) throws(Diagnostic) -> XMLNode {
    try refuseDocumentType(bytes, place: place)
    let builder = Builder()
    let parser = XMLParser(data: Data(bytes))
    parser.delegate = builder
    guard parser.parse(), let root = builder.root else {
      throw Diagnostic(
        .badData, "a part of the workbook is no XML", at: place, remedy: "save it again")
    }
    return root
  }

  static func refuseDocumentType(_ bytes: [UInt8], place: String) throws(Diagnostic) {
    if String(decoding: bytes.prefix(4_096), as: UTF8.self).contains("<!DOCTYPE") {
      throw Diagnostic(
        .badData, "a part of the workbook has a document type", at: place,
        why: "its entities could grow without bound", remedy: "save it again in Excel")
    }
  }

  private final class Builder: NSObject, XMLParserDelegate {
    var root: XMLNode?
    private var open: [XMLNode] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      let node = XMLNode(name, attributes)
      open.last?.children.append(node)
      if root == nil { root = node }
      open.append(node)
      if open.count > 100 { parser.abortParsing() }
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) {
      open.last?.text += characters
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      _ = open.popLast()
    }
  }
}
