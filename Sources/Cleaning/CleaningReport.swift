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
        case .filter, .drop, .identical, .superseded: true
        case .missingCode, .blank, .stop, .flag: false
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
    /// Cells with a value that were lost by the rule.
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

  /// Throws where rows or cells do not add up, which would be a fault of this program.
  func verify() throws(Diagnostic) {
    let removed = lines.reduce(0) { $0 + ($1.kind.removesRows ? $1.rows : 0) }
    let lost = lines.reduce(0) { $0 + $1.cells }
    let byCode = lines.reduce(0) { $0 + ($1.kind == .missingCode ? $1.cells : 0) }
    guard rowsIn == rowsOut + removed, cellsIn == cellsOut + lost,
      byCode == coded.reduce(0, { $0 + $1.cells })
    else {
      throw Diagnostic(
        .badData, "the account of cleaning does not add up",
        why: "\(rowsIn) rows came in, \(rowsOut) went out, \(removed) were removed; "
          + "\(cellsIn) cells came in, \(cellsOut) went out, \(lost) were lost",
        remedy: "this is a fault of Canvass: report it with the pipeline file")
    }
  }
}
