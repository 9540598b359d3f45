import CanvassScoring
import CanvassSurvey

/// The table of units for the terminal: rank and possible ranks, name, score, interval, group and n.
public enum ConsoleTable {
  /// Whole units at `node` in the order of reading, those without a score last, aligned for a terminal `width` wide.
  ///
  /// Widths count grapheme clusters, so that Vietnamese letters of any composition take one column.
  /// Groups stand in words; colour only repeats them. Where width is short the possible ranks go first,
  /// then the interval.
  public static func render(
    _ rows: ReleasedRows, node: String, language: ReleaseLanguage = .en, width: Int = 80,
    color: Bool = false
  ) -> String {
    let units = rows.inReadingOrder(node: node)
    let hasInterval = units.contains { $0.interval != nil }
    let hasGroup = units.contains { $0.group != nil }
    let english = language == .en
    var columns: [Field] = []
    if units.contains(where: { $0.rank != nil }) {
      columns.append(
        Field(title: english ? "rank" : "hạng", right: true) { $0.rank.map { String($0) } ?? "" })
    }
    if let ranks = rows.ranks, units.contains(where: { $0.rankInterval != nil }) {
      let percent = FixedNumber.text(ranks.rules.confidence * 100, decimals: 0) + "%"
      columns.append(
        Field(
          title: english ? percent + " ranks" : "hạng " + percent, right: true, optional: true
        ) { row in
          row.rankInterval.map { "\($0.lowerBound)–\($0.upperBound)" } ?? ""
        })
    }
    columns += [
      Field(title: english ? "unit" : "đơn vị") { $0.unitName[language] },
      Field(title: english ? "score" : "điểm", right: true) { row in
        row.score.map { FixedNumber.text($0, decimals: 2, language: language) } ?? ""
      },
    ]
    if hasInterval {
      let level = units.compactMap { $0.interval == nil ? nil : $0.confidence }.first ?? 0.95
      let percent = FixedNumber.text(level * 100, decimals: 0) + "%"
      columns.append(
        Field(title: english ? percent + " interval" : "khoảng " + percent, optional: true) { row in
          row.interval.map { bounds in
            FixedNumber.text(bounds.lowerBound, decimals: 2, language: language) + " – "
              + FixedNumber.text(bounds.upperBound, decimals: 2, language: language)
          } ?? ""
        })
    }
    if hasGroup {
      columns.append(
        Field(title: english ? "group" : "nhóm") { row in
          row.group.map { Phrase.group($0)[language] } ?? ""
        })
    }
    columns.append(Field(title: "n", right: true) { $0.respondents.map { String($0) } ?? "" })
    if units.contains(where: { $0.status != .ok }) {
      columns.append(
        Field(title: english ? "note" : "ghi chú") { Phrase.status($0.status)[language] })
    }
    func aligned() -> AlignedTable {
      AlignedTable(
        columns.map { AlignedTable.Column($0.title, right: $0.right) },
        rows: units.map { row in columns.map { $0.text(row) } })
    }
    var table = aligned()
    while table.width > width, let place = columns.firstIndex(where: { $0.optional }) {
      columns.remove(at: place)
      table = aligned()
    }
    var lines = [table.head]
    let order = rows.groupsByScore(node: node)
    for row in units {
      var line = table.line(columns.map { $0.text(row) })
      // Blue, cyan, yellow, magenta: told apart by eyes that confuse red and green.
      if color, let group = row.group, let place = order.firstIndex(of: group) {
        line = "\u{1B}[\([34, 36, 33, 35][place % 4])m\(line)\u{1B}[0m"
      }
      lines.append(line)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private struct Field {
    let title: String
    var right = false
    var optional = false
    let text: (ScoreRow) -> String
  }
}
