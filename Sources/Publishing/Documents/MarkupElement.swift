/// An element of an XML document: attributes in their order, and text or elements in it.
struct MarkupElement {
  var name: String
  var attributes: [(name: String, value: String)] = []
  var text = ""
  var children: [MarkupElement] = []

  /// An element with text in it.
  init(_ name: String, _ attributes: [(String, String)] = [], text: String = "") {
    self.name = name
    self.attributes = attributes.map { (name: $0.0, value: $0.1) }
    self.text = text
  }

  /// An element with elements in it.
  init(_ name: String, _ attributes: [(String, String)] = [], holding children: [MarkupElement]) {
    self.init(name, attributes)
    self.children = children
  }

  /// The element without the elements in it that hold nothing, or nil where nothing is left.
  var filled: MarkupElement? {
    var element = self
    element.children = children.compactMap(\.filled)
    return element.children.isEmpty && text.isEmpty && attributes.isEmpty ? nil : element
  }

  /// The document as UTF-8, two blanks of indent a level.
  var document: [UInt8] {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    write(to: &text, depth: 0)
    return Array(text.utf8)
  }

  private func write(to result: inout String, depth: Int) {
    let indent = String(repeating: "  ", count: depth)
    result += indent + "<" + name
    for attribute in attributes {
      result += " \(attribute.name)=\"\(Markup.escape(attribute.value))\""
    }
    if children.isEmpty {
      result += text.isEmpty ? "/>\n" : ">\(Markup.escape(text))</\(name)>\n"
      return
    }
    result += ">\n"
    for child in children { child.write(to: &result, depth: depth + 1) }
    result += indent + "</\(name)>\n"
  }
}
