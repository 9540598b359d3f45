/// The version of Canvass.
public enum Version {
  /// The number, as in CHANGELOG.md.
  public static let number = "0.1.0"
}
