import CanvassSurvey

/// A drawing made of few kinds of marks, for the page in all its languages or as a file in one.
struct Figure {
  /// A mark; lengths count units of the drawing, `style` names classes of ``css``.
  indirect enum Mark {
    case line(x1: Double, y1: Double, x2: Double, y2: Double, style: String)
    case box(x: Double, y: Double, width: Double, height: Double, style: String)
    case dot(x: Double, y: Double, radius: Double, style: String)
    /// Text around the height `y` in at most `lines` lines of `width` letters.
    case text(LocalizedText, x: Double, y: Double, width: Int, lines: Int = 1, style: String)
    /// Marks that lead to an element of the page.
    case link(to: String, [Mark])
  }

  let title: LocalizedText
  let width: Double
  let height: Double
  var marks: [Mark] = []

  /// What the classes of marks look like on a light page; colours with a name follow the theme.
  static let css =
    "text{font-size:10px;text-anchor:middle;fill:var(--ink)}.start{text-anchor:start}"
    + ".end{text-anchor:end}.small{font-size:9px}.strong{font-weight:650}.large{font-size:12px}"
    + ".tile{stroke:var(--soft);stroke-width:.75}.island{stroke-dasharray:3 2;stroke-width:1.25}"
    + ".empty{fill:var(--bg)}.hatch{stroke:var(--soft);stroke-width:1}"
    + ".g{stroke:var(--line)}.w{stroke:var(--soft);stroke-width:2}"
    + ".p{stroke:var(--ink);stroke-width:1}.pale{fill:var(--soft)}"

  /// The drawing inside a page; the element `label` names it for readers by ear.
  func inline(_ markup: Markup, label: String) -> String {
    "<svg class=\"figure\" role=\"group\" aria-labelledby=\"\(label)\" viewBox=\"0 0 "
      + "\(Self.number(width)) \(Self.number(height))\">" + body(markup) + "</svg>"
  }

  /// The drawing as a file of its own, on white.
  func file(_ language: ReleaseLanguage) -> [UInt8] {
    let markup = Markup(languages: [language])
    var colors = Self.css + ColorRamp.css
    for (name, color) in [
      ("ink", "#1c2330"), ("soft", "#5a6575"), ("line", "#dfe3ea"), ("bg", "#fff"),
    ] {
      colors = colors.replacing("var(--\(name))", with: color)
    }
    let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    return Array(
      ("<svg xmlns=\"http://www.w3.org/2000/svg\" xml:lang=\"\(language.rawValue)\" \(size) "
        + "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" "
        + "font-family=\"system-ui,'Noto Sans','DejaVu Sans',sans-serif\">"
        + "<title>\(markup.text(title))</title><style>\(colors)</style>"
        + "<rect class=\"empty\" \(size)/>\n" + body(markup, linked: false) + "</svg>\n").utf8)
  }

  private func body(_ markup: Markup, linked: Bool = true) -> String {
    marks.map { Self.draw($0, markup, linked: linked) + "\n" }.joined()
  }

  private static func draw(_ mark: Mark, _ markup: Markup, linked: Bool) -> String {
    switch mark {
    case .line(let x1, let y1, let x2, let y2, let style):
      return "<line class=\"\(style)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" "
        + "x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>"
    case .box(let x, let y, let width, let height, let style):
      return "<rect class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" rx=\"3\" "
        + "width=\"\(number(width))\" height=\"\(number(height))\"/>"
    case .dot(let x, let y, let radius, let style):
      return "<circle class=\"\(style)\" cx=\"\(number(x))\" cy=\"\(number(y))\" "
        + "r=\"\(number(radius))\"/>"
    case .text(let text, let x, let y, let width, let most, let style):
      return markup.each(tag: "text", " class=\"\(style)\"", always: true) { language in
        let lines = wrapped(text[language], width: width, lines: most)
        let height = 10.5
        let top = y - Double(lines.count - 1) * height / 2 + 3.5
        return lines.enumerated().map { index, line in
          "<tspan x=\"\(number(x))\" y=\"\(number(top + Double(index) * height))\">"
            + Markup.escape(line) + "</tspan>"
        }.joined()
      }
    case .link(let target, let marks):
      let inside = marks.map { draw($0, markup, linked: linked) }.joined()
      return linked ? "<a href=\"#\(Markup.escape(target))\">\(inside)</a>" : "<g>\(inside)</g>"
    }
  }

  /// Breaks a text at blanks into at most `lines` lines of at most `width` letters; `…` stands for what
  /// finds no room.
  static func wrapped(_ text: String, width: Int, lines most: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width || lines.count == most {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { $0.count > width ? $0.prefix(width - 1) + "…" : $0 }
  }

  private static func number(_ value: Double) -> String {
    let text = FixedNumber.text(value, decimals: 2).replacing("\u{2212}", with: "-")
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }
}
