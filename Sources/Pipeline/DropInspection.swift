public import CanvassCompute
import CanvassIngestion
public import CanvassPublishing
import CanvassSurvey

/// `canvass inspect`: what is in a drop, as lines and as JSON.
public struct DropInspection: Sendable {
  /// Lines for a person.
  public let lines: [String]
  /// The same as one JSON object.
  public let json: JSONValue
  /// The variables of all tables as the codebook that a pipeline file takes.
  public let codebook: [UInt8]

  /// Looks into the drop at `path`.
  public static func inspect(_ path: String, workers: Workers) throws -> DropInspection {
    let summary = try Ingestion.inspect(path, workers: workers)
    return DropInspection(
      lines: lines(summary), json: json(summary),
      codebook: CodebookWriting.bytes(variables(summary)))
  }

  /// Every column once, described where the drop describes it.
  private static func variables(_ summary: DropSummary) -> [Variable] {
    var order: [String] = []
    var merged: [String: Variable] = [:]
    for case .success(let table) in summary.members.map(\.table) where !table.isCodebook {
      for column in table.columns {
        let own =
          column.variable ?? Variable(name: column.name, title: LocalizedText(en: column.name))
        if merged[column.name] == nil { order.append(column.name) }
        merged[column.name, default: own].complete(by: own)
      }
    }
    return order.compactMap { merged[$0] }
  }

  private static func lines(_ summary: DropSummary) -> [String] {
    var lines = [
      "\(summary.path): \(summary.byteCount) bytes, \(summary.members.count) members",
      "sha256 \(summary.sha256)",
    ]
    for member in summary.members {
      lines.append("")
      switch member.table {
      case .failure(let error):
        lines.append(
          "\(member.name): \(member.byteCount) bytes, not read as a table: \(error.what)")
      case .success(let table):
        var written = table.format
        if let delimiter = table.delimiter {
          written += ", delimiter " + (delimiter == "\t" ? "tab" : "'\(delimiter)'")
        }
        if table.decimal == .comma { written += ", decimal comma" }
        if let decision = table.decision {
          written += ", \(decision.encoding.name)"
          if decision.confidence < 1 {
            written += " (confidence \(Int(decision.confidence * 100)) %)"
          }
        }
        lines.append(
          "\(member.name): \(member.byteCount) bytes, \(table.rowCount) rows, "
            + "\(table.columns.count) columns, \(written)")
        for column in table.columns { lines.append("  " + line(column)) }
      }
    }
    return lines
  }

  private static func line(_ column: DropSummary.ColumnSummary) -> String {
    var text = "\(column.name): \(column.kind)"
    if column.missing.isEmpty {
      if column.blankCount > 0 { text += ", \(column.blankCount) blank" }
    } else {
      let kinds = column.missing.map { "\($0.count) \($0.reason.name)" }
      text += ", missing: " + kinds.joined(separator: ", ")
    }
    if !column.codes.isEmpty {
      let codes = column.codes.map { code, count in
        let label = column.variable?.valueLabels[code].map { " \($0.en)" } ?? ""
        let reason = column.variable?.missingCodes[code].map { " \($0.name)" } ?? ""
        return "\(code)\(label)\(reason) × \(count)"
      }
      text += "; " + codes.joined(separator: ", ")
    } else if column.distinctCount > 0 {
      text += ", \(column.distinctCount) different"
    }
    if let title = column.variable?.title.en, !title.isEmpty { text += "  — \(title)" }
    return text
  }

  private static func json(_ summary: DropSummary) -> JSONValue {
    [
      "path": .text(summary.path), "bytes": .integer(summary.byteCount),
      "sha256": .text(summary.sha256),
      "members": .list(
        summary.members.map { member in
          var fields: [String: JSONValue] = [
            "name": .text(member.name), "bytes": .integer(member.byteCount),
          ]
          switch member.table {
          case .failure(let error): fields["error"] = .text(error.description)
          case .success(let table):
            fields["format"] = .text(table.format)
            if let delimiter = table.delimiter { fields["delimiter"] = .text(String(delimiter)) }
            if let decimal = table.decimal { fields["decimal"] = .text(decimal.rawValue) }
            if let decision = table.decision {
              fields["encoding"] = .text(decision.encoding.name)
              fields["encoding_confidence"] = .number(decision.confidence)
            }
            fields["rows"] = .integer(table.rowCount)
            fields["columns"] = .list(table.columns.map(json))
          }
          return .object(fields)
        }),
    ]
  }

  private static func json(_ column: DropSummary.ColumnSummary) -> JSONValue {
    var fields: [String: JSONValue] = [
      "name": .text(column.name), "kind": .text(column.kind), "blank": .integer(column.blankCount),
      "distinct": .integer(column.distinctCount),
    ]
    if !column.codes.isEmpty {
      fields["codes"] = .list(
        column.codes.map { ["code": .text($0.code), "count": .integer($0.count)] })
    }
    if !column.missing.isEmpty {
      fields["missing"] = .object(
        Dictionary(
          uniqueKeysWithValues: column.missing.map { ($0.reason.name, .integer($0.count)) }))
    }
    if let variable = column.variable {
      fields["title_en"] = .text(variable.title.en)
      fields["title_vi"] = .text(variable.title.vi)
    }
    return .object(fields)
  }
}
