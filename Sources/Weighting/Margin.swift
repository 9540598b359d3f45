import CanvassSurvey

/// Known population totals by the levels of one variable (or a cross of several), in a group.
public struct Margin: Sendable {
  /// The variables whose combination of levels is the margin's cell.
  public var variables: [String]
  /// The target of each group and cell: `targets[group]?[levels]`; the empty group is the whole sample.
  ///
  /// `group` and each level are values as `Column.text` gives them. A group without weighted rows is left
  /// alone; a level on one side only, in a group that has rows, is an error, and so are totals of 1 or
  /// less within groups, which are shares.
  public var targets: [String: [[String]: Double]]
  /// Whether the targets are shares of the group's total rather than counts.
  ///
  /// Shares leave the total to the weights that enter and to other margins: Σ w (x − p) = 0. They must sum to
  /// 1 within one part in a thousand and are divided by their sum.
  public var isShare: Bool

  /// A margin.
  public init(
    variables: [String], targets: [String: [[String]: Double]], isShare: Bool = false
  ) {
    self.variables = variables
    self.targets = targets
    self.isShare = isShare
  }
}

extension [Margin] {
  /// Checks that every margin has variables and targets that are numbers and not negative.
  ///
  /// - Throws: `badPipeline`, naming the first bad target.
  func check(step: String, within: String?) throws(Diagnostic) {
    for margin in self {
      guard !margin.variables.isEmpty else {
        throw Diagnostic(
          .badPipeline, "the \(step) has a margin without a variable",
          remedy: "list the variables whose population totals are known under 'over'")
      }
      for (group, cells) in margin.targets.sorted(by: { Column.precedes($0.key, $1.key) }) {
        for (levels, target) in cells.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
        where !(target >= 0 && target.isFinite) {
          let place = group.isEmpty ? "" : " in \(within ?? "group")=\(group)"
          throw Diagnostic(
            .badPipeline,
            "the target of \(Crossing.describe(margin.variables, levels))\(place) "
              + "is negative or not a finite number",
            remedy: "correct the table of population margins")
        }
      }
    }
  }
}
