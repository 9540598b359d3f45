public import CanvassSurvey

/// `errata.csv`: every score that the release it replaces had otherwise.
public enum ErrataFile {
  /// The file's bytes: unit, domain, node, the number as it was and as it is, and the reason.
  ///
  /// A number that is new or gone has an empty cell. Lines stand in the order of `scores.csv`, those of
  /// cells that this release no longer has after them, by unit, domain and node.
  public static func bytes(
    _ rows: ReleasedRows, former: FormerCells, reason: LocalizedText, language: ReleaseLanguage
  ) -> [UInt8] {
    var file = CommaSeparated(header: "unit,domain,node,old,new,reason")
    func add(_ cell: ReleaseCell, old: Double?, new: Double?) {
      guard old != new else { return }
      file.add(cell.unit)
      file.add(cell.domain)
      file.add(cell.node)
      file.add(old)
      file.add(new)
      file.add(reason[language])
      file.endLine()
    }
    var seen: Set<ReleaseCell> = []
    for row in rows.scores {
      seen.insert(row.cell)
      add(row.cell, old: former.value(row.cell), new: row.score)
    }
    for cell in former.all where !seen.contains(cell) {
      add(cell, old: former.value(cell), new: nil)
    }
    return file.bytes
  }

  /// How many scores moved.
  public static func count(_ rows: ReleasedRows, former: FormerCells) -> Int {
    var cells = Set(former.all)
    var count = 0
    for row in rows.scores {
      cells.remove(row.cell)
      if former.value(row.cell) != row.score { count += 1 }
    }
    return count + cells.count
  }
}
