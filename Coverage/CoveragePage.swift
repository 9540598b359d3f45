import CanvassSurvey
import Foundation

/// The page whose tables the study writes and whose words people write.
enum CoveragePage {
  private static let begin = "<!-- begin: written by make coverage -->"
  private static let end = "<!-- end -->"

  /// Puts `tables` between the two marks of the page at `path`; the rest stays.
  ///
  /// - Throws: `badData` where the page lacks a mark, and what the file system says.
  static func rewrite(_ path: String, tables: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard let first = text.range(of: begin),
      let last = text.range(of: end, range: first.upperBound..<text.endIndex)
    else {
      throw Diagnostic(
        .badData, "the page lacks the marks between which the tables go", at: path,
        remedy: "add '\(begin)' and '\(end)', each on a line of its own")
    }
    let page = text[..<first.upperBound] + "\n\n" + tables + "\n" + text[last.lowerBound...]
    try String(page).write(toFile: path, atomically: true, encoding: .utf8)
  }
}
