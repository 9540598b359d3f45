import CanvassCompute
import CanvassIngestion
import CanvassPublishing
import CanvassSurvey

/// A first pipeline file for a table of indicators that COINr's `iMeta` describes.
struct IndicatorDraft {
  /// The drop: `iData`.
  let drop: String
  let name: String
  let output: String
  /// The path of `iMeta`, and the table.
  let source: String
  let indicators: Table
  let workers: Workers

  /// The table of indicators at `path`, or nil where it is none.
  static func metadata(_ path: String) throws -> Table? {
    if path.lowercased().hasSuffix(".xml") { return nil }
    if path.lowercased().hasSuffix(".xlsx"), try Ingestion.isForm(path: path) { return nil }
    let table = try Ingestion.readTable(path: path, asText: true)
    return table.contains("iCode") && table.contains("Parent") ? table : nil
  }

  /// The pipeline file and the structure table.
  func files() throws -> FirstDraft {
    let summary = try Ingestion.inspect(drop, workers: workers)
    guard summary.members.count == 1, case .success(let table) = summary.members[0].table else {
      throw Diagnostic(
        .badData, "a table of indicators is one file", at: drop,
        remedy: "name the file that holds what COINr calls iData")
    }
    let columns = Set(table.columns.map(\.name))
    let missing = rows("Indicator").compactMap { text("iCode", $0) }.filter {
      !columns.contains($0)
    }
    if let first = missing.first {
      throw Diagnostic(
        .badData, "\(missing.count) indicators of iMeta are no columns of the data", at: source,
        why: "the first is '\(first)'",
        remedy: Suggestion.phrase(for: first, among: columns.sorted(by: Column.precedes)))
    }
    let unit = columns.contains("uCode") ? "uCode" : "?"
    let pipeline = """
      # A first draft for \(InputFile.path(drop, from: output)), as iMeta describes it.
      # Every "?" is a question that they do not answer: canvass check \(name).yaml lists them.
      canvass: 1
      name: \(name)
      title: {en: "?", vi: "?"}

      units: {variable: \(YAMLEdit.quoted(unit))}

      published: {file: \(YAMLEdit.quoted(InputFile.path(drop, from: output))), unit: \(YAMLEdit.quoted(unit))}

      index:
        scale: [0, 100]                   # COINr's default
        structure: \(name)-structure.csv
        aggregate:
          indicator: {normalize: "?"}     # COINr's Normalise() is min-max if nothing else is said
      publish:
        status: draft

      """
    return FirstDraft(
      files: [("\(name).yaml", Array(pipeline.utf8)), ("\(name)-structure.csv", try structure())],
      pipelineName: "\(name).yaml", notes: others)
  }

  private func text(_ column: String, _ row: Int) -> String? {
    indicators[column]?.text(at: row).flatMap { ["", "NA"].contains($0) ? nil : $0 }
  }

  private func rows(_ type: String) -> [Int] {
    (0..<indicators.rowCount).filter { text("Type", $0) == type }
  }

  /// What iMeta lists besides indicators and aggregates.
  private var others: [String] {
    let kinds = ["Indicator", "Aggregate"]
    let names = (0..<indicators.rowCount).filter {
      !kinds.contains(text("Type", $0) ?? "Indicator")
    }
    .compactMap { row in text("iCode", row).map { "\($0) (\(text("Type", row) ?? ""))" } }
    return names.isEmpty ? [] : ["not in the index: \(names.joined(separator: ", "))"]
  }

  /// The structure from the index down; COINr weighs the parts of every aggregate.
  private func structure() throws(Diagnostic) -> [UInt8] {
    var file = CommaSeparated(
      header: "node,parent,level,title_en,title_vi,variable,low,high,direction,weight,combine")
    let levels = (0..<indicators.rowCount).map { StrictNumber.parse(text("Level", $0) ?? "1") ?? 1 }
    let nodes = (rows("Aggregate") + rows("Indicator")).sorted {
      (-levels[$0], $0) < (-levels[$1], $1)
    }
    for row in nodes {
      let place = indicators.place(of: row)
      guard let code = text("iCode", row) else {
        throw Diagnostic(.badData, "an indicator has no iCode", at: place)
      }
      let isLeaf = text("Type", row) == "Indicator"
      let direction: String
      switch text("Direction", row).flatMap(StrictNumber.parse) {
      case 1: direction = "up"
      case -1: direction = "down"
      default: direction = "?"
      }
      let parent = text("Parent", row)
      file.add(code)
      file.add(parent ?? "")
      file.add(
        isLeaf ? "indicator" : parent == nil ? "index" : "level-\(Column.render(levels[row]))")
      file.add(text("iName", row) ?? code)
      file.add("")
      file.add(isLeaf ? code : "")
      file.add("")
      file.add("")
      file.add(isLeaf || direction == "down" ? direction : "")
      file.add(parent == nil ? "" : text("Weight", row) ?? "?")
      file.add(isLeaf ? "" : "weighted")
      file.endLine()
    }
    return file.bytes
  }
}
