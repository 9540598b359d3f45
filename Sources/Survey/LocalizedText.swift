/// A title in the languages of a report.
public struct LocalizedText: Sendable, Hashable, Codable {
  /// The English text.
  public var en: String
  /// The Vietnamese text.
  public var vi: String

  /// A title in both languages; one that is nil takes the other's text.
  public init(en: String?, vi: String? = nil) {
    self.en = en ?? vi ?? ""
    self.vi = vi ?? en ?? ""
  }
}
