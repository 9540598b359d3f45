import CanvassPublishing
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
    let names =
      [key ?? "row", unit, "stratum", "psu"]
      + sample.steps.enumerated().map { "factor_\($0.offset + 1)_\(word($0.element.name))" }
      + ["weight"]
    var file = CommaSeparated(columns: names, expectedLines: sample.weights.count)
    let design = sample.design
    for psu in 0..<design.psuCount {
      for row in design.rows(of: psu) {
        file.add(keyColumn.flatMap { $0.text(at: row) } ?? String(row + 1))
        file.add(unitColumn.text(at: row) ?? "")
        file.add(design.stratumNames[Int(design.stratumOfPSU[psu])])
        file.add(design.psuNames[psu])
        for step in sample.steps { file.add(step.factor[row]) }
        file.add(sample.weights[row])
        file.endLine()
      }
    }
    return file.bytes
  }

  private static func word(_ name: String) -> String {
    String(name.map { $0.isLetter ? $0 : "_" })
  }
}
