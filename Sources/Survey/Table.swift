/// Where rows came from, for located errors: never part of a result.
public struct RowOrigins: Sendable, Codable {
  /// `archive:member` of each source, in the order of reading.
  public var sources: [String]
  /// Index into `sources`, one a row.
  public var sourceOfRow: [UInt16]
  /// Line in the member where the row begins, counted from 1.
  public var lineOfRow: [UInt32]

  /// Origins of a table's rows.
  public init(sources: [String], sourceOfRow: [UInt16], lineOfRow: [UInt32]) {
    self.sources = sources
    self.sourceOfRow = sourceOfRow
    self.lineOfRow = lineOfRow
  }
}

/// Respondents or any other records: named columns of one length, in flat typed buffers.
///
/// This is the one interface to rows in memory; how a column is stored is settled in `Column`
/// (see `docs/decisions/0002-columns.md`).
public struct Table: Sendable, Codable {
  /// The columns in their order.
  public private(set) var columns: [Column]
  /// Number of rows.
  public private(set) var rowCount: Int
  /// Where the rows were read, or nil for a table made in memory.
  public private(set) var origins: RowOrigins?
  private var indexOfName: [String: Int]

  /// A table of columns of equal length with distinct names.
  public init(columns: [Column], origins: RowOrigins? = nil) {
    self.columns = columns
    self.origins = origins
    rowCount = columns.first?.count ?? 0
    indexOfName = [:]
    for (index, column) in columns.enumerated() {
      precondition(column.count == rowCount, "columns of a table have one length")
      precondition(
        indexOfName.updateValue(index, forKey: column.name) == nil, "column names are distinct")
    }
  }

  /// The names in column order.
  public var names: [String] { columns.map(\.name) }

  /// Whether the table has a variable `name`.
  public func contains(_ name: String) -> Bool { indexOfName[name] != nil }

  /// The column `name`; a name that does not exist is an error that suggests near ones.
  public func column(_ name: String) throws(Diagnostic) -> Column {
    guard let index = indexOfName[name] else {
      throw Diagnostic(
        .badPipeline, "there is no variable '\(name)' in the data",
        remedy: Suggestion.phrase(for: name, among: names)
          ?? "run 'canvass inspect' on the drop to see its columns")
    }
    return columns[index]
  }

  /// The column `name`, or nil.
  public subscript(_ name: String) -> Column? {
    indexOfName[name].map { columns[$0] }
  }

  /// Adds `column`, or replaces the one of the same name.
  public mutating func set(_ column: Column) {
    precondition(columns.isEmpty || column.count == rowCount, "columns of a table have one length")
    if let index = indexOfName[column.name] {
      columns[index] = column
    } else {
      indexOfName[column.name] = columns.count
      columns.append(column)
      rowCount = column.count
    }
  }

  /// The table restricted to `rows`, in their order.
  public func gathering(_ rows: [Int]) -> Table {
    var picked: RowOrigins?
    if let origins {
      picked = RowOrigins(
        sources: origins.sources, sourceOfRow: rows.map { origins.sourceOfRow[$0] },
        lineOfRow: rows.map { origins.lineOfRow[$0] })
    }
    return Table(columns: columns.map { $0.gathering(rows) }, origins: picked)
  }

  /// The table restricted to runs of rows, in their order: what is left after a few rows went.
  package func keeping(_ runs: [Range<Int>]) -> Table {
    let kept = origins.map { origins in
      RowOrigins(
        sources: origins.sources, sourceOfRow: origins.sourceOfRow.keeping(runs),
        lineOfRow: origins.lineOfRow.keeping(runs))
    }
    return Table(columns: columns.map { $0.keeping(runs) }, origins: kept)
  }

  /// `archive:member:line` of a row, or its number where the table was made in memory.
  public func place(of row: Int) -> String {
    guard let origins else { return "row \(row + 1)" }
    return "\(origins.sources[Int(origins.sourceOfRow[row])]):\(origins.lineOfRow[row])"
  }
}
