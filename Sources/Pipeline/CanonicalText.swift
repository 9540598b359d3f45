/// One text for one value, the same in every process: what a request asks, for the keys of the cache.
///
/// Every stored property goes in by reflection, so that a request that grows a property grows its key with
/// it. Dictionaries and sets are sorted; where a rule stands in the file (`origin`, `place`) is left out.
enum CanonicalText {
  /// The text of a value; nil where it holds a function, which has none.
  static func of(_ value: Any) -> String? {
    var text = ""
    return append(value, to: &text) ? text : nil
  }

  private static func append(_ value: Any, to text: inout String) -> Bool {
    if let known = value as? String {
      text += "\(known.utf8.count)\"\(known)\""
      return true
    }
    if let known = value as? Double {
      text += "\(known.bitPattern)d"
      return true
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      guard let child = mirror.children.first else {
        text += "nil"
        return true
      }
      return append(child.value, to: &text)
    case .dictionary, .set:
      var parts: [String] = []
      for child in mirror.children {
        guard let part = of(child.value) else { return false }
        parts.append(part)
      }
      text += "{" + parts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined() + "}"
      return true
    case .collection, .tuple, .struct, .class:
      text += "\(type(of: value))("
      for child in mirror.children where child.label != "origin" && child.label != "place" {
        text += (mirror.displayStyle == .struct ? child.label ?? "" : "") + ":"
        guard append(child.value, to: &text) else { return false }
      }
      text += ")"
      return true
    case .enum:
      guard let child = mirror.children.first else {
        text += "\(type(of: value)).\(value)"
        return true
      }
      text += "\(type(of: value)).\(child.label ?? "")("
      guard append(child.value, to: &text) else { return false }
      text += ")"
      return true
    default:
      let plain = "\(value)"
      text += "\(type(of: value))=\(plain)"
      return plain != "(Function)"
    }
  }
}
