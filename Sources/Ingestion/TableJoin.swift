import CanvassSurvey

extension Table {
  /// The table with the columns of `second` added, whose rows are found by `key`: many rows to one.
  ///
  /// - Throws: `badData` where the second table has a key twice or lacks one, or a column is in both.
  func joined(to second: Table, by key: String, place: String) throws(Diagnostic) -> Table {
    guard let mine = self[key] else {
      throw Diagnostic(
        .badData, "the respondents have no column '\(key)' to join by",
        at: origins?.sources.first, remedy: Suggestion.phrase(for: key, among: names))
    }
    guard let theirs = second[key] else {
      throw Diagnostic(
        .badData, "the second table has no column '\(key)' to join by", at: place,
        remedy: Suggestion.phrase(for: key, among: second.names))
    }
    var rowOf: [String: Int] = [:]
    for row in 0..<second.rowCount {
      guard let text = theirs.text(at: row) else {
        throw Diagnostic(.badData, "a row has no '\(key)'", at: second.place(of: row))
      }
      if rowOf.updateValue(row, forKey: text) != nil {
        throw Diagnostic(
          .badData, "two rows share one '\(key)'", at: second.place(of: row),
          why: "a join may not change the number of respondents",
          remedy: "keep one row for each '\(key)'")
      }
    }
    for name in second.names where name != key && contains(name) {
      throw Diagnostic(
        .badData, "the column '\(name)' is in both tables", at: place,
        remedy: "rename or remove one of them")
    }
    let (levelOfRow, levels) = mine.grouped()
    let rowOfLevel = levels.map { rowOf[$0] ?? -1 }
    var rows: [Int] = []
    rows.reserveCapacity(rowCount)
    var unmatched = 0
    var first = 0
    for row in 0..<rowCount {
      let level = Int(levelOfRow[row])
      let found = level < levels.count ? rowOfLevel[level] : -1
      if found < 0 {
        if unmatched == 0 { first = row }
        unmatched += 1
      }
      rows.append(found)
    }
    if unmatched > 0 {
      throw Diagnostic(
        .badData, "\(unmatched) respondents find no row of the second table by '\(key)'",
        at: self.place(of: first), why: "the second table is \(place)",
        remedy: "complete the second table: a join may not lose respondents")
    }
    var table = self
    for column in second.columns where column.name != key { table.set(column.gathering(rows)) }
    return table
  }
}
