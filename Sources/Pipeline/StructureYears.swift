import CanvassSurvey

/// Lines of a structure that hold in some years alone.
///
/// A line without years describes a node; one with years replaces, in those years, the cells that it fills.
/// A node that has lines with years only exists in those years.
enum StructureYears {
  /// The lines as they are in `year`.
  ///
  /// - Throws: `badPipeline` where years are given and no year is asked for, where
  ///   they cannot be read, or where two lines replace one cell in the same year.
  static func rows(
    _ rows: [StructureRow], year: Located?
  ) throws(Diagnostic) -> [StructureRow] {
    guard let first = rows.first(where: { $0.cells["years"] != nil }) else { return rows }
    guard let year, let number = Int(year.text) else {
      throw first.error(
        "a line holds in some years alone, and the pipeline file does not say which year it is",
        in: "years", remedy: "add 'year:' under 'index'")
    }
    var result: [StructureRow] = []
    var replaced: [String: Set<String>] = [:]
    for var row in rows {
      guard let text = row.cells.removeValue(forKey: "years") else {
        result.append(row)
        continue
      }
      guard try holds(text, in: number, row) else { continue }
      let position = result.firstIndex { base in
        base.cells["node"] == row.cells["node"] && isDescription(base)
          && (row.cells["parent"] == nil || base.cells["parent"] == row.cells["parent"])
      }
      guard let position, let node = row.cells["node"] else {
        result.append(row)
        continue
      }
      for (column, value) in row.cells where column != "node" && column != "parent" {
        if !replaced[node, default: []].insert(column).inserted {
          throw row.error("'\(column)' of '\(node)' is replaced twice in \(number)", in: column)
        }
        result[position].cells[column] = value
        result[position].cellPlaces[column] = row.cellPlaces[column]
      }
    }
    return result
  }

  /// Whether a line says more than that a node is shared with another parent.
  private static func isDescription(_ row: StructureRow) -> Bool {
    row.cells.keys.contains { !["node", "parent", "weight"].contains($0) }
  }

  private static func holds(
    _ text: String, in year: Int, _ row: StructureRow
  ) throws(Diagnostic) -> Bool {
    var isIn = false
    for range in text.split(separator: "|", omittingEmptySubsequences: false) {
      let ends = range.split(separator: "-", omittingEmptySubsequences: false)
        .map { $0.trimming(while: { $0 == " " }) }
      let from = ends.first.flatMap { Int($0) }
      let to = ends.count == 2 && ends[1].isEmpty ? Int.max : ends.last.flatMap { Int($0) }
      guard (1...2).contains(ends.count), let from, let to, from <= to else {
        throw row.error(
          "'years' must be years or ranges of them", in: "years",
          remedy: "such as 2019, 2021-2024 or 2023-, separated by |")
      }
      if (from...to).contains(year) { isIn = true }
    }
    return isIn
  }
}

extension Substring {
  fileprivate func trimming(while isTrimmed: (Character) -> Bool) -> Substring {
    var result = drop(while: isTrimmed)
    while let last = result.last, isTrimmed(last) { result.removeLast() }
    return result
  }
}
