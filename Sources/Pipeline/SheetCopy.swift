import CanvassIngestion
import CanvassPublishing
import CanvassSurvey

/// What was read from a sheet of a workbook, as the CSV file that reads the same: it can be looked at and
/// compared without a spreadsheet.
struct SheetCopy {
  /// The file's name beside the run.
  let name: String
  /// The cells as text.
  let table: Table

  /// The file's bytes.
  var bytes: [UInt8] {
    var file = CommaSeparated(columns: table.names)
    for row in 0..<table.rowCount {
      for column in table.columns { file.add(cell: column.text(at: row) ?? "") }
      file.endLine()
    }
    return file.bytes
  }
}

extension PlanReader {
  /// Copies of the codebook, the structure and the decisions, those that lie in workbooks.
  func sheets() throws(Diagnostic) -> [SheetCopy] {
    var copies: [SheetCopy] = []
    let codebook = root["ingest"]?["codebook"]
    let places: [(name: String, value: Located?)] = [
      ("codebook.csv", codebook?["file"] == nil ? nil : codebook),
      ("structure.csv", root["index"]?["structure"]),
      ("decisions.csv", root["clean"]?["decisions"]),
    ]
    for (name, value) in places {
      guard let value, !value.isList, value.path.lowercased().hasSuffix(".xlsx") else { continue }
      // A form is no table of its own; the record has its digest.
      if name == "codebook.csv", value["sheet"] == nil, try isForm(value) { continue }
      copies.append(SheetCopy(name: name, table: try value.table(asText: true)))
    }
    return copies
  }

  private func isForm(_ value: Located) throws(Diagnostic) -> Bool {
    do {
      return try Ingestion.isForm(path: value.path)
    } catch let error as Diagnostic {
      throw error
    } catch {
      throw value.error("the workbook cannot be read", why: "\(error)")
    }
  }
}
