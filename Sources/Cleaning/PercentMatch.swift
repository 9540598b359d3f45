package import CanvassSurvey

/// How much alike two interviews are: of the questions that at least one of them answered, the share that
/// both answered alike (Kuriakose & Robbins 2016, "Don't get duped: fraud through duplication in public
/// opinion surveys", Statistical Journal of the IAOS 32, without missing answers on both sides).
package struct PercentMatch {
  private let levels: [[Int32]]

  /// The answers to compare: the level of each cell, −1 where there is none.
  package init(_ columns: [Column]) {
    levels = columns.map { column in
      let (levelOfRow, levels) = column.grouped()
      return levelOfRow.map { Int($0) == levels.count ? -1 : $0 }
    }
  }

  /// The share of two rows; nil where neither answered anything.
  package func share(_ first: Int, _ second: Int) -> Double? {
    var asked = 0
    var alike = 0
    for level in levels {
      let (one, other) = (level[first], level[second])
      if one < 0 && other < 0 { continue }
      asked += 1
      if one == other { alike += 1 }
    }
    return asked == 0 ? nil : Double(alike) / Double(asked)
  }

  /// For each of `rows` its greatest share with another of them, and that other; nil where there is none.
  ///
  /// Of equal shares the row that comes first counts. Time is quadratic in the number of rows.
  package func greatest(among rows: [Int]) -> [(share: Double, other: Int)?] {
    var best = [(share: Double, other: Int)?](repeating: nil, count: rows.count)
    for (place, row) in rows.enumerated() {
      for (otherPlace, other) in rows.enumerated().dropFirst(place + 1) {
        guard let share = share(row, other) else { continue }
        if best[place].map({ $0.share < share }) ?? true { best[place] = (share, other) }
        if best[otherPlace].map({ $0.share < share }) ?? true { best[otherPlace] = (share, row) }
      }
    }
    return best
  }
}
