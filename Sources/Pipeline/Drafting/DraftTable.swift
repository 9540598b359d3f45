import CanvassIngestion

/// A table of the drop that is drafted for, and what tool wrote it.
struct DraftTable: Sendable {
  /// A tool of field work that leaves its marks in a table.
  enum Tool: Sendable { case surveySolutions, openDataKit }

  let name: String
  let table: DropSummary.MemberSummary

  /// Whether the table has a column of that name.
  func has(_ name: String) -> Bool { table.columns.contains { $0.name == name } }

  var isStata: Bool { table.format == "Stata" }

  /// The tool, by the columns that it always writes.
  var tool: Tool? {
    if has("interview__id") { return .surveySolutions }
    return has("KEY") || has("_uuid") || has("meta/instanceID") ? .openDataKit : nil
  }

  /// Survey Solutions' own records, which are never respondents.
  var isParadata: Bool { FieldToolFiles.isParadata(name) }

  /// SurveyCTO's record of corrections.
  var isCorrectionLog: Bool { name.lowercased().hasSuffix("_correction_log.csv") }

  /// The column that identifies a respondent in every export of the tool.
  var key: String? {
    switch tool {
    case .surveySolutions: "interview__id"
    case .openDataKit: ["KEY", "_uuid", "meta/instanceID"].first(where: has)
    case nil: nil
    }
  }

  /// The column of a repeated group that names the respondent, or nil where rows are respondents.
  var parentKey: String? {
    if let key = ["PARENT_KEY", "_submission__uuid"].first(where: has) { return key }
    let isRoster = table.columns.contains {
      $0.name.hasSuffix("__id") && $0.name != "interview__id" && $0.name != "assignment__id"
    }
    return has("interview__id") && isRoster ? "interview__id" : nil
  }
}

extension [DraftTable] {
  /// The table of respondents: the largest that is no repeated group and no record of a tool.
  var respondents: DraftTable? {
    filter { !$0.isParadata && !$0.isCorrectionLog && $0.parentKey == nil }
      .max {
        $0.table.rowCount * $0.table.columns.count < $1.table.rowCount * $1.table.columns.count
      }
  }
}
