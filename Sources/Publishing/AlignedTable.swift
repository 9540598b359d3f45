/// Lines of cells under their titles, aligned for a terminal.
///
/// Widths count grapheme clusters, so that Vietnamese letters of any composition take one column.
package struct AlignedTable {
  /// A column's title, and whether its cells stand at the right.
  package struct Column {
    package let title: String
    package let right: Bool

    package init(_ title: String, right: Bool = false) {
      self.title = title
      self.right = right
    }
  }

  private let columns: [Column]
  private let widths: [Int]

  /// A table whose columns are as wide as their longest cell in `rows`.
  package init(_ columns: [Column], rows: [[String]]) {
    self.columns = columns
    widths = columns.indices.map { position in
      max(columns[position].title.count, rows.map { $0[position].count }.max() ?? 0)
    }
  }

  /// The width of a line.
  package var width: Int { widths.reduce(2 * (widths.count - 1), +) }

  /// The line of titles.
  package var head: String { line(columns.map(\.title)) }

  /// A line of cells, without blanks at its end.
  package func line(_ cells: [String]) -> String {
    var text = cells.indices.map { position in
      let blanks = String(repeating: " ", count: max(0, widths[position] - cells[position].count))
      return columns[position].right ? blanks + cells[position] : cells[position] + blanks
    }.joined(separator: "  ")[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
