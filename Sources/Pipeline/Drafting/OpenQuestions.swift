import CanvassIngestion
import CanvassSurvey
import Yams

/// The `?` of a first draft: judgements that `canvass init` leaves to people.
enum OpenQuestions {
  /// Throws one to-do list of every `?` in the pipeline file, its structure table and its codebook.
  static func refuse(in root: Located) throws(Diagnostic) {
    var places: [String] = []
    collect(root, key: "", into: &places)
    if let table = file(root["index"]?["structure"]) { places += try questions(of: table) }
    // A codebook may be a form, DDI, or text in another encoding: its own reader tells what is wrong with it.
    if let table = file(root["ingest"]?["codebook"]), let found = try? questions(of: table) {
      places += found
    }
    guard let first = places.first else { return }
    throw Diagnostic(
      .badPipeline,
      places.count == 1 ? "one question is open" : "\(places.count) questions are open",
      at: first.split(separator: " ").first.map(String.init),
      why: "each ? wants an answer:\n    " + places.joined(separator: "\n    "),
      remedy: "answer them from the survey's documents; remove what does not apply")
  }

  private static func file(_ value: Located?) -> Located? {
    // A list is looked at where it stands, and DDI is no draft of ours.
    guard let value, value.isSingle || value["file"] != nil,
      !value.path.lowercased().hasSuffix(".xml"), InputFile.isFile(value.path)
    else { return nil }
    return value
  }

  private static func collect(_ value: Located, key: String, into places: inout [String]) {
    switch value.node {
    case .mapping:
      for (name, entry) in value.entries { collect(entry, key: name.text, into: &places) }
    case .sequence:
      for item in value.items { collect(item, key: key, into: &places) }
    case .scalar where value.text == "?": places.append("\(value.place)  \(key)")
    default: break
    }
  }

  /// Whether a cell is a question, or holds a code whose label is one: `1=Yes|6=?`.
  private static func isOpen(_ cell: String?) -> Bool {
    guard let cell else { return false }
    return cell == "?" || cell.split(separator: "|").contains { $0.hasSuffix("=?") }
  }

  private static func questions(of located: Located) throws(Diagnostic) -> [String] {
    let table = try located.table(asText: true)
    var places: [String] = []
    for row in 0..<table.rowCount {
      for column in table.columns where isOpen(column.text(at: row)) {
        let name = table.columns.first?.text(at: row) ?? ""
        places.append("\(table.place(of: row))  \(column.name) of \(name)")
      }
    }
    return places
  }
}
