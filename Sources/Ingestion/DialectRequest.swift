/// How a table of text is written, as far as it is said; the rest is found out.
public struct DialectRequest: Sendable, Hashable {
  /// The delimiter of fields.
  public var delimiter: Character?

  /// A request.
  public init(delimiter: Character? = nil) {
    self.delimiter = delimiter
  }
}
