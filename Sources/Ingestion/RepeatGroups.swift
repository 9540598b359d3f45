import CanvassSurvey

/// A group of questions that an interview asks several times, in a table of its own: children, visits.
public struct RepeatRequest: Sendable {
  /// The members that hold its rows.
  public var source: MemberRequest
  /// Its variable that holds the respondent's key.
  public var key: String
  /// The respondents' variable that it refers to; nil is the key of the respondents.
  public var parentKey: String?

  /// A request to read a repeated group.
  public init(source: MemberRequest, key: String, parentKey: String? = nil) {
    self.source = source
    self.key = key
    self.parentKey = parentKey
  }
}

/// Keeps the rows of a repeated group with their respondents.
struct RepeatGroups {
  let request: RepeatRequest
  let parentKey: String

  init(_ request: RepeatRequest, key: String?) throws(Diagnostic) {
    guard let parentKey = request.parentKey ?? key else {
      throw Diagnostic(
        .badPipeline, "a repeated group needs the key of the respondents", at: "reading",
        remedy: "add 'key:' under 'respondents'")
    }
    self.request = request
    self.parentKey = parentKey
  }

  /// The rows of the group in every drop, without those of respondents that a later drop replaced.
  ///
  /// `respondents` are those of each drop, and `kept` the rows of all of them together that stay.
  ///
  /// - Throws: `badData` for a row without respondent in its drop, and for drops with other columns.
  func rows(
    _ groups: [Table], of respondents: [Table], kept: [Int]?
  ) throws(Diagnostic) -> Table {
    var staying: [Set<String>] = []
    var start = 0
    let isKept = kept.map { Set($0) }
    for table in respondents {
      let keys = try table.column(parentKey)
      staying.append(
        Set(
          (0..<table.rowCount).filter { isKept?.contains(start + $0) ?? true }
            .compactMap { keys.text(at: $0) }))
      start += table.rowCount
    }
    var parts: [Table] = []
    for (drop, group) in groups.enumerated() {
      let keys = try group.column(request.key)
      let known = Set(try respondents[drop].column(parentKey).grouped().levels)
      let orphans = (0..<group.rowCount).filter { row in
        keys.text(at: row).map { !known.contains($0) } ?? true
      }
      if let first = orphans.first {
        throw Diagnostic(
          .badData, "\(orphans.count) rows of a repeated group have no respondent",
          at: group.place(of: first),
          why: "no respondent of the drop has their '\(request.key)' as '\(parentKey)'",
          remedy: "correct 'by' and 'key' under 'collapse', or complete the drop")
      }
      if let other = parts.first, Set(other.names) != Set(group.names) {
        throw Diagnostic(
          .badData, "a repeated group has other columns than in the first drop",
          at: group.origins?.sources.first)
      }
      parts.append(
        group.gathering(
          (0..<group.rowCount).filter { row in
            keys.text(at: row).map { staying[drop].contains($0) } ?? false
          }))
    }
    return parts.count == 1 ? parts[0] : Table.concatenating(parts)
  }
}
