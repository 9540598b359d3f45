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
    if let next { output += [""] + paragraph(next) }
    if !cautions.isEmpty {
      output.append("")
      output += cautions.map {
        "If it moves in \($0.node): \($0.caution), and so would other units."
      }
    }
    return output.map { $0 + "\n" }.joined()
  }

  private func paragraph(_ step: NextGroupStep) -> [String] {
    var lines = [sentence(step)]
    if let move = step.estimate {
      lines.append(
        "Its estimate would have to go from \(FixedNumber.text(move.from, decimals: 3)) to "
          + "\(move.to.map { FixedNumber.text($0, decimals: 3) } ?? "–")"
          + (move.note.isEmpty ? "." : ": \(move.note)."))
    } else if step.parts.isEmpty {
      let nothing = step.isLeaf ? "No estimate" : "No part alone"
      lines.append("\(nothing) can be named" + (step.note.isEmpty ? "." : ": \(step.note)."))
    } else {
      let condition = step.note.isEmpty ? "" : " (\(step.note))"
      lines.append("One part alone would have to move, the others staying as they are\(condition):")
      let rows = step.parts.map { part in
        ["  \(part.node)", short(part.from), "→ " + (part.to.map(short) ?? "–")]
          + [
            part.title == part.node
              ? part.note : part.title + (part.note.isEmpty ? "" : "; \(part.note)")
          ]
      }
      let table = AlignedTable(
        [
          AlignedTable.Column(""), AlignedTable.Column("", right: true), AlignedTable.Column(""),
          AlignedTable.Column(""),
        ], rows: rows)
      lines += rows.map(table.line)
    }
    return lines
  }

  private func sentence(_ step: NextGroupStep) -> String {
    let needed =
      "The next group up is “\(step.group)”: it begins at \(short(step.score)), "
      + "\(short(step.gap)) more, the other units staying as they are."
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
      String(repeating: "  ", count: line.depth) + line.node, line.weight.map(short) ?? "",
      number(line.score, "score", decimals) ?? "", interval(line.score, decimals), rank,
      line.score["group"] ?? "", estimate, counts["n"] ?? "",
      [line.title == line.node ? "" : line.title, line.rule, line.score["status"] ?? ""]
        .filter { !$0.isEmpty }.joined(separator: "; "),
    ]
  }

  private func short(_ number: Double) -> String {
    number == number.rounded()
      ? FixedNumber.text(number, decimals: 0) : FixedNumber.text(number, decimals: decimals)
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
        "parts_alone": .list(next.parts.map(Self.json)),
        "estimate": next.estimate.map(Self.json) ?? .null, "note": .text(next.note),
      ]
    }
    members["scales_that_move"] = .list(
      cautions.map { ["node": .text($0.node), "how": .text($0.caution)] })
    return .object(members)
  }

  private static func json(_ move: NextGroupStep.Move) -> JSONValue {
    [
      "node": .text(move.node), "from": .number(move.from),
      "to": move.to.map { .number($0) } ?? .null, "out_of_reach": .boolean(move.isOutOfReach),
      "note": .text(move.note),
    ]
  }
}
