import CanvassCleaning
import CanvassPublishing
import CanvassSurvey

/// Sets tables of the evening page as text and as JSON.
enum FieldworkText {
  /// The table with its title, columns aligned, numbers to the right.
  static func render(_ table: FieldworkTable, _ language: ReleaseLanguage) -> String {
    let headings = table.columns.map { $0.title[language] }
    let lines = table.rows.map { row in row.map { text($0, language) } }
    let widths = headings.indices.map { column in
      ([headings[column]] + lines.map { $0[column] }).map(\.count).max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        text += (column == 0 ? "" : "  ") + (column == 0 ? cell + blanks : blanks + cell)
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }
    return table.title[language] + "\n" + line(headings) + lines.map(line).joined()
  }

  /// The lines as objects, shares as numbers from 0 to 1.
  static func json(_ table: FieldworkTable) -> JSONValue {
    .list(
      table.rows.map { row in
        .object(
          Dictionary(
            zip(table.columns, row).map { ($0.name, value($1)) },
            uniquingKeysWith: { one, _ in one }
          ))
      })
  }

  /// The table for a page in both languages.
  static func plain(_ table: FieldworkTable) -> PlainTable {
    PlainTable(
      title: table.title, headings: table.columns.map(\.title),
      lines: table.rows.map { row in
        row.map { LocalizedText(en: text($0, .en), vi: text($0, .vi)) }
      })
  }

  private static func value(_ cell: FieldworkTable.Cell) -> JSONValue {
    switch cell {
    case .text(let text): .text(text)
    case .count(let count): .integer(count)
    case .number(let number, _), .share(let number): number.map { .number($0) } ?? .null
    }
  }

  private static func text(
    _ cell: FieldworkTable.Cell, _ language: ReleaseLanguage
  ) -> String {
    switch cell {
    case .text(let text): text
    case .count(let count): String(count)
    case .number(let number, let digits):
      number.map { FixedNumber.text($0, decimals: digits, language: language) } ?? ""
    case .share(let share):
      share.map { FixedNumber.text($0 * 100, decimals: 1, language: language) + " %" } ?? ""
    }
  }
}
