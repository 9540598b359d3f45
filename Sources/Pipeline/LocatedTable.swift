import CanvassIngestion
import CanvassSurvey

extension Located {
  /// The path that this text of the pipeline file, or the key `file` of this mapping, names, relative to
  /// the file.
  var path: String { InputFile.resolve((self["file"] ?? self).text, besideFile: file) }

  /// The table that this text names, or this mapping by `file` and `sheet`; a file that is not there is an
  /// error of this place.
  func table(asText: Bool = false) throws(Diagnostic) -> Table {
    do {
      return try Ingestion.readTable(path: path, sheet: self["sheet"]?.text, asText: asText)
    } catch let error as Diagnostic {
      if error.kind == .missingInput {
        throw Diagnostic(
          .missingInput, error.what, at: place, why: error.why,
          remedy: error.remedy ?? "paths are relative to the pipeline file")
      }
      throw error
    } catch {
      throw Diagnostic(.inputOutput, "the table cannot be read", at: place, why: "\(error)")
    }
  }

  /// The column `name` of a table; a table without it is an error of this place.
  func column(_ name: String, of table: Table) throws(Diagnostic) -> Column {
    guard let column = table[name] else {
      throw error(
        "the table has no column '\(name)'",
        why: "it has: \(table.names.joined(separator: ", "))",
        remedy: Suggestion.phrase(for: name, among: table.names))
    }
    return column
  }
}
