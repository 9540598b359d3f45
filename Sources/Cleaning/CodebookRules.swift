/// What happens to cells that the codebook does not allow.
public struct CodebookRules: Sendable, Hashable {
  /// What happens to such a cell.
  public enum Consequence: String, Sendable, Hashable, CaseIterable {
    /// It is counted and listed, nothing changes.
    case flag
    /// It loses its value.
    case blank
    /// The run stops (exit code 10).
    case stop
  }

  /// Answers to a question that the codebook says was not asked; blanked, the cell is `skipped`.
  public var askedIf = Consequence.flag
  /// Values outside of the range.
  public var range = Consequence.flag
  /// Codes without a label, of variables of the type `code`.
  public var labels = Consequence.flag
  /// Whether texts in variables of numbers become `struck_out`; without it they make the variable text.
  public var blanksTexts = false

  /// Rules that only list what they find.
  public init() {}
}
