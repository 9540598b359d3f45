import CanvassCompute
import CanvassSurvey

/// Weights of a node's parts that the published units determine.
///
/// They count as fixed in the standard errors.
enum FittedWeights {
  /// The first component's loadings of the `columns` (one a part), scaled to a sum of 1.
  ///
  /// - Throws: `badData` where a part does not vary or the loadings have different signs.
  static func principalComponent(
    _ columns: [[Double]], node: String, parts: [String]
  ) throws(Diagnostic) -> [Double] {
    try checkUnits(columns, node: node, needed: 3)
    guard let first = PrincipalComponents(columns)?.loadings.first else {
      throw error(node, "a part of '\(node)' does not vary over the published units")
    }
    if let negative = first.firstIndex(where: { $0 < 0 }) {
      throw error(
        node,
        "the first principal component of '\(node)' loads on '\(parts[negative])' with the "
          + "opposite sign", why: "its weight would be negative",
        remedy: "look at its direction, or take it out of '\(node)'")
    }
    let total = first.reduce(0, +)
    return first.map { $0 / total }
  }

  /// The coefficients b of `outcome` = a + Σ b x + e by least squares, columns x one a part.
  ///
  /// - Throws: `badData` where the parts depend on each other or on too few units; under a rule that
  ///   divides by their sum, where a coefficient is negative.
  static func regression(
    of outcome: [Double], on columns: [[Double]], node: String, parts: [String],
    mustBePositive: Bool
  ) throws(Diagnostic) -> [Double] {
    try checkUnits(columns, node: node, needed: columns.count + 2)
    let n = Double(outcome.count)
    func centred(_ values: [Double]) -> [Double] {
      let mean = values.reduce(0, +) / n
      return values.map { $0 - mean }
    }
    let x = columns.map(centred)
    let y = centred(outcome)
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 }
    }
    let system = SymmetricSystem(
      x.flatMap { row in x.map { product(row, $0) } }, order: x.count)
    guard system.rank == x.count else {
      throw error(
        node, "the parts of '\(node)' depend on each other over the published units",
        why: "the regression on '\(node)' has no single solution")
    }
    let coefficients = system.solve(x.map { product($0, y) })
    if mustBePositive, let negative = coefficients.firstIndex(where: { $0 < 0 }) {
      throw error(
        node, "the regression gives '\(parts[negative])' a negative weight in '\(node)'",
        remedy: "use 'combine: sum', or take it out of '\(node)'")
    }
    return coefficients
  }

  private static func checkUnits(
    _ columns: [[Double]], node: String, needed: Int
  ) throws(Diagnostic) {
    let count = columns.first?.count ?? 0
    guard count < needed else { return }
    throw error(
      node, "the weights of '\(node)' cannot be fitted on \(count) units",
      why: "at least \(needed) published units need a value of every part",
      remedy: "give the weights in the structure")
  }

  private static func error(
    _ node: String, _ what: String, why: String? = nil, remedy: String? = nil
  ) -> Diagnostic {
    Diagnostic(.badData, what, at: "node \(node)", why: why, remedy: remedy)
  }
}
