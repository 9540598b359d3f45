/// A cell or row that a rule found, for people to look at.
///
/// The rule, the key of the row and the variable identify it from one evening to the next.
public struct Finding: Sendable, Hashable, Codable {
  /// What has become of it.
  public enum State: String, Sendable, Hashable, CaseIterable, Codable {
    /// Nobody has answered it.
    case open
    /// Somebody was asked.
    case asked
    /// An answer is there, and the value that it was given for no longer stands.
    case reopened
    /// Somebody found it to be in order.
    case okay
    /// The rule itself dropped, blanked or set what it found.
    case settled

    /// Whether somebody must still look at it.
    public var isOpen: Bool { self == .open || self == .asked || self == .reopened }
  }

  /// The rule's name.
  public var rule: String
  /// The row of the table that came in.
  public var row: Int
  /// The variable that is at fault; empty where the whole row is.
  public var variable: String
  /// The value as text, or the reason why there is none; the other row's key for two rows that are alike.
  public var value: String
  /// What has become of it.
  public var state: State
}

/// What cleaning did to a cell, or to a whole row.
public struct CellChange: Sendable, Hashable, Codable {
  /// The rule that did it.
  public var rule: String
  /// The row of the table that came in.
  public var row: Int
  /// The variable; empty where the row was struck out.
  public var variable: String
  /// What was there: the value as text or the reason why there was none.
  public var old: String
  /// What is there now; empty where the row was struck out.
  public var new: String
  /// Cells with a value that were lost; negative where one came into being.
  public var cells: Int
}
