import CanvassCleaning
import CanvassPublishing
import CanvassSurvey

extension CleaningFiles {
  /// `findings.xlsx`: the findings, and a sheet of decisions in which every open one has its line already.
  ///
  /// - Throws: `inputOutput` where the workbook cannot be written.
  func findingsWorkbook() throws(Diagnostic) -> [UInt8] {
    let findings = sortedFindings
    let lines = findings.map { finding in
      let key = rows.key(finding.row)
      return [
        Self.identifier(finding.rule, key, finding.variable), finding.state.rawValue, finding.rule,
        key, finding.variable, shown(finding.value, of: finding.variable), rows.unit(finding.row),
      ]
    }
    let widths = ["id": 14, "state": 10, "rule": 24, "key": 16, "variable": 18, "value": 18]
    func columns(_ names: [String]) -> [(heading: String, width: Int)] {
      names.map { ($0, widths[$0] ?? 14) }
    }
    // Further sheets where there are more findings than a sheet of Excel has lines.
    var sheets = stride(from: 0, to: max(1, lines.count), by: Spreadsheet.mostLines).map { first in
      Spreadsheet.Sheet(
        name: first == 0 ? "findings" : "findings \(first / Spreadsheet.mostLines + 1)",
        columns: columns(Self.findingColumns),
        lines: Array(lines[first..<min(lines.count, first + Spreadsheet.mostLines)]))
    }
    let open = findings.filter(\.state.isOpen).prefix(Spreadsheet.mostLines)
    sheets.append(
      Spreadsheet.Sheet(
        name: "decisions", columns: columns(DecisionsFile.columns),
        lines: open.map { finding in
          [
            rows.key(finding.row), finding.variable, finding.rule, "",
            shown(finding.value, of: finding.variable),
          ]
        }))
    return try Spreadsheet(sheets).bytes()
  }
}
