import CanvassSurvey

/// Pieces of HTML in the languages of a report; all text goes through ``escape(_:)``.
struct Markup {
  /// The languages, the first one shown at first.
  let languages: [ReleaseLanguage]

  /// Text in which nothing is markup any more, for content and quoted attributes.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default:
        if !isHarmful(scalar) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// Text for a string of a style sheet: whatever could end the string or the sheet is a number.
  static func styleText(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars where !isHarmful(scalar) {
      switch scalar {
      case "\"", "'", "\\", "<", ">", "&": result += "\\\(String(scalar.value, radix: 16)) "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Control characters and noncharacters have no place in HTML and XML; controls of direction that are
  /// left open would turn the text after them.
  static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
    default: scalar.properties.isNoncharacterCodePoint
    }
  }

  /// A text in each language of the report, of which the reader sees one; once where they agree.
  func text(_ text: LocalizedText) -> String {
    each { Self.escape(text[$0]) }
  }

  /// The same from two literals.
  func text(_ en: String, _ vi: String) -> String {
    text(LocalizedText(en: en, vi: vi))
  }

  /// The same in the fewest bytes, for the thousands of cells of profiles.
  func short(_ text: LocalizedText) -> String {
    let texts = languages.map { Self.escape(text[$0]) }
    if Set(texts.map { Array($0.utf8) }).count == 1 { return texts[0] }
    return zip(languages, texts).map { "<i lang=\($0.rawValue)>\($1)</i>" }.joined()
  }

  /// A number with its decimal mark.
  func number(_ value: Double, _ decimals: Int) -> String {
    text(FixedNumber.localized(value, decimals: decimals))
  }

  /// A whole number with thin spaces between its thousands.
  static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "\u{2212}" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "\u{202F}" }
      text.append(digit)
    }
    return text
  }

  /// A text in every language, each in an element with its language; one without where they agree, or,
  /// `always`, an element.
  func each(
    tag: String = "span", _ attributes: String = "", always: Bool = false,
    _ text: (ReleaseLanguage) -> String
  ) -> String {
    let texts = languages.map(text)
    if Set(texts.map { Array($0.utf8) }).count == 1 {
      return always ? "<\(tag)\(attributes)>\(texts[0])</\(tag)>" : texts[0]
    }
    return zip(languages, texts).map {
      "<\(tag)\(attributes) lang=\"\($0.rawValue)\">\($1)</\(tag)>"
    }.joined()
  }
}
