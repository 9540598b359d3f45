public import CanvassPublishing
public import CanvassSurvey

extension RunComparison {
  /// The node to show: `name`, or the first index.
  ///
  /// - Throws: `usage` where the newer run has no such node.
  public func node(_ name: String?) throws(Diagnostic) -> String {
    guard let name else { return headline }
    let known = Set(rows.map(\.node))
    guard known.contains(name) else {
      throw Diagnostic(
        .usage, "the newer run has no node '\(name)'",
        remedy: Suggestion.phrase(for: name, among: known.sorted(by: Column.precedes)))
    }
    return name
  }

  /// Every change, in the form of `changes.csv`.
  public var csv: [UInt8] { ChangesFile.bytes(rows, language: .en) }

  /// What is defined otherwise, then the changes of the units at `node`, for a terminal.
  public func text(node: String, width: Int) -> String {
    var lines: [String] = []
    if isCommon {
      lines += ["Both runs scored again on the leaves that mean the same in both.", ""]
    }
    if !definitions.isEmpty {
      let cells = definitions.map { [$0.node, $0.property, $0.before, $0.after] }
      let table = AlignedTable(
        ["node", "property", "then", "now"].map { AlignedTable.Column($0) }, rows: cells)
      lines += ["Defined otherwise, or not to be compared:", table.head]
      lines += cells.map(table.line) + [""]
    }
    let shown = rows.filter { $0.node == node }
    let cells = shown.map(Self.cells)
    let table = AlignedTable(
      [
        AlignedTable.Column("unit"), AlignedTable.Column("then", right: true),
        AlignedTable.Column("now", right: true), AlignedTable.Column("change", right: true),
        AlignedTable.Column("interval", right: true), AlignedTable.Column("note"),
      ], rows: cells)
    lines += ["Changes of \(node):", table.head] + cells.map(table.line)
    return lines.map { $0 + "\n" }.joined()
  }

  private static func cells(_ row: ChangeRow) -> [String] {
    func number(_ value: Double?) -> String {
      value.map { FixedNumber.text($0, decimals: 2) } ?? ""
    }
    let sign = (row.change ?? 0) > 0 ? "+" : ""
    return [
      row.unitName.en, number(row.before), number(row.after), sign + number(row.change),
      row.interval.map { "\(number($0.lowerBound)) – \(number($0.upperBound))" } ?? "",
      row.status != .ok ? row.reason?.en ?? row.status.rawValue : Self.isClear(row) ? "clear" : "",
    ]
  }

  /// Whether the interval of a change does not hold 0.
  private static func isClear(_ row: ChangeRow) -> Bool {
    row.interval.map { !$0.contains(0) } ?? false
  }

  /// The same as one JSON object.
  public func json(node: String) -> JSONValue {
    [
      "common": .boolean(isCommon), "node": .text(node),
      "definitions": .list(
        definitions.map { change in
          [
            "node": .text(change.node), "property": .text(change.property),
            "then": .text(change.before), "now": .text(change.after),
          ]
        }),
      "changes": .list(rows.filter { $0.node == node }.map(Self.json)),
      "notes": .list(notes.map { .text($0) }),
    ]
  }

  private static func json(_ row: ChangeRow) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    return [
      "unit": .text(row.unit), "unit_name": .text(row.unitName.en), "before": number(row.before),
      "after": number(row.after), "change": number(row.change), "se": number(row.standardError),
      "df": number(row.degreesOfFreedom), "ci_low": number(row.interval?.lowerBound),
      "ci_high": number(row.interval?.upperBound),
      "psus_shared": row.sharedSamplingUnits.map { .integer($0) } ?? .null,
      "status": .text(row.status.rawValue), "reason": .text(row.reason?.en ?? ""),
    ]
  }
}
