/// What a run is doing, for a person who waits.
public enum RunProgress: Sendable {
  /// A stage begins.
  case stage(String)
  /// Bytes of the drops read of all, and rows so far.
  case reading(bytes: Int, total: Int, rows: Int)
  /// Something that does not stop the run.
  case note(String)
  /// The run has ended.
  case done
}
