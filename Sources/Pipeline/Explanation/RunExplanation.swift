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

  /// What it would take to stand in the next group up.
  struct Step: Sendable {
    let group: String
    /// The score to reach.
    let score: Double
    let gap: Double
    /// Whether the interval of the score reaches it already.
    let isWithinInterval: Bool
    /// For each part alone, the others staying as they are: its score, and the score it would need.
    let parts: [(node: String, title: String, from: Double, to: Double)]
    /// Why there are no parts, or empty.
    let partsNote: String
  }

  let unit: (code: String, name: String)
  let lines: [Line]
  /// The next group up; nil in the highest, and where the node has no groups.
  let next: Step?

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
    next = Self.step(run, code, node)
  }

  private static func line(
    _ run: ReleasedRun, _ unit: String, _ node: String, depth: Int, weight: Double?
  ) -> Line {
    let properties = run.definitions.nodes[node]?.properties ?? [:]
    let labels = run.labels[node] ?? [:]
    var words: [String] = []
    if let statistic = properties["statistic"] {
      words.append(statistic + (properties["good"].map { " of \($0)" } ?? ""))
      words.append("of \(labels["variable"] ?? "")")
      if let low = properties["low"], let high = properties["high"] {
        words.append(
          "from \(low) to \(high)" + (properties["direction"] == "down" ? ", low is good" : ""))
      }
    } else {
      words.append(properties["combine"] ?? "")
      if properties["average_first"] == "respondents" { words.append("of each respondent first") }
    }
    return Line(
      node: node, title: labels["title_en"] ?? node, depth: depth, weight: weight,
      score: run.scores[unit]?[node] ?? [:], indicator: run.indicators[unit]?[node],
      rule: words.joined(separator: " "))
  }

  private static func step(_ run: ReleasedRun, _ unit: String, _ node: String) -> Step? {
    let own = run.units.map(\.code).filter { !$0.hasPrefix(NationalNumber.prefix) }
    guard let position = own.firstIndex(of: unit) else { return nil }
    func number(_ unit: String, _ node: String, _ column: String = "score") -> Double? {
      run.scores[unit]?[node]?[column].flatMap(StrictNumber.parse)
    }
    let scores = own.map { number($0, node) }
    let names = run.grouping.names
    guard let score = scores[position], let group = run.scores[unit]?[node]?["group"],
      let place = names.firstIndex(of: group), place + 1 < names.count,
      let needed = run.grouping.scoreForNextGroup(of: position, among: scores)
    else { return nil }
    let gap = needed - score
    let slopes = slopes(run, unit, node)
    var parts: [(node: String, title: String, from: Double, to: Double)] = []
    for (part, slope) in slopes.values where slope > 0 {
      guard let from = number(unit, part) else { continue }
      parts.append((part, run.labels[part]?["title_en"] ?? part, from, from + gap / slope))
    }
    return Step(
      group: names[place + 1], score: needed, gap: gap,
      isWithinInterval: (number(unit, node, "ci_high") ?? -.infinity) >= needed, parts: parts,
      partsNote: slopes.note)
  }

  /// By how much the node rises with each of its parts, where it is a sum or mean of their scores.
  private static func slopes(
    _ run: ReleasedRun, _ unit: String, _ node: String
  ) -> (values: [(part: String, slope: Double)], note: String) {
    guard let definition = run.definitions.nodes[node] else { return ([], "") }
    let properties = definition.properties
    let combine = properties["combine"] ?? ""
    guard ["sum", "mean", "weighted"].contains(combine), properties["normalize"] == nil,
      properties[NodeDefinition.yardstick] == nil
    else { return ([], "it is no plain sum or mean of its parts") }
    guard properties["average_first"] != AverageFirst.respondents.rawValue else {
      return ([], "each respondent is averaged first, so that its parts do not add up to it")
    }
    let multiplier = properties["multiplier"].flatMap(StrictNumber.parse) ?? 1
    var present: [(part: String, weight: Double)] = []
    var divisor = 0.0
    let known = Set(definition.parts)
    for part in run.nodes where known.contains(part) {
      let weight = run.weights[node]?[part] ?? 1
      let isThere = run.scores[unit]?[part]?["score"] != nil
      if isThere { present.append((part, weight)) }
      if isThere || properties["missing"] == MissingPart.keep.rawValue { divisor += weight }
    }
    if combine == "sum" { divisor = 1 }
    divisor = properties["divisor"].flatMap(StrictNumber.parse) ?? divisor
    guard divisor != 0 else { return ([], "") }
    return (present.map { ($0.part, $0.weight * multiplier / divisor) }, "")
  }
}
