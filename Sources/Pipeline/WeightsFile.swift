import CanvassSurvey
import CanvassWeighting

/// `internal/weights.csv`: every sampled row with the factors that made its weight.
enum WeightsFile {
  /// The file's bytes: row identifier, unit, stratum, PSU, one factor a step, and the final weight.
  ///
  /// Rows stand in canonical order; without a key they are numbered in it.
  static func bytes(_ sample: WeightedSample, key: String?, unit: String) throws(Diagnostic)
    -> [UInt8]
  {
    let keyColumn = try key.map { name throws(Diagnostic) in try sample.table.column(name) }
    let unitColumn = try sample.table.column(unit)
    var header = [key ?? "row", unit, "stratum", "psu"]
    header += sample.steps.enumerated().map { "factor_\($0.offset + 1)_\(word($0.element.name))" }
    var text = header.map(quoted).joined(separator: ",") + ",weight\n"
    let design = sample.design
    for psu in 0..<design.psuCount {
      let stratum = quoted(design.stratumNames[Int(design.stratumOfPSU[psu])])
      let name = quoted(design.psuNames[psu])
      for row in design.rows(of: psu) {
        text += quoted(keyColumn.flatMap { $0.text(at: row) } ?? String(row + 1))
        text += ",\(quoted(unitColumn.text(at: row) ?? "")),\(stratum),\(name)"
        for step in sample.steps { text += ",\(Column.render(step.factor[row]))" }
        text += ",\(Column.render(sample.weights[row]))\n"
      }
    }
    return Array(text.utf8)
  }

  private static func word(_ name: String) -> String {
    String(name.map { $0.isLetter ? $0 : "_" })
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
