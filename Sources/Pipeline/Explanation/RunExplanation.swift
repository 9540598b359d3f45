import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// `canvass explain RUN UNIT [NODE]`: from a score down to its parts, and what it would take to go up.
///
/// Everything comes from the files of `release/`: what was not published is not explained.
public struct RunExplanation: Sendable {
  /// A node of the explanation; its parts follow it.
  struct Line: Sendable {
    let node: String
    let title: String
    /// How far below the explained node it stands.
    let depth: Int
    /// Its weight in the node above; nil for the explained node.
    let weight: Double?
    /// Its line of `scores.csv`.
    let score: [String: String]
    /// Its line of `indicators.csv`, for a leaf.
    let indicator: [String: String]?
    /// What a leaf counts, or how parts become the node.
    let rule: String
  }

  let unit: (code: String, name: String)
  let lines: [Line]
  /// The next group up; nil in the highest, and where the node has no groups.
  let next: NextGroupStep?
  /// The nodes at and below the explained one that have an end of their scale from this unit, and which.
  let cautions: [(node: String, caution: String)]
  /// Decimals of scores, by what they run over.
  let decimals: Int

  /// Explains the score of `unit`, a code or a name in any spelling, at `node`, or at the first index.
  ///
  /// - Throws: `missingInput` where `folder` is no run, `usage` for a unit or node that it does not have.
  public init(_ folder: String, unit text: String, node name: String?) throws {
    let run = try ReleasedRun(folder)
    let code = try run.unit(text)
    let node = name ?? run.nodes.first ?? ""
    guard run.nodes.contains(node) else {
      throw Diagnostic(
        .usage, "the run has no node '\(node)'",
        remedy: Suggestion.phrase(for: node, among: run.nodes))
    }
    unit = (code, run.units.first { $0.code == code }?.name ?? code)
    var lines: [Line] = []
    func descend(_ node: String, depth: Int, weight: Double?) {
      lines.append(Self.line(run, code, node, depth: depth, weight: weight))
      let parts = Set(run.definitions.nodes[node]?.parts ?? [])
      for part in run.nodes where parts.contains(part) {
        descend(part, depth: depth + 1, weight: run.weights[node]?[part])
      }
    }
    descend(node, depth: 0, weight: nil)
    self.lines = lines
    next = NextGroupStep(run, code, node)
    var seen = Set<String>()
    cautions = lines.compactMap { line in
      guard seen.insert(line.node).inserted, let definition = run.definitions.nodes[line.node]
      else {
        return nil
      }
      let scale = ScaleOfUnits(definition, score: run.number(code, line.node), unit: code)
      guard case .setsEnd = scale else { return nil }
      return scale.caution.map { (line.node, $0) }
    }
    let reach = NodeReach(run.definitions.nodes)
    decimals =
      lines.compactMap { line in reach[line.node] ?? run.spread(of: line.node) }
      .map(Self.decimals(over:)).max() ?? 2
  }

  private static func line(
    _ run: ReleasedRun, _ unit: String, _ node: String, depth: Int, weight: Double?
  ) -> Line {
    let labels = run.labels[node] ?? [:]
    return Line(
      node: node, title: labels["title_en"] ?? node, depth: depth, weight: weight,
      score: run.scores[unit]?[node] ?? [:], indicator: run.indicators[unit]?[node],
      rule: run.definitions.nodes[node]?.words(labels: labels) ?? "")
  }

  /// Decimals for numbers that run over `range`, from 2 to 4: 2 for a scale of 1 to 10, 3 for one of 0 to 1.
  private static func decimals(over range: ClosedRange<Double>) -> Int {
    let step = (range.upperBound - range.lowerBound) / 500
    return step <= 0 || step >= 0.01 ? 2 : step >= 0.001 ? 3 : 4
  }
}
