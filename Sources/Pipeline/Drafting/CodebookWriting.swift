import CanvassIngestion
import CanvassPublishing
import CanvassSurvey

/// Writes codebooks as the CSV that a pipeline file takes.
enum CodebookWriting {
  /// The file's bytes: one line a variable, codes and labels in order of the codes.
  static func bytes(_ variables: [Variable]) -> [UInt8] {
    var file = CommaSeparated(header: CodebookFile.columns.joined(separator: ","))
    for variable in variables {
      file.add(variable.name)
      file.add(variable.title.en)
      file.add(variable.title.vi == variable.title.en ? "" : variable.title.vi)
      for reason in [MissingReason.dontKnow, .refused, .skipped, .notSelected, .blank] {
        let codes = variable.missingCodes.filter { $0.value == reason }.map(\.key)
        file.add(
          codes.sorted(by: Column.codePrecedes).map(CodebookText.escaped).joined(separator: "|"))
      }
      let labels = variable.valueLabels.keys.sorted(by: Column.codePrecedes).compactMap {
        code in
        variable.valueLabels[code].map { (CodebookText.escaped(code), $0) }
      }
      file.add(labels.map { "\($0)=\(CodebookText.escaped($1.en))" }.joined(separator: "|"))
      file.add(
        labels.filter { $1.vi != $1.en }.map { "\($0)=\(CodebookText.escaped($1.vi))" }
          .joined(separator: "|"))
      file.add(variable.kind?.rawValue ?? "")
      file.add(variable.low)
      file.add(variable.high)
      file.add(variable.askedIf ?? "")
      file.add(variable.isSensitive ? "yes" : "")
      file.endLine()
    }
    return file.bytes
  }
}
