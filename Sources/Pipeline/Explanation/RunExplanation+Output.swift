public import CanvassPublishing
import CanvassSurvey

extension RunExplanation {
  /// The explanation for a terminal.
  public var text: String {
    var output = ["\(unit.name) (\(unit.code))", ""]
    let cells = lines.map(cells)
    let table = AlignedTable(
      [
        AlignedTable.Column("node"), AlignedTable.Column("weight", right: true),
        AlignedTable.Column("score", right: true), AlignedTable.Column("interval", right: true),
        AlignedTable.Column("rank", right: true), AlignedTable.Column("group"),
        AlignedTable.Column("estimate", right: true), AlignedTable.Column("n", right: true),
        AlignedTable.Column("what"),
      ], rows: cells)
    output += [table.head] + cells.map(table.line)
    if let next {
      output += ["", sentence(next)]
      let parts = next.parts.map { part in
        [
          "  \(part.node)", Self.short(part.from), "→ " + Self.short(part.to), part.title,
        ]
      }
      if parts.isEmpty {
        if !next.partsNote.isEmpty {
          output.append("No part alone can be named: \(next.partsNote).")
        }
      } else {
        output.append("One part alone would have to move, the others staying as they are:")
        let table = AlignedTable(
          [
            AlignedTable.Column(""), AlignedTable.Column("", right: true), AlignedTable.Column(""),
            AlignedTable.Column(""),
          ], rows: parts)
        output += parts.map(table.line)
      }
    }
    return output.map { $0 + "\n" }.joined()
  }

  private func sentence(_ step: Step) -> String {
    let needed =
      "The next group up is “\(step.group)”: it begins at \(Self.short(step.score)), "
      + "\(Self.short(step.gap)) more, the other units staying as they are."
    return step.isWithinInterval
      ? needed + " The interval reaches it: sampling error alone may be the difference." : needed
  }

  private func cells(_ line: Line) -> [String] {
    func number(_ cells: [String: String], _ column: String, _ decimals: Int) -> String? {
      cells[column].flatMap(StrictNumber.parse).map { FixedNumber.text($0, decimals: decimals) }
    }
    func interval(_ cells: [String: String], _ decimals: Int) -> String {
      guard let low = number(cells, "ci_low", decimals),
        let high = number(cells, "ci_high", decimals)
      else { return "" }
      return "\(low) – \(high)"
    }
    var rank = line.score["rank"] ?? ""
    if let low = line.score["rank_low"], let high = line.score["rank_high"] {
      rank += " (\(low)–\(high))"
    }
    let estimate = line.indicator.flatMap { number($0, "estimate", 3) } ?? ""
    let counts = line.indicator ?? line.score
    return [
      String(repeating: "  ", count: line.depth) + line.node, line.weight.map(Self.short) ?? "",
      number(line.score, "score", 2) ?? "", interval(line.score, 2), rank,
      line.score["group"] ?? "", estimate, counts["n"] ?? "",
      [line.title == line.node ? "" : line.title, line.rule, line.score["status"] ?? ""]
        .filter { !$0.isEmpty }.joined(separator: "; "),
    ]
  }

  private static func short(_ number: Double) -> String {
    number == number.rounded()
      ? FixedNumber.text(number, decimals: 0) : FixedNumber.text(number, decimals: 2)
  }

  /// The explanation as one JSON object; cells are those of `scores.csv` and `indicators.csv`.
  public var json: JSONValue {
    func object(_ cells: [String: String]) -> JSONValue {
      .object(cells.mapValues { .text($0) })
    }
    var members: [String: JSONValue] = [
      "unit": .text(unit.code), "unit_name": .text(unit.name),
      "nodes": .list(
        lines.map { line in
          [
            "node": .text(line.node), "title": .text(line.title), "depth": .integer(line.depth),
            "weight": line.weight.map { .number($0) } ?? .null, "rule": .text(line.rule),
            "score": object(line.score), "indicator": line.indicator.map(object) ?? .null,
          ]
        }),
    ]
    if let next {
      members["next_group"] = [
        "group": .text(next.group), "score": .number(next.score), "gap": .number(next.gap),
        "within_interval": .boolean(next.isWithinInterval),
        "parts_alone": .list(
          next.parts.map { part in
            ["node": .text(part.node), "from": .number(part.from), "to": .number(part.to)]
          }),
      ]
    }
    return .object(members)
  }
}
