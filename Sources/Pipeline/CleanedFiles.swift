import CanvassIngestion
import CanvassPublishing
import CanvassSurvey
import CanvassWeighting

/// `internal/cleaned.*`: the cleaned rows in canonical order with their final weight, on request.
enum CleanedFiles {
  /// The formats that a pipeline file may ask for.
  static let formats = ["csv"] + StatisticsWriter.Format.allCases.map(\.rawValue)

  /// The name of the column of final weights.
  private static let weight = "canvass_weight"

  /// A file for each format.
  static func make(
    _ formats: [String], sample: WeightedSample, codebook: Codebook?
  ) throws(Diagnostic) -> [RunFile] {
    // Sensitive values stay out of the files of a run, these included.
    var table = Table(
      columns: sample.table.columns.filter { codebook?[$0.name]?.isSensitive != true })
    table.set(Column(name: weight, values: .numbers(sample.weights)))
    var files: [RunFile] = []
    for format in formats {
      if let statistical = StatisticsWriter.Format(rawValue: format) {
        let bytes = try StatisticsWriter.bytes(
          of: table, codebook: codebook, weight: weight, format: statistical)
        files.append(RunFile("cleaned.\(format)", bytes))
      } else {
        files.append(RunFile("cleaned.csv", csv(table)))
      }
    }
    return files
  }

  /// Values as they are; a column with other reasons than blank is followed by one that names them.
  private static func csv(_ table: Table) -> [UInt8] {
    let blank = MissingReason.blank.rawValue
    let columns = table.columns.map { column in
      (column: column, hasReasons: column.reasons.contains { $0 != 0 && $0 != blank })
    }
    // The header is the first line: names are quoted as texts are.
    var header = CommaSeparated(header: "")
    for (column, hasReasons) in columns {
      header.add(column.name)
      if hasReasons { header.add(column.name + "_missing") }
    }
    var file = CommaSeparated(
      header: String(decoding: header.bytes.dropFirst(), as: UTF8.self),
      expectedLines: table.rowCount)
    for row in 0..<table.rowCount {
      for (column, hasReasons) in columns {
        if column.isNumeric {
          file.add(column.number(at: row))
        } else {
          file.add(column.text(at: row) ?? "")
        }
        if hasReasons { file.add(column.reason(at: row)?.name ?? "") }
      }
      file.endLine()
    }
    return file.bytes
  }
}
