import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

/// Validators and readers that others wrote; each is skipped aloud where it is not installed.
@Suite("Metadata and tables of a release in the hands of others")
struct MetadataConformanceTests {
  /// Runs a program; nil where it is not there.
  static func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
    try CheckScriptConformanceTests.run(arguments[0], Array(arguments.dropFirst()))
  }

  /// Whether a trial call succeeds; says so loudly where it does not.
  static func has(_ tool: String, _ trial: [String]) -> Bool {
    let found = (try? run(trial).status) == 0
    if !found {
      FileHandle.standardError.write(Data("SKIPPED: \(tool) is not installed\n".utf8))
    }
    return found
  }

  static func script(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Conformance/\(name)").path
  }

  static let hasCrateValidator = has(
    "roc-validator", ["python3", script("research-object.py")])

  /// A release with everything that a pipeline file can ask for.
  static func release(_ edits: [(String, String)] = []) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("tiles.csv", PublicationTests.tiles)
    var pipeline = Workshop.pipeline.replacing("units: {", with: MethodsDocumentTests.about)
      .replacing(
        PublicationTests.publish, with: PublicationTests.publish + "  map: {file: tiles.csv}\n")
    for (old, new) in edits {
      try #require(pipeline.contains(old), "the test edits what is there")
      pipeline = pipeline.replacing(old, with: new)
    }
    try workshop.write("pipeline.yaml", pipeline)
    try workshop.run()
    return workshop
  }

  @Test(
    "roc-validator takes the research object", .enabled(if: hasCrateValidator),
    arguments: [[], [("  license: https://creativecommons.org/licenses/by/4.0/\n", "")]])
  func crate(edits: [(String, String)]) throws {
    let workshop = try Self.release(edits)
    let (status, text) = try Self.run([
      "python3", Self.script("research-object.py"), workshop.path("Runs/small/latest/release"),
    ])
    #expect(status == 0 && text.contains("process-run-crate accepted"), "\(text)")
  }
}
