public import CanvassCompute

/// What the command line says about a run.
public struct RunOptions: Sendable {
  /// Archives to read instead of the file's drops; later ones win by key.
  public var drops: [String]
  /// The folder that holds the runs.
  public var output: String
  /// How many tasks run at once.
  public var workers: Workers
  /// Whether everything is made again, whatever is remembered.
  public var fresh: Bool

  /// Whether scripts that recompute the scores in R and Stata are written, with their data.
  public var checkScripts: Bool

  /// Options of a run.
  public init(
    drops: [String] = [], output: String = "Runs", workers: Workers = Workers(1),
    fresh: Bool = false, checkScripts: Bool = false
  ) {
    self.drops = drops
    self.output = output
    self.workers = workers
    self.fresh = fresh
    self.checkScripts = checkScripts
  }
}
