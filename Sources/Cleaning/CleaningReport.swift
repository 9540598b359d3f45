public import CanvassSurvey

/// What cleaning did: every row and cell that came in went out or is accounted for by one line.
///
/// Rows in = rows out + rows of the lines that remove rows. Cells are those that hold a value, of the
/// variables that came in (not of derived ones): cells in = cells out + cells of all lines. Where rows share
/// a line of missing codes or a check that blanks, the line counts the cells it changed.
public struct CleaningReport: Sendable, Hashable, Codable {
  /// One rule and what it did.
  public struct Line: Sendable, Hashable, Codable {
    /// What a rule does, in the order of the report.
    public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
      /// Rows outside of the subset that was asked for.
      case filter
      /// Codes that became missing for a reason.
      case missingCode = "missing code"
      /// A check that strikes rows out.
      case drop
      /// A check that strikes cells out.
      case blank
      /// A check that puts other values into cells.
      case set
      /// What people decided: cells that were replaced.
      case decision
      /// What people decided: rows that were struck out.
      case decisionToDrop = "decision to drop"
      /// A check that would have stopped the run.
      case stop
      /// A check that only counts.
      case flag
      /// Rows that agree with another of the same key in every column.
      case identical
      /// Rows that a later one of the same key replaced.
      case superseded

      /// Whether the rows of the line leave the table.
      public var removesRows: Bool {
        switch self {
        case .filter, .drop, .identical, .superseded, .decisionToDrop: true
        case .missingCode, .blank, .set, .decision, .stop, .flag: false
        }
      }
    }

    /// The check's id, the reason of missing codes, else the name of the step.
    public var rule: String
    /// What the rule does.
    public var kind: Kind
    /// Rows that a check applied to (`when` holds, row not struck out before); else the rows looked at.
    public var applied: Int
    /// Rows that fell under the rule: failed a check, were removed, had a missing code.
    public var rows: Int
    /// Rows that a check applied to and could not judge, because a value is missing.
    public var unknown: Int
    /// Cells with a value that were lost by the rule; negative where it gave some a value.
    public var cells: Int
  }

  /// Cells of one variable that a missing code emptied.
  public struct CodedCells: Sendable, Hashable, Codable {
    /// The variable.
    public var variable: String
    /// What the code means.
    public var reason: MissingReason
    /// Number of cells.
    public var cells: Int
  }

  /// The cells of one variable after cleaning.
  public struct Completeness: Sendable, Hashable, Codable {
    /// The variable.
    public var variable: String
    /// Whether cleaning made it.
    public var isDerived: Bool
    /// Cells with a value.
    public var answered: Int
    /// Cells without one by reason, in the order of the reasons' raw values; reasons with none included.
    public var missing: [Int]

    /// Cells that are missing for `reason`.
    public func missing(_ reason: MissingReason) -> Int { missing[Int(reason.rawValue) - 1] }
  }

  /// Rows that came in.
  public var rowsIn: Int
  /// Rows that went out.
  public var rowsOut: Int
  /// Cells with a value that came in.
  public var cellsIn: Int
  /// Cells with a value that went out, of the variables that came in.
  public var cellsOut: Int
  /// The rules in the order in which they ran: filter, missing codes by reason, checks, duplicates.
  public var lines: [Line]
  /// What missing codes emptied, by variable in column order and reason.
  public var coded: [CodedCells]
  /// The variables after cleaning in column order.
  public var completeness: [Completeness]
  /// What the rules found, in their order and that of the rows.
  public var findings: [Finding] = []
  /// What the rules changed, in their order and that of the rows.
  public var changes: [CellChange] = []
  /// Cells with a value by row of the table that came in.
  public var rowAccount: RowAccount
  /// Decisions that were carried out on a row.
  public var decisionsApplied = 0
  /// Decisions about a row or value that is not there any more.
  public var decisionsOutdated = 0
  /// The codebook held against the data, where there is one.
  public var codebook: CodebookComparison?

  /// Throws where rows or cells do not add up, which would be a fault of this program.
  func verify() throws(Diagnostic) {
    let removed = lines.reduce(0) { $0 + ($1.kind.removesRows ? $1.rows : 0) }
    let lost = lines.reduce(0) { $0 + $1.cells }
    let byCode = lines.reduce(0) { $0 + ($1.kind == .missingCode ? $1.cells : 0) }
    let astray = rowAccount.rowsAstray(changes)
    guard rowsIn == rowsOut + removed, cellsIn == cellsOut + lost,
      byCode == coded.reduce(0, { $0 + $1.cells }), astray == 0
    else {
      throw Diagnostic(
        .badData, "the account of cleaning does not add up",
        why: "\(rowsIn) rows came in, \(rowsOut) went out, \(removed) were removed; "
          + "\(cellsIn) cells came in, \(cellsOut) went out, \(lost) were lost; "
          + "\(astray) rows do not add up",
        remedy: "this is a fault of Canvass: report it with the pipeline file")
    }
  }

  /// Throws where rules struck out more than a share of the rows, or of the cells, that were asked for.
  ///
  /// Rows outside of the subset that was asked for and missing codes do not count.
  func demandLosses(atMost limit: Double) throws(Diagnostic) {
    var rows = (asked: rowsIn, lost: 0)
    var cells = (asked: cellsIn, lost: 0)
    for line in lines {
      switch line.kind {
      case .filter:
        rows.asked -= line.rows
        cells.asked -= line.cells
      case .missingCode: cells.asked -= line.cells
      case .drop, .identical, .superseded, .decisionToDrop, .blank:
        if line.kind.removesRows { rows.lost += line.rows }
        cells.lost += line.cells
      case .set, .decision, .stop, .flag: break
      }
    }
    for (what, count) in [("rows", rows), ("cells", cells)]
    where Double(count.lost) > limit * Double(count.asked) {
      let losing = lines.filter { line in
        line.kind != .filter && line.kind != .missingCode
          && (what == "rows" ? line.kind.removesRows && line.rows > 0 : line.cells > 0)
      }.sorted { $0.cells > $1.cells }
      throw Diagnostic(
        .checkFailed, "cleaning strikes out \(count.lost) of \(count.asked) \(what)",
        why: "'stop_above' allows a share of \(Column.render(limit)); most is lost by "
          + losing.prefix(3).map { "'\($0.rule)'" }.joined(separator: ", "),
        remedy: "look at these rules and the data before anything is published")
    }
  }
}
