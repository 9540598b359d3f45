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
        // Control characters have no place in HTML.
        if scalar.value >= 0x20, !(0x7F...0x9F).contains(scalar.value) {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// A text in each language of the report, of which the reader sees one; once where they agree.
  func text(_ text: LocalizedText) -> String {
    each { text[$0] }
  }

  /// The same from two literals.
  func text(_ en: String, _ vi: String) -> String {
    text(LocalizedText(en: en, vi: vi))
  }

  /// A number with its decimal mark.
  func number(_ value: Double, _ decimals: Int) -> String {
    each { FixedNumber.text(value, decimals: decimals, language: $0) }
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

  private func each(_ text: (ReleaseLanguage) -> String) -> String {
    let texts = languages.map { Self.escape(text($0)) }
    if Set(texts.map { Array($0.utf8) }).count == 1 { return texts[0] }
    return zip(languages, texts).map { "<span lang=\"\($0.rawValue)\">\($1)</span>" }.joined()
  }
}
