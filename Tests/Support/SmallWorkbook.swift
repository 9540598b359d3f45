/// Excel workbooks made by hand: what a sheet needs and no more.
public enum SmallWorkbook {
  /// A cell of a sheet.
  public enum Cell: Sendable {
    case number(String)
    case text(String)
    /// A number that its style shows as a date, or as a date and time.
    case date(String), moment(String)
    case error(String)
    case empty
  }

  /// A workbook of sheets; texts are shared strings where `isShared` is set.
  public static func bytes(_ sheets: [(name: String, rows: [[Cell]])], isShared: Bool = true)
    -> [UInt8]
  {
    var strings: [String] = []
    var parts: [SmallArchive.Member] = [
      ("[Content_Types].xml", Array("<Types/>".utf8)),
      (
        "xl/workbook.xml",
        Array(
          ("<?xml version=\"1.0\"?><workbook xmlns:r=\"urn:r\"><sheets>"
            + sheets.indices.map {
              "<sheet name=\"\(escaped(sheets[$0].name))\" sheetId=\"\($0 + 1)\" r:id=\"rId\($0 + 1)\"/>"
            }.joined() + "</sheets></workbook>").utf8)
      ),
      (
        "xl/_rels/workbook.xml.rels",
        Array(
          ("<Relationships>"
            + sheets.indices.map {
              "<Relationship Id=\"rId\($0 + 1)\" Target=\"worksheets/sheet\($0 + 1).xml\"/>"
            }.joined() + "</Relationships>").utf8)
      ),
      (
        "xl/styles.xml",
        Array(
          """
          <styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>\
          <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>
          """.utf8)
      ),
    ]
    for (index, sheet) in sheets.enumerated() {
      var xml = "<worksheet><sheetData>"
      for (row, cells) in sheet.rows.enumerated() {
        xml += "<row r=\"\(row + 1)\">"
        for (column, cell) in cells.enumerated() {
          let name = "\(letters(column))\(row + 1)"
          switch cell {
          case .empty: break
          case .number(let text): xml += "<c r=\"\(name)\"><v>\(text)</v></c>"
          case .date(let text): xml += "<c r=\"\(name)\" s=\"1\"><v>\(text)</v></c>"
          case .moment(let text): xml += "<c r=\"\(name)\" s=\"2\"><v>\(text)</v></c>"
          case .error(let text): xml += "<c r=\"\(name)\" t=\"e\"><v>\(text)</v></c>"
          case .text(let text) where isShared:
            xml += "<c r=\"\(name)\" t=\"s\"><v>\(strings.count)</v></c>"
            strings.append(text)
          case .text(let text):
            xml += "<c r=\"\(name)\" t=\"inlineStr\"><is><t>\(escaped(text))</t></is></c>"
          }
        }
        xml += "</row>"
      }
      parts.append(
        ("xl/worksheets/sheet\(index + 1).xml", Array((xml + "</sheetData></worksheet>").utf8)))
    }
    let shared = strings.map { "<si><r><t>\(escaped($0))</t></r><rPh><t>x</t></rPh></si>" }.joined()
    parts.append(("xl/sharedStrings.xml", Array("<sst>\(shared)</sst>".utf8)))
    return SmallArchive.zip(parts)
  }

  private static func letters(_ column: Int) -> String {
    let last = String(Unicode.Scalar(UInt8(65 + column % 26)))
    return column < 26 ? last : letters(column / 26 - 1) + last
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case "\"": escaped += "&quot;"
      default: escaped.append(character)
      }
    }
  }
}
