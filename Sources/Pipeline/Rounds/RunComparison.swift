public import CanvassCompute
public import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import Glibc

/// `canvass compare OLD NEW`: what has changed between two runs.
public struct RunComparison: Sendable {
  /// A property of a node that is not the same in both runs.
  public struct DefinitionChange: Sendable, Hashable {
    /// The node.
    public let node: String
    /// The property, or empty for a node that the former run does not have.
    public let property: String
    /// The value then; empty for none.
    public let before: String
    /// The value now; empty for none.
    public let after: String
  }

  /// What is defined otherwise, node by node.
  public let definitions: [DefinitionChange]
  /// Every score of whole units, and of the country, that was published now.
  public let rows: [ChangeRow]
  /// What a reader must know, in English.
  public let notes: [String]
  /// The first index: the table of a terminal shows it.
  public let headline: String
  /// Whether both were scored again on the leaves that they share.
  public let isCommon: Bool

  /// Compares the run at `new` with the one at `old`, or with a table of published scores there, as they were
  /// published.
  ///
  /// Units of a table are found by the codes and names of the run.
  ///
  /// - Throws: `missingInput` where a folder is no run, `badPipeline` where the units are others, `badData`
  ///   for a table that nothing can be compared with.
  public static func compare(
    _ old: String, _ new: String, confidence: Double
  ) throws -> RunComparison {
    let current = try FormerRound.read(run: new, name: name(new), withContributions: true)
    let former =
      InputFile.isFile(old)
      ? try FormerRound.read(table: old, name: name(old), unitsOf: current)
      : try FormerRound.read(run: old, name: name(old), withContributions: true)
    return RunComparison(
      try RoundComparison(of: current, with: former, confidence: confidence), current,
      isCommon: false, isOneRelease: try isOneRelease(old, new))
  }

  /// Whether two folders of runs hold the same release, byte for byte by their manifests.
  private static func isOneRelease(_ old: String, _ new: String) throws -> Bool {
    let manifests = [old, new].map { $0 + "/release/" + Manifest.name }
    guard manifests.allSatisfy(InputFile.isFile) else { return false }
    return try CheckedFile.bytes(of: manifests[0]) == CheckedFile.bytes(of: manifests[1])
  }

  /// Scores both runs again on the leaves that are comparable, put together as the newer one does it, and
  /// compares those.
  ///
  /// - Throws: besides, `badData` where an input was changed, and `badPipeline` where no leaf is shared.
  public static func compareCommon(
    _ old: String, _ new: String, from folder: String?, confidence: Double, workers: Workers,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> RunComparison {
    defer { progress(.done) }
    if InputFile.isFile(old) {
      throw Diagnostic(
        .usage, "a table of published scores cannot be scored again", at: old,
        remedy: "leave out --common, or name the folder of a run")
    }
    guard let start = getcwd(nil, 0) else {
      throw Diagnostic(.inputOutput, "the working folder cannot be found")
    }
    defer {
      _ = chdir(start)
      free(start)
    }
    var plans: [PipelinePlan] = []
    var folders: [String] = []
    for run in [old, new] {
      _ = chdir(start)
      let plan = try RunRecord(run: run).plan(from: folder)
      plans.append(plan)
      folders.append(getcwd(nil, 0).map { String(cString: $0) } ?? ".")
    }
    _ = chdir(start)
    let shared = try SharedLeaves(
      former: plans[0], current: plans[1],
      definitions: [old, new].map {
        try DefinitionsReader.read($0 + "/release/" + DefinitionsFile.name)
      })
    var rounds: [Round] = []
    for (index, plan) in [shared.former, shared.current].enumerated() {
      _ = chdir(folders[index])
      var round = try Computation.compute(plan, workers: workers, progress: progress).round
      round.name = name([old, new][index])
      rounds.append(round)
    }
    return RunComparison(
      try RoundComparison(of: rounds[1], with: rounds[0], confidence: confidence), rounds[1],
      isCommon: true, isOneRelease: try isOneRelease(old, new))
  }

  private init(
    _ comparison: RoundComparison, _ current: Round, isCommon: Bool, isOneRelease: Bool
  ) {
    rows = comparison.rows
    let same = "Both are one and the same release: every change is 0 and has no sampling error."
    notes = (isOneRelease ? [same] : []) + comparison.notes.map(\.en)
    self.isCommon = isCommon
    let order = current.scores.reduce(into: [String]()) { nodes, score in
      if nodes.last != score.node, !nodes.contains(score.node) { nodes.append(score.node) }
    }
    headline = order.first ?? ""
    definitions = order.flatMap { node -> [DefinitionChange] in
      guard let found = comparison.comparability.nodes[node] else { return [] }
      if found.differences.isEmpty, let obstacle = found.obstacle {
        return [
          DefinitionChange(node: node, property: "", before: "", after: obstacle.en)
        ]
      }
      return found.differences.map { difference in
        DefinitionChange(
          node: node, property: difference.property, before: difference.before ?? "",
          after: difference.after ?? "")
      }
    }
  }

  /// The pipeline's name and the run's: `papi-2024/0012-ab12cd34ef56`, `latest` followed to its run.
  private static func name(_ folder: String) -> String {
    let real = realpath(folder, nil)
    defer { free(real) }
    let path = real.map { String(cString: $0) } ?? folder
    return path.split(separator: "/").suffix(2).joined(separator: "/")
  }
}
