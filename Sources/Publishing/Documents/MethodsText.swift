public import CanvassSurvey

/// A part of the methods: what was done, in words, formulas and tables.
public struct MethodsSection: Sendable, Hashable {
  /// Something that a part says.
  public enum Item: Sendable, Hashable {
    /// A paragraph.
    case text(LocalizedText)
    /// A point of a list, so many levels deep.
    case point(LocalizedText, depth: Int)
    /// Something with a name; nil where the pipeline file does not say it.
    case fact(LocalizedText, LocalizedText?)
    /// A formula in Unicode, on lines of its own.
    case formula(String)
    /// Lines under headings.
    case table([LocalizedText], [[LocalizedText]])
  }

  /// Its heading.
  public var title: LocalizedText
  /// What it says, in order.
  public var items: [Item]

  /// A part.
  public init(_ title: LocalizedText, _ items: [Item]) {
    self.title = title
    self.items = items
  }
}

/// `methods.md` and `methods.vi.md`: how the numbers came about, for people who judge or repeat them.
public enum MethodsFile {
  /// The file's name in a language; the English one exists in every release.
  public static func name(_ language: ReleaseLanguage) -> String {
    language == .en ? "methods.md" : "methods.\(language.rawValue).md"
  }

  /// The file's bytes: title, status, and the sections in order.
  public static func bytes(
    _ content: ReportContent, _ sections: [MethodsSection], _ language: ReleaseLanguage
  ) -> [UInt8] {
    var text = "# " + Markdown.escape(content.title[language]) + "\n\n"
    text += "**" + Markdown.escape(Phrase.status(content.status)[language]) + "**"
    if let date = content.released {
      text += " · " + LocalizedText(en: "released", vi: "công bố")[language] + " "
      text += Markdown.escape(date)
    }
    text += "\n"
    for section in sections {
      text += "\n## " + Markdown.escape(section.title[language]) + "\n"
      var former: MethodsSection.Item?
      for item in section.items {
        text += render(item, after: former, language)
        former = item
      }
    }
    return Array(text.utf8)
  }

  private static func render(
    _ item: MethodsSection.Item, after former: MethodsSection.Item?, _ language: ReleaseLanguage
  ) -> String {
    let gap = item.isPoint && former?.isPoint == true ? "" : "\n"
    switch item {
    case .text(let text):
      return gap + Markdown.paragraph(text[language]) + "\n"
    case .point(let text, let depth):
      return gap + String(repeating: "  ", count: depth) + "- "
        + Markdown.paragraph(text[language]) + "\n"
    case .fact(let name, let text):
      let told = text.map { Markdown.escape($0[language]) } ?? "*\(notStated[language])*"
      return gap + "- **" + Markdown.escape(name[language]) + "**: " + told + "\n"
    case .formula(let formula):
      return gap + formula.split(separator: "\n").map { "    " + $0 + "\n" }.joined()
    case .table(let headings, let lines):
      func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
      return gap + line(headings.map { Markdown.escape($0[language]) })
        + line(headings.map { _ in "---" })
        + lines.map { line($0.map { Markdown.escape($0[language]) }) }.joined()
    }
  }

  private static let notStated = LocalizedText(
    en: "not stated in the pipeline file", vi: "tệp quy trình không nêu")
}

extension MethodsSection.Item {
  /// Whether it stands in a list.
  fileprivate var isPoint: Bool {
    switch self {
    case .point, .fact: true
    case .text, .formula, .table: false
    }
  }
}

/// Text for Markdown in which nothing is markup any more.
enum Markdown {
  /// The text on one line.
  static func escape(_ text: String) -> String {
    var result = ""
    let scalars = Array(text.unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      switch scalar {
      case "\n", "\t", "\r": result += " "
      case "\\", "`", "*", "[", "]", "|", "~": result += "\\" + String(scalar)
      case "<": result += "&lt;"
      case "&": result += "&amp;"
      case "_":
        // Within a word it is a letter.
        let isInside =
          place > 0 && place + 1 < scalars.count && isWordy(scalars[place - 1])
          && isWordy(scalars[place + 1])
        result += isInside ? "_" : "\\_"
      default:
        if !Markup.isHarmful(scalar) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// The text where a line begins: no heading, quotation, rule or list.
  static func paragraph(_ text: String) -> String {
    let line = escape(String(text.drop { $0.isWhitespace }))
    guard let first = line.unicodeScalars.first else { return line }
    if "#>+-=".unicodeScalars.contains(first) { return "\\" + line }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    let rest = line.dropFirst(digits.count)
    let isNumbered = [". ", ") "].contains { (rest + " ").hasPrefix($0) }
    return !digits.isEmpty && isNumbered ? digits + "\\" + rest : line
  }

  private static func isWordy(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
