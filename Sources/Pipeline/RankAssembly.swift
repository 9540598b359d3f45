import CanvassCompute
import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// Compares the published units of every node that is made of others, and of every root.
struct RankAssembly: Sendable {
  /// The scores of whole units.
  let scores: Scores
  let units: [Place]
  /// The estimator, or nil behind the door of published tables, whose units count as independent.
  let estimator: Estimator?
  let rules: RankRules
  let grouping: Grouping

  /// The rows with rank intervals; nodes in parallel, in the order of the tree.
  ///
  /// A node whose units have no standard error has none, and a release without any stays as it was.
  func ranked(_ released: ReleasedRows, workers: Workers) throws -> ReleasedRows {
    let tree = scores.tree
    let position = Dictionary(
      units.enumerated().map { ($1.code, $0) }, uniquingKeysWith: { first, _ in first })
    let fields = tree.nodes.indices.filter { tree.nodes[$0].leaf == nil || tree.isRoot($0) }
      .map { (node: $0, field: released.rankField(node: tree.nodes[$0].id)) }
      .filter { !$0.field.units.isEmpty }
    guard !fields.isEmpty else { return released }
    let assessments = try workers.map(fields.count) { index in
      let (node, field) = fields[index]
      let influences = field.units.map { code in
        position[code].flatMap { scores.estimate(node, $0)?.influence } ?? .none
      }
      let direct =
        try estimator?.covariances(of: influences)
        ?? CovarianceMatrix(variances: field.standardErrors.map { $0 * $0 })
      return RankAssessment(field, direct: direct, rules: rules, grouping: grouping)
    }
    return released.ranked(assessments, rules: rules)
  }
}
